"""A score sheet: indicators and groups with weights that sum to 100, veto items (domain SP05, FG-SCORE)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.errors import ServiceRefused

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator, a group of scorers or a veto item. `weight` is out of 100; None for veto items."""

    key: str
    name: str
    name_en: str
    weight: Decimal | None = None

    def as_value(self) -> dict[str, Any]:
        value: dict[str, Any] = {"key": self.key, "name": self.name, "name_en": self.name_en}
        return value if self.weight is None else {**value, "weight": self.weight}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    key: str
    indicators: tuple[Item, ...]
    groups: tuple[Item, ...] = ()
    veto: tuple[Item, ...] = ()

    def content(self) -> dict[str, Any]:
        """The sheet as a value: what is frozen and hashed."""
        return {
            "key": self.key,
            "indicators": [i.as_value() for i in self.indicators],
            "groups": [g.as_value() for g in self.groups],
            "veto": [v.as_value() for v in self.veto],
        }


def read_sheet(key: str, content: Mapping[str, Any]) -> Sheet:
    """A Sheet from `indicators`, `groups` and `veto`. Refuses weights that do not sum to 100 and keys that occur twice."""
    sheet = Sheet(
        key=key,
        indicators=_items(content.get("indicators"), weighted=True),
        groups=_items(content.get("groups"), weighted=True),
        veto=_items(content.get("veto"), weighted=False),
    )
    if not sheet.indicators:
        raise ServiceRefused(f"评分表 {key} 没有指标 / score sheet {key} has no indicators", sheet=key)
    for zh, en, items in (
        ("指标", "indicators", sheet.indicators),
        ("评分组", "groups", sheet.groups),
        ("一票否决项", "veto items", sheet.veto),
    ):
        _check(key, zh, en, items)
    return sheet


def _items(rows: Sequence[Mapping[str, Any]] | None, *, weighted: bool) -> tuple[Item, ...]:
    return tuple(
        Item(str(r["key"]), str(r.get("name") or r["key"]), str(r.get("name_en") or ""), Decimal(str(r["weight"])) if weighted else None)
        for r in rows or ()
    )


def _check(sheet: str, zh: str, en: str, items: Sequence[Item]) -> None:
    keys = [item.key for item in items]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ServiceRefused(f"评分表 {sheet} 的{zh}重复：{twice} / score sheet {sheet}: {en} occur twice", sheet=sheet, keys=twice)
    weights = [item.weight for item in items if item.weight is not None]
    if weights and sum(weights) != HUNDRED:
        message = f"评分表 {sheet} 的{zh}权重合计 {sum(weights)}，须为 100 / score sheet {sheet}: weights of {en} must sum to 100"
        raise ServiceRefused(message, sheet=sheet, sum=str(sum(weights)))
