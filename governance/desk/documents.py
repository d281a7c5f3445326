"""Frozen texts and uploaded files."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from engine.actor import Actor
from engine.errors import NotFound
from engine.ports import StoredFile
from governance.application import Application
from governance.desk.reading import look, require_case


def read(app: Application, actor: Actor, document: str, instance: str) -> dict[str, Any]:
    """A frozen text of a case one may read. Raises NotFound."""
    _require(app, actor, instance)
    with app.database.read() as connection:
        if document not in {d["document"] for d in app.documents.of_instance(connection, instance)}:
            raise NotFound
        return app.documents.read(connection, document)


def file(app: Application, actor: Actor, file_id: str) -> tuple[Path, StoredFile]:
    """A file of a case one may read, or one's own upload. Raises NotFound."""
    with app.database.read() as connection:
        stored = app.files.get(connection, file_id)
    if stored is None:
        raise NotFound
    if stored.instance is not None:
        _require(app, actor, stored.instance)
    elif stored.uploaded_by != actor.person or actor.person is None:
        raise NotFound
    return app.files.path(stored), stored


def upload(app: Application, actor: Actor, name: str, stream: IO[bytes]) -> StoredFile:
    """Take an upload; the public may, for objections. Raises UploadRefused."""
    with app.database.write() as connection:
        return app.files.upload(connection, stream, name=name, uploaded_by=actor.person, language=actor.language)


def _require(app: Application, actor: Actor, instance: str) -> None:
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        require_case(look(app, actor, connection), case, app.engine.queries.process_of(instance))
