"""Announcing a meeting and moving its date; replies to the invitation (SP03 steps 2–4, 6)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.definitions.model import Label
from engine.errors import ServiceRefused
from engine.values import duration_text
from governance.calendars.limits import moment_text
from governance.meetings import agenda, announcing, electorate, rules, store
from governance.meetings.opening import minutes_there_are
from governance.meetings.periods import periods
from governance.meetings.work import Row, Work, moment
from governance.votes import certifying

ATTEND, AWAY, PROXY = "attend", "absent", "proxy"


def send(work: Work, meeting: str, agenda_rows: Sequence[Mapping[str, Any]] | None, materials: Sequence[str] | None) -> dict[str, Any]:
    """Freeze the agenda and tell every seat; sent again, it adds materials.

    Raises ServiceRefused when it is too late and not urgent, or a vote has no motion."""
    row = work.meeting(meeting)
    if row["state"] not in ("draft", "announced"):
        raise ServiceRefused(f"会议已是 {row['state']}，不能再发通知 / the meeting is {row['state']}", state=row["state"])
    if agenda_rows is not None and row["sent_at"] is None:
        store.drop_items(work.connection, meeting)
        available = minutes_there_are(row["start_at"], row["end_at"])
        store.add_items(work.connection, agenda.rows(work, meeting, agenda_rows, available, sent=False))
    agenda.check_votable(store.items(work.connection, meeting))
    if row["sent_at"] is None:  # the calendar of the day it is sent decides, not that of the day the draft was made
        row = {**row, "periods": periods(work.calendar(row["area"]), row["rules"], row["start_at"])}
    late = _late(work, row, bool(materials))
    values: dict[str, Any] = {"state": "announced", "materials": list(materials) if materials is not None else row["materials"]}
    if row["sent_at"] is None:
        store.mark_sent(work.connection, meeting)
        values |= {"sent_at": work.now, "periods": row["periods"]}
    store.change(work.connection, meeting, **values)
    told = tell(work, row, Label(f"会议通知：{row['title']}", f"Notice of meeting: {row['title']}"), "invited", f"send:{work.call}")
    return {
        "sent_at": work.now,
        "told": len(told),
        "enough_notice": late is None,
        "short_by": late,
        "latest_notice": row["periods"]["notice"] and row["periods"]["notice"]["latest"],
    }


def tell(work: Work, row: Row, title: Label, kind: str, occasion: str) -> list[str]:
    """A notice to every seat, to chair and secretary, with the way to the meeting: who was told."""
    record = electorate.read(work, row)
    people = [record.person_of(s) for s in record.seats]
    to = list(dict.fromkeys(p for p in (*people, row["chair"], row["secretary"]) if p))
    return work.notices.send(
        work.connection, to, kind=kind, at=work.now, title=title, subject=row["title"], link=f"/meetings/{row['id']}",
        instance=row["instance"] or None, occasion=f"meeting:{row['id']}:{occasion}"[:200],
    )  # fmt: skip


def reschedule(work: Work, meeting: str, start_at: Any, end_at: Any, reason: str, ahead: Any = None) -> dict[str, Any]:
    """A new date after a failed one or before the first: replies are void, everybody is told. → {start_at, attempt}

    `ahead`: a limit (P7D, 5WD) for which the public announcement, made anew, must be on show before the meeting."""
    row = work.meeting(meeting)
    if row["state"] not in ("draft", "announced", "open", "no_quorum", "adjourned"):
        raise ServiceRefused(f"会议已是 {row['state']}，不能改期 / the meeting is {row['state']}", state=row["state"])
    start, end = moment(start_at, "start_at"), moment(end_at, "end_at")
    if end <= start:
        raise ServiceRefused("结束时间须晚于开始时间 / the meeting ends before it begins", pointer="/end_at")
    _check_distance(work, row, start)
    announcing.check_date(work, row, start, ahead)
    if len(reason.strip()) < 4:
        raise ServiceRefused("请说明改期理由（至少 4 字）/ give a reason for the new date", pointer="/reason")
    counted = row["state"] in ("open", "no_quorum")
    move = {"at": work.now, "from": row["start_at"], "to": start, "reason": reason.strip(), "by": work.actor.person, "state": row["state"]}
    certifying.void_of_meeting(work, meeting, f"改期：{reason.strip()}")
    store.sign_out_all(work.connection, meeting, work.now)
    store.void_answers(work.connection, meeting)
    store.change(
        work.connection,
        meeting,
        start_at=start,
        end_at=end,
        attempt=row["attempt"] + (1 if counted else 0),
        state="announced" if row["sent_at"] else "draft",
        opened_at=None,
        ended_at=None,
        check_in_code=str(uuid.uuid4()),
        periods=periods(work.calendar(), row["rules"], start),
        moves=[*row["moves"], move],
    )
    day = moment_text(work.calendar(), start)
    title = Label(f"会议改期：{row['title']}，{day.zh}", f"Meeting moved: {row['title']}, {day.en}")
    tell(work, row, title, "info", f"moved:{len(row['moves']) + 1}")
    return {"start_at": start, "end_at": end, "attempt": row["attempt"] + (1 if counted else 0)}


def reply(work: Work, meeting: str, seat: str, answer: str, proxy: str | None, letter: Sequence[str], reason: str) -> dict[str, Any]:
    """A seat's reply. → {expected, needed, voting}. Raises ServiceRefused where the rules forbid the proxy (2.4 rule 3)."""
    row = work.meeting(meeting)
    if row["state"] not in store.ALIVE:
        raise ServiceRefused(f"会议已是 {row['state']}，不再接受回执 / the meeting is {row['state']}", state=row["state"])
    record = electorate.read(work, row)
    own = seat_of(record, seat)
    if answer not in (ATTEND, AWAY, PROXY):
        raise ServiceRefused(f"回执 {answer} 无效 / answer {answer} is none of attend, absent, proxy", pointer="/answer")
    if answer == PROXY:
        check_proxy(record, own, proxy, letter)
    store.change_seat(
        work.connection, own["id"], answer=answer, proxy=proxy if answer == PROXY else None,
        proxy_letter=list(letter) if answer == PROXY else None, answer_reason=reason, answered_at=work.now,
        answered_by=work.actor.person,
    )  # fmt: skip
    store.change(work.connection, meeting)
    return electorate.expected(electorate.read(work, row), work.now)


