"""The demo's data file → cases whose days are counted from today.

A run has a `begin` (days ago) and steps like those of cases.yaml (docs/reference/cases.md). Besides:

- ``{day: 12}`` is the twelfth day of the run, ``{day: 12, at: "10:20"}`` a moment (on a rest day: of the next working day),
  ``{wait: {day: 12, at: "10:20"}}`` waits until then;
- ``{ahead: 4, at: "14:00"}`` is a moment that many days after today (on a rest day: of the next working day), ``{ahead: 4}`` the day:
  what people agreed on for later;
- ``{part: accept, day: 3, with: {…}}`` puts in the steps of a named part, whose days count from that day of the run;
- ``$name`` is a value of the run or of the part, ``${name}`` the same inside a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cogov.cases.files import Case

_IN_TEXT = re.compile(r"\$\{(\w+)\}")
_MORNING = "09:00"


class Script:
    """Expands the file for one day. `is_working_day` keeps people from working on rest days."""

    def __init__(self, data: Mapping[str, Any], today: date, zone: ZoneInfo, is_working_day: Callable[[date], bool]) -> None:
        self._data, self._today, self._zone, self._is_working_day = data, today, zone, is_working_day

    def cases(self) -> list[Case]:
        """The runs, each with the moment it begins."""
        return [self._case(run) for run in self._data["runs"]]

    def _case(self, run: Mapping[str, Any]) -> Case:
        first = self._today - timedelta(days=int(run["begin"]))
        # days in a run's values count from its own beginning, wherever a part uses them
        names = {key: self._filled(value, run["values"], first) for key, value in run["values"].items()}
        return Case(
            name=run["name"],
            process=self._data["process"],
            clock=self._moment(first, run.get("at", _MORNING)),
            roster="",
            area=self._data["area"],
            covers=(),
            start=self._filled(run.get("start", self._data.get("start")), names, first),
            steps=list(self._steps(run["steps"], names, first)),
            ends=self._filled(run["ends"], names, first),
            settings={},
            services={},
        )

    def _steps(self, steps: Sequence[Mapping[str, Any]], names: Mapping[str, Any], first: date) -> Iterator[Mapping[str, Any]]:
        for step in steps:
            if "part" in step:
                begin = first + timedelta(days=int(step.get("day", 0)))
                own = self._filled(step.get("with") or {}, names, begin)
                yield from self._steps(self._data["parts"][step["part"]], {**names, **own}, begin)
            elif isinstance(step.get("wait"), Mapping) and "day" in step["wait"]:
                day = first + timedelta(days=int(step["wait"]["day"]))
                yield {"wait": {"until": self._moment(day, step["wait"].get("at", _MORNING))}}
            else:
                yield self._filled(step, names, first)

    def _moment(self, day: date, at: str) -> datetime:
        """That day, else the next working day; never later than the last working day before today."""
        step = timedelta(days=1)
        latest = self._worked(self._today - step, -step)
        return datetime.combine(min(self._worked(day, step), latest), time.fromisoformat(at), self._zone)

    def _ahead(self, days: int, at: str | None) -> date | datetime:
        """A day after today, or a moment of the working day then."""
        day = self._today + timedelta(days=days)
        if at is None:
            return day
        return datetime.combine(self._worked(day, timedelta(days=1)), time.fromisoformat(at), self._zone)

    def _worked(self, day: date, step: timedelta) -> date:
        while not self._is_working_day(day):
            day += step
        return day

    def _filled(self, value: Any, names: Mapping[str, Any], first: date) -> Any:
        if isinstance(value, Mapping):
            if set(value) == {"day"}:
                return first + timedelta(days=int(value["day"]))
            if set(value) == {"day", "at"}:
                return self._moment(first + timedelta(days=int(value["day"])), value["at"])
            if set(value) <= {"ahead", "at"} and "ahead" in value:
                return self._ahead(int(value["ahead"]), value.get("at"))
            return {key: self._filled(v, names, first) for key, v in value.items()}
        if isinstance(value, list):
            return [self._filled(v, names, first) for v in value]
        if isinstance(value, str):
            if value.startswith("$") and value[1:] in names:
                return self._filled(names[value[1:]], names, first)
            return _IN_TEXT.sub(lambda match: str(names[match[1]]), value)
        return value
