"""The kinds of workbooks this installation takes in, and taking one in or back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cogov.importers import roster
from cogov.importers.cells import Choices
from cogov.importers.layout import Layout
from cogov.importers.roster import Imported
from cogov.importers.workbook import open_workbook, recognise
from engine.errors import NotFound
from governance.application import Application
from governance.imports import imports


def layouts() -> Mapping[str, Layout]:
    """Key → layout: ``roster`` and the bundled procedures that take over cases."""
    return {roster.LAYOUT.key: roster.LAYOUT}


def choices(app: Application, layout: Layout) -> Choices:
    """The lists of codes its cells may hold."""
    return roster.choices(layout)


def layout_of(key: str) -> Layout:
    """Raises NotFound naming the kinds there are."""
    known = layouts()
    if key not in known:
        raise NotFound(f"没有这种工作簿 {key}；可用 / there is no such kind; there are: {', '.join(known)}", key=key)
    return known[key]


def take_in(app: Application, path: Path, *, by: str | None, dry_run: bool) -> tuple[Layout, Imported]:
    """Take in a workbook. Raises WorkbookRefused with every mistake; then nothing was changed."""
    book = open_workbook(path)
    layout = recognise(book, layouts().values())
    return layout, roster.take_in(app, book, by=by, dry_run=dry_run)


def undo(app: Application, run: str, *, by: str | None) -> Mapping[str, int]:
    """Take an import back; answers what it had brought. Raises NotFound, Conflict (undone already), ImportInUse."""
    with app.database.write() as connection:
        return imports.undo_directory(connection, run, app.clock.now(), by)
