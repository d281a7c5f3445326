"""Opening a meeting: its seats, agenda, frozen rules and the latest moments for notice and materials."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.errors import ServiceRefused
from governance.directory import selectors
from governance.directory import store as directory
from governance.directory.mandates import votes_at
from governance.meetings import agenda, rules, store
from governance.meetings.periods import periods
from governance.meetings.work import Row, Work, exact, moment, text_of

FORMAL = "formal"
CAPACITIES = (FORMAL, "proxy", "attending", "observer", "party", "expert")


def open_meeting(
    work: Work,
    *,
    kind: str,
    title: str,
    start_at: Any,
    end_at: Any,
    mode: str,
    venue: str,
    chair: str,
    secretary: str,
    given_rules: Any,
    invitees: Sequence[Mapping[str, Any]],
    committee: str | None,
    access: str | None,
    agenda_rows: Sequence[Mapping[str, Any]],
    materials: Sequence[str],
    open_to_public: bool,
    observer_quota: int | None,
    parties: Sequence[str],
    urgent: bool,
    urgent_reason: str,
) -> dict[str, Any]:
    """Write the meeting as a draft. A repeated call gives the first one.

    Raises ServiceRefused: times out of order, the secretary is the chair, nobody invited, somebody invited twice, a voting seat
    whose term does not run when the meeting starts (V-TERM), wrong agenda."""
    known = store.opened_by(work.connection, work.instance, work.call)
    if known is not None:
        return _result(work, known)
    start, end = moment(start_at, "start_at"), moment(end_at, "end_at")
    frozen = rules.checked(given_rules)
    klass = access or frozen.get("access") or "members"
    _check_head(start, end, chair, secretary, klass, urgent, urgent_reason)
    meeting_id = work.new_id()
    seats = _seats(work, meeting_id, invitees, committee, start, chair)
    row = {
        "id": meeting_id,
        "instance": work.instance,
        "call": work.call,
        "number": work.number,
        "area": work.area,
        "committee": committee,
        "title": title,
        "kind": kind,
        "mode": mode,
        "venue": venue,
        "start_at": start,
        "end_at": end,
        "chair": chair,
        "secretary": secretary,
        "access": klass,
        "parties": [str(p) for p in parties],
        "rules": frozen,
        "open_to_public": open_to_public,
        "observer_quota": observer_quota,
        "materials": list(materials),
        "urgent": urgent,
        "urgent_reason": urgent_reason.strip(),
        "state": "draft",
        "attempt": 1,
        "revision": 1,
        "check_in_code": str(uuid.uuid4()),
        "periods": periods(work.calendar(), frozen, start),
        "moves": [],
        "created": work.now,
    }
    items = agenda.rows(work, meeting_id, agenda_rows, minutes_there_are(start, end), sent=False)
    store.insert(work.connection, row, seats, items)
    return _result(work, store.get(work.connection, meeting_id) or row)


def minutes_there_are(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def seat_lines(seats: Sequence[Row]) -> list[dict[str, Any]]:
    """Seats as a process gets them."""
    shown = ("person", "unit", "name", "capacity", "voting", "selector", "side")
    return [{"seat": s["id"], **{key: s[key] for key in shown}, "weight": exact(s["weight"]), "group": s["grp"]} for s in seats]


def _result(work: Work, row: Row) -> dict[str, Any]:
    seats = store.seats(work.connection, row["id"])
    notice, materials = row["periods"].get("notice"), row["periods"].get("materials")
    return {
        "meeting": row["id"],
        "chair": row["chair"],
        "secretary": row["secretary"],
        "start_at": row["start_at"],
        "end_at": row["end_at"],
        "latest_notice": notice and notice["latest"],
        "latest_materials": materials and materials["latest"],
        "periods": row["periods"],
        "access": row["access"],
        "seats": seat_lines(seats),
        "voting": sum(1 for s in seats if s["voting"]),
        "revision": row["revision"],
        "state": row["state"],
    }


def _check_head(start: datetime, end: datetime, chair: str, secretary: str, access: str, urgent: bool, reason: str) -> None:
    if end <= start:
        raise ServiceRefused("结束时间须晚于开始时间 / the meeting ends before it begins", pointer="/end_at")
    if chair == secretary:
        raise ServiceRefused("记录人不能是主持人 / the secretary must not be the chair", pointer="/secretary")
    if access not in rules.ACCESS:
        raise ServiceRefused(f"阅知范围 {access} 无效 / access class {access} is none of {', '.join(rules.ACCESS)}", pointer="/access")
    if urgent and len(reason.strip()) < 4:
        raise ServiceRefused("紧急会议须说明理由（至少 4 字）/ an urgent meeting needs a reason", pointer="/urgent_reason")


def _seats(
    work: Work, meeting: str, invitees: Sequence[Mapping[str, Any]], committee: str | None, start: datetime, chair: str
) -> list[dict[str, Any]]:
    """Rows of the invited; of a committee's meeting without a list: all its members."""
    held = directory.seats_in(work.connection, [committee], start, start) if committee else []
    invited = [dict(i) for i in invitees] or [{"person": s.person, "unit": s.unit, "capacity": FORMAL} for s in held]
    if committee and any(s.person == chair for s in held) and not any(i.get("person") == chair for i in invited):
        invited.insert(0, {"person": chair, "capacity": FORMAL})
    if not invited:
        raise ServiceRefused("没有参会人员 / nobody is invited", pointer="/invitees")
    names = work.names(i.get("person") for i in invited)
    places = work.directory.places(work.connection, [str(i["unit"]) for i in invited if i.get("unit")], work.now)
    rows: list[dict[str, Any]] = []
    expired: list[str] = []
    for no, invitee in enumerate(invited, 1):
        unit, person = invitee.get("unit"), invitee.get("person")
        membership = _membership(held, person, unit)
        name = invitee.get("name") or names.get(str(person)) or (places[str(unit)].name.zh if unit in places else None)
        row = _seat(work, meeting, no, invitee, str(name or person or unit or ""), membership)
        if committee and row["voting"] and (membership is None or not votes_at(membership, start)):
            expired.append(row["name"])
        rows.append(row)
    _check_seats(rows, expired)
    return rows


