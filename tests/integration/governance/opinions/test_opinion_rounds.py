"""Rounds on SQLite and PostgreSQL: one answer per household, marks, device flooding, races, the flat cost of an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import MovableClock
from engine.errors import FormInvalid, NotFound, ServiceRefused
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from governance.calendars.calendars import Calendars
from governance.directory.directory import Directory
from governance.notices.notices import Notices
from governance.opinions import store
from governance.opinions.answering import Given, RoundClosed, Taken
from governance.opinions.opinions import Opinions
from governance.settings.settings import Settings

QUESTIONS = [{"key": "q", "kind": "clause", "text": "同意加装电梯"}]
YES = {"q": "support"}


@dataclass
class Hall:
    """A round and the means to answer it."""

    database: Database
    opinions: Opinions
    jobs: MemoryJobs
    clock: MovableClock
    sent: list[Any]
    round: str = ""

    def open(self, households: int = 3, **more: Any) -> str:
        facts: dict[str, Any] = {
            "instance": "case-1", "area": None, "now": self.clock.now(), "occasion": f"x{households}{more}", "title": "加装电梯",
            "questions": QUESTIONS, "method": "questionnaire",
            "audience": [{"household": f"1幢{n}", "group": "g"} for n in range(households)],
            "groups": (), "public": False, "one_per": "household", "min_rate": None, "closes_at": None, "window": "P7D", "major": False,
            "subject": "", "access": "public", "residents_of": None, **more,
        }  # fmt: skip
        with self.database.write() as connection:
            self.round = self.opinions.open(connection, **facts)["round"]
        return self.round

    def slot(self, name: str) -> str:
        with self.database.read() as connection:
            return next(s["id"] for s in store.slots(connection, self.round) if s["name"] == name)

    def answer(self, name: str | None = None, answers: Any = YES, **more: Any) -> Taken:
        given = Given(answers=answers, slot=self.slot(name) if name else None, verified=name is not None, **more)
        return self.database.run(lambda connection: self.opinions.take(connection, self.round, given, self.clock.now()))

    def tally(self) -> dict[str, Any]:
        with self.database.read() as connection:
            return self.opinions.tally(connection, self.round)

    def do(self, name: str, *args: Any, **more: Any) -> dict[str, Any]:
        with self.database.write() as connection:
            result: dict[str, Any] = getattr(self.opinions, name)(connection, self.round, *args, **more)
            return result


@pytest.fixture
def hall(database: Database) -> Hall:
    clock = MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    jobs, settings, calendars = MemoryJobs(clock), Settings(), Calendars()
    directory = Directory(settings)
    with database.write() as connection:
        calendars.seed(connection, clock.now())
    sent: list[Any] = []
    jobs.register("deliver_message", sent.append)
    opinions = Opinions(settings=settings, calendars=calendars, directory=directory, notices=Notices(directory), jobs=jobs)
    return Hall(database, opinions, jobs, clock, sent)


def test_the_last_answer_of_a_household_counts_and_the_earlier_is_kept(hall: Hall) -> None:
    hall.open()
    assert not hall.answer("1幢0").replaced
    assert hall.answer("1幢0", {"q": {"stance": "oppose", "text": "采光"}}).replaced
    counted = hall.tally()
    assert (counted["answers"], counted["counted"], counted["replied"]) == (2, 1, 1)
    assert counted["stances"] == {"support": 0, "conditional": 0, "oppose": 1}
    assert counted["marks"] == {"superseded": 1}
    assert counted["not_counted"] == 0


def test_when_the_last_of_the_invited_answers_whoever_waits_is_told_once(hall: Hall) -> None:
    hall.open(2)
    assert not hall.answer("1幢0").complete
    assert hall.answer("1幢1").complete
    assert not hall.answer("1幢1").complete
    hall.jobs.run_due()
    assert [(m["name"], m["key"]) for m in hall.sent] == [("msg.opinions.complete", hall.round)]


def test_a_round_that_is_complete_again_tells_whoever_waits_again(hall: Hall) -> None:
    """All have answered; then one device turns out to have answered for too many and its answers are held: they answer once more."""
    hall.open(households=6)
    for n in range(5):
        hall.answer(f"1幢{n}", device="10.0.0.1|tablet")
    assert hall.answer("1幢5").complete
    hall.answer("1幢5", device="10.0.0.1|tablet")
    with hall.database.read() as connection:
        assert hall.opinions.get(connection, hall.round)["answered"] == 1
    assert [hall.answer(f"1幢{n}").complete for n in range(5)] == [False, False, False, False, True]
    hall.jobs.run_due()
    assert [(m["name"], m["key"]) for m in hall.sent] == [("msg.opinions.complete", hall.round)] * 2


def test_after_the_end_no_answer_is_taken_and_links_and_salt_are_gone(hall: Hall) -> None:
    hall.open()
    hall.clock.advance(timedelta(days=8))
    with pytest.raises(RoundClosed):
        hall.answer("1幢0")
    hall.do("close", hall.clock.now())
    with hall.database.read() as connection:
        assert store.get(connection, hall.round)["salt"] is None  # type: ignore[index]
        assert {s["token"] for s in store.slots(connection, hall.round)} == {None}
    assert hall.do("close", hall.clock.now())["state"] == "closed"


def test_an_extension_comes_once_and_takes_answers_again(hall: Hall) -> None:
    hall.open()
    hall.clock.advance(timedelta(days=8))
    assert hall.do("extend", None, hall.clock.now())["extensions"] == 1
    assert hall.answer("1幢0").counted
    with pytest.raises(ServiceRefused, match="最多延期 1 次"):
        hall.do("extend", None, hall.clock.now())


def test_who_lives_elsewhere_or_is_not_listed_is_marked_and_not_counted(hall: Hall) -> None:
    hall.open(3, public=True, residents_of="nandu")
    assert hall.answer(identity={"household": "外地", "resident": False}).mark == "non_resident"
    assert hall.answer(identity={"household": "9幢9", "resident": True}).mark == "not_listed"
    assert hall.answer(identity={"household": " １幢－2室 ", "resident": True}).counted
    assert (hall.tally()["counted"], hall.tally()["replied"], hall.tally()["not_counted"]) == (1, 1, 2)


def test_a_claim_without_proof_does_not_replace_a_verified_answer(hall: Hall) -> None:
    hall.open(3, public=True)
    assert hall.answer("1幢0").counted
    assert hall.answer(answers={"q": "oppose"}, identity={"household": "1幢0"}).mark == "unverified"
    assert hall.tally()["stances"]["support"] == 1


def test_another_browser_name_does_not_get_round_the_review(hall: Hall) -> None:
    hall.open(2, public=True)
    marks = [hall.answer(identity={"household": f"8幢{n}"}, device=f"10.0.0.9|browser {n}").mark for n in range(32)]
    assert marks == [None] * 30 + ["flooding"] * 2
    assert hall.answer(identity={"household": "8幢0"}, device="10.0.0.9|browser 99").replaced  # the same household is no flooding
    assert hall.answer(identity={"household": "7幢1"}, device="10.0.0.8|browser 0").counted
    (found,) = hall.tally()["suspicious"]
    assert found["answers"] == 2


def test_more_households_than_the_setting_from_one_device_wait_for_review(hall: Hall) -> None:
    hall.open(2, public=True)
    for n in range(5):
        assert hall.answer(identity={"household": f"8幢{n}"}, device="shop").counted
    assert hall.answer(identity={"household": "8幢0"}, device="shop").replaced  # the same household again is no flooding
    assert hall.answer(identity={"household": "8幢5"}, device="shop").mark == "flooding"
    assert hall.answer(identity={"household": "7幢1"}, device="home").counted
    held = hall.tally()
    assert (held["counted"], held["marks"]["flooding"]) == (1, 6)
    assert [(s["no"], s["answers"]) for s in held["suspicious"]] == [(1, 6)]
    assert "shop" not in str(held)
    hall.do("review", [{"no": 1, "decision": "count", "reason": "养老院代为扫码"}], "wang")
    assert (hall.tally()["counted"], hall.tally()["suspicious"]) == (7, [])


def test_staff_on_one_tablet_are_no_flood(hall: Hall) -> None:
    hall.open(8)
    for n in range(8):
        assert hall.answer(f"1幢{n}", entered_by="tan", channel="door", device="tablet").counted


def test_a_wrong_answer_leaves_nothing(hall: Hall) -> None:
    hall.open()
    with pytest.raises(FormInvalid):
        hall.answer("1幢0", {"q": "maybe"})
    assert hall.tally()["answers"] == 0


def test_a_round_that_cannot_be_asked_is_refused(hall: Hall) -> None:
    with pytest.raises(ServiceRefused, match="没有征求对象"):
        hall.open(0)
    with pytest.raises(ServiceRefused, match="征求对象重复"):
        hall.open(audience=[{"household": "1幢101"}, {"household": "1幢 101室"}])
    with pytest.raises(ServiceRefused, match="不得少于 30 日"):
        hall.open(major=True)
    with pytest.raises(ServiceRefused, match="不在组织名册"):
        hall.open(audience=[{"unit": "ent_nobody"}])
    hall.round = "no"
    with pytest.raises(NotFound):
        hall.tally()


def test_an_adoption_table_needs_reasons_and_a_correction_is_the_next_version(hall: Hall) -> None:
    hall.open()
    with pytest.raises(ServiceRefused, match="须说明理由"):
        hall.do("adopt", [{"text": "采光", "count": 1, "adopted": "not_adopted"}], "wang", hall.clock.now())
    first = hall.do("adopt", [{"text": "采光", "count": 1, "adopted": "adopted"}], "wang", hall.clock.now())
    assert hall.do("adopt", [{"text": "采光", "count": 1, "adopted": "adopted"}], "wang", hall.clock.now())["version"] == 1
    second = hall.do("adopt", [{"text": "采光", "count": 1, "adopted": "partly", "reason": "玻璃井道"}], "wang", hall.clock.now())
    assert (first["version"], second["version"]) == (1, 2)
    assert first["hash"] != second["hash"]
    with hall.database.read() as connection:
        assert store.adoption(connection, hall.round, 1)[0]["adopted"] == "adopted"


def test_households_answer_at_the_same_moment_and_each_counts_once(hall: Hall) -> None:
    hall.open(6)
    slots = [hall.slot(f"1幢{n}") for n in range(6)]

    def send(slot: str) -> bool:
        given = Given(answers=YES, slot=slot, verified=True)
        return hall.database.run(lambda connection: hall.opinions.take(connection, hall.round, given, hall.clock.now())).complete

    with ThreadPoolExecutor(18) as pool:
        complete = list(pool.map(send, slots * 3))  # an error of any of them comes up here
    counted = hall.tally()
    assert (counted["answers"], counted["counted"], counted["replied"]) == (18, 6, 6)
    assert complete.count(True) == 1


def test_strangers_who_name_the_same_household_at_once_make_one(hall: Hall) -> None:
    hall.open(1, public=True)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: hall.answer(identity={"household": "5幢501"}), range(8)))
    assert sum(not t.replaced for t in taken) == 1
    assert (hall.tally()["answers"], hall.tally()["counted"]) == (8, 1)


def test_an_answer_costs_the_same_in_a_round_of_five_hundred(hall: Hall) -> None:
    hall.open(500)
    statements: list[str] = []
    sa.event.listen(hall.database.writer, "before_cursor_execute", lambda *args: statements.append(args[2]))
    costs = []
    for n in (0, 1, 250, 499):
        slot = hall.slot(f"1幢{n}")
        statements.clear()
        given = Given(answers=YES, slot=slot, verified=True)
        with hall.database.write() as connection:
            hall.opinions.take(connection, hall.round, given, hall.clock.now())
        costs.append(len(statements))
    assert len(set(costs[1:])) == 1
    assert costs[-1] <= 10
