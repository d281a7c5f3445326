"""Reading the frozen rules of a meeting (the context D5 gave)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import ServiceRefused
from governance.votes.arithmetic import BASES, Threshold, threshold

ACCESS = ("public", "members", "party", "parties", "staff")
METHODS = ("hands", "named", "secret", "written")


def checked(rules: Any) -> dict[str, Any]:
    """The rules as they may be frozen. Raises ServiceRefused where a code is none."""
    if not isinstance(rules, Mapping):
        raise ServiceRefused("没有会议规则（D5）/ there are no meeting rules (D5)", input="rules")
    found = dict(rules)
    for key in ("quorum", "threshold", "quorum_group_share"):
        if found.get(key) is not None:
            threshold(str(found[key]))
    _one_of(found, "base", BASES)
    _one_of(found, "method", METHODS)
    _one_of(found, "access", ACCESS)
    return found


def quorum(rules: Mapping[str, Any]) -> Threshold | None:
    """The share of the entitled seats that must be present; None: the kind has a rule of its own (all sides)."""
    return threshold(str(rules["quorum"])) if rules.get("quorum") else None


def group_quorum(rules: Mapping[str, Any]) -> tuple[str, Threshold] | None:
    """A group that must be present with a share of its own (hearings: those affected)."""
    if not rules.get("quorum_group"):
        return None
    return str(rules["quorum_group"]), threshold(str(rules.get("quorum_group_share") or "majority"))


def proxies(rules: Mapping[str, Any]) -> int:
    """How many others a person may stand for; 0: no proxies."""
    return int(rules.get("proxies") or 0)


def source_of(rules: Mapping[str, Any], what: str) -> str:
    """The article or assumption a rule rests on, as text in brackets; empty when D5 names none."""
    found = [s for s in rules.get("sources") or [] if s.get("what") == what]
    return " ".join(str(s.get("tag") or "") for s in found)


def _one_of(rules: Mapping[str, Any], key: str, known: tuple[str, ...]) -> None:
    if rules.get(key) is not None and rules[key] not in known:
        raise ServiceRefused(f"会议规则 {key} = {rules[key]} 无效 / {key} is none of {', '.join(known)}", input=f"rules.{key}")
