"""Jobs in the background that failed: what operators see of them, and what they do about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.jobs import failures
from engine.jobs.failures import JobFailure
from governance.application import Application
from governance.desk.operations import RIGHT, areas
from governance.desk.protection import WITHHELD, Sight
from governance.desk.reading import Look, look, require_person
from governance.directory.may import Scope, decide


def listed(app: Application, actor: Actor) -> Sequence[JobFailure]:
    """Jobs that failed or are tried again: of the cases the reader administers, and of no case for who administers the whole
    installation. Words that may quote a case are kept back. Raises Forbidden for who operates nowhere."""
    require_person(actor)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        mine = areas(seen)
        if not mine:
            raise Forbidden
        within = None if decide(seen.reach, RIGHT, Scope(area=None)) else mine
        return [_told(app, seen, f) for f in failures.open_ones(connection, areas=within) if _covers(app, seen, f)]


def retry(app: Application, actor: Actor, failure: str, reason: str) -> None:
    """Try a failed job again. Raises NotFound (also for who may not see it), Conflict, ReasonMissing."""
    app.engine.retry_job(failure, reason, actor=_by(app, actor, failure))


def discard(app: Application, actor: Actor, failure: str, reason: str) -> None:
    """Give a failed job up. Raises NotFound (also for who may not see it), Conflict, ReasonMissing."""
    app.engine.discard_job(failure, reason, actor=_by(app, actor, failure))


def _by(app: Application, actor: Actor, failure: str) -> Actor:
    """The actor under the right that covers the job."""
    require_person(actor)
    with app.database.read() as connection:
        found = failures.by_id(connection, failure)
        seen = look(app, actor, connection)
        if found is None or not (decision := decide(seen.reach, RIGHT, _scope(app, found))):
            raise NotFound(f"there is no failed job {failure}", failure=failure)
    return replace(actor, mandate=decision.mandate)


def _covers(app: Application, seen: Look, failure: JobFailure) -> bool:
    return bool(decide(seen.reach, RIGHT, _scope(app, failure)))


def _scope(app: Application, failure: JobFailure) -> Scope:
    """The area of the job's case; without a case, or with one that was removed, the whole installation."""
    try:
        return Scope(area=app.engine.queries.instance(failure.instance).line.area if failure.instance else None)
    except NotFound:
        return Scope(area=None)


def _told(app: Application, seen: Look, failure: JobFailure) -> JobFailure:
    """What an error says may quote the case it happened in."""
    if failure.instance is None:
        return failure
    try:
        sight = Sight(seen, app.engine.queries.instance(failure.instance))
        if not sight.withholds():
            return failure
    except NotFound:  # the case was removed: nobody can say who might read what it quotes
        pass
    return replace(failure, message=WITHHELD.in_(seen.actor.language))
