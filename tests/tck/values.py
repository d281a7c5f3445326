"""Expected and input values of TCK test files → FEEL values, and comparison with what came out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from engine.feel import temporal
from engine.values import YearsMonths

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
#: results of division and roots are given with fewer digits in the files
_TOLERANCE = Decimal("1e-8")

_READERS: dict[str, Callable[[str], Any]] = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "dateTime": temporal.parse_date_time,
    "duration": temporal.parse_duration,
}


def local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def read(holder: Any) -> Any:
    """The value inside an `expected`, `inputNode`, `component` or `item` element."""
    parts = [child for child in holder if local(child) in ("value", "list", "component")]
    if not parts:
        return None
    if local(parts[0]) == "component":
        return {part.get("name"): None if part.get(_NIL) == "true" else read(part) for part in parts}
    if parts[0].get(_NIL) == "true":
        return None
    if local(parts[0]) == "list":
        return [read(item) for item in parts[0] if local(item) == "item"]
    return scalar(parts[0].text or "", (parts[0].get(_TYPE) or "").rpartition(":")[2])


def scalar(text: str, kind: str) -> Any:
    """A simple value by its XML Schema type; without one by its look."""
    text = text if kind == "string" else text.strip()
    if kind == "string":
        return text
    if kind == "boolean" or (not kind and text in ("true", "false")):
        return text in ("true", "1")
    readers = {
        "date": temporal.parse_date,
        "time": temporal.parse_time,
        "dateTime": temporal.parse_date_time,
        "duration": temporal.parse_duration,
    }
    if kind in readers:
        found = readers[kind](text)
        return text if found is None else found
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def same(expected: Any, actual: Any) -> bool:
    """Whether the result is the expected one; numbers may differ in the last places the file does not show."""
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return expected == actual or abs(expected - actual) <= _TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(same(e, a) for e, a in zip(expected, actual, strict=True))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(same(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, str) and isinstance(actual, (date, datetime, time, timedelta, YearsMonths)):
        return expected == temporal.text_of(actual)
    return type(expected) is type(actual) and expected == actual
