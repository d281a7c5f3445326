"""FEEL source text to compiled expressions, compiled once per process and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from engine import feel


@lru_cache(maxsize=20_000)
def compiled(text: str, names: frozenset[str]) -> Any:
    """The compiled expression. `names` are those in scope that are more than a plain word (``add working days``, ``a-b``)."""
    return feel.compile_expression(text, names=names)


class Evaluator:
    """Evaluates FEEL for one command: its moment, its functions, its code lists (fetched when an expression names ``codes``)."""

    def __init__(
        self,
        *,
        now: datetime,
        zone: tzinfo,
        names: frozenset[str],
        functions: Callable[[], Mapping[str, Callable[..., Any]]],
        codes: Callable[[], Mapping[str, Any]],
    ) -> None:
        self._now = now
        self._zone = zone
        self._names = names
        self._functions = functions
        self._codes = codes
        self._environment: feel.Environment | None = None

    def __call__(self, text: str, variables: Mapping[str, Any]) -> Any:
        """The value of the expression. Raises UnknownVariable or ExpressionFailed."""
        expression = compiled(text, self._names | _dashed(variables) if "-" in text else self._names)
        if "codes" in expression.names and "codes" not in variables:
            variables = {**variables, "codes": self._codes()}
        return expression.evaluate(variables, self.environment)

    @property
    def environment(self) -> feel.Environment:
        """The surroundings of an evaluation, made when the first expression of the command needs them."""
        if self._environment is None:
            self._environment = feel.Environment(now=self._now, zone=self._zone, functions=self._functions())
        return self._environment


def _dashed(variables: Mapping[str, Any]) -> frozenset[str]:
    """``a-b`` is one name where there is such a variable (conventions 3)."""
    return frozenset(name for name in variables if "-" in name)
