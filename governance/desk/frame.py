"""What stands around every page: the menu and its counts, read on one connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.actor import Actor
from governance.application import Application
from governance.desk import calls, importing, ledgers, operations
from governance.desk.meeting_views import CallLine
from governance.desk.reading import look, require_person
from governance.registers.index import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Menu and counts for one reader."""

    #: unread notices
    unread: int
    #: tasks that wait for him, counted up to 100
    tasks: int
    #: votes and opinion rounds that wait for him
    calls: Sequence[CallLine]
    registers: Sequence[Item]
    #: may let incidents go on somewhere
    operates: bool
    imports: bool

    @property
    def work(self) -> int:
        return self.tasks + len(self.calls)


def of(app: Application, actor: Actor) -> Frame:
    """Raises Forbidden for the public."""
    person = require_person(actor)
    tasks = app.engine.queries.count_tasks(person, view="all")
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        return Frame(
            unread=app.notices.unread(connection, person),
            tasks=tasks,
            calls=calls.lines(seen),
            registers=ledgers.menu(seen),
            operates=operations.operates(seen),
            imports=importing.may_import(seen),
        )
