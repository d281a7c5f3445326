"""Random text, broken expressions and hostile data: what comes out is a value or one of three errors, soon, and never anything else.

With a fixed seed and few cases; `make soak` sets COGOV_SOAK, the factor by which there are more, with a seed of its own each time
(the failing test names it; COGOV_SOAK_SEEDS=… repeats it).
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as clock
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Environment, FeelSyntaxError, compile_expression, compile_unary_tests
from engine.feel.errors import ExpressionFailed, UnknownVariable
from engine.values import YearsMonths
from tests.feel.comparing import picked
from tests.feel.made import DATA, Maker

SOAK = int(os.environ.get("COGOV_SOAK", "0"))
FACTOR = SOAK or 1
FRESH = str(random.SystemRandom().randrange(1_000_000)) if SOAK else "1"
SEEDS = [int(seed) for seed in os.environ.get("COGOV_SOAK_SEEDS", FRESH).split(",")]
#: CPU seconds for reading or for one evaluation, far above what either may take: the limit of time is 0.05 here
MOST = 1.0
ENVIRONMENTS = (
    Environment(max_milliseconds=50),
    Environment(max_milliseconds=50, strict_names=False),
    Environment(max_steps=500, max_items=50),
)
PIECES = [
    "1", "0", "-1", "2.5", "1e6000", "1E-6000", ".5", "007", "x", "y", "金额", "count of rooms", "`a b`", "?", "item", "partial", "null",
    "true", "(", ")", "[", "]", "{", "}", ":", ",", ".", "..", "+", "-", "*", "/", "**", "<", "<=", "=", "!=", ">", ">=", "@", '"t"',
    '"', "'", "“", "”", "，", "（", "//", "/*", "*/", "\\", "\n", "\t", "\u3000", "\ufeff", "\x00", "😀", "\ud800", "if", "then", "else",
    "for", "in", "return", "some", "every", "satisfies", "function", "external", "between", "and", "or", "not", "instance of", "of",
    "list<", "range<", "context<a: number>", "->", "number", "date and time", "duration(", "matches(", "sort(", "sum(", "string(",
    "split(", "substring(", "get value(", "range(", '@"P1D"', '@"2026-03-02"', '@"99999-01-01T00:00:00@Asia/Shanghai"', '"(a+)+$"',
    '"[1..3]"', "1..3", "[1..10)", "(< 5)", "function(a, b) a < b", "__class__",
]  # fmt: skip


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Record:
    name: object
    rows: object


def tried(text, data, environment):
    """Read it as an expression and as tests, and evaluate both; gives one that could be read. Anything but the three errors fails."""
    names = [name for name in data if isinstance(name, str)]
    expression, tests = read(compile_expression, text, names), read(compile_unary_tests, text, names)
    if expression is not None:
        evaluated(text, lambda: expression.evaluate(data, environment))
    if tests is not None:
        evaluated(text, lambda: tests.matches(2, data, environment))
    return expression or tests


def read(compile_, text, names):
    begin = time.thread_time()
    found, position = None, 0
    try:
        found = compile_(text, names=names)
    except FeelSyntaxError as error:
        position = error.position
    assert 0 <= position <= len(text)
    assert time.thread_time() - begin < MOST, f"reading takes long: {text!r}"
    return found


def evaluated(text, evaluate):
    begin = time.thread_time()
    met = None
    try:
        evaluate()
    except (ExpressionFailed, UnknownVariable) as error:
        met = error
    assert time.thread_time() - begin < MOST, f"evaluating takes long: {text!r}"
    assert met is None or (met.message and met.details["expression"])


def nonsense(chance):
    joint = chance.choice(["", " ", " "])
    return joint.join(chance.choice(PIECES) for _ in range(chance.randint(1, 14)))


def spoilt(chance, text):
    """The text with some of its pieces removed, doubled, exchanged or replaced."""
    for _ in range(chance.randint(1, 3)):
        begin, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        end = min(end, begin + 12)
        part = chance.choice(["", text[begin:end] * 2, chance.choice(PIECES), text[end : end + 5] + text[begin:end]])
        text = text[:begin] + part + text[end:]
    return text


def hostile(chance, depth=3):
    """A value that no form would send but a program might."""
    plain = [
        None, True, 0, -1, 2**70, 10**400, 10**7000, 1.5, float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN"),
        Decimal("1e-7000"), Decimal("9" * 40), "", "a" * 200_000, "\x00\ud800", "null", "(a*)*b", b"bytes", object(), Colour.RED, int,
        len, ..., 1j,
        date.max, date.min, datetime.min, datetime.max.replace(tzinfo=UTC), datetime(2026, 3, 2, tzinfo=ZoneInfo("America/New_York")),
        datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=23, minutes=59))), clock(23, 59, tzinfo=UTC), timedelta.max,
        timedelta(-1, 0, 1),
        YearsMonths(10**9), {1, 2}, (1, (2, [3])), frozenset({"a"}), range(5),
    ]  # fmt: skip
    if depth == 0 or chance.random() < 0.4:
        return chance.choice(plain)
    items = [hostile(chance, depth - 1) for _ in range(chance.randint(0, 4))]
    shapes = [
        items,
        tuple(items),
        {f"k{n}": item for n, item in enumerate(items)},
        {"key": "a", "value": items},
        Record(items, items),
        items * 5_000,
    ]
    return chance.choice([*shapes, {1: items, None: items, "": items, "item": items, "a b": items}])


@pytest.mark.parametrize("seed", SEEDS)
def test_nonsense(seed):
    chance = random.Random(seed)
    read = [tried(nonsense(chance), DATA, chance.choice(ENVIRONMENTS)) for _ in range(800 * FACTOR)]
    assert sum(one is not None for one in read) > 15  # some of it is FEEL


@pytest.mark.parametrize("seed", SEEDS)
def test_expressions_that_are_spoilt(seed):
    chance, maker = random.Random(seed), Maker(seed, odd=0.3)
    known = [line.partition(" :: ")[2] or line for line in picked()]
    read = [
        tried(spoilt(chance, chance.choice(known) if chance.random() < 0.5 else maker.any(3)), DATA, chance.choice(ENVIRONMENTS))
        for _ in range(500 * FACTOR)
    ]
    assert sum(one is not None for one in read) > 40


@pytest.mark.parametrize("seed", SEEDS)
def test_hostile_data(seed):
    chance, maker = random.Random(seed), Maker(seed)
    texts = [line for line in picked() if " :: " not in line]
    for _ in range(60 * FACTOR):
        data = {name: hostile(chance) if chance.random() < 0.7 else value for name, value in DATA.items()}
        for text in (maker.any(3), chance.choice(texts), "string([" + ", ".join(f"`{name}`" for name in data) + "])"):
            tried(text, data, chance.choice(ENVIRONMENTS))
