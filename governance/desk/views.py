"""What the desk answers: plain frozen data for pages and API, texts in both languages, nothing of a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.actor import Mandate
from engine.definitions.model import Label

NONE = Label()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline as people see it: the moment, the clock that counts it and how it was computed (domain 3.3, 3.4)."""

    at: datetime
    #: natural | working
    clock: str
    #: running | paused | met | late_met | cancelled
    state: str
    started: datetime
    limit: str = ""
    #: share of the time used, 0–…; soon from 0.8, late from 1
    used: float = 0.0
    #: working days (working clock) left, negative when late; None for the natural clock
    working_days_left: int | None = None
    computation: Label = NONE
    pause_reason: str | None = None
    #: it was late once: the mark never goes away
    was_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One row of an inbox."""

    id: str
    name: Label
    process: str
    process_name: Label
    instance: str
    number: str | None
    title: str
    created: datetime
    due: Due | None = None
    assignee: str | None = None
    assignee_name: str | None = None
    mandate: Mandate | None = None
    #: when it was completed (view "done")
    completed: datetime | None = None
    #: a form was handed in (view "done"): a correction may be asked for
    correctable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a facts list."""

    label: Label
    value: Any
    #: text | money | date | moment | person | unit | link | state …
    kind: str = "text"
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timeline, newest first."""

    at: datetime
    #: now | ok | bad | plain | later
    tone: str
    icon: str
    text: Label
    detail: Label = NONE
    by: str | None = None
    mandate: Mandate | None = None
    #: where it leads: asking for a correction, both versions of one
    href: str | None = None
    link: Label = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """A rendered form as the browser's form element takes it (engine.forms.rendering.Rendered.payload)."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An action open to the viewer on a case (cogov:action)."""

    instance: str
    token: str
    name: Label
    description: Label
    mandate: Mandate | None
    has_form: bool
    public: bool = False
    #: all posts and seats that fit; with several the person chooses under which he acts
    mandates: Sequence[Mandate] = ()
    #: entering it for another: only (it is offered to others: `authors`, (id, name)), maybe (anybody may: a name is typed), or empty
    behalf: str = ""
    authors: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage of the life cycle strip."""

    key: str
    name: Label
    #: done | now | later
    state: str
    note: Label = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """What stands on top of task and case pages."""

    instance: str
    process: str
    process_name: Label
    version: int
    number: str | None
    title: str
    #: active | completed | cancelled | failed
    status: str
    state: Label | None = None
    state_tone: str = "act"
    started: datetime | None = None
    ended: datetime | None = None
    #: since when nothing in it moves
    suspended: datetime | None = None
    starter: str | None = None
    register: str | None = None
    record: str | None = None
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    line: TaskLine
    head: CaseHead
    description: Label
    form: FormView | None
    #: mandates under which the viewer may complete it; the first is proposed
    mandates: Sequence[Mandate]
    facts: Sequence[Fact] = ()
    timeline: Sequence[Entry] = ()
    draft_saved: datetime | None = None
    #: who else may do it, for "no right" and for the sentence under the form
    holders: Sequence[str] = ()
    can_complete: bool = True
    #: (id, name) of those for whom the viewer may enter it from paper, a call or at the counter
    authors: Sequence[tuple[str, str]] = ()
    why_not: Label = NONE
    #: extend, pause, resume: what the viewer may do to the task's clock, or ask for
    clock_changes: Sequence[str] = ()
    files: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Where a case stands: one open task."""

    id: str
    name: Label
    who: Sequence[str]
    due: Due | None
    created: datetime
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One line of the path in words: the picture's text."""

    element: str
    name: Label
    count: int
    #: done | now | cancelled
    state: str
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClock:
    """A deadline of a case: what it is for, how it was computed and what was changed since."""

    name: Label
    due: Due
    changes: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that needs an operator. `retry`: the reader may let it go on."""

    id: str
    name: Label
    entry: Entry
    retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    head: CaseHead
    tasks: Sequence[OpenTask]
    waiting: Sequence[Entry]
    buttons: Sequence[Button]
    path: Sequence[PathStep]
    #: for the picture: element id → number of tokens; passed flows and elements → times
    tokens: Mapping[str, int]
    passed: Mapping[str, int]
    history: Sequence[Entry]
    facts: Sequence[Fact] = ()
    incidents: Sequence[Incident] = ()
    related: Sequence[Mapping[str, Any]] = ()
    clocks: Sequence[CaseClock] = ()
    files: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOption:
    """A procedure the viewer may start."""

    process: str
    version: int
    name: Label
    description: Label
    mandate: Mandate | None
    has_form: bool
    #: all posts and seats that fit; with several the person chooses under which he acts
    mandates: Sequence[Mandate] = ()
    #: as of a Button
    behalf: str = ""
    authors: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """After an act: what was done, who acts next, by when (ui principle 5)."""

    done: Label
    at: datetime
    instance: str
    next_tasks: Sequence[OpenTask] = ()
    ended: bool = False
    #: whose answer it waits for when no task is open
    awaited: Entry | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
