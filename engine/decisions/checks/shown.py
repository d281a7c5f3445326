"""Values in findings, as one would write them into a cell."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel.kinds import kind_of
from engine.feel.temporal import text_of


def literal(value: Any) -> str:
    """The value as FEEL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(item)}" for key, item in value.items()) + "}"
    return str(value) if kind_of(value) == "unknown" else f'@"{text_of(value)}"'


def inputs(example: Mapping[str, Any]) -> str:
    """An example input: what does not matter (null where nothing is known of the values) is left out."""
    shown = [f"{name} = {literal(value)}" for name, value in example.items() if value is not None or len(example) == 1]
    return ", ".join(shown) or ", ".join(f"{name} = null" for name in example)
