"""Boards, tables, record pages and figures over any register. Nothing here knows a procedure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from statistics import median
from typing import Any

from engine.definitions.model import Label
from engine.errors import NotFound
from governance.directory.may import Reach
from governance.registers import ages, shaping, store
from governance.registers.access import may_read
from governance.registers.ages import Ages
from governance.registers.declaration import Column, Declaration
from governance.registers.declarations import Declarations
from governance.registers.rows import Filters, Move, Row
from governance.registers.views import Board, ColumnHead, Line, Panel, Record, StageColumn, Statistics, Table

Connection = Any
#: (connection, ids, at) → id → name of a person, unit, area or committee
Names = Callable[[Connection, Iterable[str], datetime], Mapping[str, str]]
#: code list → code → name
Codes = Callable[[], Mapping[str, Mapping[str, Label]]]
#: (connection, instance, at) → items of a panel
PanelSource = Callable[[Connection, str, datetime], Sequence[Mapping[str, Any]]]

#: figures about spans of time look at most at so many rows
MOST_SPANS = 20_000


class Boards:
    """Read side of the registers. `viewer` comes from `Permissions.reach`; a row the viewer may not see does not exist for him."""

    def __init__(
        self,
        declarations: Declarations,
        *,
        names: Names | None = None,
        codes: Codes | None = None,
        panels: Mapping[str, PanelSource] | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self._declarations = declarations
        self._names = names or (lambda _connection, _ids, _at: {})
        self._codes = codes or dict
        self._panels = dict(panels or {})
        self._zone = zone

    def board(
        self, connection: Connection, register: str, viewer: Reach, now: datetime, filters: Filters | None = None, per_stage: int = 20
    ) -> Board:
        """Stages in declared order with their counts and the cards moved last. Raises NotFound."""
        declaration, filters = self._declarations.get(register), filters or Filters()
        counts = store.counts(connection, register, viewer, filters, now, "stage")
        stages: list[tuple[str, Label]] = [(s.key, s.name) for s in declaration.stages.values()]
        if counts.get(None):
            stages.append(("", shaping.NO_STAGE))
        columns = []
        for key, name in stages:
            here = Filters(**{**_fields(filters), "stage": key})
            rows = store.page(connection, register, viewer, here, now, sort="moved", limit=per_stage)[0] if counts.get(key or None) else []
            cards = self._lines(connection, declaration, rows, viewer, now)
            columns.append(StageColumn(key=key, name=name, count=counts.get(key or None, 0), cards=cards))
        heads = shaping.heads(declaration, only_listed=True)
        return Board(register=register, name=declaration.name, total=sum(counts.values()), columns=heads, stages=columns)

    def table(
        self,
        connection: Connection,
        register: str,
        viewer: Reach,
        now: datetime,
        filters: Filters | None = None,
        *,
        sort: str = "opened",
        descending: bool = True,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Table:
        """One page. `sort`: number, title, opened, due, moved, state or score. Raises NotFound, CursorInvalid."""
        declaration, filters = self._declarations.get(register), filters or Filters()
        if sort not in store.SORTS:
            raise NotFound(f"不能按 {sort} 排序 / cannot sort by {sort}", sorts=sorted(store.SORTS))
        rows, following = store.page(
            connection, register, viewer, filters, now, sort=sort, descending=descending, limit=limit, cursor=cursor
        )
        return Table(
            register=register,
            name=declaration.name,
            total=store.total(connection, register, viewer, filters, now),
            columns=shaping.heads(declaration, only_listed=True),
            rows=self._lines(connection, declaration, rows, viewer, now),
            next=following,
            states=[(s.key, s.name) for s in declaration.states.values()],
        )

    def ages(
        self,
        connection: Connection,
        register: str,
        viewer: Reach,
        now: datetime,
        filters: Filters | None = None,
        *,
        band: int | None = None,
        limit: int = 100,
    ) -> Ages:
        """How long open rows wait; the lines only of the state in `filters` and of `band`. Raises NotFound."""
        declaration, asked = self._declarations.get(register), filters or Filters()
        everywhere = replace(asked, state=None, open=True)
        count, overdue, due_7, oldest = store.open_figures(connection, register, viewer, everywhere, now)
        here = ages.within(asked, band, now)
        rows, following = store.page(connection, register, viewer, here, now, sort="opened", descending=False, limit=limit)
        return Ages(
            register=register,
            name=declaration.name,
            open=count,
            overdue=overdue,
            due_7=due_7,
            oldest=None if oldest is None else (now - oldest).days,
            states=ages.by_state(declaration, store.age_counts(connection, register, viewer, everywhere, now, ages.LIMITS)),
            columns=shaping.heads(declaration, only_listed=True),
            groups=ages.grouped(self._lines(connection, declaration, rows, viewer, now), now),
            more=following is not None,
        )

    def record(
        self,
        connection: Connection,
        row_id: str,
        viewer: Reach,
        now: datetime,
        *,
        hidden: Callable[[str], tuple[Collection[str], Callable[[str], bool]]] | None = None,
    ) -> Record:
        """The page of one row. Raises NotFound also when the viewer may not see it.

        Who sees the row only because its state opened it to more people gets neither documents, signatures and scores nor the
        names of those who acted: what is published of them is a redacted copy, not the record (domain 2.5). `hidden` says of the
        case behind the row which persons the viewer must not learn of, and whether he may read a document of it."""
        row = self._row(connection, row_id, viewer)
        declaration = self._declarations.get(row.register)
        (line,) = self._lines(connection, declaration, [row], viewer, now)
        moves = store.moves_of(connection, row.id)
        inside = may_read(declaration.access, row.subject, viewer)
        kinds = [kind for kind in declaration.panels if inside or kind not in shaping.INSIDE_PANELS]
        shown = moves if inside else [replace(move, person_name="") for move in moves]
        if hidden is not None:
            secret, readable = hidden(row.instance)
            shown = [replace(move, person_name="", mandate_zh="", mandate_en="") if move.person in secret else move for move in shown]
        panels = [self._panel(connection, kind, declaration, row, line, shown, viewer, now) for kind in kinds]
        if hidden is not None:
            panels = [
                replace(panel, items=[i for i in panel.items if readable(i["document"])]) if panel.kind == "documents" else panel
                for panel in panels
            ]
        return Record(
            line=line,
            register=row.register,
            register_name=declaration.name,
            access=shaping.ACCESS_NAMES[row.access],
            access_key=row.access,
            steps=shaping.steps(declaration, row, moves, self._zone),
            panels=panels,
        )

    def of_instance(self, connection: Connection, instance: str, viewer: Reach, now: datetime) -> list[Line]:
        """The rows of a case that the viewer may see, oldest first."""
        rows = [r for r in store.rows_of_instance(connection, instance) if may_read(r.access, r.subject, viewer)]
        known = [(self._declarations.all().get(r.register), r) for r in rows]
        return [line for d, r in known if d is not None for line in self._lines(connection, d, [r], viewer, now)]

    def lines(self, connection: Connection, register: str, viewer: Reach, now: datetime, filters: Filters, most: int) -> list[Line]:
        """All lines for an export, oldest first, at most `most`."""
        declaration = self._declarations.get(register)
        rows, _ = store.page(connection, register, viewer, filters, now, sort="opened", descending=False, limit=most)
        return self._lines(connection, declaration, rows, viewer, now)

    def heads(self, register: str) -> Sequence[ColumnHead]:
        """All declared columns, in order."""
        return shaping.heads(self._declarations.get(register), only_listed=False)

    def statistics(self, connection: Connection, register: str, viewer: Reach, now: datetime, filters: Filters | None = None) -> Statistics:
        """Counts, trend, ageing, median time and punctuality. Raises NotFound."""
        declaration, filters = self._declarations.get(register), filters or Filters()

        def count(**narrower: Any) -> int:
            return store.total(connection, register, viewer, Filters(**{**_fields(filters), **narrower}), now)

        by_state = store.counts(connection, register, viewer, filters, now, "state")
        by_stage = store.counts(connection, register, viewer, filters, now, "stage")
        by_unit = store.counts(connection, register, viewer, filters, now, "unit")
        units = {unit: n for unit, n in by_unit.items() if unit is not None}
        names = self._names(connection, sorted(units), now)
        spans = store.spans(connection, register, viewer, filters, now, MOST_SPANS)
        closed = [(o, c, d) for o, c, d, _ in spans if c is not None]
        dated = [c <= d for _, c, d in closed if d is not None]
        return Statistics(
            register=register,
            name=declaration.name,
            total=sum(by_state.values()),
            open=count(open=True),
            overdue=count(due="overdue"),
            due_7=count(due="7"),
            due_30=count(due="30"),
            by_state=[(s.key, s.name, by_state.get(s.key, 0)) for s in declaration.states.values()],
            by_stage=[(s.key, s.name, by_stage.get(s.key, 0)) for s in declaration.stages.values()],
            by_unit=sorted(((names.get(unit, unit), n) for unit, n in units.items()), key=lambda u: (-u[1], u[0])),
            months=shaping.months([(o, c) for o, c, _, _ in spans], now, self._zone),
            ages=shaping.ages([o for o, c, _, _ in spans if c is None], now),
            median_days=round(median((c - o).total_seconds() / 86_400 for o, c, _ in closed), 1) if closed else None,
            on_time=round(sum(dated) / len(dated), 3) if dated else None,
            sampled=len(spans) == MOST_SPANS,
        )

    # inside ---------------------------------------------------------------------------------------------------------

    def _row(self, connection: Connection, row_id: str, viewer: Reach) -> Row:
        row = store.row_by_id(connection, row_id)
        if row is None or not may_read(row.access, row.subject, viewer):
            raise NotFound("没有这条记录，或您不能查看 / there is no such record, or you may not see it", row=row_id)
        return row

    def _lines(self, connection: Connection, declaration: Declaration, rows: Sequence[Row], viewer: Reach, now: datetime) -> list[Line]:
        shown = [(row, shaping.readable(declaration, row, viewer)) for row in rows]
        ids = {r.unit for r in rows if r.unit} | {
            ref for row, columns in shown for c in columns for ref in shaping.named(c, row.columns.get(c.key))
        }
        names = self._names(connection, sorted(ids), now) if ids else {}
        codes = self._codes()
        return [self._line(declaration, row, columns, names, codes, now) for row, columns in shown]

    def _line(
        self,
        declaration: Declaration,
        row: Row,
        columns: Sequence[Column],
        names: Mapping[str, str],
        codes: Mapping[str, Mapping[str, Label]],
        now: datetime,
    ) -> Line:
        state = declaration.states.get(row.state)
        hidden = set(declaration.columns) - {c.key for c in columns}
        late = row.due is not None and (row.closed or now) > row.due
        return Line(
            id=row.id,
            instance=row.instance,
            number=row.number,
            title=declaration.name.zh if "title" in hidden else row.title,
            state=state.name if state else Label(row.state, row.state),
            state_key=row.state,
            tone=(state.tone if state else None) or ("plain" if row.closed else "now"),
            stage=row.stage,
            unit=names.get(row.unit, row.unit) if row.unit and "unit" not in hidden else None,
            area=None if "area" in hidden else row.area,
            opened=row.opened,
            due=None if "due" in hidden else row.due,
            closed=row.closed,
            score=None if "score" in hidden else row.score,
            days=max(0, ((row.closed or now) - row.moved).days),
            late=late,
            flags=[declaration.flags.get(f) or shaping.FLAG_NAMES.get(f) or Label(f, f) for f in row.flags],
            columns={c.key: shaping.show(c, row.columns.get(c.key), names, codes) for c in columns},
        )

    def _panel(
        self,
        connection: Connection,
        kind: str,
        declaration: Declaration,
        row: Row,
        line: Line,
        moves: Sequence[Move],
        viewer: Reach,
        now: datetime,
    ) -> Panel:
        if kind.startswith("register:"):
            return self._related(connection, kind.removeprefix("register:"), row, viewer, now)
        name = shaping.PANEL_NAMES[kind]
        if kind == "facts":
            return Panel(kind=kind, name=name, facts=shaping.head_facts(line, self._zone))
        if kind == "columns":
            return Panel(kind=kind, name=name, facts=shaping.column_facts(declaration, line))
        if kind == "parties":
            return Panel(kind=kind, name=name, facts=[f for f in shaping.column_facts(declaration, line) if f.kind in ("unit", "person")])
        if kind == "timeline":
            return Panel(kind=kind, name=name, entries=shaping.entries(declaration, moves, line.columns))
        source = self._panels.get(kind)
        return Panel(kind=kind, name=name, items=source(connection, row.instance, now) if source else ())

    def _related(self, connection: Connection, register: str, row: Row, viewer: Reach, now: datetime) -> Panel:
        declaration = self._declarations.all().get(register)
        if declaration is None:  # its procedure is not deployed here
            return Panel(kind="related", name=Label(register, register), register=register)
        rows = store.related(connection, register, row, viewer, now)
        return Panel(
            kind="related",
            name=declaration.name,
            register=register,
            columns=shaping.heads(declaration, only_listed=True),
            rows=self._lines(connection, declaration, rows, viewer, now),
        )


def _fields(filters: Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in Filters.__dataclass_fields__}
