"""A package that would fail later is refused at deploy, with the place and the way to mend it."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import json

import pytest
from conftest_files import PROCESS, package

from engine.definitions.check import check, report_lines
from engine.definitions.package import Package


def codes_of(found):
    return sorted({f.code for f in found if f.severity == "error"})


def test_a_right_package_has_no_findings():
    assert check(package(), services={"notices.send"}, roles={"legal"}) == []


WRONG = [
    # graph
    ('<bpmn:endEvent id="end" name="终"', '<bpmn:task id="lost" name="孤"/><bpmn:endEvent id="end" name="终"', "BPMN-050"),
    ('<bpmn:startEvent id="start" name="始">', '<bpmn:startEvent id="start_two"/><bpmn:startEvent id="start" name="始">', "BPMN-051"),
    ('sourceRef="tell" targetRef="end"', 'sourceRef="tell" targetRef="start"', "BPMN-053"),
    ("=review.opinion = &quot;pass&quot;", "", "BPMN-054"),
    # not run
    ('type="notices.send"', 'type="=asked"', "BPMN-030"),
    # dialect
    ('id="gw_opinion"', 'id="Gateway_1"', "BPMN-040"),
    ('default="f_back"', "", "BPMN-041"),
    (' name="通过"', "", "BPMN-042"),
    ('<cogov:text lang="en" name="Review"/>', "", "BPMN-043"),
    ('<zeebe:output source="=form" target="review"/>', "", "BPMN-044"),
    ("<bpmn:flowNodeRef>review</bpmn:flowNodeRef>", "", "BPMN-046"),
    ('<bpmn:process id="leave"', '<bpmn:process id="leaves"', "BPMN-047"),
    ('<bpmn:participant id="pool" name="池" processRef="leave">', '<bpmn:participant id="pool" name="池">', "BPMN-049"),
    # references
    ('formId="leave/ask"', 'formId="leave/none"', "BPMN-060"),
    ('decisionId="days"', 'decisionId="none"', "BPMN-061"),
    ('type="notices.send"', 'type="notices.none"', "BPMN-062"),
    ('processId="leave"', 'processId="none"', "BPMN-063"),
    ('register="leaves"', 'register="none"', "BPMN-064"),
    ('state="open"', 'state="none"', "BPMN-065"),
    ('code="legal"', 'code="none"', "BPMN-066"),
    ('access="staff"', 'access="everybody"', "BPMN-067"),
    ('limit="3WD"', 'limit="soon"', "BPMN-068"),
    ("PT1H", "1 hour", "BPMN-069"),
    ('type="notices.send"', 'type=""', "BPMN-071"),
    # FEEL
    ("=form.by", "=form.", "FEEL-001"),
    ("=form.by", "=@&quot;09:00:00@Asia/Shanghai&quot;", "FEEL-001"),
    ("=review.opinion = &quot;pass&quot;", "=reviev.opinion = &quot;pass&quot;", "FEEL-002"),
    ("=review.opinion = &quot;pass&quot;", "=review.opinion = &quot;passed&quot;", "FEEL-003"),
    ("=form.by", "=frob(form.by)", "FEEL-004"),
    ("=codes.opinion", "=codes.none", "FEEL-005"),
    ("=form.by", "=deadline(&quot;none&quot;).due", "BPMN-073"),
    ("=form.by", "=setting(&quot;none&quot;)", "BPMN-075"),
    ('limit="3WD"', 'limit="=setting(&quot;none&quot;)"', "BPMN-075"),
    ("<bpmn:flowNodeRef>again</bpmn:flowNodeRef>", "<bpmn:flowNodeRef>nobody</bpmn:flowNodeRef>", "BPMN-018"),
]


@pytest.mark.parametrize(("old", "new", "code"), WRONG)
def test_each_fault_of_a_process_has_its_own_code(old, new, code):
    assert old in PROCESS
    found = check(package(process=PROCESS.replace(old, new)), services={"notices.send"}, roles={"legal"}, settings=(), language="en")
    assert code in codes_of(found)
    finding = next(f for f in found if f.code == code)
    assert finding.file == "processes/leave/leave.bpmn"
    assert finding.line
    assert finding.message
    assert finding.hint


def test_in_a_file_of_another_tool_rules_of_our_dialect_are_warnings():
    foreign = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="Process_1" isExecutable="true">
      <startEvent id="Start"/><task id="Activity_0x1"/><sequenceFlow id="F" sourceRef="Start" targetRef="Activity_0x1"/>
      </process></definitions>"""
    found = check(Package.from_files({"processes/leave/leave.bpmn": foreign.encode()}))
    assert {f.severity for f in found} == {"warning"}
    assert {"BPMN-040", "BPMN-047"} <= {f.code for f in found}


