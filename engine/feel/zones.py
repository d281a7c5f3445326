"""Offsets from UTC and named time zones of the IANA data base."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: days after which the Gregorian calendar, week days included, repeats itself
_CYCLE = 146_097
#: day numbers (1 = 0001-01-01) for which the data base can be asked directly, with room at both ends
_FIRST, _LAST = 800, 3_650_000
#: the day whose standard offset a time of day in a named zone has, since it belongs to no day
_ANY_DAY = datetime.combine(date(2024, 1, 1), time())
_LONGEST_NAME = 60


class Region(tzinfo):
    """A named zone. A time of day without a date has the zone's standard offset."""

    def __init__(self, key: str, zone: ZoneInfo) -> None:
        self.key = key
        self._zone = zone

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        if moment is not None:
            return self._zone.utcoffset(moment)
        offset, summer = self._zone.utcoffset(_ANY_DAY), self._zone.dst(_ANY_DAY)
        return offset if offset is None else offset - (summer or timedelta())

    def dst(self, moment: datetime | None) -> timedelta | None:
        return self._zone.dst(moment)

    def tzname(self, _moment: datetime | None) -> str:
        return self.key

    def fromutc(self, moment: datetime) -> datetime:
        return self._zone.fromutc(moment.replace(tzinfo=self._zone)).replace(tzinfo=self)

    def seconds_at(self, day: int, second: int) -> int:
        """The offset on a local day (its number, 1 = 0001-01-01) and second of the day, for any year."""
        offset = self._zone.utcoffset(datetime.combine(date.fromordinal(_askable(day)), time()) + timedelta(seconds=second))
        return int((offset or timedelta()).total_seconds())

    def seconds_at_utc(self, day: int, second: int) -> int:
        """As `seconds_at`, for a day and second in UTC."""
        moment = datetime.combine(date.fromordinal(_askable(day)), time(), UTC) + timedelta(seconds=second)
        return int((moment.astimezone(self._zone).utcoffset() or timedelta()).total_seconds())

    def __repr__(self) -> str:
        return f"Region({self.key!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Region) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return region, (self.key,)


def _askable(day: int) -> int:
    """A day with the same place in the calendar for which the data base has an answer."""
    if day < _FIRST:
        return _FIRST + (day - _FIRST) % _CYCLE
    return day if day <= _LAST else _LAST - _CYCLE + (day - _LAST) % _CYCLE


@lru_cache(maxsize=256)
def region(name: str) -> Region | None:
    """The zone of that name, or None."""
    if len(name) > _LONGEST_NAME:
        return None
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return Region(name, zone)


#: an offset of zero that a text has and keeps; the plain UTC of moments from outside is shown in the installation's zone
WRITTEN_UTC = timezone(timedelta(0), "Z")


def parse_offset(text: str | None) -> tzinfo | None:
    """`Z`, `+08:00` or nothing. Raises ValueError for an offset of more than 18 hours."""
    if text is None:
        return None
    if text == "Z":
        return WRITTEN_UTC
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 18 or minutes > 59:
        raise ValueError(text)
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return timezone(-size if text[0] == "-" else size) if size else WRITTEN_UTC


def settled(value: datetime | time) -> datetime | time:
    """A moment or a time of day as the database gives it back: with its offset, without the name of its zone."""
    offset = value.utcoffset()
    return value if offset is None or (type(value.tzinfo) is timezone and value.tzinfo is not WRITTEN_UTC) else _with_offset(value, offset)


def _with_offset(value: datetime | time, offset: timedelta) -> datetime | time:
    return value.replace(tzinfo=timezone(offset), fold=0)


def offset_text(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    if not seconds:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}" + (f":{seconds_left:02}" if seconds_left else "")


def zone_text(zone: tzinfo | None, offset: timedelta | None) -> str:
    """What follows the clock: nothing, an offset, or the name of the zone."""
    if isinstance(zone, Region):
        return f"@{zone.key}"
    return "" if offset is None else offset_text(offset)


def zone_of(value: Any) -> str | None:
    """The name of the zone of a moment or a time of day, if it has a named one."""
    return value.tzinfo.key if isinstance(value.tzinfo, Region) else None
