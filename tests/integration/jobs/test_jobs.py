"""What every implementation of the port Jobs promises, on MemoryJobs and on DbosJobs with both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, Queue
from typing import Any

import pytest

from engine.clock import Clock, MovableClock, SystemClock
from engine.jobs.dbos import DbosJobs, migrate_jobs
from engine.jobs.memory import MemoryJobs
from engine.jobs.retry import RetryPolicy
from engine.store.database import Database
from tests.integration.conftest import empty_database

_PATIENCE = 15.0
_SILENCE = 1.0


@dataclass
class Harness:
    """Jobs under test; what their handler got arrives in `done`."""

    jobs: MemoryJobs | DbosJobs
    database: Database
    clock: Clock
    done: Queue[Mapping[str, Any]]

    def put(self, payload: Mapping[str, Any], **options: Any) -> None:
        with self.database.write() as connection:
            self.jobs.enqueue(connection, "note", payload, **options)

    def next(self) -> Mapping[str, Any]:
        """What the handler got next."""
        if isinstance(self.jobs, MemoryJobs):
            assert isinstance(self.clock, MovableClock)
            self.jobs.run_until(self.clock.now() + timedelta(seconds=_PATIENCE))
        return self.done.get(timeout=_PATIENCE)

    def nothing_more(self) -> bool:
        if isinstance(self.jobs, MemoryJobs):
            self.jobs.run_due()
            return self.done.empty()
        try:
            self.done.get(timeout=_SILENCE)
        except Empty:
            return True
        return False


@pytest.fixture(scope="module", params=["memory", "dbos sqlite", pytest.param("dbos postgres", marks=pytest.mark.postgres)])
def launched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    """Jobs that work; DBOS takes seconds to launch, so tests share one."""
    done: Queue[Mapping[str, Any]] = Queue()
    failures: dict[str, int] = {}

    def note(payload: Mapping[str, Any]) -> None:
        left = failures.setdefault(payload["id"], payload.get("failures", 0))
        if left:
            failures[payload["id"]] = left - 1
            raise OSError("not now")
        done.put(payload)

    with ExitStack() as stack:
        if request.param == "dbos postgres":
            url = stack.enter_context(empty_database(request.getfixturevalue("postgres_server")))
        else:
            url = f"sqlite:///{tmp_path_factory.mktemp('jobs') / 'jobs.db'}"
        database = Database(url)
        stack.callback(database.dispose)
        database.create_all()
        clock: Clock = MovableClock(datetime(2026, 3, 2, tzinfo=UTC)) if request.param == "memory" else SystemClock()
        jobs = MemoryJobs(clock) if isinstance(clock, MovableClock) else _durable(database, clock)
        jobs.register("note", note)
        jobs.launch()
        stack.callback(jobs.shutdown)
        yield Harness(jobs, database, clock, done)


def _durable(database: Database, clock: Clock) -> DbosJobs:
    jobs = DbosJobs(database, clock, retry=RetryPolicy(first=timedelta(milliseconds=100), attempts=5), polling=0.1)
    migrate_jobs(database)
    return jobs


@pytest.fixture
def harness(launched: Harness) -> Harness:
    assert launched.done.empty()
    return launched


def test_a_job_gets_its_payload(harness: Harness) -> None:
    harness.put({"id": "a", "text": "中文", "list": [1, {"deep": None}]})
    assert harness.next() == {"id": "a", "text": "中文", "list": [1, {"deep": None}]}


def test_a_rollback_leaves_no_job(harness: Harness) -> None:
    def undo(connection: object) -> None:
        harness.jobs.enqueue(connection, "note", {"id": "a"})
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        harness.database.run(undo)
    assert harness.nothing_more()


def test_one_key_is_one_job(harness: Harness) -> None:
    harness.put({"id": "a"}, key="k")
    harness.put({"id": "b"}, key="k")
    assert harness.next() == {"id": "a"}
    assert harness.nothing_more()


def test_a_later_job_waits_for_its_time(harness: Harness) -> None:
    due = harness.clock.now() + timedelta(seconds=1)
    harness.put({"id": "later"}, at=due)
    harness.put({"id": "now"})
    assert harness.next() == {"id": "now"}
    assert harness.next() == {"id": "later"}
    assert harness.clock.now() >= due


def test_a_second_registration_is_refused(harness: Harness) -> None:
    with pytest.raises(ValueError, match="twice"):
        harness.jobs.register("note", lambda _payload: None)


def test_a_failed_job_is_tried_again(harness: Harness) -> None:
    if isinstance(harness.jobs, MemoryJobs):
        with harness.database.write() as connection:
            harness.jobs.enqueue(connection, "note", {"id": "f", "failures": 1})
        with pytest.raises(OSError, match="not now"):
            harness.jobs.run_due()
    else:
        harness.put({"id": "f", "failures": 2})
    assert harness.next()["id"] == "f"
    assert harness.nothing_more()


def test_jobs_of_memory_run_in_the_order_they_fall_due() -> None:
    clock = MovableClock(datetime(2026, 3, 2, tzinfo=UTC))
    jobs, database, seen = MemoryJobs(clock), Database("sqlite://"), []
    jobs.register("note", lambda payload: seen.append((payload["n"], clock.now())))
    start = clock.now()
    with database.write() as connection:
        for hours in (3, 1, 2):
            jobs.enqueue(connection, "note", {"n": hours}, at=start + timedelta(hours=hours))
    assert jobs.run_until(start + timedelta(hours=2)) == 2
    assert seen == [(1, start + timedelta(hours=1)), (2, start + timedelta(hours=2))]
    assert (jobs.pending, clock.now()) == (1, start + timedelta(hours=2))
    database.dispose()


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 30), (2, 120), (3, 480), (6, 21_600), (8, 21_600), (9, None)], ids=str)
def test_pauses_between_attempts_grow_and_end(attempt: int, seconds: int | None) -> None:
    pause = RetryPolicy().delay(attempt)
    assert pause == (timedelta(seconds=seconds) if seconds is not None else None)
