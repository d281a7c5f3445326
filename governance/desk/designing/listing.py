"""The procedures a designer sees, with their versions and drafts."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.designer import deployed, store
from governance.desk.designing.rights import require_designer
from governance.desk.designing.views import names_of, summary, title


def procedures(app: Application, actor: Actor) -> list[dict[str, Any]]:
    """Every procedure with its versions and its draft, and drafts of procedures that are not published yet. Raises Forbidden."""
    require_designer(app, actor)
    with app.database.read() as connection:
        now = deployed.current(connection)
        versions = {key: found for key, found in deployed.procedures(connection).items() if key in now.versions}
        open_drafts = {draft.key: draft for draft in store.drafts(connection)}
        people = [v.by for found in versions.values() for v in found] + [d.updated_by for d in open_drafts.values()]
        names = names_of(app, connection, actor, people)
        releases = store.releases(connection)
    found = []
    for key in sorted({*versions, *open_drafts}):
        draft = open_drafts.get(key)
        lines = versions.get(key, [])
        name = {"zh": lines[0].name.zh, "en": lines[0].name.en} if lines else title(draft)
        found.append(
            {
                "key": key,
                "name": name,
                "blocked": key in now.blocked,
                "versions": [
                    {
                        "version": v.version,
                        "deployed_at": v.at,
                        "by": names(v.by),
                        "instances_running": v.running,
                        "note": releases.get((key, v.version), store.NO_RELEASE).note,
                        "lowered": releases.get((key, v.version), store.NO_RELEASE).lowered,
                    }
                    for v in lines
                ],
                "draft": None if draft is None else summary(draft, names),
            }
        )
    return found
