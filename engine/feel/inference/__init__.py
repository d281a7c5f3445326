"""What an expression gives and what in it is certainly wrong, without evaluating it; usable without the rest of the engine.

>>> inferred = infer("amount > limit and kind = 3", {"amount": NUMBER, "limit": NUMBER, "kind": TEXT})
>>> inferred.shape.kind, [doubt.kind for doubt in inferred.doubts]
('boolean', ['compare'])
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.feel.expressions import OWN_FUNCTION_NAMES, builtin_names
from engine.feel.inference.doubts import KINDS, Doubt, kind_in_words
from engine.feel.inference.functions import Signature
from engine.feel.inference.infer import Inference
from engine.feel.inference.scope import Anything
from engine.feel.inference.shapes import (
    ANY,
    BOOLEAN,
    DATE,
    DAYS,
    MOMENT,
    MONTHS,
    NULL,
    NUMBER,
    TEXT,
    TIME,
    Shape,
    context_of,
    described,
    join,
    list_of,
    of_type,
    of_value,
)
from engine.feel.inference.spelling import nearest
from engine.feel.parser import Parser
from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Inferred:
    """What is known of an expression: the shape of its value, and its doubts in the order of the text."""

    shape: Shape
    doubts: tuple[Doubt, ...]


def infer(
    text: str,
    names: Mapping[str, Shape],
    *,
    functions: Mapping[str, Signature] | None = None,
    types: Mapping[str, Type] | None = None,
    wanted: Collection[str] = (),
) -> Inferred:
    """An expression with these names in scope; a leading `=` is dropped. `wanted`: the kinds its place takes, none for any.

    Raises FeelSyntaxError.
    """
    own = functions or {}
    tree = Parser(_body(text), names, _callables(own), types or {}).whole_expression()
    inference = Inference(names, own)
    shape = inference.of(tree)
    if wanted:
        inference.must_be(tree, shape, tuple(wanted), "condition" if tuple(wanted) == ("boolean",) else "result")
    return Inferred(shape, _in_order(inference.doubts))


def infer_tests(
    text: str,
    value: Shape,
    names: Mapping[str, Shape],
    *,
    functions: Mapping[str, Signature] | None = None,
    types: Mapping[str, Type] | None = None,
) -> Inferred:
    """Unary tests of a decision table's cell whose input has the shape `value`. Raises FeelSyntaxError."""
    own = functions or {}
    inference = Inference(names, own)
    inference.tests(Parser(_body(text), names, _callables(own), types or {}).whole_tests(), value)
    return Inferred(BOOLEAN, _in_order(inference.doubts))


def _body(text: str) -> str:
    """Without the mark of an expression, which a space replaces so that positions stay right."""
    start = text.lstrip()
    return text.replace("=", " ", 1) if start.startswith("=") and not start.startswith("==") else text


def _callables(own: Mapping[str, Signature]) -> tuple[str, ...]:
    return (*builtin_names(), *OWN_FUNCTION_NAMES, *own)


def _in_order(doubts: list[Doubt]) -> tuple[Doubt, ...]:
    found: list[Doubt] = []
    for doubt in doubts:
        if doubt not in found:
            found.append(doubt)
    return tuple(sorted(found, key=lambda doubt: doubt.position))


__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DAYS",
    "KINDS",
    "MOMENT",
    "MONTHS",
    "NULL",
    "NUMBER",
    "TEXT",
    "TIME",
    "Anything",
    "Doubt",
    "Inferred",
    "Shape",
    "Signature",
    "context_of",
    "described",
    "infer",
    "infer_tests",
    "join",
    "kind_in_words",
    "list_of",
    "nearest",
    "of_type",
    "of_value",
]
