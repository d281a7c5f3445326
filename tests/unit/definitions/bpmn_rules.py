"""The files that break one rule each and their legal neighbours, from `rules/*.yaml`.

The head of `rules/structure.yaml` says how to read them.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.definitions.check import check
from engine.definitions.codes import CODES
from engine.definitions.package import Package
from engine.errors import Finding

HERE = Path(__file__).parent / "rules"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:test">'
)
_FLOWS = re.compile(r"(\w+(?: > \w+)+)(?:: (=.+))?")
_MARK = re.compile(r"<!-- ✗ (?P<element>.+?) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One rule, the file that breaks it, where, and the one change that mends it."""

    code: str
    broken: str
    legal: str
    element: str
    line: int
    #: other codes that the same fault cannot help giving
    also: tuple[str, ...] = ()


def document(fragment: str) -> str:
    """A whole file: lines like ``a > b: =x`` become sequence flows; every line stays where it is."""
    text = "\n".join(_flows(line) for line in fragment.splitlines())
    if "<definitions" in text:
        return text
    inside = text if "<process" in text else f'<process id="p" isExecutable="true">{text}</process>'
    return f"{HEAD}{inside}</definitions>"


def _flows(line: str) -> str:
    match = _FLOWS.fullmatch(line.strip())
    if match is None:
        return line
    condition = f"<conditionExpression>{match[2]}</conditionExpression>" if match[2] else ""
    pairs = itertools.pairwise(match[1].split(" > "))
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}">{condition}</sequenceFlow>' for a, b in pairs)


def examples() -> list[Example]:
    """All of them, a file per family."""
    return [
        _example(code, entry) for path in sorted(HERE.glob("*.yaml")) for code, entry in yaml.safe_load(path.read_text("utf-8")).items()
    ]


def _example(code: str, entry: dict[str, object]) -> Example:
    broken = str(entry["broken"])
    old, new = entry["mend"]  # type: ignore[misc]
    assert old in broken, f"{code}: {old!r} is not in the broken file"
    line, mark = next((number, match) for number, text in enumerate(broken.splitlines(), 1) if (match := _MARK.search(text)))
    return Example(
        code=code,
        broken=document(broken),
        legal=document(broken.replace(old, new)),
        element=mark["element"],
        line=line,
        also=tuple(entry.get("also", ())),  # type: ignore[arg-type]
    )


def rule_findings(text: str) -> list[Finding]:
    """What the check of a package says about the rules of BPMN in a file. Rules of the house and plain notes are not among them."""
    package = Package.from_files({"processes/p/p.bpmn": text.encode()})
    return [finding for finding in check(package, language="en") if finding.code in CODES]
