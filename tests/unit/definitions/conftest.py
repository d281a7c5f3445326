"""BPMN text for the tests: only what matters is written in the test itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.definitions.model import Process
from engine.definitions.reader import ReadResult, read_bpmn

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:cogov="urn:cogov:bpmn:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="t" id="defs">
"""


def document(process: str, around: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """A file with one process `p` holding `process`, and root elements `around`."""
    return f'{HEAD}{around}<bpmn:process id="p" name="试" {attributes}>{process}</bpmn:process></bpmn:definitions>'.encode()


@pytest.fixture
def read() -> Callable[..., ReadResult]:
    """Read a process body: ``read("<bpmn:task …/>")``."""

    def run(process: str, around: str = "", attributes: str = 'isExecutable="true"') -> ReadResult:
        return read_bpmn(document(process, around, attributes), "p.bpmn", language="en")

    return run


@pytest.fixture
def process(read: Callable[..., ReadResult]) -> Callable[..., Process]:
    """The process of a body that reads without errors."""

    def run(body: str, around: str = "") -> Process:
        result = read(body, around)
        assert [f for f in result.findings if f.severity == "error"] == []
        assert result.file is not None
        return result.file.processes[0]

    return run


def codes(result: ReadResult) -> list[str]:
    return [f.code for f in result.findings]


@pytest.fixture
def codes_of() -> Callable[[ReadResult], list[str]]:
    return codes
