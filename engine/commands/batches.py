"""One act on many instances: a job takes them one by one, each whole or not at all, and goes on where it was after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor, Mandate
from engine.commands import opening
from engine.commands.runtime import Runtime
from engine.errors import CogovError, NotFound
from engine.store import operations
from engine.store.database import Busy

Connection = Any
JOB = "batch"
#: items in one run of the job
_CHUNK = 25
_SHOWN_FAILURES = 500
_LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an act on one instance of a batch needs to know."""

    batch: str
    instance: str
    actor: Actor
    reason: str
    plan: Mapping[str, Any]


#: Does the act on one instance in the open transaction. A CogovError is listed as this instance's failure.
Act = Callable[[Runtime, Connection, Task], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    instance: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is. `state`: running | done."""

    id: str
    kind: str
    state: str
    at: datetime
    ended_at: datetime | None
    actor: str | None
    reason: str
    plan: Mapping[str, Any]
    total: int
    waiting: int
    done: int
    failed: int
    failures: tuple[Failure, ...] = ()


def create(
    runtime: Runtime, connection: Connection, kind: str, instances: Iterable[str], *, actor: Actor, reason: str, plan: Mapping[str, Any]
) -> str:
    """Put a batch in, and its job, in the caller's transaction. → its id."""
    found = list(dict.fromkeys(instances))
    now = runtime.clock.now()
    row = {
        "id": runtime.new_id(), "kind": kind, "at": now, "actor": _kept(actor), "reason": reason, "plan": dict(plan),
        "state": "running" if found else "done", "ended_at": None if found else now,
    }  # fmt: skip
    operations.add_batch(connection, row, found)
    if found:
        runtime.jobs.enqueue(connection, JOB, {"batch": row["id"]}, key=f"{JOB}:{row['id']}")
    return str(row["id"])


def work(runtime: Runtime, payload: Mapping[str, Any], acts: Mapping[str, Act]) -> None:
    """Job ``batch``: some items, then the job puts itself in again. What a killed worker had not committed is done again."""
    batch_id = payload["batch"]
    with runtime.database.read() as connection:
        row = operations.batch_row(connection, batch_id)
        items = operations.waiting_items(connection, batch_id, _CHUNK)
    if row is None or row.state != "running":
        return
    actor = _actor(row.actor)
    for instance in items:
        _one(runtime, acts[row.kind], Task(batch=batch_id, instance=instance, actor=actor, reason=row.reason, plan=row.plan))
    opening.run(runtime, lambda connection: _go_on(runtime, connection, batch_id, items[-1] if items else ""))


def _one(runtime: Runtime, act: Act, task: Task) -> None:
    def command(connection: Connection) -> None:
        if operations.hold_item(connection, task.batch, task.instance):
            act(runtime, connection, task)
            operations.settle_item(connection, task.batch, task.instance, "done", None, None)

    try:
        opening.run(runtime, command)
    except (Busy, opening.Raced):
        raise  # the job is run again
    except CogovError as error:
        code, message = error.code, error.message[:_LONGEST_ERROR]
        runtime.database.run(lambda connection: operations.settle_item(connection, task.batch, task.instance, "failed", code, message))


def _go_on(runtime: Runtime, connection: Connection, batch_id: str, last: str) -> None:
    if operations.waiting_items(connection, batch_id, 1):
        runtime.jobs.enqueue(connection, JOB, {"batch": batch_id}, key=f"{JOB}:{batch_id}:{last}")
    else:
        operations.end_batch(connection, batch_id, runtime.clock.now())


def progress(runtime: Runtime, batch_id: str) -> Progress:
    """How far it is, with its failures. Raises NotFound."""
    with runtime.database.read() as connection:
        row = operations.batch_row(connection, batch_id)
        if row is None:
            raise NotFound(f"there is no batch {batch_id}", batch=batch_id)
        failures = operations.failed_items(connection, batch_id, _SHOWN_FAILURES)
        return _progress(connection, row, tuple(Failure(instance=f.instance, code=f.code, message=f.error) for f in failures))


def listed(runtime: Runtime, *, after: str | None, limit: int) -> list[Progress]:
    """Batches without their failures, the newest first."""
    with runtime.database.read() as connection:
        return [_progress(connection, row, ()) for row in operations.batches(connection, after=after, limit=limit)]


def _progress(connection: Connection, row: Any, failures: tuple[Failure, ...]) -> Progress:
    counts = operations.counts(connection, row.id)
    return Progress(
        id=row.id, kind=row.kind, state=row.state, at=row.at, ended_at=row.ended_at, actor=row.actor.get("person"), reason=row.reason,
        plan=row.plan, total=sum(counts.values()), waiting=counts.get("waiting", 0), done=counts.get("done", 0),
        failed=counts.get("failed", 0), failures=failures,
    )  # fmt: skip


def _kept(actor: Actor) -> dict[str, Any]:
    mandate = {k: v for k, v in asdict(actor.mandate).items() if v and k != "until"} if actor.mandate else None
    return {"person": actor.person, "name": actor.name, "language": actor.language, "system": actor.system, "mandate": mandate}


def _actor(kept: Mapping[str, Any]) -> Actor:
    mandate = Mandate(**kept["mandate"]) if kept["mandate"] else None
    return Actor(person=kept["person"], name=kept["name"], language=kept["language"], system=kept["system"], mandate=mandate, channel="job")
