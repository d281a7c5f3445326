"""What a deployment of a draft would say."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.designer import checking, deployed, drafts, store
from governance.designer.checking import Report
from governance.designer.store import Draft
from governance.desk.designing.rights import require_designer
from governance.desk.designing.transactions import write


def check(app: Application, actor: Actor, draft: str) -> Report:
    """What a deployment of the draft would say. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        report = checked(app, connection, found, actor.language)
    seen = {"checked_revision": found.revision, "errors": report.errors, "warnings": report.warnings}
    if seen != {name: getattr(found, name) for name in seen}:
        write(app, lambda connection, _at: store.update(connection, draft, **seen))
    return report


def checked(app: Application, connection: Any, draft: Draft, language: str) -> Report:
    """The findings of a draft; remembered by the content of its files."""
    own = drafts.files(connection, draft)
    now = deployed.current(connection)
    return checking.check(
        app, drafts.overlay(connection, draft), draft.key, own, lambda: deployed.contents(connection, now.paths), language
    )
