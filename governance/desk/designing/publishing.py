"""From draft to version: what it changes, and publishing it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.designer import deployed, difference, drafts, publishing
from governance.designer.files import key_of
from governance.designer.lowering import lowered
from governance.designer.publishing import Published
from governance.desk.designing.checking import checked
from governance.desk.designing.rights import require_designer


def diff(app: Application, actor: Actor, draft: str, *, version: int | None = None) -> dict[str, Any]:
    """What the draft changes against what is deployed now, or against an older version: files, elements of diagrams, and what more
    people may read with it (`lowered`).
    Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        own = drafts.files(connection, found)
        now = deployed.current(connection)
        if version is None:
            shared = {path: digest for path, digest in now.paths.items() if path in own}
            before = deployed.files_now(connection, found.key) | deployed.contents(connection, shared)
        else:
            before = deployed.files_of_version(connection, found.key, version)
            own = {path: content for path, content in own.items() if path in before or key_of(path) is not None}
    base = version if version is not None else now.versions.get(found.key)
    return {
        "base": {"version": base, "files": sorted(before)},
        "changed": difference.file_changes(before, own),
        "meaning": difference.element_changes(before, own),
        "lowered": [publishing.plain(one) for one in lowered(before, own)],
    }


def publish(app: Application, actor: Actor, draft: str, revision: int, note: str, confirmed: Collection[str] = ()) -> Published:
    """Deploy the draft as a new version; it is gone then. Running cases stay in theirs. `confirmed`: ids of the lowered protections
    of `diff` that the designer means.

    Raises Forbidden, NotFound, DeployRefused (with the report of the check), Conflict (the draft has changed since `revision`),
    Outdated, NothingToPublish, StillUsed, ProtectionLowered (something it opens to more readers is not confirmed).
    """
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        drafts.require_revision(found, revision)
        own = drafts.files(connection, found)
        report = checked(app, connection, found, actor.language)
    return publishing.publish(app, actor, found, own, report, note=note, confirmed=confirmed)
