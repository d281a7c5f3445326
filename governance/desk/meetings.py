"""Meetings for their pages: lists, one page for everybody, and the direct acts (signing in and out, notes of what was said)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.errors import Forbidden, NotFound, ServiceRefused
from engine.queries import ActionLine
from governance.application import Application
from governance.desk import inbox
from governance.desk.gatherings import Room, enter, may_enter, vote_views, weight_of
from governance.desk.meeting_views import (
    ItemView,
    MeetingLine,
    MeetingPage,
    Mine,
    Period,
    SeatView,
    SignedIn,
    SpeechView,
    VoteView,
)
from governance.desk.reading import Look, look, require_person
from governance.desk.views import TaskLine
from governance.directory.catalogue import roles
from governance.meetings import agenda, convening, electorate, minutes, presence, rules, store
from governance.meetings.work import mandate_row
from governance.votes import store as votes

Row = dict[str, Any]
#: rows read to fill one page of a list; those the reader may not see fall out
_READ = 400
_LETTER_FIRST = "请把委托书交主持人或记录人核对登记 / show the letter to chair or secretary: they enter who stands for a seat"
_NOT_INVITED = "您不在参会名单中，请由主持人准入 / you are not invited: ask the chair to admit you"


def list_page(app: Application, actor: Actor, *, past: bool = False, limit: int = 50, now: datetime | None = None) -> list[MeetingLine]:
    """Meetings the reader may see: those of today and later, earliest first, or the past ones, newest first."""
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        at = now or seen.now
        today = at.astimezone(app.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = store.before(connection, today, _READ) if past else store.between(connection, today, None, _READ)
        return _lines(seen, rows)[:limit]


def between(app: Application, actor: Actor, since: datetime, until: datetime) -> list[MeetingLine]:
    """Meetings of a span of time that the reader may see, for a calendar."""
    with app.database.read() as connection:
        return _lines(look(app, actor, connection), store.between(connection, since, until, _READ))


def of_case(app: Application, actor: Actor, instance: str) -> list[MeetingLine]:
    """Meetings of a case that the reader may see."""
    with app.database.read() as connection:
        return _lines(look(app, actor, connection), store.of_instance(connection, instance))


def page(app: Application, actor: Actor, meeting: str) -> MeetingPage:
    """Everything about a meeting. Raises NotFound for those it is not open to."""
    with app.database.read() as connection:
        return _page(enter(look(app, actor, connection), meeting))


def live(app: Application, actor: Actor, meeting: str, since: str) -> MeetingPage | None:
    """The page if something changed after the stamp `since`, else None: then it costs one read. Raises NotFound."""
    with app.database.read() as connection:
        found = store.stamp(connection, meeting, actor.person)
    if found is None:
        raise NotFound
    return None if found == since else page(app, actor, meeting)


def check_in(app: Application, actor: Actor, code: str) -> str:
    """The meeting behind a QR code, for people with an account. Raises Forbidden, NotFound."""
    require_person(actor)
    with app.database.read() as connection:
        found = store.by_code(connection, code)
    if found is None:
        raise NotFound("签到码无效 / this check-in code is not known")
    return found


def sign_in(
    app: Application,
    actor: Actor,
    meeting: str,
    *,
    seat: str | None = None,
    code: str | None = None,
    proxy_for: str | None = None,
    letter: Sequence[str] | None = None,
    person: str | None = None,
) -> SignedIn:
    """Sign in: oneself (by the QR code or on the page), or, as chair or secretary, the holder of `seat`.

    `proxy_for` (a seat or its person): `person` stands for that seat by `letter` (ids of files), which chair or secretary have
    looked at. Whoever was named in the reply to the invitation needs no `proxy_for`: he signs in, and his principal's seat with him.
    Twice is once. Raises NotFound, Forbidden, ServiceRefused (too early, term over, proxy not allowed)."""
    acting = require_person(actor)

    def command(connection: Any) -> SignedIn:
        if code is not None and store.by_code(connection, code) != meeting:
            raise Forbidden("签到码不是本次会议的 / this is not the code of this meeting")
        try:
            room = enter(look(app, actor, connection), meeting, lock=True)
        except NotFound:
            if code is None:
                raise
            raise Forbidden(_NOT_INVITED) from None  # who reads the code stands at the door: he is told whom to ask
        if proxy_for is not None:
            return _stand_in(room, proxy_for, person or acting, list(letter or ()))
        own = room.own_seats()
        if seat is not None and seat not in {s["id"] for s in own}:
            mandate = room.require_manager()
            target = convening.seat_of(room.record, seat)
            return _present(room, target, person or room.record.person_of(target), way=room.role() or "secretary", mandate=mandate)
        target = _own_seat(own, seat)
        _check_self(room, code)
        return _present(room, target, acting, way="code" if code else "self", mandate=room.mandate(target))

    return app.database.run(command)


def sign_out(app: Application, actor: Actor, meeting: str, *, seat: str | None = None) -> SignedIn:
    """Leave, or as chair or secretary note that a seat has left; seats he stands for leave with him."""
    require_person(actor)

    def command(connection: Any) -> SignedIn:
        room = enter(look(app, actor, connection), meeting, lock=True)
        own = room.own_seats()
        if seat is not None and seat not in {s["id"] for s in own}:
            room.require_manager()
            target = convening.seat_of(room.record, seat)
        else:
            present = room.record.present()
            target = next((s for s in own if s["id"] in present), _own_seat(own, seat))
        before = room.record.present()
        left = presence.sign_out(room.work, room.record, target)
        revision = store.change(connection, meeting) if left else room.meeting["revision"]
        after = {a["seat"] for a in store.attendances(connection, meeting) if a["signed_out"] is None}
        return _signed(room, [s for s in before if s not in after], already=not left, revision=revision)

    return app.database.run(command)


def admit(
    app: Application, actor: Actor, meeting: str, *, person: str | None = None, name: str = "", capacity: str = "observer"
) -> SignedIn:
    """Chair or secretary let somebody in who was not invited: an observer up to the quota, a guest, an expert; never with a vote."""
    require_person(actor)

    def command(connection: Any) -> SignedIn:
        room = enter(look(app, actor, connection), meeting, lock=True)
        mandate = room.require_manager()
        known = next((s for s in room.record.seats if person is not None and room.record.person_of(s) == person), None)
        added = known or presence.admit(room.work, room.meeting, room.record, person=person, name=name, capacity=capacity)
        return _present(room, added, person, way=room.role() or "secretary", mandate=mandate)

    return app.database.run(command)


def note_speech(app: Application, actor: Actor, meeting: str, item: int, speaker: str, stance: str, text: str) -> int:
    """Chair or secretary note what somebody said on an item. → the new revision"""
    require_person(actor)

    def command(connection: Any) -> int:
        room = enter(look(app, actor, connection), meeting, lock=True)
        mandate = room.require_manager()
        if room.meeting["state"] != "open":
            raise ServiceRefused("会议没有在进行 / the meeting is not in session", state=room.meeting["state"])
        agenda.find(store.items(connection, meeting), item)
        agenda.note(room.work, meeting, item, [{"speaker": speaker, "stance": stance, "text": text}], mandate_row(mandate))
        return store.change(connection, meeting)

    return app.database.run(command)


def _own_seat(own: Sequence[Row], seat: str | None) -> Row:
    found = next((s for s in own if seat in (None, s["id"])), None)
    if found is None:
        raise Forbidden(_NOT_INVITED)
    return found


def _check_self(room: Room, code: str | None) -> None:
    presence.may_self_sign_in(room.work, room.meeting)
    if code is None and _needs_code(room):
        raise Forbidden("现场会议请扫现场二维码签到 / at a meeting on site scan the code shown there")


def _needs_code(room: Room) -> bool:
    return room.meeting["mode"] == "on_site" and bool(room.work.setting("meetings.code_on_site"))


def _stand_in(room: Room, proxy_for: str, holder: str, letter: Sequence[str]) -> SignedIn:
    """Nobody makes himself the proxy of another: without the principal's own reply somebody must have looked at the letter."""
    principal, mandate = convening.seat_of(room.record, proxy_for), room.managing()
    if mandate is None or holder == room.seen.reach.person:
        raise Forbidden(_LETTER_FIRST)
    _keep_letter(room, letter)
    added = presence.stand_in(
        room.work, room.meeting, principal, holder, letter, way=room.role() or "secretary", mandate=mandate_row(mandate), record=room.record
    )
    return _signed(room, added, already=False, revision=store.change(room.seen.connection, room.meeting["id"]))


