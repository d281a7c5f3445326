"""Completing a task, answered from the receipt alone: for callers that show no page (the pages' use case adds who acts next)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.engine import Receipt
from engine.errors import NotFound
from governance.application import Application
from governance.desk.entering import entering


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What a completed task is answered with. `tasks` are the ids of the tasks it led to."""

    instance: str
    ended: bool
    done: Label
    at: datetime
    tasks: Sequence[str]


def complete(
    app: Application, actor: Actor, task: str, data: Mapping[str, Any], *, mandate: str | None = None,
    key: str | None = None, on_behalf_of: Mapping[str, Any] | None = None,
) -> Completed:  # fmt: skip
    """Complete a task with its form, under the mandate the person chose, or on behalf of another (desk.entering).

    Raises NotFound, NotOffered, Forbidden, FormInvalid (the draft stays), AlreadyCompleted.
    """
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, area_of(app, task))
    elif mandate:
        actor = replace(actor, mandate=Mandate(kind="chosen", selector=mandate))
    receipt = app.engine.complete(task, data, actor=actor, idempotency_key=key)
    if receipt.instance is None:
        raise NotFound
    return Completed(
        instance=receipt.instance, ended=receipt.outcome != "running", done=done_label(receipt), at=app.clock.now(), tasks=receipt.tasks
    )


def area_of(app: Application, task: str) -> str | None:
    """The area of the case of an open or done task. Raises NotFound."""
    try:
        return app.engine.queries.task(task).line.area
    except NotFound:
        return app.engine.queries.instance(app.engine.queries.done_task(task).instance).line.area


def done_label(receipt: Receipt) -> Label:
    """What was done, by the name of the task."""
    name = receipt.name or Label("", "")
    return Label(f"已办：{name.zh}", f"Done: {name.in_('en')}")
