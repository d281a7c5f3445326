"""Texts that are written out in a call and have a form of their own: regular expressions."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.patterns import PatternError, compiled

#: function → the places of its pattern and its flags, and what these arguments are called
_PATTERNS: dict[str, tuple[int, str, int | None]] = {
    "matches": (1, "pattern", 2),
    "replace": (1, "pattern", 3),
    "split": (1, "delimiter", None),
}


def wrong_pattern(node: nodes.Call, name: str) -> tuple[nodes.Node, str] | None:
    """The argument that is written out and is no regular expression, and the key of the sentence that says why."""
    if name not in _PATTERNS:
        return None
    place, called, flags_place = _PATTERNS[name]
    pattern, flags = _argument(node, place, called), _argument(node, flags_place, "flags")
    if not isinstance(pattern, nodes.Literal) or not isinstance(pattern.value, str):
        return None
    if flags is not None and not isinstance(flags, nodes.Literal):
        return None
    try:
        compiled(pattern.value, str(flags.value or "") if flags is not None else "")
    except PatternError as error:
        return pattern, error.key
    return None


def _argument(node: nodes.Call, place: int | None, name: str) -> nodes.Node | None:
    if node.names is not None:
        return node.arguments[node.names.index(name)] if name in node.names else None
    return node.arguments[place] if place is not None and place < len(node.arguments) else None
