"""What inference finds: something that can be read, but can never mean what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.feel.inference.shapes import Shape

#: kind → how it is called (Chinese, English)
KINDS: Mapping[str, tuple[str, str]] = {
    "number": ("数字", "a number"),
    "string": ("文本", "a text"),
    "boolean": ("是/否", "true or false"),
    "date": ("日期", "a date"),
    "time": ("时刻", "a time"),
    "date and time": ("日期时间", "a date and time"),
    "days and time duration": ("时长（天、时）", "a duration of days and hours"),
    "years and months duration": ("时长（年、月）", "a duration of years and months"),
    "list": ("列表", "a list"),
    "context": ("一组字段（上下文）", "a context"),
    "range": ("区间", "a range"),
    "function": ("函数", "a function"),
    "null": ("空", "null"),
    "Any": ("任意值", "any value"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One finding about one expression.

    `kind`: name (unknown) · function (unknown) · path (an entry that a known structure has not) · compare · arithmetic · condition (never
    true or false) · argument · pattern (no regular
    expression; `parameter`: the key of the sentence) · result (not what its place takes). `position` counts characters from 0.
    """

    kind: str
    position: int
    #: the name, entry, function or operator it is about
    name: str = ""
    #: shapes that do not fit each other, in the order in which they stand; of `argument` and `result`: found, then wanted kinds
    found: Shape | None = None
    other: Shape | None = None
    wanted: tuple[str, ...] = ()
    #: of an argument: its parameter
    parameter: str = ""
    #: spellings that would be right
    near: tuple[str, ...] = field(default=())
    #: what is there: entries of the structure, or names in scope
    known: tuple[str, ...] = field(default=())


def kind_in_words(kinds: tuple[str, ...] | str, language: str) -> str:
    """``a number or a text``."""
    listed = (kinds,) if isinstance(kinds, str) else kinds
    index, between = (1, " or ") if language == "en" else (0, "或")
    return between.join(KINDS.get(kind, (kind, kind))[index] for kind in listed)
