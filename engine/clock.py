"""Time is a port: the real clock, and one that tests, the sandbox and the demo loader move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the moment. Everything in Cogov that needs "now" asks a Clock, never ``datetime.now``."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved; it never runs by itself."""

    def __init__(self, at: datetime) -> None:
        self._at = _utc(at)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Jump to `at`, forward or (to test clocks that jump) backward."""
        self._at = _utc(at)

    def advance(self, by: timedelta) -> None:
        self._at += by


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)
