"""Taking in workbooks from the browser: check, report, take in, take back. What `cogov import` does, under the reader's rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import CogovError, Forbidden, NotFound
from engine.ports import StoredFile
from governance.application import Application
from governance.desk.reading import Look, look, require_person
from governance.directory.may import Scope, decide
from governance.importers import kinds
from governance.importers.mistakes import Mistake, WorkbookRefused
from governance.imports import store
from governance.imports.store import Run

#: a workbook may bring people, posts and cases of any area
_RIGHT = "admin.import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of workbook that this installation takes in."""

    key: str
    name: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One import of the past."""

    id: str
    kind: Label
    file: str
    at: datetime
    by: str
    rows: Sequence[tuple[Label, int]]
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a workbook would do, or did (`run`). With mistakes nothing was and nothing can be taken in."""

    file: str
    name: str
    kind: Label | None = None
    rows: Sequence[tuple[Label, int]] = ()
    mistakes: Sequence[Mistake] = ()
    #: why the workbook as a whole is refused, where no cell is wrong (taken in before …)
    refused: str = ""
    run: str | None = None
    passwords: Mapping[str, str] = field(default_factory=dict)


def may_import(seen: Look) -> bool:
    """Whether the reader takes workbooks in: who administers the whole installation."""
    return bool(decide(seen.reach, _RIGHT, Scope()))


def page(app: Application, actor: Actor) -> tuple[list[Kind], list[RunLine]]:
    """The kinds of workbooks and the imports so far, newest first. Raises Forbidden."""
    layouts = kinds.layouts(app)
    with app.database.read() as connection:
        seen = _require(app, actor, connection)
        runs = store.runs(connection)
        names = seen.names(run.by for run in runs)
    lines = [
        RunLine(
            id=run.id, kind=layouts[run.layout].name if run.layout in layouts else Label(run.layout, run.layout), file=run.file, at=run.at,
            by=names.get(run.by or "", ""), rows=_rows_of(app, run), undone_at=run.undone_at,
        )
        for run in runs
    ]  # fmt: skip
    return [Kind(key=key, name=layout.name) for key, layout in layouts.items()], lines


def template(app: Application, actor: Actor, key: str) -> tuple[str, bytes]:
    """File name and content of an empty workbook. Raises NotFound, Forbidden."""
    with app.database.read() as connection:
        _require(app, actor, connection)
    layout = kinds.layout_of(app, key)
    from governance.importers.template import template as empty_workbook

    return f"{layout.name.in_(actor.language)}.xlsx", empty_workbook(layout, kinds.choices(app, layout), actor.language)


def upload(app: Application, actor: Actor, name: str, stream: IO[bytes]) -> str:
    """Keep the workbook until it is taken in; answers its id. What nobody takes in goes away after a day.

    Raises Forbidden, UploadRefused.
    """
    with app.database.write() as connection:
        _require(app, actor, connection)
        return app.files.upload(connection, stream, name=name, uploaded_by=actor.person, language=actor.language).id


def check(app: Application, actor: Actor, file: str) -> Report:
    """Check every cell and write nothing. Raises NotFound, Forbidden."""
    return _work(app, actor, file, dry_run=True)


def take_in(app: Application, actor: Actor, file: str) -> Report:
    """Take the workbook in, all of it or nothing. First passwords are told here and nowhere else. Raises NotFound, Forbidden."""
    return _work(app, actor, file, dry_run=False)


def undo(app: Application, actor: Actor, run: str) -> None:
    """Take an import back. Raises NotFound, Conflict (undone already), ImportInUse, Forbidden."""
    with app.database.read() as connection:
        _require(app, actor, connection)
    kinds.undo(app, run, by=require_person(actor))


def _work(app: Application, actor: Actor, file: str, *, dry_run: bool) -> Report:
    stored = _own_upload(app, actor, file)
    try:
        layout, done = kinds.take_in(app, app.files.path(stored), name=stored.name, by=actor.person, dry_run=dry_run)
    except WorkbookRefused as refused:
        return Report(file=file, name=stored.name, mistakes=refused.mistakes)
    except CogovError as refused:
        return Report(file=file, name=stored.name, refused=refused.message)
    titles = {sheet.key: sheet.name for sheet in layout.sheets}
    return Report(
        file=file, name=stored.name, kind=layout.name, rows=[(titles.get(k, Label(k, k)), n) for k, n in done.counts.items()],
        run=done.run.id if done.run else None, passwords=done.passwords,
    )  # fmt: skip


def _own_upload(app: Application, actor: Actor, file: str) -> StoredFile:
    with app.database.read() as connection:
        _require(app, actor, connection)
        stored = app.files.get(connection, file)
    if stored is None or stored.uploaded_by != actor.person:
        raise NotFound
    return stored


def _require(app: Application, actor: Actor, connection: Any) -> Look:
    require_person(actor)
    seen = look(app, actor, connection)
    if not may_import(seen):
        raise Forbidden("只有管理整个系统的人可以导入 / only those who administer the whole installation may import")
    return seen


def _rows_of(app: Application, run: Run) -> list[tuple[Label, int]]:
    layout = kinds.layouts(app).get(run.layout)
    titles = {sheet.key: sheet.name for sheet in layout.sheets} if layout else {}
    return [(titles.get(sort, _SORTS.get(sort, Label(sort, sort))), number) for sort, number in run.counts.items()]


#: what an import is counted by: sorts of things it made
_SORTS = {
    "area": Label("区域", "areas"),
    "unit": Label("单位", "units"),
    "person": Label("人员", "people"),
    "post": Label("岗位", "posts"),
    "committee": Label("议事机构", "committees"),
    "membership": Label("席位", "seats"),
    "delegation": Label("委托", "delegations"),
    "power": Label("职权", "powers"),
    "account": Label("账户", "accounts"),
    "instance": Label("事项", "cases"),
}
