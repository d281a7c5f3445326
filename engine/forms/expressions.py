"""FEEL inside a form: compiled once, evaluated with the form's names in scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeGuard

from engine.feel import Environment, Expression, compile_expression
from engine.forms.context import FormContext

#: names form-js itself puts into scope inside rows
ROW_NAMES = frozenset({"this", "parent", "i"})


def is_expression(value: Any) -> TypeGuard[str]:
    """form-js writes FEEL with a leading ``=``."""
    return isinstance(value, str) and value.startswith("=")


@cache
def compiled(text: str) -> Expression:
    """The compiled expression of ``=…``, cached: forms come from deployments, not from users. Raises FeelSyntaxError."""
    return compile_expression(text.removeprefix("="), named_zones=False)


def names_in(text: str) -> frozenset[str]:
    """Free names of ``=…``, also those form-js brings inside rows."""
    return frozenset(compiled(text).names)


_TEMPLATE = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)


def template_parts(text: str) -> list[str]:
    """Expressions of a form-js template ``… {{expression}} …``, as ``=…``."""
    return ["=" + part.strip() for part in _TEMPLATE.findall(text)]


def fill_template(text: str, fill: Callable[[str], str]) -> str:
    """The template with `fill("=…")` in place of each expression."""
    return _TEMPLATE.sub(lambda match: fill("=" + match.group(1).strip()), text)


def environment_of(context: FormContext) -> Environment:
    """As in the browser a name that nobody knows is null; deploy checks report it."""
    return Environment(now=context.now, zone=context.zone, functions=context.functions, strict_names=False)


def evaluate(text: str, variables: Mapping[str, Any], environment: Environment) -> Any:
    """Value of ``=…``."""
    return compiled(text).evaluate(variables, environment)
