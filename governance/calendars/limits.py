"""Limits (conventions 6) and the moment they end, with an account of the computation that a page can show.

| limit | clock | ends |
|---|---|---|
| ``5WD`` | working | closing time of the fifth working day after the day of the event |
| ``4WH`` | working | when four working hours have passed |
| ``PT2H``, ``P1DT12H`` | natural | when that time has passed; the calendar plays no part (level-1 cases) |
| ``P14D``, ``P2W``, ``P3M``, ``P1Y`` | natural | 24:00 of the last day, or closing time of the next working day if that is a rest day |

Day of the event not counted: Civil Code art. 201; months end on the corresponding day: art. 202; a last day that is a rest day
moves on, and a body with business hours ends with them: art. 203.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from engine.definitions.model import Label
from engine.errors import CogovError
from engine.values import YearsMonths, duration_text
from governance.calendars.calendar import Calendar

_WORKING = re.compile(r"(?P<n>\d{1,4})(?P<unit>WD|WH)")
_ISO = re.compile(
    r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?")
_DAY_LENGTH = len("2026-03-02")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Longer lists of skipped days are given in the account but not spelled out in the sentence.
_SPELLED_OUT = 12


class BadLimit(CogovError):
    """This is not a limit. Write PT2H, P14D (natural time), 5WD or 4WH (working days, hours)."""

    code = "bad_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`unit`: WD, WH (working clock), T (elapsed time) or D (whole days and longer) of the natural clock."""

    text: str
    unit: str
    count: int = 0
    span: relativedelta | None = None

    @property
    def clock(self) -> str:
        return "working" if self.unit in ("WD", "WH") else "natural"


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """How a due moment came about. `rule` names the line of the table above, `skipped` the rest days within a working period
    or those a natural period was moved over: (day, name)."""

    due: datetime
    limit: str
    clock: str
    rule: str
    basis: str
    calendar: str
    calendar_version: int
    start: datetime
    skipped: tuple[tuple[date, Label], ...] = ()
    made_up: tuple[date, ...] = ()
    #: years in the period whose holidays nobody entered yet
    unconfirmed: tuple[int, ...] = ()
    text: Label = field(default_factory=Label)

    def as_json(self) -> Mapping[str, Any]:
        """For storage and the API."""
        return {
            "due": self.due.isoformat(),
            "limit": self.limit,
            "clock": self.clock,
            "rule": self.rule,
            "basis": self.basis,
            "calendar": self.calendar,
            "calendar_version": self.calendar_version,
            "start": self.start.isoformat(),
            "skipped": [{"day": d.isoformat(), "zh": n.zh, "en": n.en} for d, n in self.skipped],
            "made_up": [d.isoformat() for d in self.made_up],
            "unconfirmed": list(self.unconfirmed),
            "zh": self.text.zh,
            "en": self.text.en,
        }


def parse_limit(value: Any) -> Limit:
    """A limit from its text, or from a FEEL duration (then natural time). Raises BadLimit for anything else, zero included."""
    if isinstance(value, (timedelta, YearsMonths)):
        value = duration_text(value) if isinstance(value, timedelta) else str(value)
    if isinstance(value, str):
        text = value.strip().upper()
        if (found := _WORKING.fullmatch(text)) and int(found["n"]):
            return Limit(text=text, unit=found["unit"], count=int(found["n"]))
        if (found := _ISO.fullmatch(text)) and any(parts := {k: int(v or 0) for k, v in found.groupdict().items()}.values()):
            span = relativedelta(**{k: int(v or 0) for k, v in found.groupdict().items()})  # type: ignore[arg-type]
            return Limit(text=text, unit="T" if "T" in text else "D", span=span, count=sum(parts))
    raise BadLimit(f"时限写法有误 / not a limit: {value!r}", value=str(value))


