"""What a form needs to know about the moment, the user and the world to check or show one submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from engine.ports import Files, People


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that hold whatever the schema says, so that no submission can fill the database [A]."""

    rows: int = 200
    text: int = 10_000
    files: int = 10
    file_bytes: int = 20 * 1024 * 1024
    #: scores below or above need a remark [A]
    score_low: Decimal = Decimal(60)
    score_high: Decimal = Decimal(95)


def _no_setting(key: str) -> Any:  # noqa: ARG001 (a plain engine has no settings)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """One submission's surroundings. `data` are the variables visible to the task or start event, typed (engine.values)."""

    now: datetime
    zone: tzinfo
    language: str = "zh"
    data: Mapping[str, Any] = field(default_factory=dict)
    #: the person who submits; None: the public
    person: str | None = None
    #: the command's open transaction, for people and files
    connection: Any = None
    people: People | None = None
    files: Files | None = None
    #: FEEL functions of governance (ports.Functions.bind)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    setting: Callable[[str], Any] = _no_setting
    limits: Limits = field(default_factory=Limits)
    #: files that an earlier version of the submission held, by id: they may stay in it
    kept_files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def local(self, moment: datetime) -> datetime:
        """The moment on the installation's clock."""
        return moment.astimezone(self.zone)
