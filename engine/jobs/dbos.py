"""Durable jobs on DBOS Transact: the same on SQLite (embedded) and PostgreSQL (any number of workers).

The traps of DBOS 3.4, each met here:
- every process has its own executor id, else two processes run each other's jobs;
- take-over is ours: a heartbeat row before launch, and a watchdog that recovers the jobs of the dead, at once on one machine;
- `application_version` is pinned, else a new release recovers nothing; arguments are portable JSON, not pickles;
- a worker listens only to the queues of jobs it has a handler for: a job added by a later release is named ``name@2`` and
  travels in a queue of its own, so that a worker of an older release never claims it; one that gets an unknown job all the
  same hands it back;
- on SQLite no DBOS call inside our write transaction but `enqueue_in_transaction`;
- `worker_concurrency` is bounded, else one worker claims the whole backlog;
- finished rows are deleted by us;
- a workflow that raises is not run again by DBOS: we put a failed job in again, with growing pauses, and keep a row about it
  that operators see (`engine.jobs.failures`).
"""

from __future__ import annotations

import json
import logging
import re
import threading
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig

from engine.clock import Clock
from engine.jobs import connections, executors, failures, store
from engine.jobs.retry import RetryPolicy
from engine.ports import JobFigures, JobHandler
from engine.store.database import Database

log = logging.getLogger(__name__)

APPLICATION = "cogov"
VERSION = "1"
QUEUE = "cogov"
WORKFLOW = "cogov.job"

#: what a key gets when its job is put in again
_AGAIN = re.compile(r"#(?:try|back):[0-9a-f]+$")
#: how long a worker leaves a job alone that it has no handler for
_HAND_BACK = timedelta(seconds=30)
_POLLING, _POLLING_SQLITE = 0.2, 0.1
_BEAT_SECONDS = 2.0
_DEAD_AFTER = timedelta(seconds=10)
_PRUNE_EVERY = timedelta(hours=1)
_KEEP_DONE = timedelta(days=3)
_KEEP_FAILED = timedelta(days=90)
_PRUNE_BATCH = 1000
#: a job that killed so many workers is given up
_RECOVERIES = 5
_POISON = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


class _Worker:
    """The DbosJobs this process works for. DBOS is a singleton, and its one workflow is registered once."""

    def __init__(self) -> None:
        self.jobs: DbosJobs | None = None
        self._registered = False

    def attach(self, jobs: DbosJobs) -> None:
        if self.jobs is not None:
            raise RuntimeError("another DbosJobs works in this process already")
        self.jobs = jobs
        if not self._registered:

            def job(name: str, payload: str, attempt: int) -> None:
                if self.jobs is None:
                    raise RuntimeError("no DbosJobs is launched in this process")
                self.jobs.run(name, payload, attempt)

            DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_RECOVERIES)(job)
            self._registered = True

    def detach(self) -> None:
        self.jobs = None


_worker = _Worker()


def queue_of(name: str) -> str:
    """The queue a job travels in: ``notice`` in the first one, ``notice@2`` (a job or payload of a later release) in ``cogov-2``."""
    _, _, generation = name.partition("@")
    return f"{QUEUE}-{generation}" if generation else QUEUE


def migrate_jobs(database: Database) -> None:
    """Create or upgrade DBOS's own tables in the same database."""
    DBOS.migrate(_url(database))


def _url(database: Database) -> str:
    """As DBOS wants it: without our driver's name."""
    url = database.url if database.is_sqlite else database.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


