"""Holidays and make-up working days as the State Council published them, from the chinesecalendar package."""

from __future__ import annotations

from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays

from engine.definitions.model import Label
from governance.calendars.calendar import DayRule

_CHINESE = {h.value: h.chinese for h in Holiday}
BASIS = "国务院办公厅关于部分节假日安排的通知（chinesecalendar）"


def published_days(first_year: int = 0) -> dict[date, DayRule]:
    """Every published day that differs from Monday–Friday, from `first_year` on. Weekends within a holiday are listed, too."""
    found = {d: DayRule(kind="rest", name=_name(n)) for d, n in holidays.items() if d.year >= first_year}
    found |= {d: DayRule(kind="work", name=_make_up(n)) for d, n in workdays.items() if d.year >= first_year}
    return found


def published_years() -> frozenset[int]:
    return frozenset(d.year for d in holidays)


def _name(english: str) -> Label:
    return Label(_CHINESE.get(english, english), english)


def _make_up(english: str) -> Label:
    name = _name(english)
    return Label(f"{name.zh}调休上班", f"make-up day for {name.en}")
