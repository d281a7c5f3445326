"""What happens at a step of the ladder besides notices: supervision is opened and raised, in the transaction of the alarm (SP09)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.definitions.model import Label
from engine.ports import Jobs
from governance.deadlines import store
from governance.deadlines.store import Row
from governance.outbox import post
from governance.settings.settings import Settings

#: Starts the supervision of an overdue task.
OPEN = "msg.supervision.open"
#: To the running supervision, key: id of the deadline.
RAISE, CLOSED = "msg.supervision.escalate", "msg.supervision.closed"
#: Action that opens it; the others raise it.
SUPERVISE = "supervise"
_OVERDUE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An overdue task as the supervision needs it: units that answer for it, who can answer, names for people."""

    units: Sequence[str]
    unit_name: Label
    answerers: Sequence[str]
    task: Label
    title: str
    link: str


class Escalation:
    """`ladders.actions`: ladder → step (percent, or ``repeat``) → actions; a ladder that is not named there only warns."""

    def __init__(self, settings: Settings, jobs: Jobs) -> None:
        self._settings, self._jobs = settings, jobs

    def wanted(self, connection: Any, row: Row, at: datetime) -> Mapping[str, Sequence[str]]:
        """The actions of the row's ladder by step; empty for one without. A case without an area has no street above it."""
        if row.area is None:
            return {}
        table = self._settings.get(connection, "ladders.actions", at, row.area)
        return dict(table.get(row.ladder) or {})

    def passed(
        self, connection: Any, row: Row, percents: Sequence[int], late: Late, actions: Mapping[str, Sequence[str]], at: datetime
    ) -> None:
        """These steps were passed: note who is late, set going what they ask for, each action once per deadline."""
        steps = [(str(p), action) for p in percents for action in actions.get(str(p), ())]
        if _OVERDUE in percents:
            store.add_overdue(connection, row.id, late.units, row.due_at)
            if self._repeated(connection, row, late.units, at):
                steps += [("repeat", action) for action in actions.get("repeat", ())]
        for step, action in sorted(steps, key=lambda s: s[1] != SUPERVISE):
            if store.act_once(connection, row.id, action, step, at):
                self._set_going(connection, row, step, action, late)

    def closed(self, connection: Any, row: Row, at: datetime, met: bool) -> None:
        """The deadline is closed: its supervision, if there is one, is told."""
        if store.acted(connection, row.id, SUPERVISE):
            facts = {"deadline": row.id, "met": met, "at": at}
            post(self._jobs, connection, CLOSED, facts, key=row.id, message_id=f"{SUPERVISE}:{row.id}:closed")

    def _repeated(self, connection: Any, row: Row, units: Sequence[str], at: datetime) -> bool:
        if not units:
            return False
        days = int(self._settings.get(connection, "ladders.repeat_days", at, row.area))
        least = int(self._settings.get(connection, "ladders.repeat_count", at, row.area))
        found = store.overdues_since(connection, units, at - timedelta(days=days))
        return max(found.values(), default=0) >= least

    def _set_going(self, connection: Any, row: Row, step: str, action: str, late: Late) -> None:
        if action == SUPERVISE:
            facts = {
                "deadline": row.id,
                "case": row.instance,
                "case_no": row.number,
                "subject": " ".join(filter(None, (row.number, late.title))) or late.task.zh,
                "task": late.task.zh,
                "unit": next(iter(late.units), None),
                "unit_name": late.unit_name.zh,
                "answerers": list(late.answerers),
                "due_at": row.due_at,
                "reason": "repeated" if step == "repeat" else "over_limit",
                "link": late.link,
                "area": row.area,
            }
            post(self._jobs, connection, OPEN, facts, key=None, message_id=f"{SUPERVISE}:{row.id}")
        elif store.acted(connection, row.id, SUPERVISE):
            facts = {"deadline": row.id, "action": action, "step": step}
            post(self._jobs, connection, RAISE, facts, key=row.id, message_id=f"{action}:{row.id}")
