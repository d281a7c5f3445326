"""The calendars of an installation: which one holds where, and publishing the next version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import CogovError, NotFound
from governance.calendars import store
from governance.calendars.calendar import Calendar, DayRule, Hours
from governance.calendars.published import BASIS, published_days, published_years
from governance.reference.memo import Memo
from governance.settings.settings import AreaPath

#: The installation's own calendar.
DEFAULT = "cn"


class CalendarRefused(CogovError):
    """This calendar cannot be published."""

    code = "calendar_refused"


class Calendars:
    """Versions are immutable, so they are kept in memory once read; which one is newest is remembered until one is published."""

    def __init__(self, *, zone: str = "Asia/Shanghai") -> None:
        self._zone = ZoneInfo(zone)
        self._area_path: AreaPath | None = None
        self._read: dict[tuple[str, int], Calendar] = {}
        self._memo = Memo()

    @property
    def zone(self) -> ZoneInfo:
        """The installation's zone."""
        return self._zone

    def use_tree(self, area_path: AreaPath) -> None:
        """Walks the area tree for calendars of single areas (Directory.area_path)."""
        self._area_path = area_path

    def current(self, connection: Any, at: datetime, area: str | None = None) -> Calendar:
        """The newest version of the calendar of the nearest area that has one of its own, else of the installation's."""
        newest = self._memo.get(connection, at, "newest", lambda: store.newest(connection))
        places: list[str | None] = [None]
        if area is not None and set(newest) - {None}:
            places = [*(self._area_path(connection, area, at) if self._area_path else [area]), None]
        for place in places:
            if place in newest:
                return self.version(connection, *newest[place])
        # before anybody seeded the tables: published holidays, version 0
        return Calendar(id=DEFAULT, version=0, zone=self._zone, days=published_days(), years=published_years(), basis=BASIS)

    def version(self, connection: Any, calendar: str, version: int) -> Calendar:
        """That version. Raises NotFound. Version 0 is the published calendar before any was entered."""
        if version == 0 and calendar == DEFAULT:
            return Calendar(id=DEFAULT, version=0, zone=self._zone, days=published_days(), years=published_years(), basis=BASIS)
        key = (calendar, version)
        if key not in self._read:
            found = store.read(connection, calendar, version)
            if found is None:
                raise NotFound(f"没有日历 {calendar} 第 {version} 版 / there is no version {version} of calendar {calendar}")
            self._read[key] = found
        return self._read[key]

    def seed(self, connection: Any, at: datetime, *, hours: Hours | None = None, first_year: int = 2024) -> Calendar:
        """Enter the published holidays as version 1 of the installation's calendar, unless it has one."""
        newest = store.newest(connection)
        if None in newest:
            return self.version(connection, *newest[None])
        calendar = Calendar(
            id=DEFAULT,
            zone=self._zone,
            days=published_days(first_year),
            years=frozenset(y for y in published_years() if y >= first_year),
            basis=BASIS,
        )
        if hours is not None:
            calendar = replace(calendar, hours=hours)
        store.write(connection, _checked(calendar), area=None, at=at, by=None)
        return calendar

    def publish(
        self,
        connection: Any,
        at: datetime,
        *,
        by: str | None,
        basis: str,
        days: Mapping[date, DayRule | None] | None = None,
        hours: Hours | None = None,
        years: frozenset[int] = frozenset(),
        area: str | None = None,
        calendar: str | None = None,
    ) -> Calendar:
        """Publish the next version: `days` over those of the present one (None removes a day), `years` now entered.
        With `area` and `calendar` (its id) an area gets, or changes, a calendar of its own. Running deadlines keep their version."""
        newest = store.newest(connection)
        present = self.current(connection, at, area)
        if area is not None and area not in newest:
            if not calendar or calendar in {c for c, _ in newest.values()}:
                raise CalendarRefused("新的区域日历需要一个未用过的代号 / a new calendar of an area needs an id of its own", area=area)
            present = replace(present, id=calendar, version=0)
        changed = {**present.days, **(days or {})}
        following = replace(
            present,
            version=present.version + 1,
            days={d: rule for d, rule in changed.items() if rule is not None},
            hours=hours or present.hours,
            years=present.years | years,
            basis=basis,
        )
        store.write(connection, _checked(following), area=area, at=at, by=by)
        return following

    def versions(self, connection: Any, calendar: str = DEFAULT) -> list[store.Version]:
        """All versions, newest first."""
        return store.versions(connection, calendar)


def _checked(calendar: Calendar) -> Calendar:
    """Raises CalendarRefused for hours that overlap or run backwards, or a day of an unknown kind."""
    for hours in (calendar.hours, *(r.hours for r in calendar.days.values() if r.hours is not None)):
        flat = [t for pair in hours for t in pair]
        if not flat or flat != sorted(set(flat)):
            raise CalendarRefused(
                "工作时段须按先后排列且不重叠 / working hours must be in order and not overlap", hours=store.hours_text(hours)
            )
    wrong = [d.isoformat() for d, r in calendar.days.items() if r.kind not in ("rest", "work")]
    if wrong:
        raise CalendarRefused("日期只能是 rest（休息）或 work（上班） / a day is rest or work", days=wrong)
    return calendar
