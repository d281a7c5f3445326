"""A worker process for `test_workers`: ``python -m tests.faults.worker URL``. It says ``ready`` and works until it is killed."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from engine.clock import SystemClock
from engine.engine import Engine
from engine.jobs.dbos import DbosJobs
from engine.services import Call, Services, service
from engine.store.database import Database

#: how long a call to the world outside takes: long enough to be killed in
CALL_SECONDS = 0.5


@service("outside.slow", inline=False)
def slow(call: Call, **_inputs: Any) -> dict[str, Any]:
    """A slow call to somebody else's system."""
    threading.Event().wait(CALL_SECONDS)
    return {"token": call.token}


def build(url: str) -> tuple[Engine, DbosJobs]:
    database, clock = Database(url), SystemClock()
    jobs = DbosJobs(database, clock, concurrency=4, polling=0.1)
    return Engine(database, clock=clock, jobs=jobs, services=Services(slow)), jobs


def main() -> None:
    _, jobs = build(sys.argv[1])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    jobs.launch()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    stop.wait()
    jobs.shutdown()


if __name__ == "__main__":
    main()
