"""Functions that make one kind of value of another, and not()."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, FunctionValue, Range, adopt, entries_of, equal, finite, is_context, kind_of
from engine.feel.temporal import text_of
from engine.feel.wide import offset_of
from engine.feel.zones import zone_of

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400
_GROUPINGS = (" ", ",", ".")
_TEMPORAL = frozenset({"date", "time", "date and time", "days and time duration", "years and months duration"})
_SIMPLE_NAME = re.compile(r"[^\W\d]\w*")


@builtin("not", "negand: any")
def _not(_: Run, negand: Any) -> bool | None:
    return not negand if isinstance(negand, bool) else None


@builtin("is", "value1?: any, value2?: any")
def _is(run: Run, value1: Any = None, value2: Any = None) -> bool:
    """The same value in the same form: 10:00Z is not 11:00+01:00."""
    if kind_of(value1) != kind_of(value2):
        return False
    if kind_of(value1) in ("time", "date and time") and (offset_of(value1), zone_of(value1)) != (offset_of(value2), zone_of(value2)):
        return False
    return equal(value1, value2, run) is True


@builtin("number", "from: string|number")
def _number(_: Run, text: str | Decimal) -> Decimal | None:
    if isinstance(text, Decimal):
        return text
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    return finite(NUMBERS.create_decimal(text))


@builtin("number", "from: string, grouping separator: any, decimal separator: any")
def _number_grouped(run: Run, text: str, grouping: Any, point: Any) -> Decimal | None:
    if grouping not in (*_GROUPINGS, None) or point not in (".", ",", None) or (grouping == point and grouping is not None):
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if point is not None:
        text = text.replace(point, ".") if point in text or "." not in text else ""
    return _number(run, text)


@builtin("string", "from: any")
def _string(run: Run, value: Any) -> str | None:
    return None if value is None else run.text(text(value, run))


def text(value: Any, run: Run) -> str:
    """FEEL's string() of a value; texts inside lists and contexts stand in quotation marks."""
    return value if isinstance(value, str) else _inner_text(value, run)


def _inner_text(value: Any, run: Run) -> str:
    run.spend()
    value = adopt(value, run)  # an entry of a context from outside
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return run.text('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')
    if isinstance(value, Decimal):
        return _number_text(value, run)
    if kind_of(value) in _TEMPORAL:
        return text_of(value)
    if isinstance(value, list):
        return run.text("[" + ", ".join(_inner_text(item, run) for item in value) + "]")
    if isinstance(value, Range):
        return _range_text(value, run)
    if isinstance(value, Mapping) or is_context(value):
        return run.text("{" + ", ".join(f"{_key(key)}: {_inner_text(entry, run)}" for key, entry in entries_of(value).items()) + "}")
    return f"function({', '.join(value.parameters)})" if isinstance(value, FunctionValue) else str(value)


def _number_text(number: Decimal, run: Run) -> str:
    """Without an exponent, which makes 1e6000 a text of 6,001 digits."""
    if not number:
        return "0"
    run.room_for_text(abs(number.adjusted()))
    return format(number, "f")


def _key(name: object) -> str:
    name = str(name)  # data of a program may have keys that are no texts
    return name if _SIMPLE_NAME.fullmatch(name) else '"' + name.replace('"', '\\"') + '"'


def _range_text(value: Range, run: Run) -> str:
    if value.operator:
        return f"({value.operator} {_inner_text(value.start if value.start is not None else value.end, run)})"
    ends = f"{_inner_text(value.start, run)}..{_inner_text(value.end, run)}"
    return f"{'[' if value.start_included else '('}{ends}{']' if value.end_included else ')'}"
