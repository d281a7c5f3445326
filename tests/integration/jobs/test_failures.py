"""Jobs that fail become visible, with their cause, and an operator's retry works; jobs of later releases are left to those who know."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.errors import Conflict, NotFound
from engine.jobs import failures
from engine.jobs.dbos import DbosJobs, migrate_jobs, queue_of
from engine.jobs.failures import JobFailure, NotHere
from engine.jobs.retry import RetryPolicy
from engine.store.database import Database
from tests.integration.conftest import empty_database

_PATIENCE = 20.0


@dataclass
class World:
    """Jobs that fail as long as `broken` holds."""

    jobs: DbosJobs
    database: Database
    broken: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)

    def deliver(self, payload: Mapping[str, Any]) -> None:
        if payload["id"] in self.broken:
            raise ConnectionError(f"no mail server for {payload['id']}")
        self.done.append(payload["id"])

    def put(self, name: str, payload: Mapping[str, Any], key: str | None = None) -> None:
        with self.database.write() as connection:
            self.jobs.enqueue(connection, name, payload, key=key)

    def failure(self, key: str) -> JobFailure | None:
        with self.database.read() as connection:
            return failures.by_id(connection, key)


def _until(reached: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(round(_PATIENCE / 0.1)):
        if reached():
            return
        pause.wait(0.1)
    raise AssertionError("it did not come to that in time")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        if request.param == "postgres":
            url = stack.enter_context(empty_database(request.getfixturevalue("postgres_server")))
        else:
            url = f"sqlite:///{tmp_path_factory.mktemp('failures') / 'jobs.db'}"
        database = Database(url)
        stack.callback(database.dispose)
        database.create_all()
        migrate_jobs(database)
        jobs = DbosJobs(database, SystemClock(), retry=RetryPolicy(first=timedelta(milliseconds=50), attempts=3), polling=0.1)
        made = World(jobs, database)
        jobs.register("deliver", made.deliver)
        jobs.launch()
        stack.callback(jobs.shutdown)
        yield made


def _failed(world: World, key: str) -> JobFailure:
    _until(lambda: (found := world.failure(key)) is not None and found.state == "failed")
    found = world.failure(key)
    assert found is not None
    return found


def test_a_job_that_fails_for_good_stands_with_its_cause_and_can_be_retried(world: World) -> None:
    world.broken.add("a")
    world.put("deliver", {"id": "a", "instance": "i1", "element": "tell"}, key="mail:a")
    found = _failed(world, "mail:a")
    assert (found.job, found.error, found.message) == ("deliver", "ConnectionError", "no mail server for a")
    assert (found.attempts, found.instance, found.element, found.next_at) == (3, "i1", "tell", None)
    assert world.jobs.figures().failed == 1
    world.broken.discard("a")
    with world.database.write() as connection:
        world.jobs.retry_failed(connection, "mail:a", "operator")
    _until(lambda: "a" in world.done)
    _until(lambda: world.failure("mail:a").state == "done")  # type: ignore[union-attr]
    assert world.done.count("a") == 1
    assert world.jobs.figures().failed == 0


def test_a_retry_that_fails_shows_at_once_and_only_what_stands_failed_is_retried(world: World) -> None:
    world.broken.add("b")
    world.put("deliver", {"id": "b"}, key="mail:b")
    _failed(world, "mail:b")
    with world.database.write() as connection:
        world.jobs.retry_failed(connection, "mail:b", "operator")
    with pytest.raises(Conflict), world.database.write() as connection:
        world.jobs.retry_failed(connection, "mail:b", "operator")
    assert _failed(world, "mail:b").attempts == 4
    with pytest.raises(NotFound), world.database.write() as connection:
        world.jobs.retry_failed(connection, "mail:nobody", "operator")


def test_a_retry_that_is_rolled_back_leaves_the_job_failed(world: World) -> None:
    world.broken.add("c")
    world.put("deliver", {"id": "c"}, key="mail:c")
    _failed(world, "mail:c")

    def undone(connection: Any) -> None:
        world.jobs.retry_failed(connection, "mail:c", "operator")
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        world.database.run(undone)
    assert _failed(world, "mail:c").attempts == 3


def test_a_job_of_a_later_release_stays_in_its_queue_and_an_unknown_one_is_handed_back(world: World) -> None:
    assert (queue_of("deliver"), queue_of("deliver@2")) == ("cogov", "cogov-2")
    before = world.jobs.figures().due
    world.put("deliver@2", {"id": "later"}, key="later")
    world.put("stranger", {"id": "s"}, key="stranger")
    _until(lambda: world.failure("stranger") is not None)
    found = world.failure("stranger")
    assert found is not None
    assert (found.state, found.error, found.attempts) == ("trying", "UnknownJob", 1)
    assert found.next_at is not None
    assert world.failure("later") is None
    assert world.jobs.figures().due == before + 1


def test_a_job_that_kills_its_workers_is_given_up_and_shown_and_can_be_retried(world: World) -> None:
    _put_later(world, "poison", "mail:p")
    with world.database.write() as connection:
        schema = "" if world.database.is_sqlite else "dbos."
        change = f"UPDATE {schema}workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' WHERE workflow_uuid = 'mail:p'"
        connection.execute(sa.text(change))
    assert _failed(world, "mail:p").error == "WorkerDied"
    with world.database.write() as connection:
        world.jobs.retry_failed(connection, "mail:p", "operator")
    _until(lambda: "poison" in world.done)


def test_only_what_is_done_long_enough_is_pruned(world: World) -> None:
    world.put("deliver", {"id": "old"})
    _until(lambda: "old" in world.done)
    _put_later(world, "kept", "mail:kept")
    now = SystemClock().now()
    assert world.jobs.prune("SUCCESS", now - timedelta(hours=1)) == 0
    later = world.jobs.figures().later
    _until(lambda: world.jobs.prune("SUCCESS", now + timedelta(hours=1)) > 0)
    assert world.jobs.figures().later == later


def _put_later(world: World, name: str, key: str) -> None:
    with world.database.write() as connection:
        world.jobs.enqueue(connection, "deliver", {"id": name}, at=SystemClock().now() + timedelta(hours=1), key=key)


def test_what_a_machine_lacks_is_told_by_its_own_cause() -> None:
    missing = NotHere("no PDF")
    missing.__cause__ = OSError("cannot load library 'pango'")
    assert failures.cause_of(missing) == failures.Cause("OSError", "cannot load library 'pango'")
