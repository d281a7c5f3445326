"""What a correction is about: a submission with its versions, as one reader looks at its case."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor
from engine.errors import NotFound
from governance.application import Application
from governance.corrections import store
from governance.corrections.store import Request
from governance.desk.correction_rights import Matter
from governance.desk.protection import Sight
from governance.desk.reading import look


def matter_of(app: Application, actor: Actor, connection: Any, task: str) -> Matter:
    """Raises NotFound, NothingToCorrect."""
    queries = app.engine.queries
    done = queries.done_task(task)
    case = queries.instance(done.instance)
    seen = look(app, actor, connection)
    return Matter(done=done, case=case, sight=Sight(seen, case), versions=queries.submissions(task, connection))


def found(app: Application, actor: Actor, connection: Any, request: str) -> tuple[Request, Matter]:
    found = store.get(connection, request)
    if found is None:
        raise NotFound
    return found, matter_of(app, actor, connection, found.task)


def subject(matter: Matter) -> str:
    return f"{matter.case.line.number or ''} {matter.done.name.zh}".strip()
