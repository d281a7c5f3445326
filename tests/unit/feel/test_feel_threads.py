"""Compiled expressions are shared by threads: eight at once agree with one, and nothing of one evaluation leaks into another."""

from __future__ import annotations

import decimal
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from engine.errors import CogovError
from engine.feel import Environment, compile_expression, compile_unary_tests
from tests.feel.made import DATA, expressions

THREADS = 8


def answer(expression, data, environment):
    """The value, or which error it was; comparable."""
    try:
        return repr(expression.evaluate(data, environment))
    except CogovError as error:
        return f"{error.code}: {error.message}"


@pytest.mark.parametrize("strict", [True, False])
def test_eight_threads_agree_with_one(strict):
    environment = Environment(strict_names=strict, max_steps=20_000, max_milliseconds=60_000)
    data, texts = DATA, expressions(seed=8, count=300)
    shared = [compile_expression(text, names=data) for text in texts]
    alone = [answer(expression, data, environment) for expression in shared]
    together = threading.Barrier(THREADS)

    def hammer(number):
        order = list(range(len(shared)))
        random.Random(number).shuffle(order)
        together.wait()
        return [(place, answer(shared[place], data, environment)) for _ in range(2) for place in order]

    with ThreadPoolExecutor(THREADS) as threads:
        for answers in threads.map(hammer, range(THREADS)):
            assert [(place, found) for place, found in answers if found != alone[place]] == []


def test_the_decimal_context_of_a_thread_neither_changes_nor_matters():
    expression = compile_expression(
        "[1 / 3, 0.1 + 0.2, 2 ** 0.5, decimal(2.345, 2), sum([0.1, 0.2]), exp(1), sqrt(2), 10 / 4, mean([1, 2, 2])]"
    )
    expected = expression.evaluate({})

    def with_odd_context(precision):
        with decimal.localcontext() as context:
            context.prec = precision
            context.rounding = decimal.ROUND_UP
            context.traps[decimal.Inexact] = True
            before = repr(context)
            found = expression.evaluate({})
            assert repr(decimal.getcontext()) == before
            return found

    with ThreadPoolExecutor(4) as threads:
        assert all(found == expected for found in threads.map(with_odd_context, [1, 3, 9, 50]))
    assert expected[0] == Decimal("0." + "3" * 34)


def test_compiling_at_once_gives_one_meaning():
    texts = [f"amount * {n} + count(rows[no > {n}])" for n in range(60)]
    data = {"amount": 2, "rows": [{"no": n} for n in range(50)]}

    def all_of_them(_):
        return [compile_expression(text).evaluate(data) for text in texts], [
            compile_unary_tests(f"> {n}").matches(Decimal(30), {}) for n in range(60)
        ]

    with ThreadPoolExecutor(THREADS) as threads:
        first, *others = threads.map(all_of_them, range(THREADS))
    assert others == [first] * (THREADS - 1)
    assert first[1] == [n < 30 for n in range(60)]