def test_a_file_of_another_tool_may_use_any_variable():
    foreign = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="leave" isExecutable="true">
      <task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression>=whatever &gt; 3</conditionExpression>
      </sequenceFlow></process></definitions>"""
    assert codes_of(check(Package.from_files({"processes/leave/leave.bpmn": foreign.encode()}))) == []


def test_what_is_not_known_to_the_caller_is_not_checked():
    changed = PROCESS.replace("notices.send", "notices.none").replace('code="legal"', 'code="none"')
    assert check(package(process=changed)) == []


def test_a_part_may_refer_to_what_is_deployed_already():
    part = Package.from_files({"processes/leave/leave.bpmn": PROCESS.encode()})
    assert "BPMN-060" in codes_of(check(part))
    assert codes_of(check(part, deployed=package())) == []


def test_findings_speak_the_language_of_the_caller():
    wrong = package(process=PROCESS.replace('formId="leave/ask"', 'formId="leave/none"'))
    assert [f.message for f in check(wrong)] == ["找不到表单“leave/none”"]
    assert [f.message for f in check(wrong, language="en")] == ["there is no form “leave/none”"]


def test_the_report_has_a_line_per_finding():
    wrong = package(process=PROCESS.replace('formId="leave/ask"', 'formId="leave/none"'))
    (line,) = report_lines(check(wrong, language="en"))
    assert line.startswith("processes/leave/leave.bpmn:")
    assert " error BPMN-060 ask: there is no form “leave/none” — Add forms/leave/none.form.json." in line


DATA = {
    "register schema": ("processes/leave/leaves.register.yaml", "row: many", "row: several", "REG-002"),
    "move to nowhere": ("processes/leave/leaves.register.yaml", "to: [closed]", "to: [gone]", "REG-003"),
    "stage missing": ("processes/leave/leaves.register.yaml", "stage: talk", "stage: nowhere", "REG-004"),
    "column twice": ("processes/leave/leaves.register.yaml", "key: days", "key: who", "REG-007"),
    "panel of nothing": ("processes/leave/leaves.register.yaml", "register:leaves", "register:none", "REG-008"),
    "register FEEL": ("processes/leave/leaves.register.yaml", '"=starter"', '"=starter +"', "FEEL-001"),
    "codes schema": ("forms/shared/codes.yaml", "zh: 通过, ", "", "FORM-103"),
    "code twice": ("forms/shared/codes.yaml", "code: revise", "code: pass", "FORM-104"),
    "cases schema": ("processes/leave/cases.yaml", "clock: 2026-03-02T09:00+08:00", "", "CASE-002"),
    "cases of nothing": ("processes/leave/cases.yaml", "process: leave", "process: none", "CASE-003"),
    "cases node": ("processes/leave/cases.yaml", "do: ask", "do: none", "CASE-004"),
    "cases message": ("processes/leave/cases.yaml", "send: msg.stop", "send: msg.none", "CASE-005"),
    "decision": ("processes/leave/days.dmn", "<text>1</text>", "<text>1 +</text>", "DMN-016"),
    "form inside": ("forms/leave/ask.form.json", '"en": {"label": "Days"}', '"en": {}', "FORM-003"),
    "form schema": ("forms/leave/ask.form.json", '"schemaVersion": 19', '"schemaVersion": "new"', "FORM-102"),
}


@pytest.mark.parametrize(("path", "old", "new", "code"), DATA.values(), ids=DATA.keys())
def test_each_fault_of_the_other_files_has_its_own_code_and_line(path, old, new, code):
    files = dict(package().files)
    text = files[path].decode()
    assert old in text
    files[path] = text.replace(old, new).encode()
    finding = next(f for f in check(Package.from_files(files)) if f.code == code)
    assert finding.file == path
    assert finding.line
    assert finding.severity == "error"


def test_a_state_that_nothing_leads_to_is_a_warning():
    files = dict(package().files)
    path = "processes/leave/leaves.register.yaml"
    files[path] = files[path].replace(b"stages:", b"  lost: {zh: a, en: b}\nstages:")
    assert [(f.code, f.severity) for f in check(Package.from_files(files))] == [("REG-006", "warning")]


def test_settings_of_the_package_count_as_settings():
    process = PROCESS.replace('limit="3WD"', 'limit="=setting(&quot;leave.limit&quot;)"')
    files = {**package(process=process).files, "processes/leave/leave.settings.yaml": b"leave.limit: {value: 3WD}"}
    assert codes_of(check(Package.from_files(files), settings=())) == []
    assert codes_of(check(package(process=process), settings=())) == ["BPMN-075"]
    assert codes_of(check(package(process=process))) == []


def test_a_boundary_event_in_another_lane_than_its_host_is_a_warning():
    lane = '<bpmn:lane id="other" name="别"><bpmn:extensionElements><cogov:text lang="en" name="Other"/></bpmn:extensionElements><bpmn:flowNodeRef>late</bpmn:flowNodeRef></bpmn:lane>'
    found = check(package(process=PROCESS.replace("</bpmn:lane>", "</bpmn:lane>" + lane, 1)))
    assert [(f.code, f.severity, f.element) for f in found] == [("BPMN-074", "warning", "late")]


def test_a_form_finding_names_the_line_of_the_component():
    schema = json.loads(package().files["forms/leave/ask.form.json"])
    text = json.dumps(schema, indent=1, ensure_ascii=False).replace('"label": "Days"', '"label": ""')
    files = {**package().files, "forms/leave/ask.form.json": text.encode()}
    (finding,) = [f for f in check(Package.from_files(files)) if f.code == "FORM-003"]
    assert finding.line == 1 + text[: text.index('"f_days"')].count("\n") - 2
