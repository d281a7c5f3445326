"""The demo: agreements and tickets in the states of domain.md 9, and one of each kind of meeting, made by running cases, all or nothing."""

from __future__ import annotations

import stat
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cogov import demo, migrations
from cogov.bootstrap import application
from cogov.cases.world import World
from cogov.demo import loading
from cogov.demo.script import Script
from cogov.settings import Settings
from engine.clock import MovableClock
from engine.errors import Conflict
from engine.history import store as history
from engine.store.database import Database
from governance.directory.roster import read_roster
from governance.meetings import store as meetings
from governance.registers import store as registers

#: where the job engine keeps its jobs: SQLite?
_JOBS = {True: "workflow_status", False: "dbos.workflow_status"}
NOW = datetime.fromisoformat("2026-11-20T10:00+08:00")


def settings_in(folder: Path) -> Settings:
    return Settings.load({"COGOV_DATA": str(folder)})


def rows_of(world: World, register: str) -> list[registers.Row]:
    page = world.app.engine.queries.instances(limit=200)
    assert page.next is None
    with world.app.database.read() as connection:
        rows = [row for line in page.items for row in registers.rows_of_instance(connection, line.id)]
    return [row for row in rows if row.register == register]


def states(world: World, register: str) -> Counter[str]:
    return Counter(row.state for row in rows_of(world, register))


def agreements(world: World) -> list[registers.Row]:
    return rows_of(world, "agreements")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world in memory after the cases ran."""
    return loading.play(settings_in(tmp_path_factory.mktemp("demo")), read_roster(loading.ROSTER), NOW)


def test_twelve_agreements_stand_where_the_domain_says(played: World) -> None:
    # 云桥印务 is on show, 恒泽 in force with a major breach; in talks: two negotiating and one in legal review; one refused to sign
    assert states(played, "agreements") == {
        "in_force": 5,
        "showing": 1,
        "evaluating": 1,
        "withdrawn": 1,
        "negotiating": 2,
        "legal_review": 1,
        "signing": 1,
    }


def test_one_is_excellent_and_one_has_a_major_breach(played: World) -> None:
    assert [row.columns["band"] for row in agreements(played) if row.state == "evaluating"] == ["excellent"]
    rows = rows_of(played, "commitments")
    assert [row.columns["grade"] for row in rows if row.columns.get("grade")] == ["major"]
    per_agreement = Counter(row.columns["agreement"] for row in rows)
    assert all(3 <= count <= 6 for count in per_agreement.values())


def test_twelve_tickets_stand_where_the_paper_ledger_left_them(played: World) -> None:
    tickets = rows_of(played, "joint_tickets")
    assert Counter(t.state for t in tickets) == {"waiting": 5, "acting": 3, "revisit": 2, "diagnosed": 1, "chronic": 1}
    ages = {t.title: (NOW.date() - date.fromisoformat(str(t.columns["since"]))).days // 365 for t in tickets if t.columns.get("since")}
    assert (ages["云桥路马路菜场占道"], ages["园区三号楼裙房违规搭建经营"]) == (10, 7)
    oldest = next(t for t in tickets if t.title == "白莲泾排口雨污混接")
    assert (NOW - oldest.opened).days in (488, 489, 490)
    with played.app.database.read() as connection:
        assert all(registers.moves_of(connection, t.id)[0].person_name == "系统管理员" for t in tickets)


def test_one_topic_was_voted_on_and_the_session_of_another_is_announced(played: World) -> None:
    assert states(played, "council_topics") == {"publishing": 1, "meeting": 1}
    assert states(played, "action_items") == {"acting": 2}
    assert states(played, "decisions") == {"adopted": 1}
    (coming,) = (row for row in rows_of(played, "meetings") if row.state == "announced")
    with played.app.database.read() as connection:
        (meeting,) = meetings.of_instance(connection, coming.instance)
    assert timedelta(days=3) < meeting["start_at"] - NOW < timedelta(days=14)


def test_a_hearing_waits_for_its_third_answer(played: World) -> None:
    assert states(played, "hearing_ledger") == {"answering": 1}
    assert [float(row.columns["support_rate"]) for row in rows_of(played, "hearing_rounds")] == [33.3, 50, 75]
    assert states(played, "hearing_rounds") == {"answered": 2, "held": 1}


def test_a_coordination_sits_an_evaluation_is_published_and_a_round_of_opinions_is_open(played: World) -> None:
    assert states(played, "coordination_ledger") == {"meeting": 1}
    assert states(played, "meetings") == {"archived": 5, "announced": 1, "open": 1}
    assert [(row.state, row.columns["grade"]) for row in rows_of(played, "evaluations")] == [("published", "basic")]
    assert states(played, "opinion_rounds") == {"open": 1, "answered": 3}


def test_nothing_stands_in_an_incident_and_the_history_is_whole(played: World) -> None:
    assert played.app.engine.queries.incidents().items == ()
    with played.app.database.read() as connection:
        assert history.verify(connection) == []


def test_what_is_agreed_for_later_lies_ahead_on_a_working_day() -> None:
    data = {
        "process": "walk", "area": "park", "parts": {},
        "start": {"by": "anna", "with": {"on": {"ahead": 1}, "at": {"ahead": 1, "at": "14:00"}}},
        "runs": [{"name": "n", "begin": 3, "values": {}, "steps": [], "ends": {"running": True}}],
    }  # fmt: skip
    (case,) = Script(data, NOW.date(), NOW.tzinfo, lambda day: day.weekday() < 5).cases()  # type: ignore[arg-type]
    # today is a Friday
    assert case.start["with"]["on"] == NOW.date() + timedelta(days=1)
    assert case.start["with"]["at"] == NOW.replace(hour=14) + timedelta(days=3)


def test_acts_carry_names_and_lie_in_working_time(played: World) -> None:
    with played.app.database.read() as connection:
        for row in agreements(played):
            moves = registers.moves_of(connection, row.id)
            assert all(m.at <= NOW for m in moves)
            assert not {m.person_name for m in moves} & {"worker_zhou", "worker_jiang", "worker_he"}


@pytest.mark.long
@pytest.mark.parametrize(
    "now",
    ["2026-02-18T09:00+08:00", "2026-05-03T23:30+08:00", "2026-10-05T07:00+08:00", "2027-01-01T00:30+08:00", "2027-03-31T12:00+08:00"],
)
def test_it_can_be_loaded_on_any_day(tmp_path: Path, now: str) -> None:
    """Holidays, weekends, the turn of the year: the runs find their working days, the states are the same."""
    world = loading.play(settings_in(tmp_path), read_roster(loading.ROSTER), datetime.fromisoformat(now))
    assert states(world, "agreements")["in_force"] == 5
    assert states(world, "joint_tickets").total() == 12
    assert states(world, "hearing_ledger") == {"answering": 1}
    assert world.app.engine.queries.incidents().items == ()


def test_what_was_played_is_written_into_the_installation(played: World, tmp_path: Path, database_url: str) -> None:
    settings = Settings.load({"COGOV_DATA": str(tmp_path), "COGOV_DATABASE_URL": database_url})
    migrations.upgrade(settings.database_url)
    loading.write_down(settings, played, read_roster(loading.ROSTER), NOW)
    listing = demo.accounts_file(settings)
    assert listing is not None
    assert stat.S_IMODE(listing.stat().st_mode) == 0o600
    _, first, *_ = listing.read_text("utf8").splitlines()
    _name, _post, login, password = first.split("\t")
    app = application(settings)
    with app.database.write() as connection:
        assert app.accounts.authenticate(connection, login, password, NOW).account is not None
        assert history.verify(connection) == []
        waiting = connection.execute(sa.text(f"SELECT count(*) FROM {_JOBS[app.database.is_sqlite]}")).scalar_one()
    app.database.dispose()
    assert waiting == len(played.jobs.outstanding()) > 50


@pytest.fixture
def only_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is played: the demo is its roster."""

    def play(settings: Settings, roster: dict[str, Any], now: datetime) -> World:
        migrations.all_tables()
        database = Database("sqlite://")
        database.create_all()
        world = World(database, now, settings.data / "files")
        world.prepare(roster)
        return world

    monkeypatch.setattr(loading, "play", play)


