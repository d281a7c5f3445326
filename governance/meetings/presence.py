"""Who is in the room: signing in and out, for oneself, for a seat, for a principal (FG-ATTEND; domain 2.4 rules 1–3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import ServiceRefused
from governance.meetings import convening, electorate, store
from governance.meetings.electorate import Record
from governance.meetings.work import Row, Work, moment
from governance.votes import certifying

#: kept with a move: only the date on which an adjourned meeting goes on was another one
RESUMPTION_MOVED = "resumption_moved"
#: states in which people come and go
COMING = ("announced", "open", "adjourned")


def sign_in(
    work: Work, meeting: Row, seat: Row, person: str | None, *, way: str, mandate: Mapping[str, Any] | None, record: Record
) -> list[str]:
    """Put a person on his seat, and on the seats he stands for by a letter given before: the seats now present, in order.

    Signing in twice changes nothing. Raises ServiceRefused: the meeting does not take place now, the term is over."""
    if meeting["state"] not in COMING:
        raise ServiceRefused(f"会议已是 {meeting['state']}，不能签到 / the meeting is {meeting['state']}", state=meeting["state"])
    if seat["voting"] and not record.in_term(seat, work.now):
        message = f"{seat['name']} 此刻任期已满或不在任，签到无效 / the term of {seat['name']} does not run now"
        raise ServiceRefused(message, code_of_rule="V-TERM", seat=seat["id"])
    present = record.present()
    added: list[str] = []
    here = present.get(seat["id"])
    if here is not None and here["proxy"]:
        # the principal came himself after all
        store.sign_out(work.connection, [seat["id"]], work.now)
        here = None
    if here is None:
        _add(work, seat, person, proxy=False, letter=None, way=way, mandate=mandate)
        added.append(seat["id"])
    for principal in record.seats:
        stands = person is not None and principal["answer"] == convening.PROXY and principal["proxy"] == person
        if stands and principal["id"] not in present and record.in_term(principal, work.now):
            _add(work, principal, person, proxy=True, letter=principal["proxy_letter"], way=way, mandate=mandate)
            added.append(principal["id"])
    return added


def stand_in(
    work: Work,
    meeting: Row,
    principal: Row,
    holder: str,
    letter: Sequence[str],
    *,
    way: str,
    mandate: Mapping[str, Any] | None,
    record: Record,
) -> list[str]:
    """A proxy shown at the door: he counts as present for his principal, if the rules allow it."""
    if meeting["state"] not in COMING:
        raise ServiceRefused(f"会议已是 {meeting['state']}，不能签到 / the meeting is {meeting['state']}", state=meeting["state"])
    given = list(letter) or (principal["proxy_letter"] or [] if principal["proxy"] == holder else [])
    convening.check_proxy(record, principal, holder, given)
    if principal["id"] in record.present():
        raise ServiceRefused(f"{principal['name']} 已签到 / {principal['name']} is present already", seat=principal["id"])
    if not record.in_term(principal, work.now):
        raise ServiceRefused(f"{principal['name']} 此刻不在任 / the term of {principal['name']} does not run now", code_of_rule="V-TERM")
    store.change_seat(
        work.connection, principal["id"], answer=convening.PROXY, proxy=holder, proxy_letter=given, answered_at=work.now,
        answered_by=work.actor.person,
    )  # fmt: skip
    _add(work, principal, holder, proxy=True, letter=given, way=way, mandate=mandate)
    return [principal["id"]]


def sign_out(work: Work, record: Record, seat: Row) -> int:
    """A person leaves: his own seat and those he stands for are empty from now on. How many seats that are."""
    here = record.present().get(seat["id"])
    if here is None:
        return 0
    person = here["person"]
    left = [seat["id"]]
    if not here["proxy"] and person is not None:
        left += [a["seat"] for a in record.present().values() if a["proxy"] and a["person"] == person]
    return store.sign_out(work.connection, left, work.now)


def admit(work: Work, meeting: Row, record: Record, *, person: str | None, name: str, capacity: str) -> Row:
    """A seat without a vote for somebody who was not invited: observers up to the quota, guests, experts."""
    if capacity not in ("observer", "attending", "expert"):
        raise ServiceRefused(f"不能以 {capacity} 身份临时入会 / nobody is admitted as {capacity} at the door", pointer="/capacity")
    if capacity == "observer":
        observers = sum(1 for s in record.seats if s["capacity"] == "observer")
        if not meeting["open_to_public"]:
            raise ServiceRefused("会议不公开，不设旁听 / the meeting is closed: no observers", pointer="/capacity")
        if meeting["observer_quota"] is not None and observers >= meeting["observer_quota"]:
            raise ServiceRefused(f"旁听名额 {meeting['observer_quota']} 个已满 / all observer seats are taken", pointer="/capacity")
    known = name.strip() or work.names([person]).get(person or "", "")
    if not known:
        raise ServiceRefused("请写明姓名 / say who it is", pointer="/name")
    row: Row = {
        "id": work.new_id(),
        "meeting": meeting["id"],
        "no": max((s["no"] for s in record.seats), default=0) + 1,
        "person": person,
        "unit": None,
        "membership": None,
        "name": known,
        "capacity": capacity,
        "voting": False,
        "weight": "1",
        "grp": None,
        "side": None,
        "selector": f"person:{person}" if person else None,
        "admitted_by": work.actor.person,
        "answer": None,
        "proxy": None,
        "proxy_letter": None,
    }
    store.add_seat(work.connection, row)
    return row


def begin(work: Work, meeting: str) -> dict[str, Any]:
    """The meeting opens with those who are there. → {state, present, needed, voting, met, affected_met}"""
    row = work.meeting(meeting)
    if row["state"] not in (*COMING, "draft"):
        raise ServiceRefused(f"会议已是 {row['state']}，不能开会 / the meeting is {row['state']}", state=row["state"])
    if row["state"] != "open":
        store.change(work.connection, meeting, state="open", opened_at=row["opened_at"] or work.now)
    return {"state": "open", **electorate.quorum(electorate.read(work, row), None, work.now).as_result()}


def quorum(work: Work, meeting: str, item: int | None) -> dict[str, Any]:
    """Whether enough are present at this moment, of the meeting or one of its items."""
    return electorate.quorum(electorate.read(work, work.meeting(meeting, lock=False)), item, work.now).as_result()


def adjourn(work: Work, meeting: str, reason: str, resume_at: Any) -> dict[str, Any]:
    """Break off with the items that remain; a vote that is still open is void, it is taken again with its item. The record stands at
    the date on which it goes on; an adjourned one that waits for it gets another. → {remaining, start_at, end_at}"""
    row = work.meeting(meeting)
    if row["state"] not in ("open", "announced", "adjourned"):
        raise ServiceRefused(f"会议已是 {row['state']}，不能休会 / the meeting is {row['state']}", state=row["state"])
    start = row["start_at"] if resume_at is None else moment(resume_at, "resume_at")
    if resume_at is not None and start <= work.now:
        raise ServiceRefused("续会时间须在现在之后 / it must go on later than now", pointer="/resume_at")
    move = {"at": work.now, "from": row["start_at"], "to": resume_at, "reason": reason, "by": work.actor.person}
    move["state"] = RESUMPTION_MOVED if row["state"] == "adjourned" else "adjourned"
    certifying.void_of_meeting(work, meeting, f"休会：{reason}")
    store.sign_out_all(work.connection, meeting, work.now)
    end = start + (row["end_at"] - row["start_at"])
    code = row["check_in_code"] if resume_at is None else str(uuid.uuid4())
    moves = [*row["moves"], move]
    store.change(work.connection, meeting, state="adjourned", moves=moves, start_at=start, end_at=end, check_in_code=code)
    remaining = [i for i in store.items(work.connection, meeting) if i["state"] in ("waiting", "current")]
    return {
        "remaining": [{"seq": i["seq"], "topic": i["topic"], "item_kind": i["item_kind"]} for i in remaining],
        "start_at": start,
        "end_at": end,
    }


def resume(work: Work, meeting: str, start_at: Any) -> dict[str, Any]:
    """Go on where it was broken off: sign-in opens again. → {state, start_at}"""
    row = work.meeting(meeting)
    if row["state"] != "adjourned":
        raise ServiceRefused(f"会议是 {row['state']}，不在休会 / the meeting is {row['state']}, not adjourned", state=row["state"])
    start = start_at or work.now
    length = row["end_at"] - row["start_at"]
    # a picture of the code that was shown at the first session opens nothing at the next
    store.change(work.connection, meeting, state="announced", start_at=start, end_at=start + length, check_in_code=str(uuid.uuid4()))
    return {"state": "announced", "start_at": start}


FINISHED = ("held", "no_quorum", "cancelled", "adjourned", "minuted", "confirmed", "archived")


def finish(work: Work, meeting: str, state: str) -> dict[str, Any]:
    """Close the sign-in, or set the state that follows the meeting. → {state, summary, start_at, end_at}

    Raises ServiceRefused: no such state; no quorum, though enough are there at this moment (who came late counts)."""
    if state not in FINISHED:
        raise ServiceRefused(f"会议状态 {state} 无效 / state {state} is none of {', '.join(FINISHED)}", input="state")
    row = work.meeting(meeting)
    if state == "no_quorum":
        _check_short(work, row)
    start, end = _held(row) if state == "adjourned" else (row["start_at"], row["end_at"])
    if state in ("cancelled", "no_quorum"):
        certifying.void_of_meeting(work, meeting, f"会议未召开：{state}")
    store.sign_out_all(work.connection, meeting, work.now)
    store.change(work.connection, meeting, state=state, start_at=start, end_at=end, ended_at=row["ended_at"] or work.now)
    return {"state": state, "summary": attendance(work, meeting), "start_at": start, "end_at": end}


def _check_short(work: Work, row: Row) -> None:
    """What is decided is decided on who is there now, not on who was there when the task was written."""
    found = electorate.quorum(electorate.read(work, row), None, work.now)
    if row["state"] in COMING and found.met:
        raise ServiceRefused(
            f"到会 {found.present} 席，已达法定人数 {found.needed}，请选“重新核定” / {found.present} seats are there, "
            f"{found.needed} needed: choose to count again",
            code_of_rule="quorum_met",
        )


def _held(row: Row) -> tuple[Any, Any]:
    """Start and end of the last session that was held: an adjourned meeting stands at a date that will not come."""
    last = next((m for m in reversed(row["moves"]) if m["state"] == "adjourned"), None)
    start = row["start_at"] if last is None or row["state"] != "adjourned" else last["from"]
    return start, start + (row["end_at"] - row["start_at"])


def attendance(work: Work, meeting: str) -> dict[str, Any]:
    """Who was there, and when; the rate is of the voting seats. → {signed_in, present, absent, absent_seats, rate}"""
    row = work.meeting(meeting, lock=False)
    record = electorate.read(work, row)
    seats = {s["id"]: s for s in record.seats}
    lines = [
        {
            "seat": a["seat"],
            "person": a["person"],
            "name": seats[a["seat"]]["name"],
            "capacity": "proxy" if a["proxy"] else seats[a["seat"]]["capacity"],
            "in": a["signed_in"],
            "out": a["signed_out"],
            "proxy_for": seats[a["seat"]]["name"] if a["proxy"] else None,
        }
        for a in record.attendances
    ]
    came = {a["seat"] for a in record.attendances}
    voting = [s for s in record.seats if s["voting"]]
    here = sum(1 for s in voting if s["id"] in came)
    absent = [s["name"] for s in voting if s["id"] not in came]
    return {
        "signed_in": lines,
        "present": here,
        "absent": absent,
        "absent_seats": [
            {key: s[key] for key in ("id", "unit", "person", "name", "capacity")} for s in record.seats if s["id"] not in came
        ],
        "voting": len(voting),
        "others": len(came) - here,
        "rate": round(here * 100 / len(voting), 1) if voting else None,
    }


def may_self_sign_in(work: Work, meeting: Row) -> None:
    """Sign-in by oneself opens some minutes before the start and ends with the meeting (setting). Raises ServiceRefused."""
    minutes = int(work.setting("meetings.sign_in_minutes", meeting["area"]))
    if meeting["state"] == "open":
        return
    early = (meeting["start_at"] - work.now).total_seconds() / 60
    if early > minutes:
        message = f"开会前 {minutes} 分钟起可以签到 / sign-in opens {minutes} minutes before the start"
        raise ServiceRefused(message, code_of_rule="sign_in_early")
    if work.now >= meeting["end_at"]:
        raise ServiceRefused("会议时间已过，签到码失效 / the time of the meeting is over", code_of_rule="sign_in_late")


def _add(
    work: Work, seat: Row, person: str | None, *, proxy: bool, letter: Sequence[str] | None, way: str, mandate: Mapping[str, Any] | None
) -> None:
    store.sign_in(
        work.connection,
        {
            "id": work.new_id(),
            "meeting": seat["meeting"],
            "seat": seat["id"],
            "person": person,
            "proxy": proxy,
            "letter": list(letter) if letter is not None else None,
            "signed_in": work.now,
            "way": way,
            "mandate": dict(mandate) if mandate else None,
            "entered_by": work.actor.person,
        },
    )