def expected(work: Work, meeting: str) -> dict[str, Any]:
    """What the replies promise at this moment."""
    return electorate.expected(electorate.read(work, work.meeting(meeting, lock=False)), work.now)


def seat_of(record: electorate.Record, seat: str) -> Row:
    """By id of the seat, or by person. Raises ServiceRefused."""
    found = next((s for s in record.seats if s["id"] == seat), None)
    found = found or next((s for s in record.seats if record.person_of(s) == seat), None)
    if found is None:
        raise ServiceRefused(f"会议没有席位 {seat} / the meeting has no seat {seat}", seat=seat)
    return found


def check_proxy(record: electorate.Record, seat: Row, holder: str | None, letter: Sequence[str]) -> None:
    """Whether `holder` may stand for this seat under the rules (domain 2.4 rule 3). Raises ServiceRefused."""
    frozen = record.meeting["rules"]
    most, source = rules.proxies(frozen), rules.source_of(frozen, "proxy")
    if most == 0:
        raise ServiceRefused(f"本会议不允许委托 {source} / this meeting allows no proxies {source}".strip(), code_of_rule="proxy_forbidden")
    if not holder:
        raise ServiceRefused("请写明受托人 / say who stands for the seat", pointer="/proxy")
    if holder == record.person_of(seat):
        raise ServiceRefused("不能委托给自己 / one cannot be one's own proxy", pointer="/proxy")
    if frozen.get("proxy_letter") and not letter:
        raise ServiceRefused("委托须附书面委托书 / a proxy needs a written letter", pointer="/proxy_letter", code_of_rule="proxy_letter")
    agent = seat["capacity"] == "party"
    own = [s for s in record.seats if record.person_of(s) == holder]
    if not agent and not any(s["voting"] for s in own):
        raise ServiceRefused("受托人须为有表决权的成员 / the proxy must be a voting member", pointer="/proxy", code_of_rule="proxy_member")
    if not agent and any(s["answer"] == PROXY for s in own if s["voting"]):
        raise ServiceRefused("受托人自己已委托他人 / the proxy has given his own seat to somebody else", pointer="/proxy")
    held = [s for s in record.seats if s["answer"] == PROXY and s["proxy"] == holder and s["id"] != seat["id"]]
    if len(held) >= most:
        names = "、".join(s["name"] for s in held)
        raise ServiceRefused(
            f"一人最多受 {most} 人委托 {source}，其已受 {names} 委托 / a person may stand for {most} at most {source}".strip(),
            pointer="/proxy", code_of_rule="proxy_limit",
        )  # fmt: skip


def _late(work: Work, row: Row, new_materials: bool) -> str | None:
    """How much too late the notice is, as a duration; None in time. Raises ServiceRefused unless the meeting is urgent."""
    for key, asked in (("notice", row["sent_at"] is None), ("materials", new_materials)):
        period = row["periods"].get(key)
        if not asked or period is None or work.now <= period["latest"]:
            continue
        if not row["urgent"]:
            message = (
                f"来不及了：{period['zh']} {rules.source_of(row['rules'], key)}。请改期，或按紧急会议说明理由 / too late: {period['en']}. "
                "Choose a later date, or say why it is urgent"
            )
            raise ServiceRefused(message, code_of_rule="meeting_notice", latest=period["latest"].isoformat())
        if key == "notice":
            return duration_text(work.now - period["latest"])
    return None


def _check_distance(work: Work, row: Row, start: Any) -> None:
    """After a failed attempt the new date lies some days ahead (setting meetings.reschedule_days)."""
    days = int(work.setting("meetings.reschedule_days", row["area"]))
    calendar = work.calendar(row["area"])
    if calendar.day_of(start) < calendar.day_of(work.now) + timedelta(days=days) and not row["urgent"]:
        source = work.settings.effective(work.connection, "meetings.reschedule_days", work.now, row["area"]).source
        raise ServiceRefused(f"新的日期至少隔 {days} 天 {source} / the new date must lie {days} days ahead {source}", pointer="/start_at")
