"""Two workers, one killed in the middle of its jobs: the other takes them over; nothing is lost or doubled."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.history import store as history
from engine.jobs import failures
from engine.jobs.dbos import migrate_jobs
from tests.faults.worker import build
from tests.integration.engine.conftest import LI
from tests.integration.engine.models import catch, end, model, service, start, timer

ROOT = Path(__file__).parents[2]
INSTANCES = 20
_PATIENCE = 90.0
SLOW = model(
    "slow",
    start() + service("call", "outside.slow") + catch("sleep", timer("timeDuration", "PT1S")) + end(),
    "begin call\ncall sleep\nsleep done",
)


@contextmanager
def worker_process(url: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.worker", url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()


@pytest.mark.long
def test_a_killed_workers_jobs_are_taken_over(database_url: str) -> None:
    engine, _ = build(database_url)
    engine.create_schema()
    migrate_jobs(engine.database)
    engine.deploy(SLOW, actor=LI)
    with worker_process(database_url) as doomed, worker_process(database_url):
        for _ in range(INSTANCES):
            engine.start("slow", actor=LI)
        until(lambda: len(engine.queries.instances(state="completed", limit=200).items) >= 2)
        doomed.kill()
        doomed.wait()
        until(lambda: len(engine.queries.instances(state="completed", limit=200).items) == INSTANCES)
    for line in engine.queries.instances(limit=200).items:
        kinds = [h.kind for h in engine.queries.history(line.id).items]
        assert (kinds.count("service_done"), kinds.count("timer_fired")) == (1, 1)
    with engine.database.read() as connection:
        assert history.verify(connection) == []
        assert failures.open_ones(connection) == []
    engine.database.dispose()


def until(reached: object) -> None:
    """Wait for what other processes do; the test fails when it takes too long."""
    deadline = time.monotonic() + _PATIENCE
    pause = threading.Event()
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < deadline, "the workers did not get there in time"
        pause.wait(0.2)
