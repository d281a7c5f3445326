"""Tables that must agree with each other: codes, their page, their uses, the moddle descriptor, the support table."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from engine.definitions.codes import CODES
from engine.definitions.reading import names
from engine.definitions.reading.own import SHAPES
from engine.definitions.reference import reference
from engine.definitions.rules.table import RULES
from engine.definitions.support import EVENTS, NODES, POSITIONS, is_run, unsupported

ROOT = Path(__file__).parents[3]
CHECKS = [*(ROOT / "engine/definitions").rglob("*.py"), ROOT / "governance/papers/template_check.py"]
SOURCES = [path.read_text("utf-8") for path in CHECKS if path.parent.name not in ("codes", "rules")]


def test_the_page_of_findings_is_made_from_the_table():
    assert (ROOT / "docs/reference/findings.md").read_text("utf-8") == reference()


@pytest.mark.parametrize("code", [code for code in CODES if code not in RULES or RULES[code].check is None])
def test_every_code_that_no_rule_gives_is_given_somewhere(code):
    assert any(f'"{code}"' in source for source in SOURCES)


def test_every_code_that_is_given_is_in_the_table():
    given = {code for source in SOURCES for code in re.findall(r'"((?:BPMN|FORM|REG|CASE|FEEL|DMN|FILE|PAPER)-\d+)"', source)}
    assert given <= CODES.keys()


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES.keys())
def test_both_languages_tell_the_same_facts_and_the_fix(entry):
    def facts(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert facts(entry.zh) == facts(entry.en)
    assert entry.severity == "info" or (entry.hint_zh and entry.hint_en)
    assert not {"file", "element", "line", "code"} & (facts(entry.zh) | facts(entry.hint_zh) | facts(entry.hint_en))


def test_the_designer_knows_the_same_elements_as_the_reader():
    moddle = json.loads((ROOT / "engine/schemas/cogov.moddle.json").read_text("utf-8"))
    assert moddle["uri"] == names.COGOV
    described = {}
    for entry in moddle["types"]:
        described[entry["name"].lower()] = {p["name"] for p in entry["properties"] if p.get("isAttr")}
    assert described == {name: {*shape.required, *shape.optional, *shape.of_process} for name, shape in SHAPES.items()}


def test_the_support_table_covers_every_node_kind_and_only_known_positions():
    assert NODES.keys() == names.FLOW_NODES - names.EVENTS
    assert all(places <= set(POSITIONS) for places in EVENTS.values())


#: what BPMN does not allow is never run, however much the runner learns
NOT_RUN = [
    (
        '<bpmn:endEvent id="x"><bpmn:conditionalEventDefinition><bpmn:condition>=a</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:endEvent>',
        "conditional endEvent",
    ),
    ('<bpmn:intermediateCatchEvent id="x"><bpmn:errorEventDefinition/></bpmn:intermediateCatchEvent>', "error intermediateCatchEvent"),
    (
        '<bpmn:intermediateThrowEvent id="x"><bpmn:terminateEventDefinition/></bpmn:intermediateThrowEvent>',
        "terminate intermediateThrowEvent",
    ),
    ('<bpmn:intermediateCatchEvent id="x"/>', "none intermediateCatchEvent"),
    (
        '<bpmn:intermediateThrowEvent id="x"><bpmn:linkEventDefinition name="L"/><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>'
        '<bpmn:intermediateCatchEvent id="y"><bpmn:linkEventDefinition name="L"/></bpmn:intermediateCatchEvent>',
        "multiple intermediateThrowEvent with a link",
    ),
    (
        '<bpmn:subProcess id="s"><bpmn:eventBasedGateway id="x" instantiate="true"/></bpmn:subProcess>',
        "eventBasedGateway instantiate that begins no process",
    ),
]


@pytest.mark.parametrize(("body", "what"), NOT_RUN)
def test_what_is_not_run_is_named(process, body, what):
    model = process(body)
    assert [(node.id, text) for node, text in unsupported(model)] == [("x", what)]


@pytest.mark.parametrize(("kind", "place"), [("none", "start"), ("timer", "boundary_non"), ("error", "boundary"), ("message", "sub_start")])
def test_what_is_run_is_not_named(kind, place):
    assert is_run(kind, place)
