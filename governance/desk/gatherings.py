"""What the use cases of meetings and votes share: who may see a meeting, who runs it, and its votes for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.actor import Mandate
from engine.definitions.model import Label
from engine.errors import Forbidden, NotFound
from governance.desk.meeting_views import CERTIFIED, PaperView, VoteView
from governance.desk.reading import Look
from governance.directory import selectors
from governance.directory.may import Data, sees
from governance.meetings import electorate, store
from governance.meetings.electorate import Record
from governance.meetings.work import Work
from governance.votes import casting, counting
from governance.votes import store as votes
from governance.votes.arithmetic import threshold

Row = dict[str, Any]
PARTY = "party"


def work_of(seen: Look, meeting: Row | None = None) -> Work:
    """The work of a direct act, in the area and case of the meeting."""
    return seen.app.meetings.work(
        seen.connection, now=seen.now, actor=seen.actor, area=meeting["area"] if meeting else None,
        instance=meeting["instance"] if meeting else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting with the reader in it."""

    seen: Look
    work: Work
    record: Record

    @property
    def meeting(self) -> Row:
        return self.record.meeting

    def own_seats(self) -> list[Row]:
        """Seats of the reader: his own, those he represents now, and his unit's where no person is named."""
        person = self.seen.reach.person
        return [] if person is None else [s for s in self.record.seats if self._holds(s, person)]

    def managing(self) -> Mandate | None:
        """Under what the reader acts as chair or secretary: himself, or for them by delegation."""
        return self.seen.reach.held([selectors.person(self.meeting["chair"]), selectors.person(self.meeting["secretary"])])

    def role(self) -> str:
        person = self.seen.reach.person
        if person is not None and person in (self.meeting["chair"], self.meeting["secretary"]):
            return "chair" if person == self.meeting["chair"] else "secretary"
        own = self.own_seats()
        return str(own[0]["capacity"]) if own else ""

    def require_manager(self) -> Mandate:
        """Raises Forbidden."""
        found = self.managing()
        if found is None:
            raise Forbidden("只有主持人和记录人可以这样做 / only chair and secretary may do this")
        return found

    def mandate(self, seat: Row) -> Mandate:
        """What an act on this seat rests on: membership, post or person; for another's seat the letter."""
        person = self.seen.reach.person or ""
        if not self._holds(seat, person):
            holder = self.record.person_of(seat)
            return Mandate(
                kind="delegation", ref=seat["id"], on_behalf_of=holder, zh=f"受{seat['name']}书面委托", en=f"Proxy of {seat['name']}"
            )
        if seat["membership"] and self.meeting["committee"]:
            member = self.seen.reach.selectors.get(selectors.member(self.meeting["committee"]))
            return member or Mandate(kind="membership", ref=seat["membership"], zh="席位", en="Seat")
        return self.seen.reach.selectors.get(selectors.person(person)) or Mandate(kind="assignment", zh="本人", en="In person")

    def _holds(self, seat: Row, person: str) -> bool:
        holder = self.record.person_of(seat)
        if holder is not None:
            return holder == person
        return seat["unit"] is not None and seat["unit"] in self.seen.reach.units


def enter(seen: Look, meeting: str, *, lock: bool = False) -> Room:
    """The meeting, if the reader may see it. Raises NotFound: that it exists is no outsider's business (domain 2.5)."""
    row = store.get(seen.connection, meeting, lock=lock)
    if row is None:
        raise NotFound
    work = work_of(seen, row)
    room = Room(seen, work, electorate.read(work, row))
    if not may_enter(seen, row, taking_part=bool(room.own_seats()) or _stands_for(room)):
        raise NotFound
    return room


def may_enter(seen: Look, meeting: Row, *, taking_part: bool) -> bool:
    """The class of the meeting, or a seat in it. A party meeting shows nothing to those who are not party members."""
    reach = seen.reach
    runs = reach.held([selectors.person(meeting["chair"]), selectors.person(meeting["secretary"])]) is not None
    if (taking_part or runs) and (meeting["access"] != PARTY or reach.party_member):
        return True
    data = Data(access=meeting["access"], area=meeting["area"], committee=meeting["committee"], parties=tuple(meeting["parties"]))
    return bool(sees(reach, data))


