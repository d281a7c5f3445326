"""Procedures in and out as zip files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.definitions.archive import unzip, zipped
from engine.definitions.reader import read_bpmn
from engine.ids import digest
from governance.application import Application
from governance.designer import deployed, drafts
from governance.designer.files import BadPath, key_of
from governance.designer.store import Draft
from governance.desk.designing.drafting import show
from governance.desk.designing.rights import require_designer
from governance.desk.designing.transactions import write


def import_(app: Application, actor: Actor, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Drafts from a zip of the tree of conventions 1, or from single files with their paths: one for each procedure in it, all or
    none. Shared groups and codes that differ from what is deployed go into the first. Raises Forbidden, DeployRefused (no readable
    zip), KeyTaken (one of them has a draft), BadPath."""
    require_designer(app, actor)
    (first, *rest) = files.items() or [("", b"")]
    tree = unzip(first[1], language=actor.language) if not rest and first[0].endswith(".zip") else dict(files)
    keys = sorted({key for path in tree if (key := key_of(path)) is not None})
    if not keys:
        raise BadPath("压缩包里没有 processes/<key>/ / the archive holds no processes/<key>/")

    def command(connection: Any, at: datetime) -> list[Draft]:
        now = deployed.current(connection)
        shared = {path: c for path, c in tree.items() if key_of(path) is None and now.paths.get(path) != digest(c)}
        made = []
        for number, key in enumerate(keys):
            own = {path: c for path, c in tree.items() if key_of(path) == key} | (shared if number == 0 else {})
            title = _title_in(own, key)
            made.append(drafts.make(connection, key, own, deployed=now, title=title, by=actor.person, at=at))
        return made

    return [show(app, actor, draft.id) for draft in write(app, command)]


def export(app: Application, actor: Actor, draft: str, *, everything: bool = False) -> tuple[str, bytes]:
    """File name and zip: the draft's files, or everything deployed with them over it. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        files = drafts.overlay(connection, found) if everything else drafts.files(connection, found)
    return ("cogov.zip" if everything else f"{found.key}.zip"), zipped(files)


def export_version(app: Application, actor: Actor, key: str, version: int) -> tuple[str, bytes]:
    """File name and zip of one version of a procedure. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        return f"{key}-{version}.zip", zipped(deployed.files_of_version(connection, key, version))


def _title_in(files: Mapping[str, bytes], key: str) -> tuple[str, str]:
    """The name of the procedure as its file says."""
    content = files.get(f"processes/{key}/{key}.bpmn")
    file = read_bpmn(content, "").file if content is not None else None
    process = next((p for p in file.processes if p.id == key), None) if file is not None else None
    return (process.name.zh or key, process.name.en or key) if process is not None else (key, key)
