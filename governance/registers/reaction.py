"""Registers as a reaction: elements that carry cogov:record create and move rows, inside the command's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Record
from engine.errors import CogovError, ExpressionFailed, NotFound, UnknownVariable
from engine.events import ElementCompleted, ElementStarted, Event, ProcessEnded, SubmissionCorrected
from engine.ids import uuid7
from engine.ports import InstanceRef, Unit
from governance.registers import store
from governance.registers.declaration import ACCESS_CLASSES, Declaration, counted_by_month, format_number
from governance.registers.declarations import Declarations
from governance.registers.rows import Move, Row

Connection = Any
#: column kinds whose value points at another case
LINK_KINDS = ("case", "commitment", "record")
#: counts together what has no area
NO_AREA = "0"
CANCELLED = "cancelled"


class NumberTaken(CogovError):
    """The register has a row with this number already."""

    code = "register_number_taken"


class RegisterMove(CogovError):
    """The register does not allow this move."""

    code = "register_move"


@dataclass(slots=True)
class Work:
    """What one command does to rows: loaded once, written once."""

    connection: Connection
    instance: InstanceRef
    actor: Actor
    now: datetime
    rows: list[Row]
    declarations: Mapping[str, Declaration]
    created: list[Row] = field(default_factory=list)
    touched: dict[str, Row] = field(default_factory=dict)
    #: rows whose parties or links changed
    references: set[str] = field(default_factory=set)
    moves: list[Move] = field(default_factory=list)

    def declaration(self, register: str) -> Declaration:
        """Raises NotFound, naming the register."""
        found = self.declarations.get(register)
        if found is None:
            raise NotFound(f"没有台账 {register} / there is no register {register}", register=register)
        return found


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
        marked = [(event, record) for event in events for record in _records(event)]
        over = next((e for e in events if isinstance(e, ProcessEnded) and e.scope is None), None)
        clocks = self._nearest_due is not None and any(_has_deadline(event) for event in events)
        corrected = [event for event in events if isinstance(event, SubmissionCorrected)]
        if not marked and over is None and not clocks and not corrected:
            return
        rows = store.rows_of_instance(unit.connection, unit.instance.id)
        work = Work(unit.connection, unit.instance, unit.actor, unit.now, rows, self.declarations.all(unit.connection))
        for event, record in marked:
            self._record(unit, work, event, record)
        for correction in corrected:
            self._correct(unit, work, correction)
        if over is not None:
            _close_all(work, over.outcome)
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
        registers = {
            row.register for row in store.rows_of_instance(connection, instance) if _due_follows_deadlines(known.get(row.register))
        }
        if registers:
            store.set_due(connection, instance, registers, self._nearest_due(connection, instance))

    def _record(self, unit: Unit, work: Work, event: Event, record: Record) -> None:
        declaration = work.declaration(record.register)

        def evaluate(expression: str) -> Any:
            return _evaluate(unit, event, expression)

        key = _key(evaluate(record.key)) if record.key else ""
        called = event.process != work.instance.process
        row = _find(work, declaration, key, record.state, called)
        if row is None and record.state is None:
            return  # a value for a row that does not exist yet has nowhere to go

        def of_case(expression: str) -> Any:
            return _around(unit, event, expression)

        columns = _columns(declaration, of_case)
        if record.values is not None:
            columns |= _context(evaluate(record.values), declaration)
        element = event.node.id if event.node else None
        if row is None:
            row = _open(work, declaration, key, event.process, str(record.state))
            row.number = _kept_number(work, declaration, evaluate(record.number)) if record.number else None
            before = None
        else:
            before = row.state
        self._apply(work, declaration, row, before, record.state or row.state, columns, element, of_case)

    def _correct(self, unit: Unit, work: Work, event: SubmissionCorrected) -> None:
        """Columns taken from corrected variables follow them, where they still show what these were before."""

        def evaluate(expression: str) -> Any:
            return unit.evaluate(expression, event.token)

        for row in work.rows:
            declaration = work.declarations.get(row.register)
            if declaration is None or not _is_row_of(row, event, evaluate):
                continue
            after = _columns(declaration, evaluate)
            before = _columns(declaration, lambda expression: unit.evaluate(expression, event.token, event.before))
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
        self._apply(work, declaration, row, row.state, state, _context(values, declaration), element, None)
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
            raise _refused(declaration, row, before, after)
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
        parties, links = _parties(declaration, row, evaluate), _links(declaration, row)
        if parties != row.parties or links != row.links:
            work.references.add(row.id)
            row.parties, row.links = parties, links
        work.touched[row.id] = row
        if before != after or changed:
            work.moves.append(_move(work, row, before, after, element, changed))

    def _head(self, declaration: Declaration, row: Row, evaluate: Callable[[str], Any] | None) -> None:
        found = {key: row.columns.get(key) for key in ("title", "area", "unit", "due", "score")}
        for key, source in declaration.head.items():
            value = _try(evaluate, source)
            found[key] = value if value is not None else found.get(key)
        row.title = str(found["title"] or row.title or declaration.name.zh)
        row.area = _ref(found["area"]) or row.area
        row.unit = _ref(found["unit"]) or row.unit
        if declaration.access_from is not None and (own := _try(evaluate, declaration.access_from)) in ACCESS_CLASSES:
            row.access = str(own)
        if declaration.owner is not None:
            row.owner = _ref(_try(evaluate, declaration.owner)) or row.owner
        if (since := found.get("opened")) is not None:
            row.opened = _beginning(since, self._zone) or row.opened
        if found["due"] is not None:
            row.due = _moment(found["due"], self._zone)
        if isinstance(found["score"], Decimal):
            row.score = found["score"].quantize(Decimal("0.1"), ROUND_HALF_UP)

    def _stood(self, declaration: Declaration, evaluate: Callable[[str], Any] | None) -> datetime | None:
        """Since when the row stands in the state in which it is created, where the declaration says so."""
        source = declaration.head.get("moved")
        return _beginning(_try(evaluate, source), self._zone) if source is not None else None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _refresh_due(self, work: Work) -> None:
        if self._nearest_due is None:
            return
        open_rows = [row for row in work.rows if row.closed is None and _due_follows_deadlines(work.declarations.get(row.register))]
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
            row.number = row.number or self._number(work, declaration, row)
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

    def _number(self, work: Work, declaration: Declaration, row: Row) -> str:
        code = self.code_of(work.connection, row.area) or NO_AREA
        pattern, local = declaration.number or "", work.now.astimezone(self._zone)
        period = local.year * 100 + local.month if counted_by_month(pattern) else local.year
        while True:
            seq = store.take_number(work.connection, declaration.key, code, period)
            number = format_number(pattern, code, local.year, seq, local.month)
            # a row from before may have kept the very number that comes next
            if store.row_by_number(work.connection, declaration.key, number) is None:
                return number


def _kept_number(work: Work, declaration: Declaration, given: Any) -> str | None:
    """The number a row brings along from before; None: it takes the next one. Raises NumberTaken."""
    if given in (None, ""):
        return None
    if store.row_by_number(work.connection, declaration.key, str(given)) is not None:
        zh, en = f"台账“{declaration.name.zh}”中已有编号 {given}", f"register {declaration.name.in_('en')} has a row {given} already"
        raise NumberTaken(f"{zh} / {en}", register=declaration.key, number=str(given))
    return str(given)


def _due_follows_deadlines(declaration: Declaration | None) -> bool:
    """Rows of a case as a whole show its nearest deadline, unless the register says where the due moment comes from."""
    return declaration is not None and not declaration.many and "due" not in declaration.head and "due" not in declaration.columns


def _records(event: Event) -> Sequence[Record]:
    if event.node is None or not isinstance(event, (ElementStarted, ElementCompleted)):
        return ()
    on = "start" if isinstance(event, ElementStarted) else "end"
    return [record for record in event.node.records if record.on == on]


def _has_deadline(event: Event) -> bool:
    return event.node is not None and event.node.deadline is not None


def _evaluate(unit: Unit, event: Event, expression: str) -> Any:
    """In the element's own scope; an element that is already over has none, then in the enclosing one."""
    try:
        return unit.evaluate(expression, event.token)
    except NotFound:
        if event.scope is None:
            raise
        return unit.evaluate(expression, event.scope)


