"""A cases.yaml as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One example run with what the file's head gives it."""

    name: str
    process: str
    clock: datetime
    roster: str
    area: str | None
    covers: Sequence[str]
    start: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    ends: Mapping[str, Any] | None
    settings: Mapping[str, Any]
    services: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesFile:
    path: Path
    process: str
    cases: Sequence[Case]
    #: sequence flow → why no case takes it
    not_covered: Mapping[str, str]


def read_cases(path: Path) -> CasesFile:
    """Read a file that `cogov check` has passed."""
    data = yaml.safe_load(path.read_text("utf8"))
    return CasesFile(
        path=path,
        process=data["process"],
        cases=cases_of(data),
        not_covered=data.get("not_covered") or {},
    )


def cases_of(data: Mapping[str, Any]) -> list[Case]:
    """The cases of a parsed file, each with what the head gives it."""
    return [_case(data, entry) for entry in data["cases"]]


def _case(data: Mapping[str, Any], entry: Mapping[str, Any]) -> Case:
    clock = entry.get("clock") or data["clock"]
    return Case(
        name=entry["name"],
        process=(entry.get("start") or {}).get("process") or data["process"],
        clock=clock if isinstance(clock, datetime) else datetime.fromisoformat(clock),
        roster=entry.get("roster") or data["roster"],
        area=entry.get("area") or data.get("area"),
        covers=entry.get("covers") or (),
        start=entry.get("start") or {},
        steps=entry.get("steps") or (),
        ends=entry.get("ends"),
        settings=entry.get("settings") or {},
        services=entry.get("services") or {},
    )
