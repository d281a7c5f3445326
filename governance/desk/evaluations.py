"""How a line of a case's history tells a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Label

#: kind of the history rows
KIND = "decision_evaluated"


def why(content: Mapping[str, Any]) -> Label:
    """Which rules of a table fired, with their annotations, for a line of the case's history."""
    rules = content.get("rules") or ()
    if not rules:
        return Label()
    notes = ["；".join(rule["annotations"].values()) for rule in rules]
    chinese = [f"第 {rule['number']} 条" + (f"：{note}" if note else "") for rule, note in zip(rules, notes, strict=True)]
    english = [f"rule {rule['number']}" + (f": {note}" if note else "") for rule, note in zip(rules, notes, strict=True)]
    return Label("；".join(chinese), "; ".join(english))
