"""What the pages of an opinion round show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.definitions.model import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Who the reader answers for, and what he said before."""

    #: slots he may answer for: [{id, name, group}]; empty in a public round where he says himself who he is
    slots: Sequence[Mapping[str, Any]] = ()
    #: he must say which household, unit or person he is
    asks_identity: bool = False
    #: the reader is staff and the link is somebody else's: what he enters is entered on behalf, and says so
    behalf: bool = False
    #: his answer so far, by question key
    before: Mapping[str, Any] | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a reader may see of the count: the public small groups only together, staff everything."""

    counted: int
    not_counted: int
    rate: Mapping[str, Any]
    enough: bool
    #: too few answers in all: nothing but their number
    hidden: bool
    questions: Sequence[Mapping[str, Any]] = ()
    groups: Sequence[Mapping[str, Any]] = ()
    texts: Sequence[Mapping[str, Any]] = ()
    marks: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round in the panel of its case. `asks_me`: the reader has not answered yet."""

    slug: str
    title: str
    method: str
    state: str
    public: bool
    invited: int
    answered: int
    closes_at: datetime
    asks_me: bool
    adopted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A round as its page shows it."""

    id: str
    slug: str
    title: str
    subject: str
    instance: str
    method: str
    one_per: str
    public: bool
    residents_of: str | None
    state: str
    taking: bool
    opened_at: datetime
    closes_at: datetime
    extensions: int
    computation: Label
    invited: int
    answered: int
    questions: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    device_most: int
    group_least: int
    #: None: the reader cannot answer
    sheet: Sheet | None
    #: why not
    closed_to: Label | None
    staff: bool
    result: Result | None
    adoption: Sequence[Mapping[str, Any]]
    adopted_at: datetime | None
    #: staff who run the round or have the right of intake: they hand out links and write down answers
    enters: bool = False
    #: staff only: who has not answered, and who handed him his link when
    waiting: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Personal links that were just made: shown once."""

    title: str
    slug: str
    closes_at: datetime
    #: [{name, group, token}]
    links: Sequence[Mapping[str, Any]]
