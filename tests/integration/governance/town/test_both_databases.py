"""The same statements on SQLite in a file and on PostgreSQL: one walk through every store of people and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from engine.actor import Actor
from engine.clock import MovableClock
from engine.definitions.model import Deadline
from engine.jobs.memory import MemoryJobs
from engine.ports import InstanceRef, Offer
from engine.store.database import Database
from governance.accounts.accounts import Accounts
from governance.accounts.sign_in import SignIn
from governance.calendars.calendars import Calendars
from governance.deadlines.deadlines import Deadlines
from governance.deadlines.ladder import Work
from governance.deadlines.records import JOB
from governance.directory.directory import Directory
from governance.directory.may import Data, Permissions
from governance.directory.roster import load_roster, read_roster
from governance.notices.notices import Notices
from governance.settings.settings import Settings

ROSTER = Path(__file__).parents[3] / "rosters" / "small_community.yaml"
CASE = InstanceRef(id="case-1", process="toy", version=1, number=None, area="yunqiao", starter=None)


def test_people_and_time_are_kept_alike(database_url: str, open_database: Callable[[str], Database]) -> None:
    database = open_database(database_url)
    database.create_all()
    clock = MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    jobs, settings, calendars = MemoryJobs(clock), Settings(), Calendars()
    directory = Directory(settings)
    settings.use_tree(directory.area_path)
    calendars.use_tree(directory.area_path)
    notices = Notices(directory)
    deadlines = Deadlines(calendars, settings, jobs, notices, directory)
    deadlines.connect(work_of=lambda _connection, _token: Work(selectors=("role:legal@yunqiao",)))
    jobs.register(JOB, deadlines.alarm_handler(database.write, clock))
    sent: list[dict[str, object]] = []
    jobs.register("deliver_message", lambda payload: sent.append(dict(payload)))
    accounts = Accounts(settings, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    gate = SignIn(database, clock, accounts, directory)
    with database.write() as connection:
        load_roster(
            connection,
            read_roster(ROSTER),
            at=clock.now(),
            settings=settings,
            calendars=calendars,
            make_account=lambda person, login: accounts.create(connection, person, login, "a good password", clock.now()),
        )
        settings.put(connection, "deadlines.max_pauses", 1, clock.now(), source="test", area="street")
        directory.delegate(connection, "legal_zhao", "worker_sun", {"kind": "all"}, clock.now(), clock.now() + timedelta(days=1))
    with database.write() as connection:
        deadlines.open(connection, CASE, "token-1", "look", Deadline(id="look_due", limit="PT10H"), "PT10H", clock.now())
    jobs.run_until(clock.now() + timedelta(hours=20))
    with database.read() as connection:
        asked = ["role:street_office@yunqiao", "member:council"]
        assert directory.resolve(connection, asked, clock.now())[1:] == [
            Offer(selector="role:street_office@street"),
            Offer(selector="member:council"),
        ]
        assert directory.selectors_of(connection, "worker_sun", clock.now())["role:legal@yunqiao"].on_behalf_of == "legal_zhao"
        assert [c.value for c in directory.lookup(connection, "person", "王", clock.now())] == ["liaison_wang"]
        assert [c.value for c in directory.lookup(connection, "post", "王芳", clock.now())] == ["liaison_wang.community_worker.yunqiao"]
        assert settings.get(connection, "deadlines.max_pauses", clock.now(), "grid_1") == 1
        assert Permissions(directory).may(
            connection, Actor(person="liaison_wang"), "case.read", Data(access="staff", area="grid_1"), clock.now()
        )
        assert deadlines.of_tokens(connection, ["token-1"], clock.now())["token-1"].was_late
        assert [m["percent"] for m in deadlines.account(connection, CASE.id, "look_due")["marks"]] == [50, 80, 100, 150, 200]
        assert {n.person for n in notices.of_instance(connection, CASE.id)} >= {"legal_zhao", "worker_sun", "supervisor_luo"}
        assert notices.unread(connection, "legal_zhao") == 3
    assert [m["name"] for m in sent] == ["msg.supervision.open", "msg.supervision.escalate"]
    assert gate.login("Wang", "a good password", "zh").person == "liaison_wang"