def _seat(work: Work, meeting: str, no: int, invitee: Mapping[str, Any], name: str, membership: directory.Seat | None) -> dict[str, Any]:
    capacity = str(invitee.get("capacity") or FORMAL)
    if capacity not in CAPACITIES:
        raise ServiceRefused(f"参会身份 {capacity} 无效 / capacity {capacity} is none of {', '.join(CAPACITIES)}", pointer="/invitees")
    person = invitee.get("person") or (membership.person if membership else None)
    voting = invitee.get("voting")
    if voting is None:
        voting = capacity == FORMAL and (membership is None or membership.voting)
    weight = invitee.get("weight")
    return {
        "id": work.new_id(),
        "meeting": meeting,
        "no": no,
        "person": person,
        "unit": invitee.get("unit") or (membership.unit if membership else None),
        "membership": membership.id if membership else None,
        "name": name,
        "capacity": capacity,
        "voting": bool(voting),
        "weight": text_of(exact(weight if weight is not None else (membership.weight if membership else 1))),
        "grp": invitee.get("group"),
        "side": invitee.get("side"),
        "selector": _selector(invitee, person),
    }


def _selector(invitee: Mapping[str, Any], person: str | None) -> str | None:
    """To whom the seat's tasks are offered. Only a person has an inbox."""
    if person:
        return selectors.person(str(person))
    return str(invitee["selector"]) if invitee.get("selector") else None


def _membership(held: Sequence[directory.Seat], person: Any, unit: Any) -> directory.Seat | None:
    """The committee seat an invitee sits on: the unit's, or the person's own or that he holds for his unit."""
    if unit:
        return next((s for s in held if s.unit == unit and (person is None or s.person == person)), None)
    return next((s for s in held if s.person == person), None)


def _check_seats(rows: Sequence[Mapping[str, Any]], expired: Sequence[str]) -> None:
    if expired:
        names = "、".join(expired)
        message = (
            f"{names} 在会议开始时不在任或不是该机构成员，不能有表决权：请改为列席，或先办理换届 / "
            f"no vote when the meeting starts (term over, or no member): {', '.join(expired)}"
        )
        raise ServiceRefused(message, code_of_rule="V-TERM", people=list(expired), pointer="/invitees")
    seen: set[tuple[Any, Any, Any]] = set()
    for row in rows:
        key = (row["person"], row["unit"], None if row["person"] or row["unit"] else row["name"])
        if key in seen:
            raise ServiceRefused(f"{row['name']} 被邀请了两次 / {row['name']} is invited twice", pointer="/invitees")
        seen.add(key)
