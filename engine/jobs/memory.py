"""Jobs in memory, driven by a clock that is moved: tests, the sandbox, the demo loader, a simulated year.

It keeps the promises of the port: visible only after commit, once per key, due in order, at least once (a handler that
raises leaves its job in place; what this machine cannot do is set aside, to be handed over with `outstanding`).
"""

from __future__ import annotations

import heapq
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import MovableClock
from engine.jobs import failures
from engine.ports import JobFigures, JobHandler
from engine.store.database import after_commit


@dataclass(frozen=True, order=True, slots=True)
class _Job:
    due: datetime
    order: int
    name: str = field(compare=False)
    payload: Mapping[str, Any] = field(compare=False)
    key: str | None = field(compare=False)


class MemoryJobs:
    """Implements engine.ports.Jobs. Nothing runs by itself: call `run_due` or `run_until`.

    `before` is called before each job; it stops a run by raising (the sandbox has a time limit).
    """

    def __init__(self, clock: MovableClock, *, before: Callable[[], None] | None = None) -> None:
        self._clock = clock
        self._before = before
        self._handlers: dict[str, JobHandler] = {}
        self._queue: list[_Job] = []
        self._keys: set[str] = set()
        self._aside: list[_Job] = []
        self._order = 0
        self._lock = threading.Lock()

    def register(self, name: str, handler: JobHandler) -> None:
        if name in self._handlers:
            raise ValueError(f"job {name} is registered twice")
        self._handlers[name] = handler

    def enqueue(
        self, connection: Any, name: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None
    ) -> None:
        """See the port. `payload` is copied, so that a later change of it is not seen by the job."""
        due = at or self._clock.now()
        copy = dict(payload)
        after_commit(connection, lambda: self._put(name, copy, due, key))

    def launch(self) -> None:
        """Nothing to start: the owner of the clock drives the jobs."""

    def shutdown(self) -> int:
        """Nothing to stop."""
        return 0

    def retry_failed(self, connection: Any, failure: str, by: str | None) -> None:
        """A job that another kind of jobs gave up, put in again."""
        job, _ = failures.reopen(connection, failure, self._clock.now(), by)
        self.enqueue(connection, job.name, json.loads(job.payload))

    def figures(self) -> JobFigures:
        """Who moves the clock works: one process, alive now."""
        now = self._clock.now()
        with self._lock:
            due = [job.due for job in self._queue if job.due <= now]
            later = len(self._queue) - len(due)
        return JobFigures(
            due=len(due),
            oldest_due=min(due, default=None),
            later=later,
            running=0,
            failed=0,
            trying=len(self._aside),
            beats={"memory": now},
        )

    @property
    def pending(self) -> int:
        """How many jobs wait, due or not."""
        return len(self._queue)

    def outstanding(self) -> list[tuple[str, Mapping[str, Any], datetime, str | None]]:
        """Jobs that wait, in order: name, payload, when due, key. For handing them over to durable jobs."""
        with self._lock:
            return [(job.name, job.payload, job.due, job.key) for job in sorted([*self._queue, *self._aside])]

    def next_due(self) -> datetime | None:
        """When the next job falls due; None when there is none."""
        with self._lock:
            return self._queue[0].due if self._queue else None

    def run_due(self) -> int:
        """Run everything due now, and what that enqueues for now. Returns how many jobs ran. A handler's error passes through."""
        count = 0
        while (job := self._take(self._clock.now())) is not None:
            try:
                if self._before is not None:
                    self._before()
                self._handlers[job.name](job.payload)
            except failures.NotHere:
                self._aside.append(job)
            except BaseException:
                self._put_back(job)
                raise
            count += 1
        return count

    def run_until(self, moment: datetime) -> int:
        """Move the clock from due to due, in order, and at last to `moment`. Returns how many jobs ran."""
        count = self.run_due()
        while (due := self.next_due()) is not None and due <= moment:
            if due > self._clock.now():
                self._clock.move_to(due)
            count += self.run_due()
        if moment > self._clock.now():
            self._clock.move_to(moment)
        return count + self.run_due()

    def _put(self, name: str, payload: Mapping[str, Any], due: datetime, key: str | None) -> None:
        with self._lock:
            if key is not None:
                if key in self._keys:
                    return
                self._keys.add(key)
            self._order += 1
            heapq.heappush(self._queue, _Job(due, self._order, name, payload, key))

    def _put_back(self, job: _Job) -> None:
        with self._lock:
            heapq.heappush(self._queue, job)

    def _take(self, now: datetime) -> _Job | None:
        with self._lock:
            if self._queue and self._queue[0].due <= now:
                return heapq.heappop(self._queue)
            return None
