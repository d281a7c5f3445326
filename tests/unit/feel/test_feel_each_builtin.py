"""Every built-in function: its example, null, a wrong kind, a wrong number of arguments, a wrong name, and its boundaries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.feel import Environment, FeelSyntaxError, builtin_names, compile_expression
from engine.feel.builtins import BUILTINS
from engine.feel.builtins.about import about_functions
from engine.feel.builtins.registry import Overload, Parameter
from engine.feel.reference import with_functions

ENVIRONMENT = Environment(now=datetime(2026, 3, 2, 1, tzinfo=UTC), zone=UTC)
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "feel.md"

#: one literal of each kind
OF_KIND = {
    "number": "1", "string": '"a"', "boolean": "true", "date": '@"2026-03-02"', "time": '@"09:00:00"', "list": "[1]", "context": "{a: 1}",
    "date and time": '@"2026-03-02T09:00:00"', "days and time duration": '@"P1D"', "years and months duration": '@"P1Y"',
    "range": "[1..2]", "function": "function(a, b) true",
}  # fmt: skip
ABOUT = about_functions()


def value(text: str, **variables: Any) -> Any:
    return compile_expression(text).evaluate(variables, ENVIRONMENT)


@pytest.mark.parametrize("about", ABOUT, ids=lambda about: about.name)
def test_its_example_is_true(about):
    assert value(f"({about.example}) = ({about.answer})") is True
    assert about.name in about.example
    assert about.zh
    assert about.en


def test_every_function_has_an_example_and_every_example_a_function():
    assert {about.name for about in ABOUT} == builtin_names()
    assert len(ABOUT) == len(builtin_names())


def test_the_reference_lists_the_functions():
    page = REFERENCE.read_text("utf-8")
    assert with_functions(page) == page, "python -m engine.feel.reference docs/reference/feel.md"


def _literal(parameter: Parameter) -> str:
    return OF_KIND[min(parameter.kinds)] if parameter.kinds else "1"


def _wrong(parameter: Parameter) -> str | None:
    """A literal this parameter does not take; None when it takes every kind (a single item counts as a list)."""
    if not parameter.kinds or "list" in parameter.kinds:
        return None
    return OF_KIND["context"] if "context" not in parameter.kinds else OF_KIND["number"]


def _calls() -> list[tuple[str, Overload]]:
    return [(name, overload) for name, builtin in BUILTINS.items() for overload in builtin.overloads if overload.parameters]


CALLS = _calls()
IDS = [f"{name}({overload.text})"[:60] for name, overload in CALLS]


@pytest.mark.parametrize(("name", "overload"), CALLS, ids=IDS)
def test_null_for_what_must_be_there_gives_null(name, overload):
    literals = [_literal(parameter) for parameter in overload.parameters]
    for place, parameter in enumerate(overload.parameters):
        if parameter.kinds and not parameter.optional:
            given = [*literals[:place], "null", *literals[place + 1 :]]
            assert value(f"{name}({', '.join(given)})") is None, given


@pytest.mark.parametrize(("name", "overload"), CALLS, ids=IDS)
def test_a_wrong_kind_gives_null(name, overload):
    literals = [_literal(parameter) for parameter in overload.parameters]
    for place, parameter in enumerate(overload.parameters):
        wrong = _wrong(parameter)
        if wrong is not None:
            given = [*literals[:place], wrong, *literals[place + 1 :]]
            assert value(f"{name}({', '.join(given)})") is None, given


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_wrong_number_of_arguments_is_told_before_it_runs(name):
    overloads = BUILTINS[name].overloads
    counts = {0, *(len(overload.parameters) + 1 for overload in overloads)}
    for count in counts:
        if any(overload.takes(count) for overload in overloads):
            continue
        with pytest.raises(FeelSyntaxError, match="does not take these arguments") as raised:
            compile_expression(f"{name}({', '.join(['1'] * count)})")
        assert name in raised.value.hint


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_wrong_name_of_an_argument_is_told_before_it_runs(name):
    with pytest.raises(FeelSyntaxError, match="does not take these arguments"):
        compile_expression(f"{name}(nobody knows this: 1)")


@pytest.mark.parametrize(("name", "overload"), CALLS, ids=IDS)
def test_arguments_may_be_named_in_any_order(name, overload):
    if overload.parameters[-1].many or len(overload.parameters) < 2:
        return
    literals = {parameter.name: _literal(parameter) for parameter in overload.parameters}
    in_order = value(f"{name}({', '.join(literals.values())})")
    by_name = value(f"{name}({', '.join(f'{key}: {text}' for key, text in reversed(literals.items()))})")
    assert value("a = b", a=in_order, b=by_name) is True


def _boundaries() -> list[tuple[str, str, str]]:
    """Function, expression, what it equals."""
    lines = (Path(__file__).parent / "boundaries.txt").read_text("utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if not line.startswith("#")]  # type: ignore[misc]


def test_every_function_has_a_boundary():
    assert {name for name, _, _ in _boundaries()} == builtin_names()


@pytest.mark.parametrize(("name", "text", "expected"), _boundaries())
def test_boundaries(name, text, expected):
    assert name in text
    assert value(f"({text}) = ({expected})") is True
