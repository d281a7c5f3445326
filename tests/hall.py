"""A meeting hall for tests: an application with a committee of any size, calls of services, and people who sign in and vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from cogov.cases.world import World
from engine import values
from engine.actor import Actor
from engine.services import Call
from engine.store.database import Database
from governance import services
from governance.desk import meetings, votes
from governance.desk.meeting_views import MeetingPage, Receipt, SignedIn
from governance.directory.roster import load_roster
from governance.meetings import services as meeting_services
from governance.votes import services as vote_services

services.handlers()  # their modules bring their tables: all are known before a database is made

MONDAY = datetime.fromisoformat("2026-03-02T09:00+08:00")
START = MONDAY + timedelta(days=10)
RULES: dict[str, Any] = {
    "kind": "consultation", "rule": "D5.consultation", "version": "2026-1", "notice": "P7D", "materials": "P3D", "quorum": "two_thirds",
    "quorum_base": "entitled", "threshold": "two_thirds", "base": "present", "method": "named", "proxies": 1, "proxy_letter": True,
    "decision_vote": True, "access": "members", "casting_vote": False,
    "sources": [{"what": "notice", "tag": "[A]", "zh": "提前七天", "en": "7 days"}, {"what": "proxy", "tag": "[L-BJWY 45]"}],
}  # fmt: skip
AGENDA = [{"seq": 1, "topic": "停车场错时开放", "item_kind": "vote", "minutes": 30, "motion": "同意停车场夜间向居民开放", "proposer": "m1"}]


class Hall:
    """Members m1 … mn of committee ``council``; the chair is m1, the secretary clerk (no seat), `guest` is nobody. Unit ``ent``
    holds a seat of its own when `unit` is given: its representative is `unit`."""

    def __init__(
        self, database: Database, folder: Path, *, members: int = 6, weights: Mapping[str, Any] | None = None, unit: str | None = None
    ) -> None:
        self.world = World(database, MONDAY, folder / "files")
        self.app = self.world.app
        self.calls = 0
        people = [f"m{n}" for n in range(1, members + 1)]
        seats: list[dict[str, Any]] = [{"person": p, "role": "member", "weight": (weights or {}).get(p, 1)} for p in people]
        if unit is not None:
            seats.append({"unit": "ent", "person": unit, "role": "member"})
        others = ["clerk", "guest", "teller1", "teller2", *([unit] if unit else [])]
        roster = {
            "valid_from": date(2024, 7, 1),
            "areas": [{"id": "street", "code": "S", "level": "street", "name": {"zh": "街道", "en": "Street"}}],
            "units": [{"id": "ent", "kind": "enterprise", "name": {"zh": "企业", "en": "Enterprise"}, "area": "street"}],
            "people": [{"id": p, "name": {"zh": f"成员{p}", "en": p}, "party_member": p in ("m1", "m2")} for p in (*people, *others)],
            "committees": [
                {"id": "council", "kind": "cobuild_council", "name": {"zh": "协商会", "en": "Council"}, "area": "street", "members": seats}
            ],
        }
        with database.write() as connection:
            self.app.calendars.seed(connection, MONDAY)
            load_roster(connection, roster, at=MONDAY, settings=self.app.settings, calendars=self.app.calendars, zone=self.app.zone.key)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def move(self, to: datetime) -> None:
        self.world.clock.move_to(to)

    def later(self, **span: float) -> None:
        self.world.clock.advance(timedelta(**span))

    def call(self, handler: Any, by: str = "clerk", **inputs: Any) -> Any:
        """A service as the engine calls it: in a transaction of its own, the result as variable kinds."""
        self.calls += 1
        with self.app.database.write() as connection:
            call = Call(
                instance="case-1", token=f"t{self.calls}", process="p", element="e", area="street", number="HY-1", now=self.now,
                actor=actor(by), connection=connection, idempotency_key=f"k{self.calls}",
                resources=self.app.engine.runtime.resources,
            )  # fmt: skip
            return values.normalise(handler(call, **inputs))

    def m(self, name: str, **inputs: Any) -> Any:
        """Service ``meetings.<name>``."""
        return self.call(_handler(meeting_services, name), **inputs)

    def v(self, name: str, by: str | None = None, **inputs: Any) -> Any:
        """Service ``votes.<name>``, called by the secretary; a count is certified by the last of its tellers, else by the chair."""
        certifier = (inputs.get("tellers") or ["m1"])[-1]
        return self.call(_handler(vote_services, name), by=by or (certifier if name == "certify" else "clerk"), **inputs)

    def opened(self, **more: Any) -> dict[str, Any]:
        """A draft of a meeting of the council."""
        given = {
            "kind": "consultation", "title": "三月协商会", "start_at": START, "end_at": START + timedelta(hours=2), "chair": "m1",
            "secretary": "clerk", "rules": {**RULES, **more.pop("rules", {})}, "committee": "council", "agenda": AGENDA,
        }  # fmt: skip
        found: dict[str, Any] = self.m("open", **{**given, **more})
        return found

    def announced(self, **more: Any) -> str:
        meeting = str(self.opened(**more)["meeting"])
        self.m("send", meeting=meeting)
        return meeting

    def in_session(self, present: Sequence[str], **more: Any) -> str:
        """A meeting that has begun, with these people in it; the clock stands at its start."""
        meeting = self.announced(**more)
        self.move(START)
        for person in present:
            self.sign_in(person, meeting)
        self.m("begin", meeting=meeting)
        return meeting

    def sign_in(self, person: str, meeting: str, /, **more: Any) -> SignedIn:
        return meetings.sign_in(self.app, actor(person), meeting, **more)

    def upload(self, person: str) -> str:
        """A scan that this person uploads."""
        with self.app.database.write() as connection:
            return self.app.files.upload(connection, BytesIO(b"%PDF-1.4 letter"), name="letter.pdf", uploaded_by=person).id

    def sign_out(self, person: str, meeting: str, **more: Any) -> SignedIn:
        return meetings.sign_out(self.app, actor(person), meeting, **more)

    def cast(self, person: str, vote: str, option: str, **more: Any) -> Receipt:
        return votes.cast(self.app, actor(person), vote, option, **more)

    def page(self, person: str, meeting: str) -> MeetingPage:
        return meetings.page(self.app, actor(person), meeting)

    def counted(self, vote: str) -> dict[str, Any]:
        """Closed and counted."""
        self.v("close", vote=vote)
        found: dict[str, Any] = self.v("count", vote=vote)
        return found

    def seat(self, meeting: str, person: str) -> str:
        return next(s.seat for s in self.page("clerk", meeting).seats if s.person == person)


def actor(person: str | None) -> Actor:
    return Actor(person=person, name=person or "")


def _handler(module: Any, name: str) -> Any:
    prefix = module.__name__.split(".")[1]
    return next(h for h in module.HANDLERS if h.__service__.name == f"{prefix}.{name}")
