"""The expressions that browser and server both evaluate, and the server's answers in the form of answers.js."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from engine.errors import CogovError
from engine.feel import Environment, FunctionValue, Range, compile_expression, compile_unary_tests
from engine.feel.kinds import kind_of
from engine.feel.temporal import text_of
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
        return float(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, Range):
        return {"range": [plain(value.start), plain(value.end), value.start_included, value.end_included]}
    if isinstance(value, FunctionValue):
        return {"function": True}
    kind = kind_of(value)
    return {_SHORT.get(kind, kind): text_of(value)} if kind in _TEMPORAL else value


_TEMPORAL = ("date", "time", "date and time", "days and time duration", "years and months duration")
#: the browser has one kind for both
_SHORT = dict.fromkeys(_TEMPORAL[3:], "duration")


def same(here: Any, there: Any) -> bool:
    """Whether two answers are the same JSON; numbers as the browser's binary ones, true is not 1."""
    if isinstance(here, list) and isinstance(there, list):
        return len(here) == len(there) and all(map(same, here, there))
    if isinstance(here, dict) and isinstance(there, dict):
        return here.keys() == there.keys() and all(same(value, there[name]) for name, value in here.items())
    if isinstance(here, int | float) and isinstance(there, int | float) and not isinstance(here, bool) and not isinstance(there, bool):
        return float(here) == float(there)
    return type(here) is type(there) and bool(here == there)


@dataclass(frozen=True)
class Difference:
    """A reason why answers differ, in both languages, with the expressions it explains."""

    zh: str
    en: str
    expressions: tuple[str, ...]


def differences() -> list[Difference]:
    """What is known to differ (differences.yaml)."""
    listed = yaml.safe_load((HERE / "differences.yaml").read_text("utf8"))
    return [Difference(entry["zh"], entry["en"], tuple(entry["expressions"])) for entry in listed]