@pytest.mark.usefixtures("only_people")
def test_it_is_loaded_into_an_empty_installation_only(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrations.upgrade(settings.database_url)
    assert demo.is_empty(settings)
    assert demo.accounts_file(settings) is None
    demo.load(settings, clock=MovableClock(NOW))
    assert not demo.is_empty(settings)
    with pytest.raises(Conflict):
        demo.load(settings)


@pytest.mark.usefixtures("only_people")
def test_a_crash_in_the_middle_leaves_it_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_in(tmp_path)
    migrations.upgrade(settings.database_url)

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("governance.accounts.accounts.Accounts.create", fails)
    with pytest.raises(RuntimeError):
        demo.load(settings, clock=MovableClock(NOW))
    assert demo.is_empty(settings)
    assert demo.accounts_file(settings) is None


def test_days_of_a_run_fall_on_working_days_before_today() -> None:
    data = {
        "process": "walk", "area": "park", "start": {"by": "$who"},
        "parts": {
            "stroll": [{"wait": {"day": 1, "at": "10:20"}}, {"do": "go", "by": "$who", "with": {"on": {"day": 2}, "text": "${who}!"}}],
        },
        "runs": [{"name": "n", "begin": 10, "values": {"who": "anna"}, "steps": [{"part": "stroll", "day": 3}], "ends": {"running": True}}],
    }  # fmt: skip
    (case,) = Script(data, NOW.date(), NOW.tzinfo, lambda day: day.weekday() < 5).cases()  # type: ignore[arg-type]
    first = NOW.date() - timedelta(days=10)  # a Tuesday; its fourth day is a Saturday
    assert case.start == {"by": "anna"}
    assert [dict(s) for s in case.steps] == [
        {"wait": {"until": datetime.combine(first + timedelta(days=6), datetime.min.time(), NOW.tzinfo).replace(hour=10, minute=20)}},
        {"do": "go", "by": "anna", "with": {"on": first + timedelta(days=5), "text": "anna!"}},
    ]
