"""What the desk answers about meetings and votes: plain frozen data for pages and API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.definitions.model import Label
from engine.ports import StoredFile
from engine.queries import ActionLine
from governance.desk.views import TaskLine

NONE = Label()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One row of a list of meetings. Codes (`kind`, `mode`, `state`, `access`) are of forms/shared/codes.yaml and the contract."""

    id: str
    title: str
    kind: str
    mode: str
    venue: str
    state: str
    access: str
    start_at: datetime
    end_at: datetime
    chair: str
    chair_name: str
    secretary: str
    secretary_name: str
    committee: str | None
    committee_name: Label
    area: str | None
    number: str | None
    instance: str
    #: chair | secretary | a capacity (formal, attending …) | "" (may read it, is not part of it)
    role: str
    #: attend | absent | proxy of the reader's seat; None: not answered, or no seat
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """A seat as pages show it."""

    seat: str
    no: int
    person: str | None
    name: str
    unit: str | None
    unit_name: str
    capacity: str
    voting: bool
    weight: Decimal
    group: str | None
    side: str | None
    #: present | proxy (somebody stands for it) | left | absent (replied so) | expected | unknown
    status: str
    answer: str | None
    proxy: str | None
    proxy_name: str | None
    reason: str
    signed_in: datetime | None
    signed_out: datetime | None
    #: the term runs now; a seat whose term is over counts in the base, not as present
    in_term: bool
    mine: bool
    #: out of these items; 0 is every item
    recused: Sequence[int] = ()
    #: sign | object | refused_to_sign | silent
    confirmation: str | None = None
    confirmation_text: str = ""
    confirmed_at: datetime | None = None
    #: post in the committee, and until when its term runs
    post: Label = NONE
    term_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechView:
    item: int
    speaker: str
    name: str
    stance: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A ballot the reader may cast: for his own seat, or for one he stands for."""

    seat: str
    name: str
    #: he stands for somebody else
    proxy: bool
    voted: bool
    weight: Decimal = Decimal(1)
    #: what he chose, where ballots are named; a secret choice is joined to no seat
    option: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorView:
    """A line of the roll of a vote. `option` and `at` only where ballots are named and the vote is closed."""

    no: int
    name: str
    unit_name: str
    weight: Decimal
    #: eligible | absent | recused
    status: str
    proxy_name: str
    voted: bool
    option: str | None = None
    at: datetime | None = None


#: states of a vote whose count two tellers have confirmed: an annulled one is read like any other, but marked
CERTIFIED = ("certified", "annulled")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteView:
    """A vote. Of a secret one nothing is shown before it is counted, except how many have voted."""

    id: str
    item: int | None
    meeting: str | None
    title: str
    motion: str
    hash: str
    #: hands | named | secret | written
    method: str
    #: open | closed | certified | void | annulled
    state: str
    #: [{code, zh, en}]
    options: Sequence[Mapping[str, str]]
    base: str
    threshold: str
    #: more than 1/2 …
    threshold_text: Label
    eligible: int
    cast: int
    absent: int
    recused: int
    #: option code → weight; None: sealed
    counts: Mapping[str, Decimal] | None
    #: least weight of yes that passes; with base "voting" if nobody abstains
    needed: Decimal
    #: passed | rejected | invalid: certain whatever the rest does; None: open
    fixed: str | None
    result: str | None
    tie: bool
    casting_vote: bool
    casting: str | None
    text: Label
    opened: datetime
    closes_at: datetime | None
    closed: datetime | None
    certified: datetime | None
    tellers: Sequence[str]
    rule: str
    rule_version: str
    #: [{what, tag, zh, en}]
    sources: Sequence[Mapping[str, Any]]
    #: names of those who have not voted yet (never when, never what)
    waiting_for: Sequence[str]
    papers: Sequence[PaperView]
    #: named votes that are closed: seat name → option
    named: Mapping[str, str] = field(default_factory=dict)
    withdrawable: bool = False
    #: why and when it was voided or annulled
    void_reason: str = ""
    voided: datetime | None = None
    #: weight of the base as it stands; with base "voting" of those present while the vote is open
    denominator: Decimal = Decimal(0)
    #: weight of those who may vote and have not yet
    outstanding: Decimal = Decimal(0)
    #: not all seats weigh 1
    weighted: bool = False
    #: seats that have not voted yet
    waiting_seats: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    seq: int
    topic: str
    item_kind: str
    minutes: int
    motion: str
    proposer: str
    lead_unit: str
    method: str | None
    threshold: str | None
    base: str | None
    #: waiting | current | done | carried_over | closed
    state: str
    outcome: str
    #: it stood on the agenda sent; others cannot be voted [L-BJWY 35]
    votable: bool
    begun: datetime | None
    ended: datetime | None
    #: quorum of this item: recused seats are out of it
    present: int
    voting: int
    needed: int | None
    met: bool
    recused: Sequence[str] = ()
    #: how many seconded it
    seconders: int = 0
    speeches: Sequence[SpeechView] = ()
    votes: Sequence[VoteView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period that must be kept: how it was counted, and the source of the rule."""

    limit: str
    latest: datetime
    text: Label
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What the reader is in this meeting."""

    #: chair | secretary | a capacity | ""
    role: str
    seats: Sequence[str]
    present: bool
    answer: str | None
    can_sign_in: bool
    why_not: Label = NONE
    #: the QR code must be scanned (setting meetings.code_on_site)
    needs_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPage:
    """Everything both pages of a meeting need."""

    line: MeetingLine
    revision: int
    #: changes with the record and with every step of its case
    stamp: str
    now: datetime
    attempt: int
    #: the reader may act as chair or secretary
    manages: bool
    #: behind the QR code at the door; only for chair and secretary
    check_in_code: str | None
    mine: Mine
    seats: Sequence[SeatView]
    items: Sequence[ItemView]
    current: ItemView | None
    #: votes of no item
    votes: Sequence[VoteView]
    #: open votes in which the reader has a paper to cast
    my_votes: Sequence[VoteView]
    present: int
    voting: int
    needed: int | None
    met: bool
    affected_met: bool | None
    expected: Mapping[str, Any]
    notice: Period | None
    materials_period: Period | None
    sent_at: datetime | None
    urgent_reason: str
    rules: Mapping[str, Any]
    speech_minutes: int
    open_to_public: bool
    observer_quota: int | None
    materials: Sequence[str]
    #: the same with name and size
    files: Sequence[StoredFile]
    moves: Sequence[Mapping[str, Any]]
    confirmations: Mapping[str, Any]
    #: open tasks of the meeting's case that the reader may do
    tasks: Sequence[TaskLine]
    #: buttons of the case that the reader may press: adjourn, cancel …
    actions: Sequence[ActionLine]
    opened_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """After signing in: the seats that are present now because of it (his own and those he stands for)."""

    meeting: str
    seats: Sequence[str]
    names: Sequence[str]
    at: datetime
    #: he was there already: nothing changed
    already: bool
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """Something that waits for the reader and is no task: a ballot, an opinion, a correction to decide."""

    #: vote | opinion | correction
    kind: str
    id: str
    title: str
    #: the seat or unit he answers for, or who asked for the correction
    name: str
    href: str
    closes_at: datetime | None
    instance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VotePaper:
    """The page of one vote."""

    vote: VoteView
    manages: bool
    why_not: Label = NONE
    meeting_title: str = ""
    roll: Sequence[ElectorView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """After casting. It says for which seat, never what."""

    vote: str
    seat: str
    name: str
    #: it had been cast before: this press changed nothing
    already: bool
    #: all who may vote have voted now
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """The certified count as it is printed: electorate, base, threshold, rule and its sources, figures, hash, tellers (conventions 12)."""

    vote: str
    meeting: str | None
    record: Mapping[str, Any]
    hash: str
    #: a recount of the stored ballots gives the stored result
    same: bool
    threshold_text: Label
    #: why it does not count any more, and since when; None: it counts
    annulled: str | None = None
    annulled_at: datetime | None = None
