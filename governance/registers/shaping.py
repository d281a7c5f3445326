"""From rows and moves to what pages show: readable columns, facts, timeline, life-cycle strip, trends. Pure functions."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from engine.definitions.model import Label
from governance.desk.views import Entry, Fact, Step
from governance.directory.may import Reach
from governance.registers.access import may_read
from governance.registers.declaration import Column, Declaration
from governance.registers.rows import Move, Row
from governance.registers.views import ColumnHead, Line
from governance.registers.work import CANCELLED

ACCESS_NAMES = {
    "public": Label("公开", "Public"),
    "members": Label("成员可见", "Members"),
    "party": Label("支部党员可见", "Party branch"),
    "parties": Label("当事方可见", "Parties"),
    "reporter_protected": Label("举报人保密", "Reporter protected"),
    "procurement_sealed": Label("密封", "Sealed"),
    "staff": Label("工作人员可见", "Staff"),
}
PANEL_NAMES = {
    "facts": Label("概况", "Facts"),
    "columns": Label("登记内容", "Entries"),
    "parties": Label("各方", "Parties"),
    "documents": Label("文件", "Documents"),
    "signing": Label("签署", "Signatures"),
    "publicity": Label("公示", "Publicity"),
    "scores": Label("评分", "Scores"),
    "timeline": Label("办理记录", "Timeline"),
}
#: panels for those whom the register's own access class lets in, whatever the state has opened
INSIDE_PANELS = ("documents", "signing", "scores")
NO_STAGE = Label("其他", "Other")
FLAG_NAMES = {CANCELLED: Label("已取消", "Cancelled")}
AGES = ((7, Label("7 天内", "Up to 7 days")), (30, Label("8–30 天", "8–30 days")), (90, Label("31–90 天", "31–90 days")))
OLDER = Label("90 天以上", "Over 90 days")
NAMED_KINDS = ("person", "unit", "area", "committee")


def heads(declaration: Declaration, *, only_listed: bool) -> list[ColumnHead]:
    return [ColumnHead(key=c.key, kind=c.kind, name=c.name) for c in declaration.columns.values() if c.listed or not only_listed]


def readable(declaration: Declaration, row: Row, viewer: Reach) -> list[Column]:
    """Columns without a class of their own have the row's, which the query has checked."""
    return [c for c in declaration.columns.values() if c.access is None or may_read(c.access, row.subject, viewer)]


def named(column: Column, value: Any) -> list[str]:
    if column.kind not in NAMED_KINDS or value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [str(v["id"]) if isinstance(v, Mapping) and "id" in v else str(v) for v in values]


def show(column: Column, value: Any, names: Mapping[str, str], codes: Mapping[str, Mapping[str, Label]]) -> Any:
    """Names for ids (joined when there are several), Labels for codes, everything else as it is."""
    if value is None:
        return None
    refs = named(column, value)
    if refs:
        return "、".join(names.get(ref, ref) for ref in refs)
    if column.codes is not None:
        known = codes.get(column.codes, {})
        return [_code(known, v) for v in value] if isinstance(value, list) else _code(known, value)
    return value


def _code(known: Mapping[str, Label], value: Any) -> Label | None:
    """The name of a code; text that is no code stands as it is. A context is no code: the column has no value yet."""
    if isinstance(value, Mapping):
        return None
    return known.get(str(value), Label(str(value)))


def _opened(line: Line, zone: tzinfo) -> datetime | date:
    """The moment; a row that counts since a day (a case from before) has no hour."""
    at = line.opened.astimezone(zone)
    return at if at.time() != time.min else at.date()


def head_facts(line: Line, zone: tzinfo) -> list[Fact]:
    facts = [
        Fact(label=Label("编号", "Number"), value=line.number or "—"),
        Fact(label=Label("状态", "State"), value=line.state, kind="state"),
        Fact(label=Label("立项", "Opened"), value=_opened(line, zone), kind="moment"),
    ]
    optional = (
        (Label("单位", "Unit"), line.unit, "text"),
        (Label("时限", "Due"), line.due, "moment"),
        (Label("办结", "Closed"), line.closed, "moment"),
        (Label("得分", "Score"), line.score, "score"),
    )
    return facts + [Fact(label=label, value=value, kind=kind) for label, value, kind in optional if value is not None]


def column_facts(declaration: Declaration, line: Line) -> list[Fact]:
    columns = [declaration.columns[key] for key in line.columns if line.columns[key] not in (None, "", [])]
    return [Fact(label=c.name, value=line.columns[c.key], kind="text" if c.kind == "code" else c.kind) for c in columns]


def entries(declaration: Declaration, moves: Sequence[Move], readable: Container[str]) -> list[Entry]:
    """Newest first; the last move is where the row stands now. Names of changed columns only when they are `readable`."""
    shown = []
    for move in moves:
        state = declaration.states.get(move.after)
        name = state.name if state else Label(move.after, move.after)
        text = name if move.before != move.after else Label("更新登记内容", "Entries updated")
        changed = [declaration.columns[k].name for k in move.changed if k in declaration.columns and k in readable]
        detail = Label("、".join(c.zh for c in changed), ", ".join(c.in_("en") for c in changed))
        last = move is moves[-1]
        shown.append(
            Entry(at=move.at, tone="now" if last else "plain", icon="circle-dot", text=text, detail=detail, by=move.person_name or None)
        )
    return shown[::-1]


def steps(declaration: Declaration, row: Row, moves: Sequence[Move], zone: tzinfo) -> list[Step]:
    """The stages as a life-cycle strip; a stage the row has been in is done, with the days it was entered first and last left."""
    entered: dict[str, list[datetime]] = {}
    for move in moves:
        into = declaration.stage_of(move.after)
        if into is not None:
            entered.setdefault(into, []).append(move.at)
    steps = []
    for stage in declaration.stages.values():
        state = "later"
        if stage.key == row.stage:
            state = "done" if row.closed else "now"
        elif stage.key in entered:
            state = "done"
        days = sorted({f"{at.astimezone(zone):%Y-%m-%d}" for at in entered.get(stage.key, [])})
        text = days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}" if days else ""
        steps.append(Step(key=stage.key, name=stage.name, state=state, note=Label(text, text)))
    return steps


def months(spans: Sequence[tuple[datetime, datetime | None]], now: datetime, zone: tzinfo) -> list[tuple[str, int, int]]:
    """The last twelve months, this one included."""
    local = now.astimezone(zone)
    last = local.year * 12 + local.month - 1
    keys = [f"{m // 12}-{m % 12 + 1:02}" for m in range(last - 11, last + 1)]
    opened = [f"{o.astimezone(zone):%Y-%m}" for o, _ in spans]
    closed = [f"{c.astimezone(zone):%Y-%m}" for _, c in spans if c is not None]
    return [(key, opened.count(key), closed.count(key)) for key in keys]


def ages(opened: Sequence[datetime], now: datetime) -> list[tuple[Label, int]]:
    counts = dict.fromkeys([label for _, label in AGES] + [OLDER], 0)
    for at in opened:
        days = (now - at).days
        counts[next((label for most, label in AGES if days <= most), OLDER)] += 1
    return list(counts.items())