def _around(unit: Unit, event: Event, expression: str) -> Any:
    """What a column shows is the case's: the inputs of the one element (the title of a notice, say) do not stand in for variables
    of the same name. Names that only the element knows (the item of a multi-instance) are its own."""
    if event.scope is None:
        return _evaluate(unit, event, expression)
    try:
        return unit.evaluate(expression, event.scope)
    except (UnknownVariable, NotFound):
        return _evaluate(unit, event, expression)


def _try(evaluate: Callable[[str], Any] | None, expression: str) -> Any:
    """None where the expression cannot be evaluated yet: its variables come later, or belong to another process."""
    if evaluate is None:
        return None
    try:
        return evaluate(expression)
    except (UnknownVariable, ExpressionFailed):
        return None


def _columns(declaration: Declaration, evaluate: Callable[[str], Any]) -> dict[str, Any]:
    """Values of the columns that can be evaluated now; the others keep what they have."""
    found: dict[str, Any] = {}
    for column in declaration.columns.values():
        if column.source is None:
            continue
        try:
            found[column.key] = evaluate(column.source)
        except (UnknownVariable, ExpressionFailed):
            continue
    return found


def _context(values: Any, declaration: Declaration) -> dict[str, Any]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise CogovError(f"台账 {declaration.key} 的取值须是键值对 / values for register {declaration.key} must be a context")
    unknown = sorted(set(values) - set(declaration.columns))
    if unknown:
        raise NotFound(f"台账 {declaration.key} 没有列 {unknown} / register {declaration.key} has no column {unknown}", columns=unknown)
    return dict(values)


