"""What an evaluation may use: the moment, the zone, functions from outside, and how much work it may do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.limits import LimitReached, time_limit
from engine.feel.notices import MOST, Note

#: steps between two looks at the clock
_STRIDE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The surroundings of one evaluation.

    `now` is the Clock's moment (aware); without it `now()` and `today()` fail. `functions` are plain callables by their FEEL
    name. With `strict_names` a name that no scope knows raises UnknownVariable; without, it is null as in the DMN standard.
    """

    now: datetime | None = None
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    strict_names: bool = True
    #: units of work: one per loop round, filtered item, call, list item or 64 characters produced
    max_steps: int = 200_000
    #: calls inside calls
    max_depth: int = 60
    #: items in one produced list
    max_items: int = 100_000
    #: characters in one produced text
    max_text: int = 1_000_000
    #: length of a text × size of the compiled pattern
    max_pattern_work: int = 10_000_000
    #: CPU time of the thread; None: what the process is set to (`limits.limit_time`)
    max_milliseconds: int | None = None


class Run:
    """One evaluation: the environment and what has been spent of its limits."""

    __slots__ = ("_ends", "_look", "depth", "environment", "functions", "notes", "steps", "strict", "zone")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.functions = environment.functions
        self.strict = environment.strict_names
        self.zone = environment.zone
        self.steps = environment.max_steps
        self.depth = environment.max_depth
        #: when fewer steps than this are left, the clock is read
        self._look = max(self.steps - _STRIDE, 0)
        #: CPU time of this thread at which the evaluation ends; None until the first look: most are over before
        self._ends: float | None = None
        #: why something became null, for those who look (Expression.examine); made into sentences only then
        self.notes: list[Note] = []

    def spend(self, steps: int = 1) -> None:
        """Count work. Raises LimitReached when the steps or the time are used up."""
        self.steps -= steps
        if self.steps < self._look:
            self.look()

    def look(self) -> None:
        """See whether steps or time are used up. Raises LimitReached."""
        if self.steps < 0:
            raise LimitReached("steps", self.environment.max_steps)
        self._look = max(self.steps - _STRIDE, 0)
        now = thread_time()
        if self._ends is None:
            self._ends = now + self._milliseconds / 1000
        elif now > self._ends:
            raise LimitReached("time", self._milliseconds)

    @property
    def _milliseconds(self) -> int:
        given = self.environment.max_milliseconds
        return time_limit() if given is None else given

    def note(self, key: str, **facts: Any) -> None:
        """Record why a result is null."""
        if len(self.notes) < MOST:
            self.notes.append(Note(key, facts))

    def place(self, position: int) -> None:
        """Where the last notice belongs, if it has no place yet."""
        if self.notes and self.notes[-1].position is None:
            self.notes[-1].position = position

    def call(self, function: Callable[[Run, Sequence[Any]], Any], arguments: Sequence[Any]) -> Any:
        """Invoke one level deeper. Raises LimitReached when calls nest too deep."""
        self.spend()
        self.depth -= 1
        if self.depth < 0:
            raise LimitReached("depth", self.environment.max_depth)
        try:
            return function(self, arguments)
        finally:
            self.depth += 1

    def text(self, text: str) -> str:
        """Account for a produced text. Raises LimitReached when it is too long."""
        self.room_for_text(len(text))
        return text

    def room_for_text(self, length: int) -> None:
        if length > self.environment.max_text:
            raise LimitReached("text", self.environment.max_text)
        self.spend(1 + length // 64)

    def items(self, items: list[Any]) -> list[Any]:
        """Account for a produced list. Raises LimitReached when it is too long."""
        self.room_for_items(len(items))
        return items

    def room_for_items(self, count: int) -> None:
        if count > self.environment.max_items:
            raise LimitReached("items", self.environment.max_items)
        self.spend(1 + count // 8)

    def reading(self, items: Collection[Any], rounds: int = 1) -> None:
        """Account for comparing every item `rounds` times; long texts weigh by their length."""
        characters = sum(len(item) for item in items if type(item) is str)
        self.spend(rounds * (len(items) // 8 + characters // 1024))

    def room_for_pattern(self, length: int, size: int) -> None:
        """Account for one pass of a compiled pattern of `size` over a text."""
        work = length * size
        if work > self.environment.max_pattern_work:
            raise LimitReached("pattern", self.environment.max_pattern_work)
        self.spend(1 + work // 1024)

    def weigh(self, value: Any) -> Any:
        """A result, as large as it is when everything it shares is written out. Raises LimitReached when that is too large."""
        if not isinstance(value, (list, dict)):
            return value
        pending: list[Any] = [value]
        room = self.environment.max_steps
        while pending:
            item = pending.pop()
            if isinstance(item, str):
                room -= len(item) // 64
            elif isinstance(item, (list, dict)):
                room -= 1 + len(item) // 8
                if room >= 0:
                    pending.extend(item.values() if isinstance(item, dict) else item)
            if room < 0:
                raise LimitReached("result", self.environment.max_steps)
        return value

    def joined(self, lists: Iterable[list[Any]]) -> list[Any]:
        """All items of the lists, accounted for before the list is built."""
        lists = list(lists)
        self.room_for_items(sum(len(items) for items in lists))
        return [item for items in lists for item in items]


class Scope:
    """Names in force at one place of an expression; looks outwards along `parent`."""

    __slots__ = ("items", "names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: Scope | None, run: Run, items: Sequence[Any] | None = None) -> None:
        self.names = names
        self.parent = parent
        self.run = run
        #: the list being filtered, when this is the scope of one of its items
        self.items = items


DEFAULT = Environment()
