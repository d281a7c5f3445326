"""Counting a round: reply rate with its base, results per question and group, and what of them the public may see. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from governance.opinions.questions import STANCES

#: texts of free answers that are offered to whoever sorts them
_TEXTS_SHOWN = 60


def share(part: int, whole: int) -> dict[str, Any]:
    """{part, base, exact "13/20", percent "65.0"}; without a base there is no rate."""
    if whole == 0:
        return {"part": part, "base": 0, "exact": None, "percent": None}
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return {"part": part, "base": whole, "exact": str(Fraction(part, whole)), "percent": percent}


def fraction(text: str) -> Fraction:
    """An exact share as it is kept: "1/2"."""
    return Fraction(text)


def enough(answered: int, invited: int, counted: int, least: Fraction) -> bool:
    """Whether enough replied. A public round without a list has no base: then any answer is enough."""
    return Fraction(answered, invited) >= least if invited else counted > 0


def by_question(questions: Sequence[Mapping[str, Any]], answers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For each question {key, kind, text, n, counts {code: n}, mean}. `answers` are contexts by question key."""
    given = list(answers)
    return [_one(question, [a[question["key"]] for a in given if question["key"] in a]) for question in questions]


def by_group(
    groups: Sequence[Mapping[str, Any]], slots: Iterable[Mapping[str, Any]], answers: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """For each group {group, zh, en, audience, answers, replied, rate}: `audience` were invited, `replied` of them answered,
    `answers` count in all (uninvited ones of a public round, too)."""
    invited = Counter(s["group"] for s in slots if s["invited"])
    replied = Counter(s["group"] for s in slots if s["invited"] and s["answered"])
    counted = Counter(a["slot_group"] for a in answers)
    known = [g["key"] for g in groups]
    keys: list[str | None] = [*known, *sorted(k for k in {*invited, *counted} - {*known, None} if k is not None)]
    if None in invited or None in counted:
        keys.append(None)
    names = {g["key"]: g for g in groups}
    return [
        {
            "group": key,
            "zh": names[key]["zh"] if key in names else (key or "未分组"),
            "en": names[key]["en"] if key in names else (key or "No group"),
            "audience": invited[key],
            "answers": counted[key],
            "replied": replied[key],
            "rate": share(replied[key], invited[key]),
        }
        for key in keys
    ]


def stances(questions: Sequence[Mapping[str, Any]], answers: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How often each stance was taken over all clauses."""
    clauses = [q["key"] for q in questions if q["kind"] == "clause"]
    found = Counter(a[key]["stance"] for a in answers for key in clauses if key in a)
    return {stance: found[stance] for stance in STANCES}


def texts(questions: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Free texts, equal ones together, most frequent first: {question, text, count, group}; what the adoption table begins with."""
    found: Counter[tuple[str, str]] = Counter()
    groups: dict[tuple[str, str], set[str | None]] = {}
    for row in rows:
        for question in questions:
            text = _free_text(question, row["answers"].get(question["key"]))
            if text:
                found[(question["key"], text)] += 1
                groups.setdefault((question["key"], text), set()).add(row["slot_group"])
    lines = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_TEXTS_SHOWN]
    return [
        {"question": key[0], "text": key[1], "count": n, "group": next(iter(groups[key])) if len(groups[key]) == 1 else None}
        for key, n in lines
    ]


def merge_small(groups: Sequence[Mapping[str, Any]], least: int) -> list[dict[str, Any]]:
    """Groups for the public: those with fewer than `least` answers stand together as one. When even together they are too few,
    the next smallest joins them, since otherwise they could be computed from the total."""
    kept = sorted((dict(g) for g in groups if g["answers"]), key=lambda g: -g["answers"])
    small = [g for g in kept if g["answers"] < least]
    large = [g for g in kept if g["answers"] >= least]
    while small and sum(g["answers"] for g in small) < least and large:
        small.append(large.pop())
    shown = [g for g in groups if any(g["group"] == k["group"] for k in large) or not g["answers"]]
    lines = [{**g, "keys": [g["group"]], "hidden": False} for g in shown]
    order = [g["group"] for g in groups]
    return [*lines, _together(sorted(small, key=lambda g: order.index(g["group"])), least)] if small else lines


def _together(small: Sequence[Mapping[str, Any]], least: int) -> dict[str, Any]:
    total = {name: sum(g[name] for g in small) for name in ("audience", "answers", "replied")}
    return {
        "group": None,
        "zh": "、".join(g["zh"] for g in small) if len(small) < 3 else "其他各组（合并）",
        "en": ", ".join(g["en"] for g in small) if len(small) < 3 else "Other groups together",
        **total,
        "rate": share(total["replied"], total["audience"]),
        "keys": [g["group"] for g in small],
        "hidden": total["answers"] < least,
    }


def _one(question: Mapping[str, Any], given: Sequence[Any]) -> dict[str, Any]:
    line = {"key": question["key"], "kind": question["kind"], "text": question["text"]["zh"], "n": len(given)}
    match question["kind"]:
        case "choice":
            found = Counter(c for value in given for c in (value if isinstance(value, list) else [value]))
            return {**line, "counts": {o["code"]: found[o["code"]] for o in question["options"]}, "mean": None}
        case "scale":
            points = Counter(int(v) for v in given)
            mean = Decimal(sum(int(v) for v in given)) / len(given) if given else None
            counts = {str(n): points[n] for n in range(1, question["most"] + 1)}
            return {**line, "counts": counts, "mean": None if mean is None else mean.quantize(Decimal("0.01"), ROUND_HALF_UP)}
        case "clause":
            taken = Counter(value["stance"] for value in given)
            return {**line, "counts": {s: taken[s] for s in STANCES}, "mean": None}
        case _:
            return {**line, "counts": {}, "mean": None}


def _free_text(question: Mapping[str, Any], value: Any) -> str:
    if value is None or question["kind"] not in ("text", "clause"):
        return ""
    text = value["text"] if question["kind"] == "clause" else value
    return " ".join(str(text).split())
