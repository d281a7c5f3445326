"""The built-in functions of FEEL, by name."""

from collections.abc import Mapping

from engine.feel.builtins import contexts, conversions, dates, lists, numbers, ranges, strings
from engine.feel.builtins.registry import REGISTRY, Builtin

BUILTINS: Mapping[str, Builtin] = REGISTRY

__all__ = ["BUILTINS", "Builtin", "contexts", "conversions", "dates", "lists", "numbers", "ranges", "strings"]
