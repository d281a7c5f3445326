"""The files of a draft."""

from __future__ import annotations

from engine.actor import Actor
from governance.application import Application
from governance.designer import drafts
from governance.designer.store import Draft, File
from governance.desk.designing.rights import require_designer
from governance.desk.designing.transactions import naming, write


def read(app: Application, actor: Actor, draft: str, path: str) -> tuple[File, Draft]:
    """A file of a draft; shared groups and codes also when the draft has not changed them. Raises Forbidden, NotFound, BadPath."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        return drafts.read(connection, found, path), found


def save(app: Application, actor: Actor, draft: str, path: str, content: bytes, revision: int) -> Draft:
    """Save a file. Raises Forbidden, NotFound, BadPath, Overtaken, TooMuch."""
    require_designer(app, actor)
    with naming(app, actor):
        return write(app, lambda connection, at: drafts.save(connection, draft, path, content, revision, by=actor.person, at=at))


def remove(app: Application, actor: Actor, draft: str, path: str, revision: int) -> Draft:
    """Take a file away. Raises Forbidden, NotFound, Overtaken."""
    require_designer(app, actor)
    with naming(app, actor):
        return write(app, lambda connection, at: drafts.remove(connection, draft, path, revision, by=actor.person, at=at))


def rename(app: Application, actor: Actor, draft: str, old: str, new_path: str, revision: int) -> Draft:
    """Move a file. Raises Forbidden, NotFound, BadPath, Overtaken."""
    require_designer(app, actor)
    with naming(app, actor):
        return write(app, lambda connection, at: drafts.rename(connection, draft, old, new_path, revision, by=actor.person, at=at))
