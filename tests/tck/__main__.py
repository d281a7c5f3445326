"""Runs the DMN Technology Compatibility Kit found in the folder COGOV_TCK: `python -m tests.tck [-v] [part of a folder name …]`.

Prints cases passed per compliance level (and with -v every failure). Not part of the test suite: the kit is not in this repository.
"""

from __future__ import annotations

import os
import sys
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


@dataclass(frozen=True)
class Result:
    folder: str
    case: str
    node: str
    passed: bool
    expected: Any
    actual: Any


def run_folder(folder: Path) -> Iterator[Result]:
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
            yield from run_case(file, case, folder.name)


def run_case(file: DmnFile, case: Any, folder: str) -> Iterator[Result]:
    variables = {node.get("name"): read(node) for node in case if local(node) == "inputNode"}
    for node in (child for child in case if local(child) == "resultNode"):
        expected = next((read(child) for child in node if local(child) == "expected"), None)
        try:
            actual = evaluate(file, case, node.get("name"), variables)
        except CogovError as error:
            actual = None if expected is None else error
        yield Result(folder, case.get("id"), node.get("name"), same(expected, actual), expected, actual)


def evaluate(file: DmnFile, case: Any, name: str, variables: dict[str, Any]) -> Any:
    if case.get("type") in ("bkm", "decisionService"):
        value = file.invoke(case.get("invocableName") or name, variables, ENVIRONMENT)
        return value.get(name, value) if isinstance(value, dict) else value
    for decision in file.values():
        if name in (decision.name, decision.label.zh, decision.id):
            return decision.evaluate(variables, ENVIRONMENT).value
    return NotFound(f"no decision {name}; findings: {[f.message for f in file.findings][:2]}")


def main(arguments: list[str]) -> int:
    root = os.environ.get("COGOV_TCK")
    if not root:
        print("SKIPPED: set COGOV_TCK to the folder of the DMN TCK (it has TestCases/compliance-level-2)")
        return 0
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    for level in (2, 3):
        folders = sorted((Path(root) / "TestCases" / f"compliance-level-{level}").iterdir())
        results = [r for folder in folders if not wanted or any(w in folder.name for w in wanted) for r in run_folder(folder)]
        report(level, results, verbose="-v" in arguments)
    return 0


def report(level: int, results: list[Result], *, verbose: bool) -> None:
    passed = sum(result.passed for result in results)
    share = 100 * passed / len(results) if results else 0.0
    print(f"level {level}: {passed} of {len(results)} ({share:.1f} %)")
    for folder in sorted({result.folder for result in results if not result.passed}):
        failed = [result for result in results if result.folder == folder and not result.passed]
        total = sum(result.folder == folder for result in results)
        print(f"  {folder}: {total - len(failed)} of {total}")
        for result in failed if verbose else ():
            print(f"    {result.case} {result.node}: expected {result.expected!r}, got {result.actual!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
