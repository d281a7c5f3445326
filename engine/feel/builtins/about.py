"""What each built-in function is for: for the reference, for editors, and for a test that runs every example."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.builtins.about_lists import LISTS_AND_CONTEXTS
from engine.feel.builtins.about_texts import TEXTS_AND_NUMBERS
from engine.feel.builtins.about_times import TIMES_AND_RANGES
from engine.feel.builtins.ranges import POINT
from engine.feel.builtins.registry import REGISTRY

#: (group, Chinese, English)
GROUPS: tuple[tuple[str, str, str], ...] = (
    ("numbers", "数", "Numbers"),
    ("strings", "文本", "Texts"),
    ("conversions", "转换与真假", "Conversion and truth"),
    ("lists", "列表", "Lists"),
    ("contexts", "上下文", "Contexts"),
    ("dates", "日期、时间与时长", "Dates, times and durations"),
    ("ranges", "区间与先后", "Ranges and order"),
    ("names", "名称", "Names"),
)


@dataclass(frozen=True, slots=True)
class About:
    """`signatures`: the ways to call it; `result`: the kind it gives; `example` = `answer` is true."""

    name: str
    group: str
    signatures: tuple[str, ...]
    result: str
    zh: str
    en: str
    example: str
    answer: str


_LENIENT = {"get or else": ("value: any, default: any",), "is defined": ("value: any",)}


def about_functions() -> tuple[About, ...]:
    """Every built-in function, by group and in the order of the group."""
    rows = (*TEXTS_AND_NUMBERS, *LISTS_AND_CONTEXTS, *TIMES_AND_RANGES)
    order = [group for group, _, _ in GROUPS]
    return tuple(sorted((_about(*row) for row in rows), key=lambda about: order.index(about.group)))


def _about(group: str, name: str, result: str, zh: str, en: str, example: str, answer: str) -> About:
    overloads = REGISTRY[name].overloads if name in REGISTRY else ()
    texts = _LENIENT.get(name) or tuple(overload.text for overload in overloads)
    signatures = tuple(f"{name}({text.replace(POINT, 'point')})" for text in texts)
    return About(name, group, signatures, result, zh, en, example, answer)
