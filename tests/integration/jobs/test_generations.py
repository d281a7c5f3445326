"""A worker of an older release never claims a job it does not know: names of jobs of later releases carry their generation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.clock import MovableClock
from engine.jobs.dbos import QUEUE, queue_of
from engine.jobs.memory import MemoryJobs
from engine.ports import JobHandler
from engine.store.database import Database
from governance import upkeep
from governance.application import build

#: what every worker knows that listens to queues by their generation.
#: Never add to it: a new job, or a new payload of an old one, is named ``name@2``, ``name@3`` …
FIRST = {
    "batch", "deadline", "deliver_message", "look_again", "notice", "paper_pdf", "rearm", "release", "second_try", "service",
    "service_result", "signal", "start_condition", "start_instance", "start_timer", "timer", "upkeep",
}  # fmt: skip


class _Names(MemoryJobs):
    """Keeps what is registered."""

    def __init__(self) -> None:
        super().__init__(MovableClock(datetime(2026, 3, 2, tzinfo=UTC)))
        self.names: set[str] = set()

    def register(self, name: str, handler: JobHandler) -> None:
        super().register(name, handler)
        self.names.add(name)


def test_a_job_that_older_workers_do_not_know_has_a_queue_of_its_own(tmp_path: Path) -> None:
    jobs = _Names()
    upkeep.install(build(Database("sqlite://"), clock=MovableClock(datetime(2026, 3, 2, tzinfo=UTC)), jobs=jobs, files=tmp_path))
    assert {name for name in jobs.names if queue_of(name) == QUEUE} == FIRST
