"""Votes for voters: the paper, casting, withdrawing, and the certified count to print.

A ballot never passes through a task, a variable, a draft, the history or an idempotency key (conventions 12)."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.errors import NotFound, ServiceRefused
from governance.application import Application
from governance.desk.gatherings import Room, enter, vote_views, weight_of, work_of
from governance.desk.meeting_views import CERTIFIED, ElectorView, Printable, Receipt, VotePaper
from governance.desk.reading import Look, look, require_person
from governance.directory import selectors
from governance.directory.may import Data, sees
from governance.meetings.work import mandate_row
from governance.votes import casting, counting
from governance.votes import store as votes
from governance.votes.arithmetic import threshold

Row = dict[str, Any]


def paper(app: Application, actor: Actor, vote: str) -> VotePaper:
    """A vote as the reader sees it, with the ballots he may cast. Raises NotFound for those it is not open to."""
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        row, room = _enter(seen, vote)
        work = room.work if room else work_of(seen)
        (view,) = vote_views(seen, [row], seen.reach.person, work)
        why = Label()
        if not view.papers and row["state"] == "open" and row["method"] != counting.HANDS:
            why = _why_not(seen, row)
        return VotePaper(
            vote=view, manages=room is not None and room.managing() is not None, why_not=why,
            meeting_title=room.meeting["title"] if room else "", roll=_roll(seen, row),
        )  # fmt: skip


def cast(
    app: Application, actor: Actor, vote: str, option: str, *, seat: str | None = None, mandate: Mandate | None = None,
    key: str | None = None,
) -> Receipt:  # fmt: skip
    """Cast the ballot of one seat, once; of two presses at once the second changes nothing. `seat`: needed by who has several.
    `key`: the client's name for this press; sent again it gets the first answer. Nothing but its hash is kept, beside no choice.

    Raises NotFound, BallotRefused (closed, recused, absent, term over …), Conflict (a named ballot cast otherwise)."""
    person = require_person(actor)

    def command(connection: Any) -> Receipt:
        seen = look(app, actor, connection)
        row, room = _enter(seen, vote)
        relied = mandate or _mandate(seen, room, seat)
        work = room.work if room else work_of(seen)
        done = casting.cast(work, row["id"], person, option, seat=seat, mandate=mandate_row(relied), key=key)
        return Receipt(vote=done.vote, seat=done.seat, name=done.name, already=done.already, complete=done.complete)

    return app.database.run(command)


def withdraw(app: Application, actor: Actor, vote: str, *, seat: str | None = None) -> Receipt:
    """Take a written ballot back before the vote closes. Raises NotFound, BallotRefused."""
    person = require_person(actor)

    def command(connection: Any) -> Receipt:
        seen = look(app, actor, connection)
        row, room = _enter(seen, vote)
        done = casting.withdraw(room.work if room else work_of(seen), row["id"], person, seat=seat)
        return Receipt(vote=done.vote, seat=done.seat, name=done.name, already=done.already, complete=done.complete)

    return app.database.run(command)


def printable(app: Application, actor: Actor, vote: str) -> Printable:
    """The certified count. Raises NotFound, ServiceRefused (not certified)."""
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        row, room = _enter(seen, vote)
        if row["state"] not in CERTIFIED:
            raise ServiceRefused("尚未监票确认 / the count is not certified yet", state=row["state"])
        work = room.work if room else work_of(seen)
        share = threshold(row["threshold"])
        return Printable(
            vote=vote, meeting=row["meeting"], record=row["record"], hash=row["record_hash"],
            same=counting.recount(work, vote)["same"], threshold_text=Label(share.zh, share.en),
            annulled=row["void_reason"] if row["state"] == "annulled" else None, annulled_at=row["voided"],
        )  # fmt: skip


def _enter(seen: Look, vote: str) -> tuple[Row, Room | None]:
    """The vote, and its meeting if it has one. Raises NotFound: who is not in the meeting is not told of its votes."""
    row = votes.get(seen.connection, vote)
    if row is None:
        raise NotFound
    electors = votes.electors(seen.connection, vote)
    person = seen.reach.person
    named = person is not None and any(person in (e["person"], e["proxy_by"]) for e in electors)
    if row["meeting"]:
        try:
            return row, enter(seen, row["meeting"])
        except NotFound:
            if not named:
                raise
            return row, None
    chair = row["chair"] is not None and seen.reach.held([selectors.person(row["chair"])])
    represents = person is not None and bool(casting.own_electors(work_of(seen), electors, person))
    if named or represents or chair or sees(seen.reach, Data(access="staff", area=row["area"])):
        return row, None
    raise NotFound


def _roll(seen: Look, row: Row) -> list[ElectorView]:
    """The electorate as it was frozen, line by line. Choices only where ballots are named and nothing more can be cast."""
    electors = votes.electors(seen.connection, row["id"])
    open_to_all = row["method"] != counting.SECRET and row["state"] != "open"
    ballots = {b["seat"]: b for b in votes.ballots(seen.connection, row["id"])} if open_to_all else {}
    names = seen.names(e["proxy_by"] for e in electors)
    places = seen.app.directory.places(seen.connection, [e["unit"] for e in electors if e["unit"]], seen.now)
    lines = []
    for elector in electors:
        unit, ballot = places.get(elector["unit"]), ballots.get(elector["seat"])
        lines.append(
            ElectorView(
                no=elector["no"], name=elector["name"], unit_name=unit.name.in_(seen.actor.language) if unit else "",
                weight=weight_of(elector), status=elector["status"], proxy_name=names.get(elector["proxy_by"], ""),
                voted=elector["voted"], option=ballot["option"] if ballot else None, at=ballot["at"] if ballot else None,
            )
        )  # fmt: skip
    return lines


def _mandate(seen: Look, room: Room | None, seat: str | None) -> Mandate | None:
    if room is not None:
        own = room.own_seats()
        target = next((s for s in room.record.seats if s["id"] == seat), None) if seat else next(iter(own), None)
        if target is not None:
            return room.mandate(target)
    return seen.reach.held([selectors.person(seen.reach.person or "")])


def _why_not(seen: Look, row: Row) -> Label:
    """Why the reader has no ballot in an open vote."""
    mine = [e for e in votes.electors(seen.connection, row["id"]) if e["person"] == seen.reach.person]
    texts = {
        "recused": Label("您已回避此项，不参加表决。", "You are recused from this item."),
        "absent": Label("您未签到，不在本次表决的实到名单中。", "You were not present when the vote was opened."),
        "eligible": Label("该席位由受托人投票。", "Somebody else casts for this seat."),
    }
    return texts[mine[0]["status"]] if mine else Label("您不在本次表决的名单中。", "You are not in the electorate.")
