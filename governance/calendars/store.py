"""Reads and writes of calendar versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.definitions.model import Label
from governance.calendars.calendar import Calendar, DayRule, Hours
from governance.calendars.tables import calendar_day, calendar_version
from governance.reference import store as reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    calendar: str
    version: int
    area: str | None
    basis: str
    made_at: datetime
    made_by: str | None


def newest(connection: sa.Connection) -> dict[str | None, tuple[str, int]]:
    """Area (None: the installation) → its calendar and newest version."""
    top = sa.func.max(calendar_version.c.version)
    query = sa.select(calendar_version.c.area, calendar_version.c.calendar, top).group_by(
        calendar_version.c.area, calendar_version.c.calendar
    )
    return {area: (calendar, version) for area, calendar, version in connection.execute(query)}


def versions(connection: sa.Connection, calendar: str) -> list[Version]:
    t = calendar_version
    query = sa.select(t).where(t.c.calendar == calendar).order_by(t.c.version.desc())
    return [
        Version(calendar=r.calendar, version=r.version, area=r.area, basis=r.basis, made_at=r.made_at, made_by=r.made_by)
        for r in connection.execute(query)
    ]


def read(connection: sa.Connection, calendar: str, version: int) -> Calendar | None:
    t = calendar_version
    head = connection.execute(sa.select(t).where(t.c.calendar == calendar, t.c.version == version)).first()
    if head is None:
        return None
    days = connection.execute(sa.select(calendar_day).where(calendar_day.c.calendar == calendar, calendar_day.c.version == version))
    return Calendar(
        id=calendar,
        version=version,
        zone=ZoneInfo(head.zone),
        hours=parse_hours(head.hours),
        days={r.day: DayRule(kind=r.kind, name=Label(r.name_zh, r.name_en), hours=parse_hours(r.hours) if r.hours else None) for r in days},
        years=frozenset(head.years),
        basis=head.basis,
    )


def write(connection: sa.Connection, calendar: Calendar, *, area: str | None, at: datetime, by: str | None) -> None:
    """Insert this version. A second one with the same number fails on the primary key."""
    connection.execute(
        calendar_version.insert().values(
            calendar=calendar.id,
            version=calendar.version,
            area=area,
            zone=calendar.zone.key,
            hours=hours_text(calendar.hours),
            years=sorted(calendar.years),
            basis=calendar.basis,
            made_at=at,
            made_by=by,
        )
    )
    rows = [_day_row(calendar, day, rule) for day, rule in sorted(calendar.days.items())]
    if rows:
        connection.execute(calendar_day.insert(), rows)
    reference.renew(connection)


def parse_hours(text: list[list[str]]) -> Hours:
    return tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in text)


def hours_text(hours: Hours) -> list[list[str]]:
    return [[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in hours]


def _day_row(calendar: Calendar, day: date, rule: DayRule) -> Mapping[str, object]:
    return {
        "calendar": calendar.id,
        "version": calendar.version,
        "day": day,
        "kind": rule.kind,
        "name_zh": rule.name.zh,
        "name_en": rule.name.en,
        "hours": hours_text(rule.hours) if rule.hours is not None else None,
    }
