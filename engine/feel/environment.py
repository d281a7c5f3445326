"""What an evaluation may use: the moment, the zone, functions from outside, and how much work it may do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.errors import ExpressionFailed


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


class Run:
    """One evaluation: the environment and what has been spent of its limits."""

    __slots__ = ("depth", "environment", "functions", "steps", "strict", "zone")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.functions = environment.functions
        self.strict = environment.strict_names
        self.zone = environment.zone
        self.steps = environment.max_steps
        self.depth = environment.max_depth

    def spend(self, steps: int = 1) -> None:
        """Count work. Raises ExpressionFailed when the limit is reached."""
        self.steps -= steps
        if self.steps < 0:
            raise limit_reached("steps", self.environment.max_steps)

    def call(self, function: Callable[[Run, Sequence[Any]], Any], arguments: Sequence[Any]) -> Any:
        """Invoke one level deeper. Raises ExpressionFailed when calls nest too deep."""
        self.spend()
        self.depth -= 1
        if self.depth < 0:
            raise limit_reached("depth of calls", self.environment.max_depth)
        try:
            return function(self, arguments)
        finally:
            self.depth += 1

    def text(self, text: str) -> str:
        """Account for a produced text. Raises ExpressionFailed when it is too long."""
        self.room_for_text(len(text))
        return text

    def room_for_text(self, length: int) -> None:
        if length > self.environment.max_text:
            raise limit_reached("length of a text", self.environment.max_text)
        self.spend(1 + length // 64)

    def items(self, items: list[Any]) -> list[Any]:
        """Account for a produced list. Raises ExpressionFailed when it is too long."""
        self.room_for_items(len(items))
        return items

    def room_for_items(self, count: int) -> None:
        if count > self.environment.max_items:
            raise limit_reached("length of a list", self.environment.max_items)
        self.spend(1 + count // 8)

    def weigh(self, value: Any) -> Any:
        """A result, as large as it is when everything it shares is written out. Raises ExpressionFailed when that is too large."""
        if not isinstance(value, (list, dict)):
            return value
        pending, room = [value], self.environment.max_steps
        while pending:
            item = pending.pop()
            if isinstance(item, (list, dict)):
                room -= 1 + len(item) // 8
                if room < 0:
                    raise limit_reached("size of the result", self.environment.max_steps)
                pending.extend(item.values() if isinstance(item, dict) else item)
        return value

    def joined(self, lists: Iterable[list[Any]]) -> list[Any]:
        """All items of the lists, accounted for before the list is built."""
        lists = list(lists)
        self.room_for_items(sum(len(items) for items in lists))
        return [item for items in lists for item in items]


def limit_reached(what: str, limit: int) -> ExpressionFailed:
    return ExpressionFailed(f"The expression exceeds the limit: {what}, at most {limit}", limit=what, at_most=limit)


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
