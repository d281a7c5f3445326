"""Syntax trees for those who analyse FEEL instead of running it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel import nodes
from engine.feel.expressions import OWN_FUNCTION_NAMES, builtin_names
from engine.feel.parser import Parser
from engine.feel.types import Type


def tree_of_tests(text: str, names: Iterable[str] = ()) -> nodes.Tests:
    """The unary tests of a cell as a tree. Raises FeelSyntaxError."""
    types: Mapping[str, Type] = {}
    return Parser(text, frozenset(names), (*builtin_names(), *OWN_FUNCTION_NAMES), types).whole_tests()
