"""The count of a round: everything for staff, small groups only together for the public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.desk.opinions.views import Result
from governance.opinions import counting, store


def result_of(connection: Any, row: Mapping[str, Any], staff: bool, least: int) -> Result:
    slots, found = store.slots(connection, row["id"]), store.answers(connection, row["id"])
    marks = store.marks(connection, row["id"])
    rate = counting.share(row["answered"], row["invited"])
    groups = counting.by_group(row["groups"], slots, found)
    hidden = not staff and len(found) < least
    shown = [{**g, "keys": [g["group"]], "hidden": False} for g in groups] if staff else counting.merge_small(groups, least)
    questions = counting.by_question(row["questions"], [a["answers"] for a in found])
    detailed = [
        {**q, "question": given, "by_group": _per_group(given, shown, found)} for q, given in zip(questions, row["questions"], strict=True)
    ]
    return Result(
        counted=len(found),
        not_counted=sum(marks.values()) - marks.get("superseded", 0),
        rate=rate,
        enough=counting.enough(row["answered"], row["invited"], len(found), counting.fraction(row["min_rate"])),
        hidden=hidden,
        questions=() if hidden else detailed,
        groups=() if hidden else shown,
        texts=counting.texts(row["questions"], found) if staff else (),
        marks=marks if staff else None,
    )


def _per_group(question: Mapping[str, Any], groups: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The question's counts in each group that may be shown."""
    open_groups = [g for g in groups if g["answers"] and not g["hidden"]]
    if len(open_groups) < 2 or question["kind"] == "text":
        return []
    return [
        {"zh": g["zh"], "en": g["en"], **counting.by_question([question], [a["answers"] for a in found if a["slot_group"] in g["keys"]])[0]}
        for g in open_groups
    ]
