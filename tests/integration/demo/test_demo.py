"""The demo: twelve agreements in the states of domain.md 9, made by running cases, all or nothing."""

from __future__ import annotations

import stat
from collections import Counter
from datetime import datetime, timedelta
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
from governance.registers import store as registers

#: where the job engine keeps its jobs: SQLite?
_JOBS = {True: "workflow_status", False: "dbos.workflow_status"}
NOW = datetime.fromisoformat("2026-11-20T10:00+08:00")


def settings_in(folder: Path) -> Settings:
    return Settings.load({"COGOV_DATA": str(folder)})


def agreements(world: World) -> list[registers.Row]:
    with world.app.database.read() as connection:
        lines = world.app.engine.queries.instances(limit=200).items
        rows = [row for line in lines for row in registers.rows_of_instance(connection, line.id)]
    return [row for row in rows if row.register == "agreements"]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world in memory after the cases ran."""
    return loading.play(settings_in(tmp_path_factory.mktemp("demo")), read_roster(loading.ROSTER), NOW)


def test_twelve_agreements_stand_where_the_domain_says(played: World) -> None:
    states = Counter(row.state for row in agreements(played))
    # 云桥印务 is on show, 恒泽 in force with a major breach; in talks: two negotiating and one in legal review; one refused to sign
    assert states == {
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
    lines = played.app.engine.queries.instances(limit=200).items
    with played.app.database.read() as connection:
        rows = [row for line in lines for row in registers.rows_of_instance(connection, line.id) if row.register == "commitments"]
    assert [row.columns["grade"] for row in rows if row.columns.get("grade")] == ["major"]
    per_agreement = Counter(row.columns["agreement"] for row in rows)
    assert all(3 <= count <= 6 for count in per_agreement.values())


def test_nothing_stands_in_an_incident_and_the_history_is_whole(played: World) -> None:
    assert played.app.engine.queries.incidents().items == ()
    with played.app.database.read() as connection:
        assert history.verify(connection) == []


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
    assert Counter(row.state for row in agreements(world))["in_force"] == 5


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
