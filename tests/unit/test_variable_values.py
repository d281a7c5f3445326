"""What a variable may hold: refused at the door, not by a database or a reader later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import values
from engine.errors import CogovError, ExpressionFailed
from engine.feel import compile_expression
from engine.runner.failures import BadName
from engine.runner.variables import check_name


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("-inf"),
        Decimal("NaN"),
        {"a": [Decimal("Infinity")]},
        "a\0b",
        "\ud800",
        {"\udfff": 1},
        nested(101),
        object(),
        b"x",
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(value: Any) -> None:
    with pytest.raises(values.ValueRefused) as refused:
        values.normalise(value)
    assert isinstance(refused.value, CogovError)
    assert isinstance(refused.value, TypeError)
    assert " / " in refused.value.message


@pytest.mark.parametrize("value", ["社区\n共治 👪", "", "\x7f", nested(100), Decimal("1E-30"), {"@": "d", "typename": "x"}])
def test_what_can_be_stored_comes_back_as_it_was(value: Any) -> None:
    assert values.loads(values.dumps(values.normalise(value))) == value


def doubling(steps: int) -> str:
    """Entries that each hold the one before twice: short to write, 2^steps long."""
    return ", ".join(["a0: [1]", *(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, steps))])


@pytest.mark.parametrize(
    "text",
    [
        f"{{{doubling(40)}}}",
        f"{{{doubling(40)}, r: count(a39)}}.r",
        f"{{{doubling(40)}, r: string(a39)}}.r",
        f"{{{doubling(40)}, {doubling(40).replace('a', 'b')}, r: a39 = b39}}.r",
        "for x in 1..40 return partial",
        "for x in 1..40 return {again: partial, more: partial}",
    ],
)
def test_a_short_expression_cannot_make_a_value_without_end(text: str) -> None:
    with pytest.raises(ExpressionFailed):
        compile_expression(text).evaluate({})


@pytest.mark.parametrize("name", ["", "#done/1", "x" * 256])
def test_a_name_that_cannot_be_kept_is_refused_in_a_short_sentence(name: str) -> None:
    with pytest.raises(BadName) as refused:
        check_name(name)
    assert len(refused.value.message) < 200
    check_name("x" * 255)
