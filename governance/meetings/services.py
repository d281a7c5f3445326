"""Services ``meetings.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.services import Call, service
from governance.documents.uploads import file_ids
from governance.meetings import agenda as items
from governance.meetings import announcing, convening, minutes, opening, presence, recusals
from governance.meetings.work import of_call


@service("meetings.open")
def open_meeting(
    call: Call,
    kind: str,
    title: str,
    start_at: Any,
    end_at: Any,
    chair: str,
    secretary: str,
    rules: Mapping[str, Any],
    mode: str | None = None,
    venue: str | None = None,
    invitees: Sequence[Mapping[str, Any]] | None = None,
    committee: str | None = None,
    access: str | None = None,
    agenda: Sequence[Mapping[str, Any]] | None = None,
    materials: Any = None,
    open_to_public: bool | None = None,
    observer_quota: Any = None,
    parties: Sequence[str] | None = None,
    urgent: bool | None = None,
    urgent_reason: str | None = None,
) -> dict[str, Any]:
    """Open a meeting as a draft. → {meeting, seats, latest_notice, latest_materials, voting …}"""
    return opening.open_meeting(
        of_call(call),
        kind=kind,
        title=title,
        start_at=start_at,
        end_at=end_at,
        mode=mode or "on_site",
        venue=venue or "",
        chair=chair,
        secretary=secretary,
        given_rules=rules,
        invitees=invitees or (),
        committee=committee,
        access=access,
        agenda_rows=agenda or (),
        materials=file_ids(materials),
        open_to_public=bool(open_to_public),
        observer_quota=None if observer_quota is None else int(observer_quota),
        parties=parties or (),
        urgent=bool(urgent),
        urgent_reason=urgent_reason or "",
    )


@service("meetings.send")
def send(call: Call, meeting: str, agenda: Sequence[Mapping[str, Any]] | None = None, materials: Any = None) -> dict[str, Any]:
    """Freeze the agenda and send the notice. → {sent_at, told, enough_notice, short_by}"""
    return convening.send(of_call(call), meeting, agenda, None if materials is None else file_ids(materials))


@service("meetings.reply")
def reply(
    call: Call, meeting: str, seat: str, answer: str, proxy: str | None = None, proxy_letter: Any = None, reason: str | None = None
) -> dict[str, Any]:
    """A seat's reply. → {expected, unknown, needed, voting, enough}"""
    return convening.reply(of_call(call), meeting, seat, answer, proxy, file_ids(proxy_letter), reason or "")


@service("meetings.expected")
def expected(call: Call, meeting: str) -> dict[str, Any]:
    """What the replies promise. → {expected, unknown, needed, voting, enough}"""
    return convening.expected(of_call(call), meeting)


@service("meetings.reschedule")
def reschedule(call: Call, meeting: str, start_at: Any, end_at: Any, reason: str, ahead: Any = None) -> dict[str, Any]:
    """A new date. → {start_at, end_at, attempt}"""
    return convening.reschedule(of_call(call), meeting, start_at, end_at, reason or "", ahead)


@service("meetings.announcement")
def announcement(call: Call, meeting: str, ahead: Any = None, shown_at: Any = None) -> dict[str, Any]:
    """Whether the public announcement is on show early enough. → {latest, in_time, earliest}"""
    return announcing.announcement(of_call(call), meeting, ahead, shown_at)


@service("meetings.begin")
def begin(call: Call, meeting: str) -> dict[str, Any]:
    """The meeting opens. → {state, present, needed, voting, met, affected_met}"""
    return presence.begin(of_call(call), meeting)


@service("meetings.quorum")
def quorum(call: Call, meeting: str, item: Any = None) -> dict[str, Any]:
    """Whether enough are present now, for an item. → {present, needed, voting, met, recused, affected_met}"""
    return presence.quorum(of_call(call), meeting, None if item is None else int(item))


@service("meetings.recuse")
def recuse(
    call: Call,
    meeting: str,
    relation: str,
    decision: str,
    item: Any = None,
    seat: str | None = None,
    person: str | None = None,
    detail: str | None = None,
    decided_by: str | None = None,
) -> dict[str, Any]:
    """A decision on recusal. → {recused, voting, needed, met}"""
    return recusals.recuse(
        of_call(call), meeting, item=item, seat=seat or person or "", relation=relation, detail=detail or "", decision=decision,
        decided_by=decided_by,
    )  # fmt: skip


@service("meetings.item")
def item(
    call: Call, meeting: str, seq: Any, state: str, outcome: str | None = None, speeches: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Take an item up or leave it. → {seq, revision}"""
    return items.move(of_call(call), meeting, int(seq), state, outcome, speeches or ())


@service("meetings.add_item")
def add_item(call: Call, meeting: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """An item added to the agenda. → {seq, votable}"""
    return items.add(of_call(call), meeting, item)


@service("meetings.attendance")
def attendance(call: Call, meeting: str) -> dict[str, Any]:
    """Who was there. → {signed_in, present, absent, rate}"""
    return presence.attendance(of_call(call), meeting)


@service("meetings.adjourn")
def adjourn(call: Call, meeting: str, reason: str, resume_at: Any = None) -> dict[str, Any]:
    """Break off. → {remaining}"""
    return presence.adjourn(of_call(call), meeting, reason or "", resume_at)


@service("meetings.resume")
def resume(call: Call, meeting: str, start_at: Any = None) -> dict[str, Any]:
    """Go on after an adjournment. → {state, start_at}"""
    return presence.resume(of_call(call), meeting, start_at)


@service("meetings.finish")
def finish(call: Call, meeting: str, state: str) -> dict[str, Any]:
    """The meeting is over. → {state, summary}"""
    return presence.finish(of_call(call), meeting, state)


@service("meetings.minutes")
def prefill(call: Call, meeting: str) -> dict[str, Any]:
    """What the record says for the minutes. → {attendance, items, decisions, dissent, formal}"""
    return minutes.prefill(of_call(call), meeting)


@service("meetings.confirm")
def confirm(call: Call, meeting: str, seat: str, answer: str, text: str | None = None) -> dict[str, Any]:
    """An answer to the minutes. → {confirmed, objections, missing}"""
    return minutes.confirm(of_call(call), meeting, seat, answer, text or "")


@service("meetings.status")
def status(call: Call, meeting: str) -> dict[str, Any]:
    """Everything small about a meeting."""
    return minutes.status(of_call(call), meeting)


HANDLERS = (
    open_meeting, send, reply, expected, reschedule, announcement, begin, quorum, recuse, item, add_item, attendance, adjourn, resume,
    finish, prefill, confirm, status,
)  # fmt: skip
