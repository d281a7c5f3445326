"""What inference doubts, as problems: what, where in the expression, and the names that are near."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from engine.definitions.checks.context import some
from engine.definitions.model import Label
from engine.feel.errors import SENTENCES
from engine.feel.inference import Doubt, Shape, kind_in_words, nearest

#: (code, facts) → None
Add = Callable[..., None]
_LONGEST = 160
_CODES = {
    "name": "FEEL-002",
    "function": "FEEL-004",
    "path": "FEEL-006",
    "compare": "FEEL-007",
    "arithmetic": "FEEL-008",
    "condition": "FEEL-009",
    "result": "FEEL-009",
    "argument": "FEEL-010",
    "pattern": "FEEL-016",
}


def add_doubts(add: Add, where: str, text: str, doubts: Iterable[Doubt]) -> None:
    """`add` takes a code and its facts."""
    for doubt in doubts:
        code, facts = problem_of(doubt, text)
        add(code, where=where, **facts)


def problem_of(doubt: Doubt, text: str) -> tuple[str, dict[str, Any]]:
    """The code of a doubt and the facts that fill its templates, but for `where`."""
    facts: dict[str, Any] = {"at": place_of(text, doubt.position), "text": excerpt(text), "near": near_of(doubt.near)}
    code = _CODES[doubt.kind]
    if doubt.kind == "argument" and doubt.found is None:
        return "FEEL-011", {**facts, "name": doubt.name, "shown": ", ".join(doubt.known)}
    if doubt.kind == "pattern":
        english, chinese = (sentence.format() for sentence in SENTENCES[doubt.parameter])
        return code, {**facts, "name": doubt.name, "reason": Label(zh=chinese, en=english)}
    facts |= {"name": doubt.name, "known": some(doubt.known), "found": in_words(doubt.found), "other": in_words(doubt.other)}
    both = doubt.other is not None
    facts["other_too"] = Label(zh=f"和{facts['other'].zh}", en=f" and {facts['other'].en}") if both else Label()
    facts |= {"wanted": words(doubt.wanted), "parameter": doubt.parameter}
    return code, facts


def words(kinds: Sequence[str]) -> Label:
    return Label(zh=kind_in_words(tuple(kinds), "zh"), en=kind_in_words(tuple(kinds), "en"))


def in_words(shape: Shape | None) -> Label:
    """``a list``; of a list with items of one kind, that too."""
    if shape is None:
        return Label()
    if shape.kind == "list" and shape.item is not None and shape.item.known:
        of = words((shape.item.kind,))
        return Label(zh=f"列表（每项是{of.zh}）", en=f"a list (each item: {of.en})")
    return words((shape.kind,))


def place_of(text: str, position: int) -> Label:
    """Where in the expression; a line is named only where there are several."""
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    if "\n" not in text:
        return Label(zh=f"（第 {column} 个字符）", en=f" (character {column})")
    return Label(zh=f"（第 {line} 行第 {column} 个字符）", en=f" (line {line}, character {column})")


def near_of(names: Sequence[str]) -> Label:
    """A proposal that stands before other hints; empty without one."""
    if not names:
        return Label()
    shown = ", ".join(names)
    return Label(zh=f"是不是“{shown}”？", en=f"Did you mean “{shown}”? ")


def nearest_of(name: str, known: Iterable[str]) -> Label:
    return near_of(nearest(name, known))


def excerpt(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
