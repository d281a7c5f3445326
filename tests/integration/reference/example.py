"""The examples beside this module: one BPMN file per element, and a YAML file of cases that says what each must do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "models"
KEYS = frozenset({"name", "proves", "steps", "state", "variables"})
STEP_KEYS = frozenset({"start", "complete", "message", "signal", "press", "wait", "change", "deploy", "with", "key", "trace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run of a file: its steps with the exact trace of each, and how the (first) instance stands at last."""

    bpmn: Path
    name: str
    #: entries of docs/reference/bpmn.md, as the YAML has them
    proves: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...]
    state: str
    variables: Mapping[str, Any]
    #: the file is deployed by the case, whose clock and jobs see what a deployment sets going, and not with all others before
    deploys: bool

    def __str__(self) -> str:
        return f"{self.bpmn.parent.name}/{self.bpmn.stem}: {self.name.rpartition(' / ')[2]}"

    @property
    def files(self) -> dict[str, bytes]:
        """The package that is deployed: the BPMN and, if it lies there, the decision beside it."""
        return self.package(self.bpmn)

    def package(self, bpmn: Path) -> dict[str, bytes]:
        """A file in the place of the case's own: itself, or its next version."""
        key = f"{self.bpmn.parent.name}_{self.bpmn.stem}"
        beside = [path for path in (bpmn, bpmn.with_suffix(".dmn")) if path.exists()]
        return {f"processes/{key}/{key}{path.suffix}": path.read_bytes() for path in beside}

    def step(self, number: int) -> Mapping[str, Any]:
        """A step as the player wants it: what a step deploys is a file beside the case's own."""
        step = self.steps[number]
        return {"deploy": self.package(self.bpmn.with_name(step["deploy"]))} if "deploy" in step else step

    @property
    def lines(self) -> list[str]:
        """The whole trace."""
        return [line for step in self.steps for line in step["trace"]]


def cases() -> list[Case]:
    """Every case of every file, in order of the names of files."""
    return [case for path in sorted(FOLDER.glob("*/*.yaml")) for case in _of_file(path)]


def _of_file(path: Path) -> Iterator[Case]:
    content = yaml.safe_load(path.read_text("utf-8"))
    for row in content["cases"]:
        unknown = (row.keys() - KEYS) | {key for step in row["steps"] for key in step.keys() - STEP_KEYS}
        assert not unknown, f"{path.name}, {row['name']}: unknown {sorted(unknown)}"
        yield Case(
            bpmn=path.with_suffix(".bpmn"),
            name=row["name"],
            proves=tuple(row["proves"]),
            steps=tuple(row["steps"]),
            state=row["state"],
            variables=row.get("variables", {}),
            deploys=content.get("deployed_by_case", False),
        )
