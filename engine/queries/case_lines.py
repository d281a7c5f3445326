"""Instances, and what is open in them, as lists and pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.definitions.model import Label
from engine.queries.task_lines import DoneLine, TaskLine


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceLine:
    """An instance in a list."""

    id: str
    process: str
    process_version: int
    state: str
    number: str | None
    title: str | None
    area: str | None
    starter: str | None
    parent: str | None
    started_at: datetime
    ended_at: datetime | None
    ends: tuple[str, ...]
    incidents: int
    suspended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveToken:
    """Where the instance stands. `element` is as in history (``process/node`` inside a called process)."""

    id: str
    parent: str | None
    process: str
    node: str | None
    element: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """A button of the case page. `token` is what Engine.act wants."""

    token: str
    node: str
    name: Label
    message: str
    #: correlation key of the message
    key: str | None
    form: str | None
    selectors: tuple[str, ...]
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerLine:
    instance: str
    token: str
    node: str
    event: int
    due_at: datetime
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    id: str
    instance: str
    token: str
    process: str
    node: str | None
    code: str
    message: str
    details: Mapping[str, Any]
    at: datetime
    state: str
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceDetails:
    """An instance with what is open in it and the path it took (element and flow ids with how often, for the diagram)."""

    line: InstanceLine
    root: str
    tokens: tuple[LiveToken, ...]
    tasks: tuple[TaskLine, ...]
    done: tuple[DoneLine, ...]
    timers: tuple[TimerLine, ...]
    actions: tuple[ActionLine, ...]
    incidents: tuple[IncidentLine, ...]
    completed: Mapping[str, int] = field(default_factory=dict)
    flows: Mapping[str, int] = field(default_factory=dict)
    #: persons and units in whose name something was entered
    authors: tuple[str, ...] = ()


def instance_line(row: Any) -> InstanceLine:
    return InstanceLine(
        id=row.id, process=row.process, process_version=row.process_version, state=row.state, number=row.number, title=row.title,
        area=row.area, starter=row.starter, parent=row.parent, started_at=row.started_at, ended_at=row.ended_at,
        ends=tuple(row.ends or ()), incidents=row.incidents, suspended_at=row.suspended_at,
    )  # fmt: skip


def live_token(row: Any, process: str) -> LiveToken:
    element = row.node if row.process == process else f"{row.process}/{row.node}"
    return LiveToken(
        id=row.id, parent=row.parent, process=row.process, node=row.node, element=element if row.node else None, state=row.state
    )


def timer_line(row: Any) -> TimerLine:
    return TimerLine(instance=row.instance, token=row.token, node=row.node, event=row.event, due_at=row.due_at, generation=row.generation)


def action_line(row: Any) -> ActionLine:
    return ActionLine(
        token=row.token, node=row.node, name=Label(row.name_zh, row.name_en), message=row.message, key=row.key,
        form=row.form, selectors=tuple(row.selectors), public=row.public,
    )  # fmt: skip


def incident_line(row: Any) -> IncidentLine:
    return IncidentLine(**{name: getattr(row, name) for name in IncidentLine.__slots__})