def until(calendar: Calendar, value: Any, start: datetime) -> Any:
    """A moment as the time from `start` until it: models of other tools give due dates, not limits. Anything else stays as it is.

    A moment is a FEEL date and time, or a date (its end), or the text of one; without an offset it is of the calendar's zone. One that
    has passed is due at once.
    """
    if isinstance(value, str) and _MOMENT.fullmatch(value.strip()):
        text = value.strip()
        value = date.fromisoformat(text) if len(text) == _DAY_LENGTH else datetime.fromisoformat(text)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = calendar.end_of_day(value)
    if not isinstance(value, datetime):
        return value
    moment = value if value.tzinfo is not None else value.replace(tzinfo=calendar.zone)
    left = max(moment - start, timedelta(seconds=1))
    minutes, seconds = divmod(-(-left // timedelta(seconds=1)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"P{hours // 24}DT{hours % 24}H{minutes}M{seconds}S"


def compute(calendar: Calendar, limit: Limit, start: datetime) -> Computation:
    """When `limit` ends that begins at `start`, and why."""
    if limit.unit == "WD":
        return _working_days(calendar, limit, start)
    if limit.unit == "WH":
        due = calendar.add_working_time(start, timedelta(hours=limit.count))
        return _account(calendar, limit, start, due, "working_hours", calendar.day_of(due))
    assert limit.span is not None
    if limit.unit == "T":
        return _account(calendar, limit, start, start + limit.span, "natural_time", None)
    last = calendar.day_of(start) + limit.span
    return _account(calendar, limit, start, end_of_period(calendar, last), "natural_days", last)


def end_of_period(calendar: Calendar, last: date) -> datetime:
    """The end of a natural period whose last day is `last`: 24:00, or closing time of the next working day (Civil Code 203)."""
    if calendar.is_working_day(last):
        return calendar.end_of_day(last)
    return calendar.closing(calendar.next_working_day(last))


def day_text(day: date) -> Label:
    """3月9日(周一), Mon 9 Mar 2026."""
    return Label(f"{day.year}年{day.month}月{day.day}日(周{_WEEKDAYS_ZH[day.weekday()]})", f"{_WEEKDAYS_EN[day.weekday()]} {day:%d %b %Y}")


def moment_text(calendar: Calendar, at: datetime) -> Label:
    """The moment in the calendar's zone; midnight at the end of a day reads 24:00 of that day."""
    local = at.astimezone(calendar.zone)
    clock, day = f"{local:%H:%M}", local.date()
    if clock == "00:00":
        clock, day = "24:00", day - timedelta(days=1)
    text = day_text(day)
    return Label(f"{text.zh} {clock}", f"{text.en} {clock}")


def _working_days(calendar: Calendar, limit: Limit, start: datetime) -> Computation:
    last = calendar.add_working_days(calendar.day_of(start), limit.count)
    return _account(calendar, limit, start, calendar.closing(last), "working_days", last)


def _account(calendar: Calendar, limit: Limit, start: datetime, due: datetime, rule: str, last: date | None) -> Computation:
    first, end = calendar.day_of(start), calendar.day_of(due)
    span = [first + timedelta(days=n) for n in range(1, (end - first).days + 1)]
    if rule == "natural_days":
        assert last is not None
        skipped_days = [d for d in span if d >= last and not calendar.is_working_day(d)]
    else:
        skipped_days = [] if rule == "natural_time" else [d for d in span if not calendar.is_working_day(d)]
    skipped = tuple((d, _rest_name(calendar, d)) for d in skipped_days)
    made_up = tuple(d for d in span if rule.startswith("working") and (r := calendar.days.get(d)) and r.kind == "work")
    years = {d.year for d in (first, *span)} if rule != "natural_time" else set()
    unconfirmed = tuple(sorted(years - calendar.years))
    bare = Computation(
        due=due,
        limit=limit.text,
        clock=limit.clock,
        rule=rule,
        basis=_BASIS[rule],
        calendar=calendar.id,
        calendar_version=calendar.version,
        start=start,
        skipped=skipped,
        made_up=made_up,
        unconfirmed=unconfirmed,
    )
    return Computation(**{**{f: getattr(bare, f) for f in Computation.__slots__}, "text": _sentence(calendar, limit, bare, last)})


_BASIS = {
    "working_days": "民法典 201、203 / Civil Code 201, 203",
    "working_hours": "共治约定 6 / conventions 6",
    "natural_time": "共治约定 6 / conventions 6",
    "natural_days": "民法典 201–203 / Civil Code 201–203",
}


def _sentence(calendar: Calendar, limit: Limit, computed: Computation, last: date | None) -> Label:
    begin, due = moment_text(calendar, computed.start), moment_text(calendar, computed.due)
    amount = limit_text(limit)
    zh, en = [f"自 {begin.zh} 起算，时限 {amount.zh}"], [f"Limit of {amount.en} from {begin.en}"]
    if limit.unit in ("WD", "D"):
        zh.append("当日不计")
        en.append("that day not counted")
    if computed.rule == "natural_days" and computed.skipped and last is not None:
        name = day_text(last)
        zh.append(f"末日 {name.zh} 为休息日，顺延至下一工作日下班时")
        en.append(f"the last day {name.en} is a rest day, so it ends on the next working day at closing time")
    elif computed.skipped:
        zh.append(f"跳过 {len(computed.skipped)} 个休息日（{_listed(computed.skipped, 'zh')}）")
        en.append(f"{len(computed.skipped)} rest days skipped ({_listed(computed.skipped, 'en')})")
    if computed.made_up:
        zh.append("调休上班 " + "、".join(day_text(d).zh for d in computed.made_up))
        en.append("make-up working days " + ", ".join(day_text(d).en for d in computed.made_up))
    if computed.unconfirmed:
        years = ", ".join(str(y) for y in computed.unconfirmed)
        zh.append(f"{years} 年节假日尚未录入，仅按周末推算")
        en.append(f"holidays of {years} are not entered yet, only weekends counted as rest")
    tail_zh, tail_en = f"截止 {due.zh}。", f"due {due.en}."
    if computed.rule != "natural_time":
        tail_zh += f"依据：{computed.basis.split(' / ')[0]}；日历 {calendar.id} 第 {calendar.version} 版。"
        tail_en += f" Basis: {computed.basis.split(' / ')[1]}; calendar {calendar.id}, version {calendar.version}."
    return Label("，".join([*zh, tail_zh]), ", ".join([*en, tail_en]))


def limit_text(limit: Limit) -> Label:
    """5 个工作日, 5 working days."""
    if limit.unit in ("WD", "WH"):
        zh, en = ("个工作日", "working day") if limit.unit == "WD" else ("个工作小时", "working hour")
        return Label(f"{limit.count} {zh}", f"{limit.count} {en}{'' if limit.count == 1 else 's'}")
    span = limit.span
    assert span is not None
    units = (
        ("years", "年", "year"),
        ("months", "个月", "month"),
        ("days", "天", "day"),
        ("hours", "小时", "hour"),
        ("minutes", "分钟", "minute"),
        ("seconds", "秒", "second"),
    )
    parts = [(getattr(span, key), zh, en) for key, zh, en in units if getattr(span, key)]
    return Label(" ".join(f"{n} {zh}" for n, zh, _ in parts), " ".join(f"{n} {en}{'' if n == 1 else 's'}" for n, _, en in parts))


def _rest_name(calendar: Calendar, day: date) -> Label:
    rule = calendar.days.get(day)
    return rule.name if rule and rule.name.zh else Label("周末", "weekend")


def _listed(days: tuple[tuple[date, Label], ...], language: str) -> str:
    shown = days[:_SPELLED_OUT]
    text = ("、" if language == "zh" else ", ").join(f"{day_text(d).in_(language)} {n.in_(language)}" for d, n in shown)
    return text if len(days) <= _SPELLED_OUT else text + (" 等" if language == "zh" else " …")
