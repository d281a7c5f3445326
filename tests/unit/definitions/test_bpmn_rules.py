"""Every rule of BPMN 2.0.2 in the table: a file that breaks it is told so at the right place, its legal neighbour is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from bpmn_rules import Example, document, examples, rule_findings
from lxml import etree

from engine.definitions.reader import read_bpmn
from engine.definitions.rules.reference import reference
from engine.definitions.rules.run import broken_rules
from engine.definitions.rules.table import FAMILIES, RULES
from engine.definitions.support import unsupported
from engine.runner.compiler import compile_process

ROOT = Path(__file__).parents[3]
EXAMPLES = examples()


def _of_rules(text):
    return [finding for finding in rule_findings(text) if finding.code in RULES]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_a_file_that_breaks_one_rule_is_told_exactly_that_at_the_right_place(example: Example):
    found = [finding for finding in _of_rules(example.broken) if finding.code not in example.also]
    assert [(f.code, f.element, f.line) for f in found] == [(example.code, example.element, example.line)]
    assert found[0].message
    assert found[0].hint
    assert found[0].severity == ("warning" if RULES[example.code].words.house_rule else RULES[example.code].words.severity)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_its_legal_neighbour_breaks_no_rule(example: Example):
    assert [(f.code, f.element, f.line, f.message) for f in _of_rules(example.legal) if f.code not in example.also] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_the_legal_neighbour_can_be_run_or_the_report_says_what_cannot(example: Example):
    result = read_bpmn(example.legal.encode(), "p.bpmn")
    assert result.file is not None
    for process in result.file.processes:
        if not list(unsupported(process)):
            assert compile_process(process).start is not None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_whatever_attribute_is_missing_the_rules_have_words_for_it(example: Example):
    root = etree.fromstring(example.legal.encode())
    for element in root.iter("*"):
        for name, value in list(element.attrib.items()):
            del element.attrib[name]
            for problem in broken_rules(etree.tostring(root), "p.bpmn", foreign=True):
                assert problem.line
                assert problem.finding("zh").message
                assert problem.finding("zh").hint
                assert problem.finding("en").message
            element.set(name, value)


def test_every_rule_has_an_example():
    assert sorted(example.code for example in EXAMPLES) == sorted(RULES)
    assert len(RULES) >= 120


def test_no_code_is_given_to_two_rules():
    codes = [rule.code for family in FAMILIES for rule in family.rules]
    assert len(codes) == len(set(codes))


def test_the_page_of_rules_is_made_from_the_table():
    assert (ROOT / "docs/reference/bpmn-rules.md").read_text("utf-8") == reference()


def test_a_process_that_is_not_executable_is_not_held_to_the_rules():
    broken = '<endEvent id="e"><timerEventDefinition><timeDate>2026-03-02</timeDate></timerEventDefinition></endEvent>'
    text = document(f'<process id="p" isExecutable="true"><task id="a"/></process><process id="q"><task id="b"/>{broken}</process>')
    assert [f.code for f in _of_rules(text)] == []


def test_what_lies_in_another_document_is_not_missed():
    text = document('<process id="p" isExecutable="true"><task id="a"/><dataObject id="paper" itemSubjectRef="xsd:string"/></process>')
    assert _of_rules(text) == []


def test_a_rule_of_the_house_is_an_error_in_our_own_files():
    own = "<extensionElements><cogov:data name='x'/></extensionElements>"
    body = f'<process id="p" isExecutable="true">{own}<task id="a"/><dataStoreReference id="seen" dataStoreRef="gone"/></process>'
    found = {f.code: f.severity for f in _of_rules(document(body).replace("<process", "<process xmlns:cogov='urn:cogov:bpmn:1'"))}
    assert found == {"BPMN-243": "error"}


def test_what_is_illegal_is_not_reported_as_not_run_too():
    example = next(example for example in EXAMPLES if example.code == "BPMN-143")
    assert "BPMN-030" not in {finding.code for finding in rule_findings(example.broken)}


ELEMENTS = {
    "several triggers": '<startEvent id="s"><signalEventDefinition signalRef="go"/>'
    "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent><task id='a'/>\ns > a\n",
    "quantities": '<task id="a" startQuantity="2" completionQuantity="3"/>',
    "complex gateway": '<task id="a"/><task id="b"/><complexGateway id="g">'
    "<activationCondition>=activationCount &gt; 1</activationCondition>"
    "</complexGateway><task id='c'/>\na > g > c\nb > g\n",
    "ad-hoc": '<adHocSubProcess id="free" ordering="Parallel" cancelRemainingInstances="false"><task id="a"/><task id="b"/>'
    "<completionCondition>=done</completionCondition></adHocSubProcess>",
    "instantiating receive": '<receiveTask id="r" messageRef="hi" instantiate="true"/><task id="a"/>\nr > a\n',
    "parallel event start": '<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>'
    '<receiveTask id="one" messageRef="hi"/><receiveTask id="two" messageRef="ho"/><task id="a"/>\ng > one > a\ng > two > a\n',
    "behaviour": '<task id="a"><multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>3</loopCardinality>'
    "<complexBehaviorDefinition><condition>=loopCounter = 2</condition><event id='x'><signalEventDefinition signalRef='go'/></event>"
    "</complexBehaviorDefinition></multiInstanceLoopCharacteristics></task>",
}


@pytest.mark.parametrize("body", ELEMENTS.values(), ids=ELEMENTS.keys())
def test_rarer_elements_are_legal(body):
    top = '<signal id="go" name="go"/><message id="hi" name="hi"/><message id="ho" name="ho"/>'
    assert _of_rules(document(f'{top}<process id="p" isExecutable="true">{body}</process>')) == []
