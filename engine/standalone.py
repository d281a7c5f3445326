"""Plain parts for an engine that runs alone: a directory from a dict, deadlines in natural time, no extra functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from engine.actor import Mandate
from engine.commands.timing import resolve_timer
from engine.definitions.model import Deadline
from engine.errors import ExpressionFailed
from engine.ports import Connection, DeadlineView, InstanceRef, Offer
from engine.store import deadlines
from engine.values import duration_text

EVERYONE = "everyone"


class PlainDirectory:
    """Selectors and the persons who hold them: ``{"role:legal@c1": ["zhao"], "role:clerk@c1": "everyone"}``.

    Every person holds ``person:<id>``. Without holders at all every selector but ``person:`` is everyone's, which suits a
    library in somebody's own program.
    """

    def __init__(self, holders: Mapping[str, Iterable[str] | str] | None = None) -> None:
        self._open = holders is None
        self._everyone = frozenset(s for s, who in (holders or {}).items() if who == EVERYONE)
        self._holders = {s: frozenset(who) for s, who in (holders or {}).items() if not isinstance(who, str)}

    def resolve(self, connection: Connection, selectors: Sequence[str], at: datetime) -> list[Offer]:  # noqa: ARG002  port
        """Each selector as it is; vacant when nobody holds it."""
        return [Offer(selector=self._stored(s), vacant=not self._held(s)) for s in selectors]

    def selectors_of(self, connection: Connection, person: str, at: datetime) -> dict[str, Mandate]:  # noqa: ARG002  port
        found = {f"person:{person}": Mandate(kind="assignment", selector=f"person:{person}")}
        held = [s for s, who in self._holders.items() if person in who]
        for selector in [*held, *sorted(self._everyone), *(["public"] if self._open else [])]:
            found[selector] = Mandate(kind="membership", selector=selector)
        return found

    def area_path(self, connection: Connection, of: str | None, at: datetime) -> list[str]:  # noqa: ARG002  port
        """Everything is an area of its own."""
        return [] if of is None else [of]

    def _stored(self, selector: str) -> str:
        return "public" if self._open and not selector.startswith("person:") else selector

    def _held(self, selector: str) -> bool:
        if self._open or selector == "public" or selector.startswith("person:"):
            return True
        return selector in self._everyone or bool(self._holders.get(selector))


class NaturalDeadlines:
    """Deadlines by the calendar as it is: PT2H and P14D. Working time (5WD) needs a calendar, which governance has."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def open(
        self, connection: Connection, instance: InstanceRef, token: str, element: str, spec: Deadline, limit: Any, at: datetime
    ) -> DeadlineView:
        """Raises ExpressionFailed for a limit it cannot count."""
        due = self._due(limit, at)
        row: dict[str, Any] = {"token": token, "instance": instance.id, "element": element, "name": spec.id}
        row |= {"started_at": at, "due_at": due, "state": "running"}
        deadlines.put(connection, row)
        return DeadlineView(id=spec.id, due=due, started=at, clock="natural", state="running")

    def view(self, connection: Connection, instance: str, deadline: str) -> DeadlineView | None:
        row = deadlines.newest(connection, instance, deadline)
        if row is None:
            return None
        return DeadlineView(id=row.name, due=row.due_at, started=row.started_at, clock="natural", state=row.state)

    def close(self, connection: Connection, token: str, at: datetime, met: bool) -> None:  # noqa: ARG002  port
        deadlines.close(connection, token, "met" if met else "cancelled")

    def follow(self, connection: Connection, token: str, element: str) -> None:
        deadlines.follow(connection, token, element)

    def due_after(self, connection: Connection, area: str | None, limit: str, start: datetime) -> datetime:  # noqa: ARG002  port
        """Raises ExpressionFailed for working time."""
        return self._due(limit, start)

    def _due(self, limit: Any, start: datetime) -> datetime:
        return resolve_timer("duration", limit, now=start, zone=self._zone, working=_no_calendar)[0]


def _no_calendar(limit: str, start: datetime) -> datetime:  # noqa: ARG001  same shape as a calendar's
    raise ExpressionFailed(f"{limit} counts working time, and this engine has no calendar; write P5D, or give it one", limit=limit)


class PlainFunctions:
    """``deadline(id)``, ``role(code, of)``, ``member(committee, role)`` and ``holder(post, of)``; no calendar, no settings."""

    _NAMES = frozenset({"deadline", "role", "member", "holder"})

    def names(self) -> frozenset[str]:
        return self._NAMES

    def bind(self, connection: Connection, instance: InstanceRef | None, now: datetime) -> Mapping[str, Callable[..., Any]]:
        def deadline(name: str) -> dict[str, Any] | None:
            row = deadlines.newest(connection, instance.id, name) if instance is not None else None
            if row is None:
                return None
            left = max(row.due_at - now.astimezone(UTC), timedelta(0))
            return {
                "id": row.name, "due": row.due_at, "started": row.started_at, "clock": "natural", "state": row.state,
                "remaining": duration_text(left),
            }  # fmt: skip

        return {
            "deadline": deadline,
            "role": lambda code, of: f"role:{code}@{of}",
            "member": lambda committee, role=None: f"member:{committee}:{role}" if role else f"member:{committee}",
            "holder": lambda post, of: f"holder:{post}@{of}",
        }