def _keep_letter(room: Room, letter: Sequence[str]) -> None:
    """The letter is a file of the case, or one that whoever enters it has uploaded for it. Raises ServiceRefused, Conflict."""
    app, instance = room.seen.app, room.meeting["instance"]
    connection, acting = room.seen.connection, room.seen.actor.person
    found = [app.files.get(connection, file) for file in letter]
    if not all(f is not None and (f.instance == instance or (f.instance is None and f.uploaded_by == acting)) for f in found):
        raise ServiceRefused("委托书文件无效，请上传扫描件 / there is no such letter: upload the scan", pointer="/letter")
    if letter:
        app.files.attach(connection, letter, instance)


def _present(room: Room, seat: Row, person: str | None, *, way: str, mandate: Mandate) -> SignedIn:
    added = presence.sign_in(room.work, room.meeting, seat, person, way=way, mandate=mandate_row(mandate), record=room.record)
    revision = store.change(room.seen.connection, room.meeting["id"]) if added else room.meeting["revision"]
    return _signed(room, added or [seat["id"]], already=not added, revision=revision, extra=seat)


def _signed(room: Room, seats: Sequence[str], *, already: bool, revision: int, extra: Row | None = None) -> SignedIn:
    names = {s["id"]: s["name"] for s in [*room.record.seats, *([extra] if extra else [])]}
    return SignedIn(
        meeting=room.meeting["id"], seats=list(seats), names=[names[s] for s in seats], at=room.seen.now, already=already, revision=revision
    )


