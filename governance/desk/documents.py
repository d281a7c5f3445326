"""Frozen texts and uploaded files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from engine.actor import Actor
from engine.errors import NotFound
from engine.ports import StoredFile
from governance.application import Application
from governance.desk.protection import Sight
from governance.desk.reading import look, require_case


def read(app: Application, actor: Actor, document: str, instance: str) -> dict[str, Any]:
    """A frozen text of a case one may read. Raises NotFound."""
    _require(app, actor, instance, lambda sight: sight.document(document))
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
        _require(app, actor, stored.instance, lambda sight: sight.file(file_id))
    elif stored.uploaded_by != actor.person or actor.person is None:
        raise NotFound
    return app.files.path(stored), stored


def upload(app: Application, actor: Actor, name: str, stream: IO[bytes]) -> StoredFile:
    """Take an upload; the public may, for objections. Raises UploadRefused."""
    with app.database.write() as connection:
        return app.files.upload(connection, stream, name=name, uploaded_by=actor.person, language=actor.language)


def _require(app: Application, actor: Actor, instance: str, allowed: Callable[[Sight], bool]) -> None:
    """The reader may open the case, and this in it. Raises NotFound: that there is such a file is not his business either."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, app.engine.queries.process_of(instance))
        if not allowed(Sight(seen, case)):
            raise NotFound
