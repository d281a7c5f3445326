"""The expressions that browser and server both evaluate, and the server's answers in the form of answers.js."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.errors import CogovError
from engine.feel import Environment, FunctionValue, Range, compile_expression, compile_unary_tests
from engine.feel.temporal import text_of
from engine.values import YearsMonths
from tests.feel.made import DATA, Maker, expressions

HERE = Path(__file__).parent
#: names nobody declared are null in the browser
LENIENT = Environment(strict_names=False)


def picked() -> list[str]:
    """Expressions chosen by hand, one a line; `value :: tests` are unary tests."""
    lines = (HERE / "picked.txt").read_text("utf8").splitlines()
    return [line for line in lines if line and not line.startswith("##")]


def made() -> list[str]:
    """Expressions and unary tests made at random, always the same."""
    cells = Maker(seed=2026)
    return [*expressions(seed=302, count=260, depth=2), *dict.fromkeys(f"{n % 60} :: {cells.tests()}" for n in range(0, 300, 7))]


def every() -> list[str]:
    """All of them, each once."""
    return list(dict.fromkeys([*picked(), *made()]))


def answer(text: str) -> Any:
    """The server's answer to an expression, or to `value :: tests`."""
    value, mark, tests = text.partition(" :: ")
    try:
        if not mark:
            return plain(compile_expression(text, names=DATA).evaluate(DATA, LENIENT))
        given = compile_expression(value, names=DATA).evaluate(DATA, LENIENT)
        return compile_unary_tests(tests, names=DATA).matches(given, DATA, LENIENT)
    except CogovError as error:
        return {"error": error.message}


def plain(value: Any) -> Any:
    """A FEEL value as JSON."""
    if isinstance(value, Decimal):
        return float(value) if value != value.to_integral_value() or abs(value) >= 2**53 else int(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, Range):
        return {"range": [plain(value.start), plain(value.end), value.start_included, value.end_included]}
    if isinstance(value, FunctionValue):
        return {"function": True}
    return {kind: text_of(value) for kind in _kinds(value)} or value


def _kinds(value: Any) -> Iterator[str]:
    if isinstance(value, datetime):
        yield "date and time"
    elif isinstance(value, date):
        yield "date"
    elif isinstance(value, time):
        yield "time"
    elif isinstance(value, timedelta | YearsMonths):
        yield "duration"