def _lines(seen: Look, rows: Sequence[Row]) -> list[MeetingLine]:
    """Those the reader may see, in order."""
    if not rows:
        return []
    person = seen.reach.person
    mine: dict[str, Row] = {}
    if person is not None:
        for seat in store.seats_of_meetings(seen.connection, [r["id"] for r in rows], person, seen.reach.units):
            # a unit's seat is his when it names nobody else; a proxy's is not his own
            if seat["person"] in (person, None) or seat["proxy"] == person or seat["membership"]:
                mine.setdefault(seat["meeting"], seat)
    found = [r for r in rows if may_enter(seen, r, taking_part=r["id"] in mine)]
    names = seen.names(p for r in found for p in (r["chair"], r["secretary"]))
    places = seen.app.directory.places(seen.connection, [r["committee"] for r in found if r["committee"]], seen.now)
    return [_line(r, names, places, _role(r, person, mine.get(r["id"])), (mine.get(r["id"]) or {}).get("answer")) for r in found]


def _role(row: Row, person: str | None, seat: Row | None) -> str:
    if person is not None and person in (row["chair"], row["secretary"]):
        return "chair" if person == row["chair"] else "secretary"
    return str(seat["capacity"]) if seat else ""


def _line(row: Row, names: Any, places: Any, role: str, answer: str | None) -> MeetingLine:
    committee = places.get(row["committee"])
    shown = ("id", "title", "kind", "mode", "venue", "state", "access", "start_at", "end_at", "chair", "secretary", "committee", "area")
    return MeetingLine(
        **{key: row[key] for key in shown},
        number=row["number"],
        instance=row["instance"],
        chair_name=names.get(row["chair"], row["chair"]),
        secretary_name=names.get(row["secretary"], row["secretary"]),
        committee_name=committee.name if committee else Label(),
        role=role,
        answer=answer,
    )


