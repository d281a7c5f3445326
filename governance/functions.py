"""FEEL functions of governance (conventions 4): working days, deadline, role, member, holder, setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionFailed
from engine.ports import InstanceRef
from governance.calendars.calendars import Calendars
from governance.deadlines.deadlines import Deadlines
from governance.directory import selectors
from governance.settings.settings import Settings

_NAMES = frozenset({"add working days", "working days between", "deadline", "role", "member", "holder", "setting"})


class GovernanceFunctions:
    """ports.Functions. Everything is looked up in the instance's area, at the moment of the command."""

    def __init__(self, calendars: Calendars, deadlines: Deadlines, settings: Settings) -> None:
        self._calendars, self._deadlines, self._settings = calendars, deadlines, settings

    def names(self) -> frozenset[str]:
        return _NAMES

    def bind(self, connection: Any, instance: InstanceRef | None, now: datetime) -> Mapping[str, Callable[..., Any]]:
        """The functions for one command. Outside an instance, `role`, `holder` need `of` and `deadline` gives null."""
        bound = _Bound(self._calendars, self._deadlines, self._settings, connection, instance, now)
        return {
            "add working days": bound.add_working_days,
            "working days between": bound.working_days_between,
            "deadline": bound.deadline,
            "role": bound.role,
            "member": bound.member,
            "holder": bound.holder,
            "setting": bound.setting,
        }


class _Bound:
    def __init__(
        self, calendars: Calendars, deadlines: Deadlines, settings: Settings, connection: Any, instance: InstanceRef | None, now: datetime
    ) -> None:
        self._calendars, self._deadlines, self._settings = calendars, deadlines, settings
        self._connection, self._instance, self._now = connection, instance, now

    @property
    def _area(self) -> str | None:
        return self._instance.area if self._instance else None

    def add_working_days(self, day: Any, count: Any) -> date | datetime | None:
        """The `count`-th working day after a date (before it, when negative). A date and time gives that day's closing time.
        Null in, null out."""
        if day is None or count is None:
            return None
        calendar = self._calendars.current(self._connection, self._now, self._area)
        found = calendar.add_working_days(self._day(day), self._whole(count))
        return calendar.closing(found) if isinstance(day, datetime) else found

    def working_days_between(self, start: Any, end: Any) -> Decimal | None:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if start is None or end is None:
            return None
        calendar = self._calendars.current(self._connection, self._now, self._area)
        return Decimal(calendar.working_days_between(self._day(start), self._day(end)))

    def deadline(self, name: Any) -> dict[str, Any] | None:
        """The newest deadline with this id in the case: {id, due, started, clock, state, remaining}; null when there is none."""
        if self._instance is None or name is None:
            return None
        view = self._deadlines.view(self._connection, self._instance.id, _text("deadline", name))
        if view is None:
            return None
        return {
            "id": view.id,
            "due": view.due,
            "started": view.started,
            "clock": view.clock,
            "state": view.state,
            "remaining": view.remaining,
        }

    def role(self, code: Any, of: Any = None) -> str | None:
        """Selector of a role; without `of` in the case's area. A null `of` gives null: nobody is meant yet."""
        return self._selector(selectors.role, "role", code, of)

    def holder(self, post: Any, of: Any = None) -> str | None:
        """Selector of the holder of one post; `of` as for role."""
        return self._selector(selectors.holder, "holder", post, of)

    def member(self, committee: Any, seat: Any = None) -> str | None:
        """Selector of the members of a committee, or of one kind of seat."""
        if committee is None:
            return None
        return selectors.member(_text("member", committee), None if seat is None else _text("member", seat))

    def setting(self, key: Any) -> Any:
        """The value of a setting in the case's area now. Fails for an unknown key."""
        return self._settings.get(self._connection, _text("setting", key), self._now, self._area)

    def _selector(self, build: Callable[[str, str], str], name: str, code: Any, of: Any) -> str | None:
        place = of if of is not None else self._area
        if code is None or place is None:
            return None
        return build(_text(name, code), _text(name, place))

    def _day(self, value: Any) -> date:
        if isinstance(value, datetime):
            return value.astimezone(self._calendars.zone).date()
        if isinstance(value, date):
            return value
        raise ExpressionFailed(f"working days need a date, not {value!r}", value=str(value))

    def _whole(self, value: Any) -> int:
        if not isinstance(value, Decimal) or value != value.to_integral_value():
            raise ExpressionFailed(f"working days are counted in whole numbers, not {value!r}", value=str(value))
        return int(value)


def _text(function: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ExpressionFailed(f"{function}() needs a text, not {value!r}", function=function)
    return value
