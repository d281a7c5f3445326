"""Jobs that failed for good: an operator lets one run again, or gives it up. Both stand in the history of the case the job was for, else
in that of the installation, with actor and reason."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor
from engine.commands import opening, operating
from engine.commands.runtime import Runtime
from engine.errors import NotFound
from engine.history import installation
from engine.jobs import failures
from engine.jobs.failures import JobFailure
from engine.store import instances

Connection = Any
RETRIED, DISCARDED = "job_retried", "job_discarded"


def retry(runtime: Runtime, failure: str, reason: str, *, actor: Actor) -> None:
    """See Engine.retry_job."""
    why = operating.needed(reason)

    def command(connection: Connection) -> None:
        found = _found(connection, failure)
        runtime.jobs.retry_failed(connection, failure, actor.person)
        _tell(runtime, connection, RETRIED, found, why, actor)

    opening.run(runtime, command)


def discard(runtime: Runtime, failure: str, reason: str, *, actor: Actor) -> None:
    """See Engine.discard_job."""
    why = operating.needed(reason)

    def command(connection: Connection) -> None:
        found = _found(connection, failure)
        failures.discard(connection, failure, runtime.clock.now(), actor.person)
        _tell(runtime, connection, DISCARDED, found, why, actor)

    opening.run(runtime, command)


def _found(connection: Connection, failure: str) -> JobFailure:
    found = failures.by_id(connection, failure)
    if found is None:
        raise NotFound(f"there is no failed job {failure}", failure=failure)
    return found


def _tell(runtime: Runtime, connection: Connection, kind: str, job: JobFailure, reason: str, actor: Actor) -> None:
    """The history row; of the error its kind only, since its words may quote the case."""
    content = {"reason": reason, "job": job.job, "error": job.error, "attempts": job.attempts}
    try:
        row = instances.lock(connection, job.instance) if job.instance is not None else None
    except NotFound:  # the case was removed
        row = None
    if row is None:
        installation.log(connection, kind, job.id, actor=actor, at=runtime.clock.now(), content=content)
        return
    record = opening.open_record(runtime, connection, row, actor)
    record.record(kind, job.element, content)
    record.finish()