def _page(room: Room) -> MeetingPage:
    """A constant number of statements, however many seats, items and votes."""
    seen, row, record, work = room.seen, room.meeting, room.record, room.work
    items, said = store.items(seen.connection, row["id"]), store.speeches(seen.connection, row["id"])
    found = vote_views(seen, votes.of_meeting(seen.connection, row["id"]), seen.reach.person, work)
    people = [*(record.person_of(s) for s in record.seats), *(s["proxy"] for s in record.seats), row["chair"], row["secretary"]]
    names = seen.names([*people, *(i["proposer"] for i in items)])
    units = [u for u in (*(s["unit"] for s in record.seats), *(i["lead_unit"] for i in items), row["committee"]) if u]
    places = seen.app.directory.places(seen.connection, [*units, *(i["proposer"] for i in items if i["proposer"])], seen.now)
    quorum, manager = electorate.quorum(record, None, seen.now), room.managing()
    seats = [_seat(room, s, names, places) for s in record.seats]
    lines = [_item(room, i, said, found, names, places) for i in items]
    own = room.own_seats()
    return MeetingPage(
        line=_line(row, names, places, room.role(), next((s["answer"] for s in own), None)),
        revision=row["revision"], stamp=store.stamp(seen.connection, row["id"], seen.actor.person) or "", now=seen.now,
        attempt=row["attempt"], manages=manager is not None,
        check_in_code=row["check_in_code"] if manager is not None else None, mine=_mine(room, own), seats=seats, items=lines,
        current=next((i for i in lines if i.state == "current"), None), votes=[v for v in found if v.item is None],
        my_votes=[v for v in found if v.state == "open" and any(not p.voted for p in v.papers)],
        present=quorum.present, voting=quorum.voting, needed=quorum.needed, met=quorum.met, affected_met=quorum.affected_met,
        expected=electorate.expected(record, seen.now), notice=_period(row, "notice"), materials_period=_period(row, "materials"),
        sent_at=row["sent_at"], urgent_reason=row["urgent_reason"], rules=row["rules"],
        speech_minutes=int(work.setting("meetings.speech_minutes")), open_to_public=row["open_to_public"],
        observer_quota=row["observer_quota"], materials=row["materials"],
        files=[f for f in seen.app.files.of_instance(seen.connection, row["instance"]) if f.id in row["materials"]], moves=row["moves"],
        confirmations=minutes.confirmations(record), tasks=_tasks(seen, row["instance"]),
        actions=_actions(seen, row["instance"]), opened_at=row["opened_at"], ended_at=row["ended_at"],
    )  # fmt: skip


def _tasks(seen: Look, instance: str) -> list[TaskLine]:
    """Open tasks of the meeting's case that wait for the reader."""
    if seen.reach.person is None:
        return []
    lines = seen.app.engine.queries.tasks_for(seen.reach.person, view="all", limit=200).items
    return inbox.open_lines(seen, [t for t in lines if t.instance == instance])


def _actions(seen: Look, instance: str) -> list[ActionLine]:
    """Buttons of the meeting's case that the reader may press. A case that has been archived away has none."""
    try:
        return [a for a in seen.app.engine.queries.actions_for(instance, seen.reach.person) if not a.public]
    except NotFound:
        return []


def _mine(room: Room, own: Sequence[Row]) -> Mine:
    present = room.record.present()
    here = any(s["id"] in present for s in own)
    why = Label()
    if not own:
        why = Label("您不在参会名单中。", "You are not invited.")
    elif room.meeting["state"] not in presence.COMING:
        why = Label("现在不能签到。", "Signing in is not possible now.")
    else:
        try:
            presence.may_self_sign_in(room.work, room.meeting)
        except ServiceRefused as refused:
            zh, _, en = refused.message.partition(" / ")
            why = Label(zh, en)
    return Mine(
        role=room.role(), seats=[s["id"] for s in own], present=here, answer=next((s["answer"] for s in own), None),
        can_sign_in=bool(own) and not here and not why.zh, why_not=why, needs_code=_needs_code(room),
    )  # fmt: skip