def _stands_for(room: Room) -> bool:
    person = room.seen.reach.person
    return person is not None and any(s["answer"] == "proxy" and s["proxy"] == person for s in room.record.seats)


def vote_views(seen: Look, rows: Sequence[Row], person: str | None, work: Work) -> list[VoteView]:
    """Votes as the reader sees them: three statements, however many votes and seats."""
    ids = [v["id"] for v in rows]
    electors: dict[str, list[Row]] = {i: [] for i in ids}
    for elector in votes.electors_of(seen.connection, ids) if ids else ():
        electors[elector["vote"]].append(elector)
    ballots: dict[str, list[Row]] = {i: [] for i in ids}
    for ballot in votes.ballots_of(seen.connection, [v["id"] for v in rows if v["method"] != counting.SECRET]) if ids else ():
        ballots[ballot["vote"]].append(ballot)
    sitters = casting.sitters_of(work, [e for found in electors.values() for e in found])
    withdrawable = bool(work.setting("votes.withdraw_written"))
    names = seen.names(t for v in rows for t in v["tellers"])
    return [_view(v, electors[v["id"]], ballots[v["id"]], person, sitters, names, withdrawable=withdrawable) for v in rows]


def _view(
    row: Row,
    electors: Sequence[Row],
    ballots: Sequence[Row],
    person: str | None,
    sitters: Mapping[str, str],
    names: Mapping[str, str],
    *,
    withdrawable: bool,
) -> VoteView:
    # of a secret vote nothing is shown on pages before two tellers have certified it
    hidden = row["method"] == counting.SECRET and row["state"] not in CERTIFIED
    counted = {**row, "result": None} if hidden else row
    found = counting.summary(counted, electors, counting.shown_sums(counted, electors, ballots), withdrawable=withdrawable)
    result, share = None if hidden else row["result"], threshold(row["threshold"])
    mine = casting.casters(electors, sitters, person) if person is not None and row["method"] != counting.HANDS else []
    seat_names = {e["seat"]: e["name"] for e in electors}
    casting_now = row["state"] == "open" and row["method"] != counting.HANDS
    waiting = [e for e in electors if casting_now and e["status"] == electorate.ELIGIBLE and not e["voted"]]
    chosen = {b["seat"]: b["option"] for b in ballots if b["seat"]}
    return VoteView(
        id=row["id"], item=row["item"], meeting=row["meeting"], title=row["title"], motion=row["motion"], hash=row["hash"],
        method=row["method"], state=row["state"], options=row["options"], base=row["base"], threshold=row["threshold"],
        threshold_text=Label(share.zh, share.en), eligible=found["eligible"], cast=found["cast"],
        absent=sum(1 for e in electors if e["status"] == electorate.ABSENT),
        recused=sum(1 for e in electors if e["status"] == electorate.RECUSED),
        counts=None if hidden else found["counts"], needed=found["needed"], fixed=None if hidden else found["fixed"],
        result=result and result["result"],
        tie=bool(result and result["tie"]), casting_vote=row["casting_vote"], casting=row["casting"],
        text=Label(result["text"]["zh"], result["text"]["en"]) if result else Label(), opened=row["opened"], closes_at=row["closes_at"],
        closed=row["closed"], certified=row["certified"], void_reason=row["void_reason"], voided=row["voided"],
        tellers=[names.get(t, t) for t in row["tellers"]], rule=row["rule"],
        rule_version=row["rule_version"], sources=row["sources"],
        waiting_for=[e["name"] for e in waiting],
        papers=[
            PaperView(
                seat=e["seat"], name=e["name"], proxy=e["proxy_by"] is not None, voted=e["voted"], weight=weight_of(e),
                option=chosen.get(e["seat"]),
            )
            for e in mine
        ],
        named={seat_names[seat]: option for seat, option in chosen.items()} if row["state"] != "open" else {},
        withdrawable=row["method"] == counting.WRITTEN and withdrawable and row["state"] == "open",
        denominator=found["denominator"], outstanding=sum((weight_of(e) for e in waiting), Decimal(0)),
        weighted=any(weight_of(e) != 1 for e in electors), waiting_seats=[e["seat"] for e in waiting],
    )  # fmt: skip


def weight_of(seat: Row) -> Decimal:
    return Decimal(seat["weight"])
