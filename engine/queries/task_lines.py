"""Tasks as lists and pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.definitions.model import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task as the inbox shows it."""

    id: str
    token: str
    instance: str
    process: str
    process_version: int
    process_name: Label
    node: str
    name: Label
    form: str | None
    number: str | None
    title: str | None
    area: str | None
    created_at: datetime
    due_at: datetime | None
    deadline: str | None
    assignee: str | None
    selectors: tuple[str, ...]
    vacant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetails:
    """An open task with the variables it sees and its place in the model."""

    line: TaskLine
    token: str
    documentation: Label
    variables: Mapping[str, Any]
    excluded: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneLine:
    """A task somebody completed (or that was withdrawn)."""

    id: str
    instance: str
    process: str
    node: str
    name: Label
    form: str | None
    person: str | None
    created_at: datetime
    at: datetime
    outcome: str
    number: str | None = None
    title: str | None = None
    state: str | None = None


def task_line(row: Any) -> TaskLine:
    return TaskLine(
        id=row.id, token=row.token, instance=row.instance, process=row.process, process_version=row.process_version,
        process_name=Label(row.process_zh, row.process_en), node=row.node, name=Label(row.name_zh, row.name_en), form=row.form,
        number=row.number, title=row.title, area=row.area, created_at=row.created_at, due_at=row.due_at, deadline=row.deadline,
        assignee=row.assignee, selectors=tuple(row.selectors), vacant=row.vacant,
    )  # fmt: skip


def done_line(row: Any) -> DoneLine:
    return DoneLine(
        id=row.id, instance=row.instance, process=row.process, node=row.node, name=Label(row.name_zh, row.name_en), form=row.form,
        person=row.person, created_at=row.created_at, at=row.at, outcome=row.outcome, number=getattr(row, "number", None),
        title=getattr(row, "title", None), state=getattr(row, "state", None),
    )  # fmt: skip
