"""Cells of decision tables fit their columns, and a task that asks a decision has what it reads."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest
from conftest_files import DECISION, PROCESS, package

from engine.definitions.check import check
from engine.definitions.package import Package
from engine.definitions.scope.tables import DecisionFile

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <itemDefinition id="t_level" name="level"><typeRef>string</typeRef></itemDefinition>
  <decision id="days" name="days"><variable id="v" name="days"/>
    <decisionTable id="t" hitPolicy="{policy}">
      <input id="i1"><inputExpression id="x1" typeRef="{kind}"><text>{read}</text></inputExpression></input>
      <output id="o1" name="limit" typeRef="number"/><output id="o2" name="level" typeRef="level"/>
      <rule id="r1"><inputEntry id="c1"><text>{cell}</text></inputEntry><outputEntry id="e1"><text>{limit}</text></outputEntry><outputEntry id="e2"><text>"high"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c2"><text>-</text></inputEntry><outputEntry id="e3"><text>1</text></outputEntry><outputEntry id="e4"><text>"low"</text></outputEntry></rule>
    </decisionTable></decision></definitions>"""
#: the message that stops brings nothing, so that every variable is what the process writes
MAPPED = PROCESS.replace(
    '<bpmn:startEvent id="stop_start"><bpmn:extensionElements>',
    '<bpmn:startEvent id="stop_start"><bpmn:extensionElements><zeebe:ioMapping><zeebe:output source="=null" target="choices"/></zeebe:ioMapping>',
)
RIGHT = {"policy": "FIRST", "kind": "string", "read": "asked", "cell": '"a","b"', "limit": "3"}


def found(process=MAPPED, table=TABLE, **parts):
    files = dict(package(process).files)
    files["processes/leave/days.dmn"] = table.format(**{**RIGHT, **parts}).encode()
    return [(f.code, f.file.rpartition("/")[2], f.element) for f in check(Package.from_files(files)) if f.code.startswith("FEEL")]


def test_a_right_table_has_no_findings():
    assert found() == []


@pytest.mark.parametrize(
    ("parts", "finding"),
    [
        ({"cell": "&gt; 5"}, ("FEEL-007", "days.dmn", "c1")),
        ({"cell": '"a", 5'}, ("FEEL-007", "days.dmn", "c1")),
        ({"limit": '"many"'}, ("FEEL-009", "days.dmn", "e1")),
        ({"limit": '1 + "2"'}, ("FEEL-008", "days.dmn", "e1")),
        ({"read": "upper case(3)"}, ("FEEL-010", "days.dmn", "x1")),
        ({"read": "askd"}, ("FEEL-002", "leave.bpmn", "rate")),
        ({"read": "number", "kind": "number", "cell": "&gt; 5"}, ("FEEL-009", "leave.bpmn", "rate")),
    ],
)
def test_what_does_not_fit_is_named_at_its_cell_or_at_the_task_that_asks(parts, finding):
    assert found(**parts) == [finding]


@pytest.mark.parametrize(("policy", "kind"), [("FIRST", "context"), ("UNIQUE", "context"), ("RULE ORDER", "list"), ("COLLECT", "list")])
def test_the_result_of_a_table_is_known(policy, kind):
    shape = DecisionFile(TABLE.format(**{**RIGHT, "policy": policy}).encode()).result("days")
    assert shape.kind == kind
    entries = (shape.item if kind == "list" else shape).entries
    assert {name: entry.kind for name, entry in entries.items()} == {"limit": "number", "level": "string"}


def test_entries_of_a_decisions_result_are_checked_where_they_are_used():
    condition = "=review.opinion = &quot;pass&quot;"
    assert found(MAPPED.replace(condition, "=band.limit &gt; 1")) == []
    assert found(MAPPED.replace(condition, "=band.limt &gt; 1")) == [("FEEL-006", "leave.bpmn", "f_pass")]
    assert found(MAPPED.replace(condition, "=band.level &gt; 1")) == [("FEEL-007", "leave.bpmn", "f_pass")]


def test_a_file_that_cannot_be_read_gives_nothing():
    for content in (b"", b"<a/>", b"<!DOCTYPE x><a/>", DECISION.encode()):
        assert DecisionFile(content).reads("days") == []
        assert DecisionFile(content).result("days").kind == "Any"


def test_a_date_may_go_into_an_input_of_date_and_time():
    days = MAPPED.replace('source="=null" target="choices"', 'source="=date(&quot;2026-03-02&quot;)" target="choices"')
    given = '<inputData id="i_c" name="choices"><variable name="choices" typeRef="{kind}"/></inputData><decision id="days"'
    needed = '<informationRequirement><requiredInput href="#i_c"/></informationRequirement><decisionTable'
    table = TABLE.replace('<decision id="days"', given).replace("<decisionTable", needed)
    moment = {"kind": "dateTime", "read": "choices", "cell": '&lt; date and time("2026-04-01T00:00:00Z")'}
    assert found(days, table, **moment) == []
    assert found(days, table, **{**moment, "kind": "number", "cell": "1"}) == [("FEEL-009", "leave.bpmn", "rate")]


def test_a_cell_that_provides_for_a_missing_entry_has_no_finding():
    assert found(limit="get or else({a: 1}.b, 2)") == []
    assert found(limit="{a: 1}.b") == [("FEEL-006", "days.dmn", "e1")]
