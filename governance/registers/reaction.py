"""Registers as a reaction: elements that carry cogov:record create and move rows, inside the command's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Record
from engine.definitions.protection import ACCESS_CLASSES
from engine.events import Event, ProcessEnded, SubmissionCorrected, VariablesChanged
from engine.ports import InstanceRef, Unit
from governance.registers import store
from governance.registers.declaration import Declaration
from governance.registers.declarations import Declarations
from governance.registers.expressions import (
    attempt,
    columns_now,
    context_of,
    evaluate_around,
    evaluate_at,
    has_deadline,
    is_row_of,
    key_of,
    records_of,
)
from governance.registers.moments import beginning_of, due_follows_deadlines, moment_of
from governance.registers.numbering import kept_number, next_number
from governance.registers.references import links_of, parties_of, ref_of
from governance.registers.rows import Row
from governance.registers.work import Work, close_all, find_row, move_of, open_row, refused

Connection = Any


class Registers:
    """Keeps the rows of all registers.

    `area_code` turns an area id into the text that stands in numbers; `zone` decides the year; `nearest_due` gives the
    nearest running deadline of an instance (governance.deadlines).
    """

    def __init__(
        self,
        declarations: Declarations,
        *,
        zone: tzinfo = UTC,
        area_code: Callable[[Connection, str], str | None] | None = None,
        nearest_due: Callable[[Connection, str], datetime | None] | None = None,
    ) -> None:
        self.declarations = declarations
        self._zone = zone
        self._area_code = area_code or (lambda _connection, area: area)
        self._nearest_due = nearest_due

    @property
    def zone(self) -> tzinfo:
        """The installation's zone."""
        return self._zone

    def code_of(self, connection: Connection, area: str | None) -> str | None:
        """The text that stands for the area in numbers."""
        return self._area_code(connection, area) if area else None

    # as a reaction -------------------------------------------------------------------------------------------------

    def __call__(self, unit: Unit, events: Sequence[Event]) -> None:
        """Raises RegisterMove when a row may not go where the model sends it, NotFound for an unknown register."""
        marked = [(event, record) for event in events for record in records_of(event)]
        over = next((e for e in events if isinstance(e, ProcessEnded) and e.scope is None), None)
        clocks = self._nearest_due is not None and any(has_deadline(event) for event in events)
        corrected = [event for event in events if isinstance(event, (SubmissionCorrected, VariablesChanged))]
        if not marked and over is None and not clocks and not corrected:
            return
        rows = store.rows_of_instance(unit.connection, unit.instance.id)
        work = Work(unit.connection, unit.instance, unit.actor, unit.now, rows, self.declarations.all(unit.connection))
        for event, record in marked:
            self._record(unit, work, event, record)
        for correction in corrected:
            self._correct(unit, work, correction)
        if over is not None:
            close_all(work, over.outcome)
        if work.rows and (marked or clocks) and over is None:
            self._refresh_due(work)
        number = self._write(work)
        if number is not None:
            unit.set_number(number)
        head = next((row for row in work.rows if row.id in work.touched and row.process == unit.instance.process), None)
        if (
            head is not None
            and head.title not in ("", work.declaration(head.register).name.zh)
            and not work.declaration(head.register).many
        ):
            unit.set_title(head.title)

    def refresh_due(self, connection: Connection, instance: str) -> None:
        """A deadline of the instance was paused, resumed or extended: its open rows show the nearest one."""
        if self._nearest_due is None:
            return
        known = self.declarations.all(connection)
        registers = {row.register for row in store.rows_of_instance(connection, instance) if due_follows_deadlines(known.get(row.register))}
        if registers:
            store.set_due(connection, instance, registers, self._nearest_due(connection, instance))

    def _record(self, unit: Unit, work: Work, event: Event, record: Record) -> None:
        declaration = work.declaration(record.register)

        def evaluate(expression: str) -> Any:
            return evaluate_at(unit, event, expression)

        key = key_of(evaluate(record.key)) if record.key else ""
        called = event.process != work.instance.process
        row = find_row(work, declaration, key, record.state, called)
        if row is None and record.state is None:
            return  # a value for a row that does not exist yet has nowhere to go

        def of_case(expression: str) -> Any:
            return evaluate_around(unit, event, expression)

        columns = columns_now(declaration, of_case)
        if record.values is not None:
            columns |= context_of(evaluate(record.values), declaration)
        element = event.node.id if event.node else None
        if row is None:
            row = open_row(work, declaration, key, event.process, str(record.state))
            row.number = kept_number(work, declaration, evaluate(record.number)) if record.number else None
            before = None
        else:
            before = row.state
        self._apply(work, declaration, row, before, record.state or row.state, columns, element, of_case)

    def _correct(self, unit: Unit, work: Work, event: SubmissionCorrected | VariablesChanged) -> None:
        """Columns taken from corrected variables follow them, where they still show what these were before."""

        def evaluate(expression: str) -> Any:
            return unit.evaluate(expression, event.token)

        for row in work.rows:
            declaration = work.declarations.get(row.register)
            if declaration is None or not is_row_of(row, event, evaluate):
                continue
            after = columns_now(declaration, evaluate)
            before = columns_now(declaration, lambda expression: unit.evaluate(expression, event.token, event.before))
            stale = {k: v for k, v in after.items() if k in before and before[k] != v and row.columns.get(k) == before[k]}
            closed = row.closed
            if stale:
                self._apply(work, declaration, row, row.state, row.state, stale, event.node.id if event.node else None, evaluate)
                row.closed = closed or row.closed

    # for services ---------------------------------------------------------------------------------------------------

    def move(
        self, connection: Connection, row: Row, state: str, values: Mapping[str, Any], *, actor: Actor, now: datetime, element: str | None
    ) -> Row:
        """Move one row by hand of a service. Raises RegisterMove."""
        declarations = self.declarations.all(connection)
        instance = InstanceRef(id=row.instance, process=row.process, version=0, number=row.number, area=row.area, starter=row.starter)
        work = Work(connection, instance, actor, now, [row], declarations)
        declaration = work.declaration(row.register)
        self._apply(work, declaration, row, row.state, state, context_of(values, declaration), element, None)
        self._write(work)
        return row

    # inside ---------------------------------------------------------------------------------------------------------

    def _apply(
        self,
        work: Work,
        declaration: Declaration,
        row: Row,
        before: str | None,
        after: str,
        columns: Mapping[str, Any],
        element: str | None,
        evaluate: Callable[[str], Any] | None,
    ) -> None:
        if not declaration.allows(before, after):
            raise refused(declaration, row, before, after)
        changed = [key for key, value in columns.items() if row.columns.get(key) != value]
        row.columns = {**row.columns, **columns}
        if before != after or row in work.created:
            row.moved = work.now
        kept = row.access if declaration.access_from is not None else None
        row.state, row.stage, row.access = after, declaration.stage_of(after), kept or declaration.access_of(after)
        final = declaration.states[after].final
        row.closed = (row.closed or work.now) if final else None
        self._head(declaration, row, evaluate)
        if row in work.created and (stood := self._stood(declaration, evaluate)) is not None and self._day(stood) < self._day(work.now):
            row.moved = stood
        parties, links = parties_of(declaration, row, evaluate), links_of(declaration, row)
        if parties != row.parties or links != row.links:
            work.references.add(row.id)
            row.parties, row.links = parties, links
        work.touched[row.id] = row
        if before != after or changed:
            work.moves.append(move_of(work, row, before, after, element, changed))

    def _head(self, declaration: Declaration, row: Row, evaluate: Callable[[str], Any] | None) -> None:
        found = {key: row.columns.get(key) for key in ("title", "area", "unit", "due", "score")}
        for key, source in declaration.head.items():
            value = attempt(evaluate, source)
            found[key] = value if value is not None else found.get(key)
        row.title = str(found["title"] or row.title or declaration.name.zh)
        row.area = ref_of(found["area"]) or row.area
        row.unit = ref_of(found["unit"]) or row.unit
        if declaration.access_from is not None and (own := attempt(evaluate, declaration.access_from)) in ACCESS_CLASSES:
            row.access = str(own)
        if declaration.owner is not None:
            row.owner = ref_of(attempt(evaluate, declaration.owner)) or row.owner
        if (since := found.get("opened")) is not None:
            row.opened = beginning_of(since, self._zone) or row.opened
        if found["due"] is not None:
            row.due = moment_of(found["due"], self._zone)
        if isinstance(found["score"], Decimal):
            row.score = found["score"].quantize(Decimal("0.1"), ROUND_HALF_UP)

    def _stood(self, declaration: Declaration, evaluate: Callable[[str], Any] | None) -> datetime | None:
        """Since when the row stands in the state in which it is created, where the declaration says so."""
        source = declaration.head.get("moved")
        return beginning_of(attempt(evaluate, source), self._zone) if source is not None else None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _refresh_due(self, work: Work) -> None:
        if self._nearest_due is None:
            return
        open_rows = [row for row in work.rows if row.closed is None and due_follows_deadlines(work.declarations.get(row.register))]
        if not open_rows:
            return
        due = self._nearest_due(work.connection, work.instance.id)
        for row in open_rows:
            if row.due != due:
                row.due = due
                work.touched[row.id] = row

    def _write(self, work: Work) -> str | None:
        """Numbers are taken here, after everything else, so that their lock is held shortly. Answers the case's own number."""
        main: str | None = None
        for row in work.created:
            declaration = work.declaration(row.register)
            if declaration.number is None:
                continue
            row.number = row.number or next_number(work, declaration, self.code_of(work.connection, row.area), self._zone)
            if main is None and work.instance.number is None and not declaration.many and row.process == work.instance.process:
                main = row.number
        store.insert_rows(work.connection, work.created)
        new = {row.id for row in work.created}
        for row in work.touched.values():
            if row.id not in new:
                store.update_row(work.connection, row)
                if row.id in work.references:
                    store.replace_references(work.connection, row)
        store.insert_moves(work.connection, work.moves)
        return main