def _is_row_of(row: Row, event: SubmissionCorrected, evaluate: Callable[[str], Any]) -> bool:
    """A row of a case as a whole; of many rows the one that the model's key names where the correction was made."""
    if not row.key:
        return row.process == event.process
    keys = {record.key for record in event.records if record.register == row.register and record.key is not None}
    return any((value := _try(evaluate, key)) is not None and _key(value) == row.key for key in keys)


def _find(work: Work, declaration: Declaration, key: str, state: str | None, called: bool) -> Row | None:
    """The newest row with that key. A called procedure that begins again after its row was closed gets the next row."""
    rows = [row for row in work.rows if row.register == declaration.key and row.key == key]
    if not rows:
        return None
    row = max(rows, key=lambda r: r.generation)
    over = declaration.states[row.state].final if row.state in declaration.states else False
    if called and over and state is not None and state != row.state:
        return None
    return row


def _open(work: Work, declaration: Declaration, key: str, process: str, state: str) -> Row:
    if state not in declaration.states:
        raise _refused(declaration, None, None, state)
    earlier = sum(1 for row in work.rows if row.register == declaration.key and row.key == key)
    row = Row(
        id=uuid7(int(work.now.timestamp() * 1000)),
        register=declaration.key,
        instance=work.instance.id,
        process=process,
        key=key,
        generation=earlier + 1,
        title="",
        state=state,
        access=declaration.access_of(state),
        opened=work.now,
        moved=work.now,
        area=work.instance.area,
        owner=work.instance.area,
        starter=work.instance.starter,
    )
    work.rows.append(row)
    work.created.append(row)
    return row


def _close_all(work: Work, outcome: str) -> None:
    """The case is over: nothing will move its rows any more. A cancelled case leaves a mark on them."""
    for row in work.rows:
        changed = row.closed is None
        row.closed = row.closed or work.now
        if outcome == CANCELLED and changed and CANCELLED not in row.flags:
            row.flags = [*row.flags, CANCELLED]
        if changed:
            work.touched[row.id] = row


def _move(work: Work, row: Row, before: str | None, after: str, element: str | None, changed: Sequence[str]) -> Move:
    mandate = work.actor.mandate
    row.moves += 1
    return Move(
        id=uuid7(int(work.now.timestamp() * 1000)),
        row=row.id,
        seq=row.moves,
        at=work.now,
        person=work.actor.person,
        person_name=work.actor.name,
        mandate_zh=mandate.zh if mandate else "",
        mandate_en=mandate.en if mandate else "",
        element=element,
        before=before,
        after=after,
        changed=sorted(changed),
    )


def _refused(declaration: Declaration, row: Row | None, before: str | None, after: str) -> RegisterMove:
    def name(state: str | None, language: str) -> str:
        found = declaration.states.get(state or "")
        return found.name.in_(language) if found else str(state)

    found = declaration.states.get(before or "")
    allowed = list(found.to) if found else list(declaration.states)
    zh = f"台账“{declaration.name.zh}”不能由“{name(before, 'zh')}”转为“{name(after, 'zh')}”"
    en = f"register {declaration.name.in_('en')}: no move from {name(before, 'en')} to {name(after, 'en')}"
    where = row.number or row.id if row else None
    return RegisterMove(f"{zh} / {en}", register=declaration.key, row=where, before=before, after=after, allowed=allowed)


def _parties(declaration: Declaration, row: Row, evaluate: Callable[[str], Any] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in declaration.columns.values():
        if column.kind in ("unit", "person"):
            found |= dict.fromkeys(_refs(row.columns.get(column.key)), column.kind)
    if declaration.parties is not None:
        named = _try(evaluate, declaration.parties)
        refs = [ref for ref, kind in row.parties.items() if kind == "party"] if named is None else _refs(named)
        found |= {ref: found.get(ref, "party") for ref in refs}
    if row.unit is not None:
        found.setdefault(row.unit, "unit")
    return found


def _links(declaration: Declaration, row: Row) -> frozenset[str]:
    kinds = (column.key for column in declaration.columns.values() if column.kind in LINK_KINDS)
    return row.links | {ref for key in kinds for ref in _refs(row.columns.get(key))}


def _refs(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [ref for ref in map(_ref, values) if ref]


def _ref(value: Any) -> str | None:
    """The id in a reference value: plain text, or a context with an id."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return str(value) if value not in (None, "") else None


def _key(value: Any) -> str:
    if value is None:
        raise CogovError("台账行的键为空 / the key of a register row is null")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _moment(value: Any, zone: tzinfo) -> datetime | None:
    """A day means its last second in the installation's zone."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(23, 59, 59), zone) if isinstance(value, date) else None


def _beginning(value: Any, zone: tzinfo) -> datetime | None:
    """Since when a row counts; a day means its first second in the installation's zone."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(), zone) if isinstance(value, date) else None
