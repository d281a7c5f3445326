"""FEEL types: `instance of`, and the light conversion of results, inputs and parameters that DMN prescribes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.environment import Run
from engine.feel.errors import ExpressionFailed
from engine.feel.kinds import FunctionValue, Range, entries_of, is_context, kind_of
from engine.feel.wide import day_number, make_moment
from engine.feel.zones import WRITTEN_UTC

SIMPLE_NAMES = (
    "years and months duration", "days and time duration", "date and time", "dateTime", "yearMonthDuration", "dayTimeDuration",
    "number", "string", "boolean", "date", "time", "list", "context", "range", "function", "Any", "any", "Null", "null",
)  # fmt: skip

_SYNONYMS = {
    "dateTime": "date and time",
    "yearMonthDuration": "years and months duration",
    "dayTimeDuration": "days and time duration",
    "any": "Any",
    "Null": "null",
    "integer": "number",
    "long": "number",
    "double": "number",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A type: a kind, for lists and ranges the kind of their items, for contexts their entries, for functions what they take and give."""

    kind: str
    item: Type | None = None
    entries: tuple[tuple[str, Type], ...] | None = None
    #: the allowed values of an item definition: they bind results and arguments, not `instance of`
    allowed: Callable[[Any, Run], bool] | None = None
    #: of functions: what they take and give; None: not known
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None

    def has(self, value: Any, run: Run) -> bool:
        """`value instance of` this type; looking at long and nested values counts as work of `run`."""
        if value is None:
            return self.kind == "null"
        if self.kind == "Any":
            return True
        if kind_of(value) != self.kind:
            return False
        if self.kind == "list":
            return self.item is None or self._all_fit(value, self.item, run)
        if self.kind == "context":
            return self.entries is None or _has_entries(value, self.entries, run)
        if self.kind == "range":
            return self.item is None or _has_ends(value, self.item, run)
        return self.kind != "function" or self.parameters is None or is_function_of(value, self)

    @staticmethod
    def _all_fit(items: Sequence[Any], kind: Type, run: Run) -> bool:
        run.spend(1 + len(items) // 8)
        return all(kind.fits(item, run) for item in items)

    def fits(self, value: Any, run: Run) -> bool:
        """As `has`, but null fits every type."""
        return value is None or (self.has(value, run) and self._allows(value, run))

    def _allows(self, value: Any, run: Run) -> bool:
        return self.allowed is None or self.allowed(value, run)

    def convert(self, value: Any, run: Run) -> Any:
        """The value in this type: a single item to a list and back, a date to midnight UTC of that day; otherwise null."""
        if self.fits(value, run):
            return value
        if self.kind == "list" and not isinstance(value, list):
            return [value] if self.has([value], run) else None
        if isinstance(value, list) and len(value) == 1 and self.kind != "list" and not isinstance(value[0], list):
            return self.convert(value[0], run)
        if self.kind == "date and time" and kind_of(value) == "date":
            return make_moment(day_number(value), 0, WRITTEN_UTC)
        return None


ANY = Type("Any")


def simple(name: str) -> Type | None:
    """The built-in type of that name, or None."""
    name = " ".join(name.split())
    return Type(_SYNONYMS.get(name, name)) if name in SIMPLE_NAMES or name in _SYNONYMS else None


def _has_entries(value: Any, wanted: tuple[tuple[str, Type], ...], run: Run) -> bool:
    if not is_context(value):
        return False
    run.spend()
    entries: Mapping[str, Any] = entries_of(value)
    return all(name in entries and kind.fits(entries[name], run) for name, kind in wanted)


def _has_ends(value: Range, item: Type, run: Run) -> bool:
    return item.fits(value.start, run) and item.fits(value.end, run)


def conforms(given: Type, wanted: Type) -> bool:
    """Whether every value of `given` is one of `wanted`: lists, ranges, entries and results covariant, parameters contravariant."""
    if wanted.kind == "Any" or given.kind == "null":
        return True
    if given.kind != wanted.kind:
        return False
    if wanted.item is not None and not conforms(given.item or ANY, wanted.item):
        return False
    if wanted.entries is not None:
        entries = dict(given.entries or ())
        return all(name in entries and conforms(entries[name], kind) for name, kind in wanted.entries)
    return wanted.parameters is None or _function_conforms(given, wanted)


def _function_conforms(given: Type, wanted: Type) -> bool:
    if given.parameters is None or wanted.parameters is None or len(given.parameters) != len(wanted.parameters):
        return False
    if not all(conforms(asked, taken) for asked, taken in zip(wanted.parameters, given.parameters, strict=True)):
        return False
    # what a body gives is not always known before it runs
    return given.result is None or wanted.result is None or conforms(given.result, wanted.result)


def is_function_of(value: FunctionValue, wanted: Type) -> bool:
    """Whether a function is one of a function type; for one whose types are not known the number of its parameters decides."""
    if wanted.parameters is None:
        return True
    if isinstance(value.signature, Type):
        return conforms(value.signature, wanted)
    return len(value.parameters) == len(wanted.parameters)


def converted(function: FunctionValue, kinds: tuple[Type, ...]) -> FunctionValue:
    """The function with its arguments converted to the declared kinds; one that does not fit gives null, or when strict an error."""
    if all(kind is ANY for kind in kinds):
        return function

    def invoke(run: Any, arguments: Any) -> Any:
        fitted = [kind.convert(value, run) for kind, value in zip(kinds, arguments, strict=True)]
        for name, value, given in zip(function.parameters, fitted, arguments, strict=True):
            if value is None and given is not None:
                if run.strict:
                    raise ExpressionFailed(f"{function.name}(): the argument “{name}” is not of the declared type", argument=name)
                return None
        return function.invoke(run, fitted)

    return FunctionValue(function.name, function.parameters, invoke, function.signature or Type("function", parameters=kinds))