class DbosJobs:
    """Implements engine.ports.Jobs.

    A process that only enqueues (web) never calls `launch`. `concurrency`: jobs at once in this process. `polling`: seconds between
    two looks at the queue, at each of which it takes at most `concurrency` jobs; left out, 0.2, and 0.1 on SQLite, where one process
    has all the work. `retry`: for handlers that raise; after its last attempt the job stays as failed.
    `drain_seconds`: how long `shutdown` waits for jobs that run.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        concurrency: int = 16,
        polling: float | None = None,
        retry: RetryPolicy | None = None,
        drain_seconds: int = 20,
    ) -> None:
        if database.in_memory:
            raise ValueError("durable jobs need a database in a file or a server; use MemoryJobs in memory")
        self._database = database
        self._clock = clock
        self._concurrency = concurrency
        self._polling = polling or (_POLLING_SQLITE if database.is_sqlite else _POLLING)
        self._retry = retry or RetryPolicy(first=timedelta(seconds=2), attempts=12)
        self._drain = drain_seconds
        self._handlers: dict[str, JobHandler] = {}
        self._client: DBOSClient | None = None
        self._client_lock = threading.Lock()
        self._stop = threading.Event()
        self._gone = threading.Event()
        self._watchdog: threading.Thread | None = None
        self._pruned_at: datetime | None = None
        self.executor = executors.new_name()

    def register(self, name: str, handler: JobHandler) -> None:
        if name in self._handlers:
            raise ValueError(f"job {name} is registered twice")
        self._handlers[name] = handler

    def enqueue(
        self, connection: Any, name: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None
    ) -> None:
        """See the port. The key is remembered as long as the job's row is (three days after it is done)."""
        self._put(connection, name, json.dumps(payload, ensure_ascii=False, default=_plain), 1, at=at, key=key)

    def launch(self) -> None:
        """Begin to work; returns at once. The heartbeat is written before any job can be claimed."""
        _worker.attach(self)
        try:
            self._beat()
            config: DBOSConfig = {
                "name": APPLICATION,
                "system_database_url": _url(self._database),
                "application_version": VERSION,
                "executor_id": self.executor,
                "log_level": "ERROR",
                "sys_db_pool_size": 10,
                "db_engine_kwargs": connections.options_for(self._database),
            }
            DBOS(config=config)
            queues = sorted({queue_of(name) for name in self._handlers})
            DBOS.listen_queues(queues)
            DBOS.launch()
            for queue in queues:
                DBOS.register_queue(
                    queue, on_conflict="always_update", worker_concurrency=self._concurrency, polling_interval_sec=self._polling
                )
        except BaseException:
            _worker.detach()
            raise
        self._stop.clear()
        self._gone.clear()
        self._watchdog = threading.Thread(target=self._watch, name="cogov-watchdog", daemon=True)
        self._watchdog.start()

    def shutdown(self) -> int:
        """Stop claiming jobs, let running ones finish within `drain_seconds`, hand the others back. Returns how many these are:
        the next living worker takes them over. The heart beats until then, else others would run them beside us."""
        if self._watchdog is None:
            return 0
        self._stop.set()
        DBOS.destroy(workflow_completion_timeout_sec=self._drain)
        self._gone.set()
        self._watchdog.join()
        self._watchdog = None
        _worker.detach()
        left = self._reader().list_workflows(status="PENDING", executor_id=self.executor, load_input=False, load_output=False)
        self._database.run(lambda connection: store.forget(connection, self.executor))
        if left:
            log.warning("handed %s jobs back that did not end within %s s", len(left), self._drain)
        return len(left)

    def run(self, name: str, payload: str, attempt: int) -> None:
        """One attempt of a job. A failed one is put in again with a pause; after the last the job stays as failed."""
        job = failures.Job(key=_AGAIN.sub("", DBOS.workflow_id or str(uuid.uuid4())), name=name, payload=payload)
        handler = self._handlers.get(name)
        if handler is None:
            self._hand_back(job, attempt)
            return
        try:
            handler(json.loads(payload))
        except Exception as error:  # noqa: BLE001  whatever a handler raises is an attempt that failed, noted and tried again
            self._attempt_failed(job, attempt, error)
        else:
            if attempt > 1:
                self._database.run(lambda connection: failures.settle(connection, job.key, self._clock.now()))

    def retry_failed(self, connection: Any, failure: str, by: str | None) -> None:
        """See the port."""
        job, attempts = failures.reopen(connection, failure, self._clock.now(), by)
        self._put(connection, job.name, job.payload, attempts + 1, at=None, key=f"{job.key}#try:{attempts + 1}")

    def figures(self) -> JobFigures:
        """See the port."""
        with self._database.read() as connection:
            return store.figures(connection, self._clock.now())

    # Inside -----------------------------------------------------------------------------------------------------------

    def _reader(self) -> DBOSClient:
        """Enqueues through our engine, so that a job is part of the caller's transaction."""
        with self._client_lock:
            if self._client is None:
                self._client = DBOSClient(system_database_engine=self._database.writer, application_name=APPLICATION, lazy=True)
            return self._client

    def _put(self, connection: Any, name: str, payload: str, attempt: int, *, at: datetime | None, key: str | None) -> None:
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW,
            "queue_name": queue_of(name),
            "workflow_id": key or str(uuid.uuid4()),
            "serialization_type": "portable",
            "app_version": VERSION,
        }
        delay = (at - self._clock.now()).total_seconds() if at is not None else 0.0
        if delay > 0:
            options["delay_seconds"] = delay
        self._reader().enqueue_in_transaction(connection, options, name, payload, attempt)  # type: ignore[arg-type]

    def _attempt_failed(self, job: failures.Job, attempt: int, error: Exception) -> None:
        pause = self._retry.delay(attempt)
        now = self._clock.now()
        next_at = now + pause if pause is not None else None

        def note(connection: Any) -> None:
            failures.note(connection, job, failures.cause_of(error), attempt, now, next_at)
            if next_at is not None:
                self._put(connection, job.name, job.payload, attempt + 1, at=next_at, key=f"{job.key}#try:{attempt + 1}")

        self._database.run(note)
        if pause is None:
            log.error("job %s failed for the last time", job.name, exc_info=error)
            raise error
        log.warning("job %s failed in attempt %s, again in %s: %r", job.name, attempt, pause, error)

    def _hand_back(self, job: failures.Job, attempt: int) -> None:
        """A worker of a newer release may know it; the attempt does not count."""
        now = self._clock.now()
        cause = failures.Cause("UnknownJob", f"no handler for job {job.name!r}: deploy workers before what enqueues")
        key = f"{job.key}#back:{uuid.uuid5(uuid.NAMESPACE_URL, str(DBOS.workflow_id)).hex}"

        def note(connection: Any) -> None:
            failures.note(connection, job, cause, attempt, now, now + _HAND_BACK)
            self._put(connection, job.name, job.payload, attempt, at=now + _HAND_BACK, key=key)

        self._database.run(note)
        log.error("%s", cause.message)

    def _beat(self) -> None:
        self._database.run(lambda connection: store.beat(connection, self.executor, self._clock.now()))

    def _watch(self) -> None:
        while not self._gone.is_set():
            try:
                self._beat()
                if not self._stop.is_set():
                    self._take_over()
                    self._note_poison()
                    self._prune()
            except Exception:
                if not self._stop.is_set():
                    log.exception("watchdog of %s", self.executor)
            self._gone.wait(_BEAT_SECONDS)

    def _take_over(self) -> None:
        """Run again what dead processes left: those that own jobs and have no fresh beat, or that this machine has no more."""
        owners = {w.executor_id for w in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False) if w.executor_id}
        others = owners - {self.executor}
        if not others:
            return
        with self._database.read() as connection:
            alive = store.alive_since(connection, self._clock.now() - _DEAD_AFTER)
        for dead in sorted(name for name in others if name not in alive or executors.is_gone(name)):
            recovered = DBOS._recover_pending_workflows([dead])
            log.warning("took over %s jobs of %s", len(recovered), dead)

    def _note_poison(self) -> None:
        """Jobs whose workers died again and again are given up by DBOS: they become visible like those that raise."""
        for found in self._reader().list_workflows(status=_POISON, name=WORKFLOW, limit=_PRUNE_BATCH, load_output=False):
            if found.input is not None:
                self._database.run(partial(self._give_up, found.workflow_id, *found.input["args"]))
            self._reader().delete_workflows([found.workflow_id])

    def _give_up(self, workflow: str, name: str, payload: str, attempt: int, connection: Any) -> None:
        job = failures.Job(key=_AGAIN.sub("", workflow), name=name, payload=payload)
        cause = failures.Cause("WorkerDied", f"its worker died {_RECOVERIES} times while it ran")
        failures.note_once(connection, job, cause, attempt, self._clock.now())

    def _prune(self) -> None:
        now = self._clock.now()
        if self._pruned_at is not None and now - self._pruned_at < _PRUNE_EVERY:
            return
        self._pruned_at = now
        self.prune("SUCCESS", now - _KEEP_DONE)
        self.prune("ERROR", now - _KEEP_FAILED)
        self.prune("CANCELLED", now - _KEEP_DONE)
        self._database.run(lambda connection: store.forget_before(connection, now - timedelta(days=1)))
        self._database.run(lambda connection: failures.forget_before(connection, now - _KEEP_FAILED))

    def prune(self, status: str, before: datetime) -> int:
        """Delete jobs with this status that ended before a moment. Returns how many."""
        count = 0
        while not self._stop.is_set():
            old = self._reader().list_workflows(
                status=status, completed_before=before.isoformat(), limit=_PRUNE_BATCH, load_input=False, load_output=False
            )
            if not old:
                break
            self._reader().delete_workflows([w.workflow_id for w in old])
            count += len(old)
        return count


def _plain(value: Any) -> str:
    """Moments in a payload travel as ISO text."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be in the payload of a job")