def _seat(room: Room, seat: Row, names: Any, places: Any) -> SeatView:
    record = room.record
    person = record.person_of(seat)
    visits = [a for a in record.attendances if a["seat"] == seat["id"]]
    here = next((a for a in visits if a["signed_out"] is None), None)
    unit, sitter = places.get(seat["unit"]), record.sitters.get(seat["membership"] or "")
    return SeatView(
        seat=seat["id"], no=seat["no"], person=person, name=names.get(person, seat["name"]), unit=seat["unit"],
        unit_name=unit.name.in_(room.seen.actor.language) if unit else "", capacity=seat["capacity"], voting=seat["voting"],
        weight=weight_of(seat), group=seat["grp"], side=seat["side"], status=_status(seat, here, visits), answer=seat["answer"],
        proxy=seat["proxy"], proxy_name=names.get(seat["proxy"]), reason=seat["answer_reason"] or "",
        signed_in=visits[0]["signed_in"] if visits else None, signed_out=None if here or not visits else visits[-1]["signed_out"],
        in_term=record.in_term(seat, room.seen.now), mine=any(s["id"] == seat["id"] for s in room.own_seats()),
        recused=[r["item"] for r in record.recusals if r["seat"] == seat["id"] and r["decision"] == "recuse"],
        confirmation=seat["confirmation"], confirmation_text=seat["confirmation_text"] or "", confirmed_at=seat["confirmed_at"],
        post=_post(sitter.role) if sitter else Label(), term_to=sitter.valid_to if sitter else None,
    )  # fmt: skip


def _post(role: str) -> Label:
    """Name of a seat's role; an ordinary member has none to show."""
    known = roles().get(role)
    return known.name if known is not None and role != "member" else Label()


def _status(seat: Row, here: Row | None, visits: Sequence[Row]) -> str:
    if here is not None:
        return "proxy" if here["proxy"] else "present"
    if visits:
        return "left"
    return {"absent": "absent", "attend": "expected", "proxy": "expected"}.get(seat["answer"] or "", "unknown")


def _item(room: Room, item: Row, said: Sequence[Row], found: Sequence[VoteView], names: Any, places: Any) -> ItemView:
    quorum = electorate.quorum(room.record, item["seq"], room.seen.now)
    out = room.record.recused(item["seq"])
    language = room.seen.actor.language
    lead, proposer = places.get(item["lead_unit"]), places.get(item["proposer"])
    return ItemView(
        seq=item["seq"], topic=item["topic"], item_kind=item["item_kind"], minutes=item["minutes"], motion=item["motion"] or "",
        proposer=proposer.name.in_(language) if proposer else names.get(item["proposer"], item["proposer"] or ""),
        lead_unit=lead.name.in_(language) if lead else item["lead_unit"] or "", method=item["method"], threshold=item["threshold"],
        base=item["base"], state=item["state"], outcome=item["outcome"] or "", votable=item["sent"], begun=item["begun"],
        ended=item["ended"], present=quorum.present, voting=quorum.voting, needed=quorum.needed, met=quorum.met,
        recused=[s["name"] for s in room.record.seats if s["id"] in out], seconders=len(item["seconders"]),
        speeches=[
            SpeechView(item=s["item"], speaker=s["speaker"], name=s["speaker_name"], stance=s["stance"], text=s["text"], at=s["at"])
            for s in said if s["item"] == item["seq"]
        ],
        votes=[v for v in found if v.item == item["seq"]],
    )  # fmt: skip


def _period(row: Row, key: str) -> Period | None:
    found = row["periods"].get(key)
    if found is None:
        return None
    text = Label(found["zh"], found["en"])
    return Period(limit=found["limit"], latest=found["latest"], text=text, source=rules.source_of(row["rules"], key))
