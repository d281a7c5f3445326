"""The agenda: its rows, what may be voted, and where the meeting stands (FG-AGENDA)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import ServiceRefused
from governance.meetings import store
from governance.meetings.work import Row, Work, whole

KINDS = ("inform", "discuss", "vote", "report")
STATES = ("current", "done", "carried_over", "closed")
STANCES = ("for", "against", "reserved", "proposal")
VOTE = "vote"


def rows(work: Work, meeting: str, given: Sequence[Mapping[str, Any]], available: int, *, sent: bool) -> list[dict[str, Any]]:
    """Agenda rows as they are stored. Raises ServiceRefused: a number twice, more minutes than the meeting has, seconder = proposer."""
    found = [_row(work, meeting, no, entry, sent=sent) for no, entry in enumerate(given, 1)]
    numbers = [r["seq"] for r in found]
    if len(set(numbers)) < len(numbers):
        raise ServiceRefused("议程序号重复 / a number of the agenda is used twice", pointer="/agenda")
    total = sum(r["minutes"] for r in found)
    if total > available:
        message = f"议程共 {total} 分钟，超过会议时长 {available} 分钟 / the agenda takes {total} minutes, the meeting has {available}"
        raise ServiceRefused(message, pointer="/agenda")
    return found


def check_votable(items: Sequence[Row]) -> None:
    """Raises ServiceRefused for an item to be voted without a motion (SP03 step 2)."""
    bare = [str(i["seq"]) for i in items if i["item_kind"] == VOTE and not (i["motion"] or "").strip()]
    if bare:
        raise ServiceRefused(
            f"第 {'、'.join(bare)} 项要表决但没有表决事项 / items {', '.join(bare)} are to be voted but have no motion", pointer="/agenda"
        )


def find(items: Sequence[Row], seq: int) -> Row:
    """Raises ServiceRefused."""
    found = next((i for i in items if i["seq"] == seq), None)
    if found is None:
        raise ServiceRefused(f"议程没有第 {seq} 项 / the agenda has no item {seq}", item=seq)
    return found


def add(work: Work, meeting: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An item put on the agenda after it was sent: it may be discussed, not voted [L-BJWY 35]."""
    row = work.meeting(meeting)
    existing = store.items(work.connection, meeting)
    given = dict(entry)
    given["seq"] = whole(given.get("seq"), max((i["seq"] for i in existing), default=0) + 1)
    if any(i["seq"] == given["seq"] for i in existing):
        raise ServiceRefused(f"议程已有第 {given['seq']} 项 / the agenda has an item {given['seq']} already", pointer="/item/seq")
    votable = row["sent_at"] is None
    store.add_items(work.connection, [_row(work, meeting, given["seq"], given, sent=False)])
    store.change(work.connection, meeting)
    return {"seq": given["seq"], "votable": votable}


def move(work: Work, meeting: str, seq: int, state: str, outcome: str | None, speeches: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Take an item up, or leave it; note its speeches. → {seq, revision}"""
    if state not in STATES:
        raise ServiceRefused(f"议程状态 {state} 无效 / state {state} is none of {', '.join(STATES)}", input="state")
    work.meeting(meeting)
    found = find(store.items(work.connection, meeting), seq)
    values: dict[str, Any] = {"state": state}
    if outcome is not None:
        values["outcome"] = outcome
    if state == "current":
        values["begun"] = found["begun"] or work.now
        store.put_back_current(work.connection, meeting, seq)
    else:
        values["ended"] = work.now
    store.change_item(work.connection, meeting, seq, **values)
    note(work, meeting, seq, speeches)
    return {"seq": seq, "revision": store.change(work.connection, meeting)}


def note(work: Work, meeting: str, seq: int, speeches: Sequence[Mapping[str, Any]], mandate: Mapping[str, Any] | None = None) -> None:
    """Keep what was said. `speaker` is a person's id or a name. Raises ServiceRefused for an unknown stance or an empty text."""
    names = work.names(str(s.get("speaker") or "") for s in speeches)
    kept = []
    for speech in speeches:
        text, stance = str(speech.get("text") or "").strip(), str(speech.get("stance") or "")
        # nobody is given a stance that he did not take
        if stance and stance not in STANCES:
            raise ServiceRefused(f"态度 {stance} 无效 / stance {stance} is none of {', '.join(STANCES)}", pointer="/speeches")
        if not text:
            raise ServiceRefused("发言内容为空 / a speech has no text", pointer="/speeches")
        speaker = str(speech.get("speaker") or "")
        kept.append(
            {
                "id": work.new_id(),
                "meeting": meeting,
                "item": seq,
                "speaker": speaker,
                "speaker_name": names.get(speaker, speaker),
                "stance": stance,
                "text": text,
                "at": work.now,
                "noted_by": work.actor.person,
                "mandate": dict(mandate) if mandate else None,
            }
        )
    store.add_speeches(work.connection, kept)


def _row(work: Work, meeting: str, no: int, entry: Mapping[str, Any], *, sent: bool) -> dict[str, Any]:
    kind = str(entry.get("item_kind") or "discuss")
    if kind not in KINDS:
        raise ServiceRefused(f"议程类型 {kind} 无效 / item kind {kind} is none of {', '.join(KINDS)}", pointer="/agenda")
    topic = str(entry.get("topic") or "").strip()
    if not topic:
        raise ServiceRefused(f"第 {no} 项没有议题 / item {no} has no topic", pointer="/agenda")
    proposer, seconders = entry.get("proposer"), [str(s) for s in entry.get("seconders") or ()]
    if proposer is not None and str(proposer) in seconders:
        raise ServiceRefused(f"第 {no} 项的附议人不能是提出人 / item {no}: the proposer cannot second it", pointer="/agenda")
    return {
        "id": work.new_id(),
        "meeting": meeting,
        "seq": whole(entry.get("seq"), no),
        "topic": topic,
        "proposer": str(proposer) if proposer is not None else None,
        "seconders": seconders,
        "item_kind": kind,
        "minutes": whole(entry.get("minutes"), 0),
        "motion": entry.get("motion"),
        "lead_unit": entry.get("lead_unit"),
        "method": entry.get("method"),
        "threshold": entry.get("threshold"),
        "base": entry.get("base"),
        "sent": sent,
        "state": "waiting",
    }
