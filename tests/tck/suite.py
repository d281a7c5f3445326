"""Reads the suite's folders and runs their cases; the engine gets the models and the inputs, never the expected values."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from engine.decisions import DmnFile, read_dmn
from engine.errors import CogovError, NotFound
from engine.feel import Environment
from tests.tck.values import local, read, same

ENVIRONMENT = Environment(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), zone=UTC, strict_names=False)
LEVELS = (2, 3)


@dataclass(frozen=True)
class Result:
    """One result node of one case. `expects_value`: the suite wants something else than null."""

    level: int
    folder: str
    case: str
    node: str
    passed: bool
    expected: Any
    actual: Any

    @property
    def expects_value(self) -> bool:
        return self.expected is not None

    @property
    def key(self) -> str:
        return f"{self.folder}/{self.case}"


def suite_folder() -> Path | None:
    """Where the suite is: COGOV_TCK, else ../shared/tck beside this repository; None when it is not there."""
    given = os.environ.get("COGOV_TCK")
    folder = Path(given) if given else Path(__file__).resolve().parents[3] / "shared" / "tck"
    return folder if (folder / "TestCases").is_dir() else None


def run_suite(root: Path, wanted: list[str]) -> list[Result]:
    """The results of all levels; `wanted`: parts of folder names, none for all."""
    results: list[Result] = []
    for level in LEVELS:
        for folder in sorted((root / "TestCases" / f"compliance-level-{level}").iterdir()):
            if not wanted or any(part in folder.name for part in wanted):
                results += run_folder(folder, level)
    return results


def run_folder(folder: Path, level: int) -> Iterator[Result]:
    """The results of all test files of one folder."""
    for path in sorted(folder.glob("*.xml")):
        tests = etree.parse(path).getroot()
        model = next((child.text for child in tests if local(child) == "modelName"), "") or ""
        source = folder / model.strip()
        if not source.is_file():
            continue
        others = {path.name: path.read_bytes() for path in folder.glob("*.dmn")}
        file = read_dmn(source.read_bytes(), source.name, language="en", files=others)
        for case in (child for child in tests if local(child) == "testCase"):
            yield from _run_case(file, case, folder.name, level)


def _run_case(file: DmnFile, case: Any, folder: str, level: int) -> Iterator[Result]:
    variables = {node.get("name"): read(node) for node in case if local(node) == "inputNode"}
    for node in (child for child in case if local(child) == "resultNode"):
        actual = _evaluated(file, case, node.get("name"), variables)
        expected = next((read(child) for child in node if local(child) == "expected"), None)
        # a refusal is what the suite calls null with an error
        right = expected is None if isinstance(actual, CogovError) else same(expected, actual)
        yield Result(level, folder, case.get("id"), node.get("name"), right, expected, actual)


def _evaluated(file: DmnFile, case: Any, name: str, variables: dict[str, Any]) -> Any:
    try:
        if case.get("type") in ("bkm", "decisionService"):
            value = file.invoke(case.get("invocableName") or name, variables, ENVIRONMENT)
            return value.get(name, value) if isinstance(value, dict) else value
        for decision in file.values():
            if name in (decision.name, decision.label.zh, decision.id):
                return decision.evaluate(variables, ENVIRONMENT).value
        return NotFound(f"no decision {name}")
    except CogovError as error:
        return error
