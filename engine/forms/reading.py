"""JSON of a submission → values of engine.values. Each reader raises ValueError for what it cannot read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

#: digits before the point; more is a typing error or an attack, and would not fit a NUMERIC column
_MOST_DIGITS = 18
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def read_number(raw: Any) -> Decimal:
    """A finite number, given as JSON number or as text (money and scores travel as text)."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise ValueError("not a number")
    text = raw.strip() if isinstance(raw, str) else str(raw)
    if not text.isascii() or "_" in text or len(text) > 60:
        raise ValueError("not a number")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite() or (number and number.adjusted() >= _MOST_DIGITS):
        raise ValueError("not a number of at most 18 digits")
    return number


def read_date(raw: Any) -> date:
    """A day, ``2026-03-20``."""
    if isinstance(raw, datetime) or not isinstance(raw, (str, date)):
        raise ValueError("not a date")
    return raw if isinstance(raw, date) else date.fromisoformat(raw)


def read_moment(raw: Any, zone: tzinfo) -> datetime:
    """A moment in UTC. A text without offset is a reading of the installation's clock."""
    if not isinstance(raw, (str, datetime)):
        raise ValueError("not a moment")
    if isinstance(raw, str) and "T" not in raw and " " not in raw:
        raise ValueError("the time is missing")
    moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def read_time(raw: Any) -> time:
    """A time of day, ``17:30`` or ``17:30:00``, without zone."""
    if not isinstance(raw, (str, time)):
        raise ValueError("not a time")
    value = raw if isinstance(raw, time) else time.fromisoformat(raw)
    return value.replace(tzinfo=None)


def read_temporal(raw: Any, subtype: str, zone: tzinfo) -> date | datetime | time:
    """The value of a form-js datetime field of subtype date, time or datetime."""
    if subtype == "time":
        return read_time(raw)
    return read_moment(raw, zone) if subtype == "datetime" else read_date(raw)


def has_control_characters(text: str) -> bool:
    """Characters no database text or page should hold: C0, C1 (but tab and newlines), lone surrogates, bidirectional overrides."""
    return _CONTROL.search(text) is not None


def is_blank(value: Any) -> bool:
    """Nothing was filled in."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())
