"""Jobs that fail, for operators: what, why, when, in which attempt, and the way to try them again."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import Conflict, NotFound
from engine.jobs import store

_MOST_CHARACTERS = 2000


class NotHere(Exception):
    """This machine cannot do this job (a library or a device is missing); another may, or an operator has to act."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was put in; `payload` is its JSON text."""

    key: str
    name: str
    payload: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an attempt failed: the kind of error and its words."""

    type: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    """A job that failed. `state`: ``trying`` (again at `next_at`), ``failed`` for good, ``retried`` or ``discarded`` by `closed_by`,
    ``done`` since.
    `instance`, `element`: what it was for, when the job tells."""

    id: str
    job: str
    error: str
    message: str
    attempts: int
    instance: str | None
    element: str | None
    first_at: datetime
    last_at: datetime
    next_at: datetime | None
    state: str
    closed_at: datetime | None
    closed_by: str | None


def cause_of(error: BaseException) -> Cause:
    """The error, shortened; what a chain began with is what an operator can mend."""
    root = error.__cause__ if isinstance(error, NotHere) and error.__cause__ is not None else error
    return Cause(type(root).__name__, str(root)[:_MOST_CHARACTERS])


def note(connection: sa.Connection, job: Job, cause: Cause, attempts: int, at: datetime, next_at: datetime | None) -> None:
    """An attempt failed; `next_at`: when the next one comes, None after the last."""
    known = store.failure(connection, job.key)
    told = json.loads(job.payload)
    store.put_failure(
        connection,
        {
            "id": job.key, "job": job.name, "payload": job.payload, "error": cause.type, "message": cause.message, "attempts": attempts,
            "instance": told.get("instance"), "element": told.get("element"), "first_at": known.first_at if known else at, "last_at": at,
            "next_at": next_at, "state": "trying" if next_at is not None else "failed", "closed_at": None, "closed_by": None,
        },
    )  # fmt: skip


def note_once(connection: sa.Connection, job: Job, cause: Cause, attempts: int, at: datetime) -> None:
    """A job that was given up without an attempt that ended; told once, whatever became of it since."""
    known = store.failure(connection, job.key)
    if known is None or known.state == "trying":
        note(connection, job, cause, attempts, at, None)


def settle(connection: sa.Connection, key: str, at: datetime) -> None:
    """A later attempt was good."""
    store.close_failure(connection, key, "done", at, None)


def reopen(connection: sa.Connection, failure: str, at: datetime, by: str | None) -> tuple[Job, int]:
    """The job and how often it was tried; it counts as retried by this person. Raises NotFound, Conflict unless it stands failed."""
    found = _standing(connection, failure)
    store.close_failure(connection, failure, "retried", at, by)
    return Job(found.id, found.job, found.payload), found.attempts


def discard(connection: sa.Connection, failure: str, at: datetime, by: str | None) -> None:
    """Nobody does the job any more. Raises NotFound, Conflict unless it stands failed."""
    _standing(connection, failure)
    store.close_failure(connection, failure, "discarded", at, by)


def _standing(connection: sa.Connection, failure: str) -> Any:
    """The locked row of a job that stands failed."""
    found = store.failure(connection, failure, lock=True)
    if found is None:
        raise NotFound(f"there is no failed job {failure}", failure=failure)
    if found.state != "failed":
        text = "这项后台任务已经不在失败状态 / This job does not stand failed any more"
        raise Conflict(text, failure=failure, state=found.state)
    return found


def open_ones(connection: sa.Connection, limit: int = 200, areas: Collection[str | None] | None = None) -> Sequence[JobFailure]:
    """Jobs that failed for good, then those that are tried again, the newest first."""
    return [_line(row) for row in store.open_failures(connection, limit, areas)]


def by_id(connection: sa.Connection, failure: str) -> JobFailure | None:
    """One of them, whatever became of it."""
    row = store.failure(connection, failure)
    return _line(row) if row is not None else None


def forget_before(connection: sa.Connection, moment: datetime) -> None:
    """Remove what is settled or was retried long ago; what stands failed stays until somebody acts."""
    store.forget_failures(connection, moment)


def _line(row: Any) -> JobFailure:
    return JobFailure(**{name: getattr(row, name) for name in JobFailure.__slots__})
