"""What the record says for the minutes, and who confirmed them (FG-MINUTES; SP03 step 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import ServiceRefused
from governance.directory import selectors
from governance.meetings import electorate, presence, store
from governance.meetings.convening import seat_of
from governance.meetings.work import Row, Work
from governance.votes import store as votes

ANSWERS = ("sign", "object", "refused_to_sign", "silent")


def prefill(work: Work, meeting: str) -> dict[str, Any]:
    """Attendance, items with votes and speeches, decisions, dissent and who has to confirm."""
    row = work.meeting(meeting, lock=False)
    record = electorate.read(work, row)
    items, said = store.items(work.connection, meeting), store.speeches(work.connection, meeting)
    held = [v for v in votes.of_meeting(work.connection, meeting) if v["state"] in ("closed", "certified") and v["result"]]
    came = presence.attendance(work, meeting)
    lines = [_item(i, [v for v in held if v["item"] == i["seq"]], [s for s in said if s["item"] == i["seq"]]) for i in items]
    return {
        "meeting": meeting,
        "title": row["title"],
        "held_at": row["opened_at"] or row["start_at"],
        "ended_at": row["ended_at"] or work.now,
        "attendance": _attendance_line(came),
        "present": came["present"],
        "voting": came["voting"],
        "rate": came["rate"],
        "items": lines,
        "decisions": [_decision(no, v, items) for no, v in enumerate(held, 1)],
        "dissent": _dissent(work, held, said),
        "tally": {stance: sum(1 for s in said if s["stance"] == stance) for stance in ("for", "against", "reserved", "proposal")},
        "formal": formal(record),
        "recusals": [
            {"item": r["item"] or None, "seat": r["seat"], "decision": r["decision"], "relation": r["relation"]} for r in record.recusals
        ],
    }


def formal(record: electorate.Record) -> list[str]:
    """Selectors of the chair and the formal attendees (and parties) who were there: they confirm the minutes."""
    came = {a["seat"] for a in record.attendances}
    people = [record.person_of(s) for s in record.seats if s["id"] in came and s["capacity"] in ("formal", "party")]
    return [selectors.person(p) for p in dict.fromkeys([record.meeting["chair"], *(p for p in people if p)])]


def confirm(work: Work, meeting: str, seat: str, answer: str, text: str) -> dict[str, Any]:
    """One answer to the minutes; `refused_to_sign` is noted by the chair [L-CF 64(8)]. → {confirmed, objections, missing}"""
    if answer not in ANSWERS:
        raise ServiceRefused(f"答复 {answer} 无效 / answer {answer} is none of {', '.join(ANSWERS)}", pointer="/answer")
    if answer == "object" and len(text.strip()) < 4:
        raise ServiceRefused("异议须写明内容（至少 4 字）/ say what you object to", pointer="/text")
    row = work.meeting(meeting)
    record = electorate.read(work, row)
    own = seat_of(record, seat)
    store.change_seat(
        work.connection,
        own["id"],
        confirmation=answer,
        confirmation_text=text.strip(),
        confirmed_by=work.actor.person,
        confirmed_at=work.now,
    )
    store.change(work.connection, meeting)
    return confirmations(electorate.read(work, row))


def confirmations(record: electorate.Record) -> dict[str, Any]:
    """Where the confirmation stands. Silence after the limit counts as agreed, and is kept as silence."""
    asked = {s.removeprefix("person:") for s in formal(record)}
    seats = [s for s in record.seats if record.person_of(s) in asked]
    return {
        "confirmed": sum(1 for s in seats if s["confirmation"] in ("sign", "silent")),
        "objections": [
            {"seat": s["id"], "name": s["name"], "text": s["confirmation_text"]} for s in seats if s["confirmation"] == "object"
        ],
        "refused": [s["name"] for s in seats if s["confirmation"] == "refused_to_sign"],
        "missing": [s["name"] for s in seats if s["confirmation"] is None],
    }


def status(work: Work, meeting: str) -> dict[str, Any]:
    """Everything small about a meeting."""
    row = work.meeting(meeting, lock=False)
    record = electorate.read(work, row)
    items = store.items(work.connection, meeting)
    shown = ("state", "title", "kind", "start_at", "end_at", "attempt", "revision", "chair", "secretary", "access", "sent_at")
    current = next((i["seq"] for i in items if i["state"] == "current"), None)
    return {
        "meeting": meeting,
        **{key: row[key] for key in shown},
        **electorate.quorum(record, None, work.now).as_result(),
        "items": [
            {"seq": i["seq"], "topic": i["topic"], "state": i["state"], "item_kind": i["item_kind"], "votable": i["sent"]} for i in items
        ],
        "current": current,
        "expected": electorate.expected(record, work.now),
        "confirmations": confirmations(record),
    }


def _attendance_line(came: dict[str, Any]) -> str:
    absent = "、".join(came["absent"])
    line = f"应到 {came['voting']}，实到 {came['present']}"
    return line + (f"，缺席：{absent}" if absent else "") + (f"；列席等 {came['others']} 人" if came["others"] else "")


def _item(item: Row, held: Sequence[Row], said: Sequence[Row]) -> dict[str, Any]:
    return {
        "seq": item["seq"],
        "topic": item["topic"],
        "item_kind": item["item_kind"],
        "state": item["state"],
        "outcome": item["outcome"],
        "votes": [{"vote": v["id"], **_short(v)} for v in held],
        "speeches": [{"speaker": s["speaker_name"], "stance": s["stance"], "text": s["text"]} for s in said],
    }


def _decision(no: int, vote: Row, items: Sequence[Row]) -> dict[str, Any]:
    lead = next((i["lead_unit"] for i in items if i["seq"] == vote["item"]), None)
    return {"no": str(no), "text": vote["motion"], "item": vote["item"], "vote": vote["id"], "lead_unit": lead, **_short(vote)}


def _short(vote: Row) -> dict[str, Any]:
    result = vote["result"]
    return {
        "result": result["result"],
        "text_of_count": result["text"]["zh"],
        "counts": result["counts"],
        "certified": vote["certified"] is not None,
    }


def _dissent(work: Work, held: Sequence[Row], said: Sequence[Row]) -> list[dict[str, Any]]:
    """Those who voted no by name, and those who spoke against. A secret vote names nobody."""
    named = {v["id"]: v for v in held if v["method"] in ("named", "written")}
    against = [b for b in votes.ballots_of(work.connection, named) if b["option"] == "no"] if named else []
    names = {(e["vote"], e["seat"]): e["name"] for e in votes.electors_of(work.connection, named)} if named else {}
    found = [{"item": named[b["vote"]]["item"], "name": names.get((b["vote"], b["seat"]), ""), "text": ""} for b in against]
    return found + [{"item": s["item"], "name": s["speaker_name"], "text": s["text"]} for s in said if s["stance"] == "against"]
