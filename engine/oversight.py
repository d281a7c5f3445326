"""What operators read across instances. Who may see it is the caller's question; nothing here is content of an instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import values
from engine.commands import operations
from engine.commands.runtime import Runtime
from engine.errors import NotFound
from engine.history import store as history
from engine.history.installation import CHAIN
from engine.store import instances
from engine.store import oversight as store

#: lines of one page
MOST = 200
#: how names begin under which the engine keeps results of its own
_BOOKKEEPING = "#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An instance in an operator's list."""

    id: str
    process: str
    version: int
    state: str
    number: str | None
    area: str | None
    started_at: datetime
    ended_at: datetime | None
    suspended_at: datetime | None
    incidents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """A message that found nobody and is kept until `expires_at`. `given_id`: the id its sender gave it."""

    id: str
    name: str
    key: str | None
    given_id: str | None
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredMessage:
    """A message whose time was over before anybody took it; what it carried is gone."""

    name: str
    key: str | None
    given_id: str | None
    at: datetime
    expired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many instances of a version run, and how many of them are suspended."""

    running: int = 0
    suspended: int = 0


class Oversight:
    """Part of `Engine` (`engine.oversight`)."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def cases(
        self, *, areas: Sequence[str] | None, processes: Sequence[str] | None = None, version: int | None = None,
        state: str | None = None, suspended: bool = False, failing: bool = False, text: str | None = None, after: str | None = None,
        limit: int = 50,
    ) -> list[Case]:  # fmt: skip
        """Instances of these areas (None: all), the newest first. `failing`: with an open incident; `text`: an id, or how a number
        begins; `after`: the last id of the page before."""
        with self._runtime.database.read() as connection:
            rows = store.instances(
                connection, areas=areas, processes=processes, version=version, state=state, suspended=suspended, failing=failing,
                text=text, after=after, limit=min(max(limit, 1), MOST),
            )  # fmt: skip
        return [
            Case(
                id=r.id, process=r.process, version=r.process_version, state=r.state, number=r.number, area=r.area,
                started_at=r.started_at, ended_at=r.ended_at, suspended_at=r.suspended_at, incidents=r.incidents,
            )
            for r in rows
        ]  # fmt: skip

    def load(self, process: str) -> dict[int, Load]:
        """Version → what runs in it; versions in which nothing runs are left out."""
        with self._runtime.database.read() as connection:
            found = store.running_by_version(connection, process)
        return {version: Load(running=running, suspended=suspended) for version, (running, suspended) in found.items()}

    def called(self, process: str, version: int, instance: str | None = None) -> list[tuple[str, int]]:
        """(process, version) of what is called right now by this instance, or by those that run in a version of a process. Calls that
        name their version themselves (newest, by tag) are left out: they belong to what they name."""
        with self._runtime.database.read() as connection:
            rows = store.called(connection, process, version, instance)
            found = {
                (key, definitions.version("process", key))
                for digest, key in rows
                if "key" not in (definitions := self._runtime.library.bound(connection, digest)).entry("process", key)
            }
        return sorted(found)

    def own_variables(self, connection: Any, instance: str, scope: str) -> dict[str, Any]:
        """Variables that lie in one scope itself, without those around it. Raises NotFound."""
        row = instances.read(connection, instance)
        if row is None:
            raise NotFound(f"there is no instance {instance!r}", instance=instance)
        found = instances.variables(connection, row).get(scope, {})
        return {name: value for name, value in found.items() if not name.startswith(_BOOKKEEPING)}

    def kept_messages(self, *, after: str | None = None, limit: int = 50) -> list[KeptMessage]:
        """Messages nobody has taken yet, without what they carry, the newest first."""
        now = self._runtime.clock.now()
        with self._runtime.database.read() as connection:
            rows = store.kept_messages(connection, now, after=after, limit=min(max(limit, 1), MOST))
        return [
            KeptMessage(id=r.id, name=r.name, key=r.key, given_id=r.message_id, at=r.at, expires_at=r.expires_at) for r in rows
        ]  # fmt: skip

    def expired_messages(self, *, limit: int = 50) -> list[ExpiredMessage]:
        """Messages nobody took in time, as the history of the installation tells them, the latest first."""
        with self._runtime.database.read() as connection:
            rows = history.entries(connection, CHAIN, kind=operations.EXPIRED, newest_first=True, limit=limit)
        return [
            ExpiredMessage(name=row.element or "", key=one["key"], given_id=one["id"], at=one["at"], expired_at=row.at)
            for row in rows
            if row.content is not None
            for one in values.loads(row.content)["messages"]
        ][:limit]
