"""What the desk's use cases share: who looks, what a case may show, names of people and processes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label, Node, Process
from engine.definitions.protection import OF_A_COMMITTEE, case_rule
from engine.errors import Forbidden, NotFound
from engine.guards import Guard, evaluated
from engine.queries import InstanceDetails, InstanceLine
from governance.application import Application
from governance.directory.may import Data, Reach, sees
from governance.registers import store as rows
from governance.registers.access import may_read


@dataclass(frozen=True, slots=True)
class Look:
    """One person looking at one moment, with what he holds."""

    app: Application
    actor: Actor
    connection: Any
    now: datetime
    reach: Reach

    def names(self, people: Iterable[str | None]) -> dict[str, str]:
        """Person id → name in the reader's language."""
        found = self.app.directory.names(self.connection, [p for p in people if p])
        return {key: label.in_(self.actor.language) for key, label in found.items()}

    def holders(self, selectors: Iterable[str]) -> list[str]:
        """Names of those who hold these selectors now."""
        people = self.app.directory.people(self.connection, list(selectors), self.now)
        names = self.names(people)
        return [names[p] for p in people if p in names]


def look(app: Application, actor: Actor, connection: Any) -> Look:
    now = app.clock.now()
    return Look(app, actor, connection, now, app.permissions.reach(connection, actor, now))


def require_case(seen: Look, case: InstanceDetails, process: Process) -> None:
    """The case may be read by its class, by those who work or worked on it, and by readers of one of its register rows.

    Raises NotFound: whether there is such a case is no outsider's business either.
    """
    worked = tuple(p for p in (case.line.starter, *(d.person for d in case.done), *case.authors) if p)
    data = _whole(seen, case.line, process, worked)
    if sees(seen.reach, data) or any(set(t.selectors) & set(seen.reach.selectors) or t.assignee == seen.reach.person for t in case.tasks):
        return
    if _row_opens(seen, case.line.id, case.line.process):
        return
    raise NotFound


def may_see(seen: Look, line: InstanceLine, process: Process) -> bool:
    """Whether a case in a list may be named: by its class, by who started it, by one of its register rows."""
    if sees(seen.reach, _whole(seen, line, process, (line.starter,) if line.starter else ())):
        return True
    return _row_opens(seen, line.id, line.process)


def _whole(seen: Look, line: InstanceLine, process: Process, worked: tuple[str, ...]) -> Data:
    """The case as one thing to read: its class, and the committee or others it is kept for."""
    kept = kept_for(seen, line.id, process)
    if kept is None:
        return Data(access=process.access, area=line.area, participants=worked)
    # of a case kept for its committee or branch nobody reads more than the task he was given, because he was given one
    return Data(access=kept.access, area=line.area, of=kept.of or (), by=() if kept.access in OF_A_COMMITTEE else worked)


def kept_for(seen: Look, instance: str, process: Process) -> Guard | None:
    """Who alone reads this case, as its variables stand now; None: its class decides."""
    rule = case_rule(process)
    if rule is None:
        return None
    return next(iter(evaluated([rule], seen.app.engine.queries.evaluator(seen.connection, instance))), None)


def _row_opens(seen: Look, instance: str, process: str) -> bool:
    """A register row of the case's own procedure opens the case to the readers of its class. What a state shows to the public is
    the row and the redacted notice, never the case behind them (domain 2.5); and rows of what the case called (its meetings, its
    notices, its opinion rounds) are rows of their own, whose class says nothing about the case."""
    for row in rows.rows_of_instance(seen.connection, instance):
        if row.process != process:
            continue
        declared = seen.app.registers.declarations.all().get(row.register)
        access = declared.access if declared and row.access == "public" else row.access
        if access != "public" and may_read(access, row.subject, seen.reach):
            return True
    return False


def require_person(actor: Actor) -> str:
    """The person who acts. Raises Forbidden for the public."""
    if actor.person is None:
        raise Forbidden("请先登录 / please log in")
    return actor.person


def node_of(app: Application, instance: str, process: Process, element: str | None) -> Node | None:
    """The node an element name of the history stands for (``process/node`` inside a called process)."""
    if element is None:
        return None
    called, _, node = element.rpartition("/")
    model = app.engine.queries.process_of(instance, called) if called else process
    return model.nodes.get(node)


def title_of(title: str | None, process_name: Label, language: str) -> str:
    """The case's own title, else the name of its procedure."""
    return title or process_name.in_(language)
