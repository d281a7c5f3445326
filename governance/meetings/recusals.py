"""Recusal: who has an interest leaves the base and the electorate of that item (FG-RECUSAL; SP12)."""

from __future__ import annotations

from typing import Any

from engine.errors import ServiceRefused
from governance.meetings import electorate, store
from governance.meetings.convening import seat_of
from governance.meetings.work import Work, whole
from governance.votes import store as votes

DECISIONS = ("recuse", "limited", "none")
RELATIONS = ("none", "self", "relative", "employer", "shares", "competitor", "other")


def recuse(
    work: Work, meeting: str, *, item: Any, seat: str, relation: str, detail: str, decision: str, decided_by: str | None
) -> dict[str, Any]:
    """Keep the decision about a seat and an item (none: every item). → {recused, voting, needed, met}

    `limited` keeps the vote and is noted; nobody decides about himself. Raises ServiceRefused."""
    row = work.meeting(meeting)
    record = electorate.read(work, row)
    own = seat_of(record, seat)
    if decision not in DECISIONS:
        raise ServiceRefused(f"回避决定 {decision} 无效 / decision {decision} is none of {', '.join(DECISIONS)}", pointer="/decision")
    if relation not in RELATIONS:
        raise ServiceRefused(f"利害关系 {relation} 无效 / relation {relation} is none of {', '.join(RELATIONS)}", pointer="/relation")
    if relation != "none" and not detail.strip():
        raise ServiceRefused("请说明利害关系 / describe the interest", pointer="/detail")
    if decided_by is not None and decided_by == record.person_of(own):
        raise ServiceRefused(
            "回避须由他人决定（主持人被申请回避时由副职或上级决定）/ nobody decides on his own recusal", pointer="/decided_by"
        )
    seq = whole(item, electorate.ALL_ITEMS)
    if any(v["state"] == "open" and (not seq or v["item"] == seq) for v in votes.of_meeting(work.connection, meeting)):
        raise ServiceRefused(
            "正在表决，回避须在表决开始前决定 / a vote is open: recusal is decided before it begins", code_of_rule="vote_open"
        )
    store.put_recusal(
        work.connection,
        {
            "id": work.new_id(),
            "meeting": meeting,
            "item": seq,
            "seat": own["id"],
            "relation": relation,
            "detail": detail.strip(),
            "decision": decision,
            "decided_by": decided_by,
            "at": work.now,
        },
    )
    store.change(work.connection, meeting)
    found = electorate.quorum(electorate.read(work, row), seq or None, work.now)
    return {"recused": decision == "recuse", **found.as_result(), "seat": own["id"], "item": seq or None}
