"""The kinds of workbooks this installation takes in, and taking one in or back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.errors import NotFound
from governance.application import Application
from governance.importers import cases, roster
from governance.importers.cells import Choices
from governance.importers.imported import Imported
from governance.importers.layout import Layout, read_layout
from governance.importers.workbook import open_workbook, recognise
from governance.imports import imports


def layouts(app: Application) -> Mapping[str, Layout]:
    """Key → layout: ``roster`` and the procedures that take over cases."""
    return layouts_in(app.import_files)


def layouts_in(files: Iterable[Path]) -> Mapping[str, Layout]:
    """``roster`` and the layouts in these files."""
    return {roster.LAYOUT.key: roster.LAYOUT} | {layout.key: layout for layout in map(read_layout, files)}


def choices(app: Application, layout: Layout) -> Choices:
    """The lists of codes its cells may hold."""
    return cases.choices(app, layout) if "take_over" in layout.data else roster.choices(layout)


def layout_of(app: Application, key: str) -> Layout:
    """Raises NotFound naming the kinds there are."""
    known = layouts(app)
    if key not in known:
        raise NotFound(f"没有这种工作簿 {key}；可用 / there is no such kind; there are: {', '.join(known)}", key=key)
    return known[key]


def take_in(
    app: Application, path: Path, *, name: str | None = None, by: str | None = None, dry_run: bool = False
) -> tuple[Layout, Imported]:
    """Take in a workbook; `name` is what the file was called when its path does not tell. Raises WorkbookRefused with every
    mistake; then nothing was changed."""
    book = open_workbook(path, name=name)
    layout = recognise(book, layouts(app).values())
    if "take_over" in layout.data:
        return layout, cases.take_in(app, book, layout, by=by, dry_run=dry_run)
    return layout, roster.take_in(app, book, by=by, dry_run=dry_run)


def undo(app: Application, run: str, *, by: str | None = None) -> Mapping[str, int]:
    """Take an import back; answers what it had brought. Raises NotFound, Conflict (undone already), ImportInUse."""
    with app.database.write() as connection:
        found, made = imports.to_undo(connection, run)
        if imports.INSTANCE not in made:
            return imports.undo_directory(connection, run, app.clock.now(), by)
    cases.undo(app, found, made[imports.INSTANCE], by=by)
    return found.counts
