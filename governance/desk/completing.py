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


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What a completed task is answered with. `tasks` are the ids of the tasks it led to."""

    instance: str
    ended: bool
    done: Label
    at: datetime
    tasks: Sequence[str]


def complete(
    app: Application, actor: Actor, task: str, data: Mapping[str, Any], *, mandate: str | None = None, key: str | None = None
) -> Completed:
    """Complete a task with its form, under the mandate the person chose.

    Raises NotFound, NotOffered, FormInvalid (the draft stays), AlreadyCompleted.
    """
    if mandate:
        actor = replace(actor, mandate=Mandate(kind="chosen", selector=mandate))
    receipt = app.engine.complete(task, data, actor=actor, idempotency_key=key)
    if receipt.instance is None:
        raise NotFound
    return Completed(
        instance=receipt.instance, ended=receipt.outcome != "running", done=done_label(receipt), at=app.clock.now(), tasks=receipt.tasks
    )


def done_label(receipt: Receipt) -> Label:
    """What was done, by the name of the task."""
    name = receipt.name or Label("", "")
    return Label(f"已办：{name.zh}", f"Done: {name.in_('en')}")
