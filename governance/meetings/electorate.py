"""Who is entitled, present and recused, for the meeting or one of its items, at an instant (domain 2.4, SP12, point 3 of section 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from governance.directory import store as directory
from governance.meetings import rules as rule
from governance.meetings import store
from governance.meetings.work import Row, Work

ELIGIBLE, ABSENT, RECUSED = "eligible", "absent", "recused"
#: who left his post or term after the notice: the base of this meeting stays, his presence no longer counts (2.4 rules 1 and 7)
ALL_ITEMS = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A voting seat. `person` holds it now; `proxy_by` stands for him; `in_term`: his term runs at this instant."""

    seat: str
    no: int
    person: str | None
    unit: str | None
    name: str
    membership: str | None
    weight: Decimal
    group: str | None
    side: str | None
    status: str
    proxy_by: str | None
    in_term: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """`needed` is null where the kind has a rule of its own."""

    present: int
    voting: int
    needed: int | None
    recused: int
    met: bool
    affected_met: bool | None

    def as_result(self) -> dict[str, Any]:
        return {
            "present": self.present, "voting": self.voting, "needed": self.needed, "recused": self.recused, "met": self.met,
            "affected_met": self.affected_met,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A meeting with its rows, read once: five statements, however many seats."""

    meeting: Row
    seats: Sequence[Row]
    attendances: Sequence[Row]
    recusals: Sequence[Row]
    #: membership → who sits there now and until when
    sitters: Mapping[str, directory.Seat]

    def present(self) -> dict[str, Row]:
        """Seat → its running attendance."""
        return {a["seat"]: a for a in self.attendances if a["signed_out"] is None}

    def person_of(self, seat: Row) -> str | None:
        """Who holds the seat now: the unit's representative of this moment, else the person invited."""
        sitter = self.sitters.get(seat["membership"] or "")
        return sitter.person if sitter is not None else seat["person"]

    def in_term(self, seat: Row, now: datetime) -> bool:
        """A seat of a committee counts only while its term runs (domain 2.4 rule 1)."""
        if seat["membership"] is None:
            return True
        sitter = self.sitters.get(seat["membership"])
        return sitter is not None and sitter.voting and (sitter.valid_to is None or now < sitter.valid_to)

    def recused(self, item: int | None) -> set[str]:
        """Seats that are out of an item, or of all of them."""
        asked = {ALL_ITEMS} if item is None else {ALL_ITEMS, item}
        return {r["seat"] for r in self.recusals if r["decision"] == "recuse" and r["item"] in asked}


def read(work: Work, meeting: Row) -> Record:
    """Everything an electorate is made of."""
    connection, meeting_id = work.connection, meeting["id"]
    seats = store.seats(connection, meeting_id)
    return Record(
        meeting=meeting,
        seats=seats,
        attendances=store.attendances(connection, meeting_id),
        recusals=store.recusals(connection, meeting_id),
        sitters=sitters(work, seats),
    )


def sitters(work: Work, seats: Sequence[Row]) -> dict[str, directory.Seat]:
    """The committee seats behind these seats, with who sits there at this moment. Terms that are over are left out."""
    wanted = {s["membership"] for s in seats if s["membership"]}
    if not wanted:
        return {}
    return {s.id: s for s in directory.seats_by_id(work.connection, wanted, work.now)}


def entries(record: Record, item: int | None, now: datetime, *, written: bool = False) -> list[Entry]:
    """The voting seats with their status for an item (None: the meeting as a whole). In a written vote nobody need be present."""
    present, recused = record.present(), record.recused(item)
    found: list[Entry] = []
    for seat in (s for s in record.seats if s["voting"]):
        here, in_term = present.get(seat["id"]), record.in_term(seat, now)
        if seat["id"] in recused:
            status = RECUSED
        else:
            status = ELIGIBLE if in_term and (here is not None or written) else ABSENT
        proxy = here["person"] if here is not None and here["proxy"] else None
        if written and seat["answer"] == "proxy":
            proxy = seat["proxy"]
        found.append(
            Entry(
                seat=seat["id"], no=seat["no"], person=record.person_of(seat), unit=seat["unit"], name=seat["name"],
                membership=seat["membership"], weight=Decimal(seat["weight"]), group=seat["grp"], side=seat["side"], status=status,
                proxy_by=proxy if status == ELIGIBLE else None, in_term=in_term,
            )
        )  # fmt: skip
    return found


def quorum(record: Record, item: int | None, now: datetime) -> Quorum:
    """Whether enough are present for this item: recused seats leave base and electorate (SP12)."""
    found = entries(record, item, now)
    counted = [e for e in found if e.status != RECUSED]
    present = [e for e in counted if e.status == ELIGIBLE]
    rules = record.meeting["rules"]
    share = rule.quorum(rules)
    needed = None if share is None else int(share.least(Fraction(len(counted))))
    met = _sides_met(record) if share is None else share.met(Fraction(len(present)), Fraction(len(counted)))
    affected = _group_met(rules, record, item, now)
    return Quorum(
        present=len(present),
        voting=len(counted),
        needed=needed,
        recused=len(found) - len(counted),
        met=met and affected is not False,
        affected_met=affected,
    )


def expected(record: Record, now: datetime) -> dict[str, Any]:
    """What the replies promise: seats that come or send a proxy, those unanswered, and whether it will be enough."""
    voting = [s for s in record.seats if s["voting"] and s["id"] not in record.recused(None)]
    coming = [s for s in voting if s["answer"] in ("attend", "proxy") and record.in_term(s, now)]
    share = rule.quorum(record.meeting["rules"])
    needed = None if share is None else int(share.least(Fraction(len(voting))))
    return {
        "expected": len(coming),
        "unknown": sum(1 for s in voting if s["answer"] is None),
        "absent": sum(1 for s in voting if s["answer"] == "absent"),
        "needed": needed,
        "voting": len(voting),
        "enough": share is None or share.met(Fraction(len(coming)), Fraction(len(voting))),
    }


def _sides_met(record: Record) -> bool:
    """A kind without a share: every side is there (coordination: both parties; the mediator is the chair)."""
    present = set(record.present())
    sides = {s["side"] for s in record.seats if s["side"]}
    here = {s["side"] for s in record.seats if s["side"] and s["id"] in present}
    return bool(present) and sides <= here


def _group_met(rules: Mapping[str, Any], record: Record, item: int | None, now: datetime) -> bool | None:
    asked = rule.group_quorum(rules)
    if asked is None:
        return None
    group, share = asked
    present, recused = set(record.present()), record.recused(item)
    members = [s for s in record.seats if s["grp"] == group and s["id"] not in recused]
    here = [s for s in members if s["id"] in present and record.in_term(s, now)]
    return share.met(Fraction(len(here)), Fraction(len(members)))
