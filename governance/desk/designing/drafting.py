"""Drafts: opened, made, copied, shown, brought up to date, thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.errors import NotFound
from governance.application import Application
from governance.designer import copying, deployed, drafts, store, templates
from governance.designer.store import Draft
from governance.desk.designing.rights import require_designer
from governance.desk.designing.transactions import write
from governance.desk.designing.views import file_line, names_of, summary, title
from governance.directory import store as directory
from governance.directory.catalogue import Role, roles


def edit(app: Application, actor: Actor, key: str) -> dict[str, Any]:
    """Open the draft of a deployed procedure, or make it. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    made = write(app, lambda connection, at: drafts.edit(connection, key, by=actor.person, at=at))
    return show(app, actor, made.id)


def new(app: Application, actor: Actor, key: str, zh: str, en: str) -> dict[str, Any]:
    """A draft of a new procedure: the smallest legal one. Raises Forbidden, BadKey, KeyTaken."""
    require_designer(app, actor)
    role = _commonest_role(app)
    files = templates.new_procedure(key, zh, en, role=(role.code, role.name.zh, role.name.en))
    return made(app, actor, key, files, (zh, en))


def copy(app: Application, actor: Actor, key: str, new_key: str) -> dict[str, Any]:
    """A draft of a new procedure, copied from a deployed one. Raises Forbidden, NotFound, BadKey, KeyTaken."""
    require_designer(app, actor)
    with app.database.read() as connection:
        lines = deployed.procedures(connection, key).get(key)
        if not lines:
            raise NotFound(f"没有流程 {key} / there is no procedure {key}", key=key)
        original = deployed.files_now(connection, key)
    zh, en = lines[0].name.zh, lines[0].name.en or lines[0].name.zh
    return made(app, actor, new_key, copying.copy_procedure(original, key, new_key), (f"{zh}（副本）", f"{en} (copy)"))


def show(app: Application, actor: Actor, draft: str) -> dict[str, Any]:
    """A draft with its files. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        found = drafts.get(connection, draft)
        files = store.files(connection, draft)
        now = deployed.current(connection)
        names = names_of(app, connection, actor, [found.updated_by, *(f.changed_by for f in files)])
    return {
        **summary(found, names),
        "key": found.key,
        "name": title(found),
        "base_version": found.base_version,
        "current_version": now.versions.get(found.key),
        "outdated": drafts.outdated(found, now),
        "files": [file_line(f, names) for f in files if f.content is not None],
    }


def refresh(app: Application, actor: Actor, draft: str, keep: Mapping[str, str]) -> list[str]:
    """Take over what was deployed since the draft was made. Answers the files that both sides changed and `keep` (path → mine or
    theirs) does not decide; then nothing was changed. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    return write(app, lambda connection, at: drafts.refresh(connection, draft, keep, by=actor.person, at=at))[1]


def discard(app: Application, actor: Actor, draft: str, revision: int) -> None:
    """Throw a draft away. Raises Forbidden, NotFound, Conflict (it has changed since)."""
    require_designer(app, actor)
    write(app, lambda connection, _at: drafts.discard(connection, draft, revision))


def made(app: Application, actor: Actor, key: str, files: Mapping[str, bytes], title: tuple[str, str]) -> dict[str, Any]:
    def command(connection: Any, at: datetime) -> Draft:
        drafts.require_free(connection, key)
        return drafts.make(connection, key, files, deployed=deployed.current(connection), title=title, by=actor.person, at=at)

    return show(app, actor, write(app, command).id)


def _commonest_role(app: Application) -> Role:
    """Of those who work cases, the one most posts have; the designer changes it in the lane."""
    at = app.clock.now()
    candidates = [role for role in roles().values() if role.staff and role.rank == templates.WORKS_CASES]
    with app.database.read() as connection:
        return max(candidates, key=lambda role: len(directory.posts_of_role(connection, role.code, at)))
