"""Publishing: what a draft changes becomes the newest version, as a whole or not at all. Running cases keep theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.engine import Change, Deployment
from engine.errors import Conflict, DeployRefused
from engine.ids import digest
from governance.application import Application
from governance.designer import deployed, drafts, store
from governance.designer.checking import Report
from governance.designer.deployed import Deployed, of_content
from governance.designer.files import kind_of, of_procedure
from governance.designer.lowering import Lowered, lowered
from governance.designer.store import Draft
from governance.reference import store as reference
from governance.registers import store as registers

Connection = Any


class Outdated(Conflict):
    """What the draft began with has been deployed anew meanwhile."""

    code = "outdated"


class NothingToPublish(Conflict):
    """The draft changes nothing."""

    code = "nothing_to_publish"


class StillUsed(Conflict):
    """Something the draft takes away is still needed."""

    code = "still_used"


class ProtectionLowered(Conflict):
    """More people than before may read something, and that was not confirmed. Its details name each place."""

    code = "protection_lowered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The version that new cases get, and how many running cases stay in which older version."""

    key: str
    version: int
    deployment: str
    at: datetime
    staying: Mapping[int, int]


def publish(
    app: Application, actor: Actor, draft: Draft, files: Mapping[str, bytes], report: Report, *, note: str, confirmed: Collection[str]
) -> Published:
    """Deploy the draft as it was read. `report` is that of its check; `confirmed`: ids of what it opens to more readers.

    Raises DeployRefused (the check found errors), Conflict (the draft changed meanwhile), Outdated, NothingToPublish, StillUsed,
    ProtectionLowered.
    """
    if report.refuses:
        raise DeployRefused(report.problems)
    at = app.clock.now()
    with app.database.read() as connection:
        now = deployed.current(connection)
        away = _taken_away(connection, draft, files, now)
        before = deployed.files_now(connection, draft.key)
    if not away and all(now.paths.get(path) == digest(content) for path, content in files.items()):
        raise NothingToPublish("草稿与已发布的相同 / the draft is the same as what is published")
    opened = _confirmed(before, files, confirmed)

    def guard(connection: Connection, before: Mapping[str, Any]) -> None:
        held = drafts.get(connection, draft.id, lock=True)
        drafts.require_revision(held, draft.revision)
        if changed := drafts.outdated(held, of_content(None, before)):
            raise Outdated(
                "草稿所依据的文件已有新的发布，请先合并 / files the draft began with have been published anew, merge them first",
                files=changed,
            )

    def done(connection: Connection, deployment: Deployment) -> None:
        version = next(d.version for d in deployment.definitions if (d.kind, d.key) == ("process", draft.key))
        if deployment.id is not None:
            store.release(connection, deployment.id, draft.key, version, note=note, lowered=opened, at=at, by=actor.person)
        store.delete(connection, draft.id)
        # settings that a procedure declares are reference data
        reference.renew(connection)

    change = Change(without=frozenset(away), renumbered=frozenset({draft.key}), guard=guard, done=done)
    made = app.engine.deploy(files, actor=actor, language=actor.language, change=change)
    version = next(d.version for d in made.definitions if (d.kind, d.key) == ("process", draft.key))
    with app.database.read() as connection:
        lines = deployed.procedures(connection, draft.key)[draft.key]
    staying = {line.version: line.running for line in lines if line.version != version and line.running}
    return Published(key=draft.key, version=version, deployment=made.id or "", at=at, staying=staying)


def plain(found: Lowered) -> dict[str, Any]:
    """A lowered protection as JSON: what and where, and who may read it before and after."""
    return {
        "id": found.id, "file": found.file, "kind": found.kind, "key": found.key, "form": found.form,
        "name": {"zh": found.name.zh, "en": found.name.en},
        "from": {"access": found.before.access, "zh": found.before.text().zh, "en": found.before.text().en},
        "to": {"access": found.after.access, "zh": found.after.text().zh, "en": found.after.text().en},
    }  # fmt: skip


def _confirmed(before: Mapping[str, bytes], files: Mapping[str, bytes], confirmed: Collection[str]) -> list[dict[str, Any]]:
    """What the draft opens, each as it was confirmed. Raises ProtectionLowered."""
    found = [plain(one) for one in lowered(before, files)]
    if missing := [one for one in found if one["id"] not in confirmed]:
        raise ProtectionLowered(
            f"有 {len(missing)} 处保护降低，请逐条确认后再发布 / protection is lowered in {len(missing)} places, confirm each",
            lowered=missing,
        )
    return found


def _taken_away(connection: Connection, draft: Draft, files: Mapping[str, bytes], now: Deployed) -> list[str]:
    """Deployed files of the procedure that the draft no longer has. Raises StillUsed."""
    if f"processes/{draft.key}/{draft.key}.bpmn" not in files:
        raise StillUsed(
            f"草稿里没有 {draft.key}.bpmn，流程不能没有流程图 / the draft has no {draft.key}.bpmn: a procedure needs its diagram",
            key=draft.key,
        )
    away = sorted(path for path in now.paths if of_procedure(path, draft.key) and path not in files)
    kept = {path.rpartition("/")[2].removesuffix(".register.yaml") for path in away if kind_of(path) == "register"}
    if used := sorted(key for key in kept if registers.has_rows(connection, key)):
        raise StillUsed(f"台账 {used[0]} 里已有记录，不能删除 / register {used[0]} has rows, it cannot be taken away", registers=used)
    return away
