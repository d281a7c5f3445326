"""Expressions are checked against what their place knows: names, structures, kinds; the finding says where and what was meant."""

from __future__ import annotations

import pytest
from conftest_files import PROCESS, package

from engine.definitions.check import check
from engine.definitions.package import Package
from engine.definitions.scope.services import service_shapes
from engine.feel.inference import NUMBER
from engine.services import Call, Services, service

MAPPED = '<zeebe:output source="=form.by" target="asked"/>'
CONDITION = "=review.opinion = &quot;pass&quot;"


def found(process=PROCESS, language="zh", **more):
    return [f for f in check(package(process), language=language, **more) if f.code.startswith("FEEL")]


def changed(old, new):
    assert old in PROCESS
    return PROCESS.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "code", "element"),
    [
        (CONDITION, "=review.opinoin = &quot;pass&quot;", "FEEL-006", "f_pass"),
        (CONDITION, "=reviw.opinion = &quot;pass&quot;", "FEEL-002", "f_pass"),
        (CONDITION, "=review.opinion = 3", "FEEL-007", "f_pass"),
        (CONDITION, "=review.by", "FEEL-009", "f_pass"),
        (CONDITION, "=review.at + 1 &gt; now()", "FEEL-008", "f_pass"),
        (CONDITION, "=contains(review.opinion, 1)", "FEEL-010", "f_pass"),
        (CONDITION, "=matches(review.opinion, &quot;(pass&quot;)", "FEEL-016", "f_pass"),
        (CONDITION, "=matches(review.opinion, &quot;(?=p)&quot;)", "FEEL-016", "f_pass"),
        (CONDITION, "=matches(pattern: &quot;a&quot;, input: review.opinion, flags: &quot;z&quot;)", "FEEL-016", "f_pass"),
        (CONDITION, "=add working days(today(), &quot;3&quot;) &gt; today()", "FEEL-010", "f_pass"),
        (CONDITION, "=deadline(1).due &gt; now()", "FEEL-010", "f_pass"),
        (CONDITION, "=deadline(&quot;review_due&quot;).dew &gt; now()", "FEEL-006", "f_pass"),
        (CONDITION, "=role(&quot;legal&quot;, area, 3) = &quot;a&quot;", "FEEL-011", "f_pass"),
        (MAPPED, '<zeebe:output source="=form.dayz" target="asked"/>', "FEEL-006", "ask"),
        (MAPPED, '<zeebe:output source="=form.days + form.by" target="asked"/>', "FEEL-008", "ask"),
        ('limit="3WD"', 'limit="=review.at"', "FEEL-009", "review"),
        ("<bpmn:timeDuration>PT1H", "<bpmn:timeDuration>=[1]", "FEEL-009", "late"),
        ('key="=number"', 'key="=[number]"', "FEEL-009", "ask"),
        ('who="=[asked]"', 'who="=3"', "FEEL-009", "review"),
    ],
)
def test_what_does_not_fit_its_place_is_an_error_at_its_element(old, new, code, element):
    (finding,) = [f for f in found(changed(old, new)) if f.code == code]
    assert (finding.element, finding.severity) == (element, "error")
    assert finding.line
    assert finding.file == "processes/leave/leave.bpmn"


def test_a_finding_says_where_it_stands_what_was_meant_and_what_is_there():
    wrong = changed(CONDITION, "=review.opinoin = &quot;pass&quot;")
    (zh,) = found(wrong)
    (en,) = found(wrong, language="en")
    assert "“opinoin”" in zh.message
    assert "第 1 个字符" in zh.message
    assert "是不是“opinion”？" in zh.hint
    assert 'review.opinoin = "pass"' in zh.hint
    assert "character 1" in en.message
    assert "Did you mean “opinion”?" in en.hint
    assert "at, by, opinion" in en.hint


def test_the_nearest_chinese_name_is_proposed():
    process = changed('<cogov:data name="band"/>', '<cogov:data name="band"/><cogov:data name="审批意见"/>')
    (finding,) = found(process.replace(CONDITION, "=审批意间 = &quot;pass&quot;"))
    assert finding.code == "FEEL-002"
    assert "是不是“审批意见”？" in finding.hint


def test_a_variable_that_is_a_number_in_one_place_and_a_text_in_another_is_a_warning():
    process = changed(MAPPED, MAPPED + '<zeebe:output source="=form.days" target="band"/>').replace(
        '<zeebe:output source="=form" target="review"/>',
        '<zeebe:output source="=form" target="review"/><zeebe:output source="=form.by" target="band"/>',
    )
    (finding,) = [f for f in found(process) if f.code == "FEEL-012"]
    assert (finding.element, finding.severity) == ("review", "warning")


def test_a_field_of_a_declared_form_keeps_its_kind():
    wrong = changed(MAPPED, MAPPED + '<zeebe:output source="=3" target="review.opinion"/>')
    assert [f.code for f in found(wrong)] == ["FEEL-012"]
    assert found(wrong.replace('"=3" target="review.opinion"', '"=&quot;pass&quot;" target="review.opinion"')) == []


@service("notices.send")
def send(call: Call, to: str, days: int, note: str | None = None) -> dict[str, object]:
    """A service with inputs of several kinds."""
    return {"to": to, "days": days, "note": note}


SERVICE = '<zeebe:taskDefinition type="notices.send"/>'


@pytest.mark.parametrize(
    ("mappings", "codes"),
    [
        ('<zeebe:input source="=asked" target="to"/><zeebe:input source="=3" target="days"/>', []),
        ('<zeebe:input source="=asked" target="to"/>', ["FEEL-015"]),
        ('<zeebe:input source="=3" target="to"/><zeebe:input source="=3" target="days"/>', ["FEEL-013"]),
        ('<zeebe:input source="=asked" target="to"/><zeebe:input source="=3" target="day"/>', ["FEEL-014", "FEEL-015"]),
        ('<zeebe:input source="=null" target="to"/><zeebe:input source="=3" target="days"/>', []),
    ],
)
def test_inputs_of_a_service_are_those_it_takes(mappings, codes):
    process = changed(SERVICE, f"{SERVICE}<zeebe:ioMapping>{mappings}</zeebe:ioMapping>")
    shapes = service_shapes(Services(send))
    assert shapes["notices.send"].inputs["days"] == NUMBER
    assert sorted(f.code for f in found(process, service_shapes=shapes)) == codes


def with_form(old, new):
    files = dict(package().files)
    path = "forms/leave/review.form.json"
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    return [f for f in check(Package.from_files(files)) if f.code.startswith("FEEL")]


RADIO = b'"valuesExpression": "=codes.opinion"'


@pytest.mark.parametrize(
    ("hide", "code"),
    [
        (b"=asked = null", None),
        (b'=opinion = \\"pass\\"', None),
        (b"=askd = null", "FEEL-002"),
        (b"=opinion + 1 = 2", "FEEL-008"),
        (b"=review.opinoin = null", "FEEL-006"),
    ],
)
def test_a_form_knows_its_fields_and_the_variables_of_the_step_that_shows_it(hide, code):
    findings = with_form(RADIO, RADIO + b', "conditional": {"hide": "' + hide + b'"}')
    assert [(f.code, f.file, f.element) for f in findings] == ([(code, "forms/leave/review.form.json", "f_opinion")] if code else [])


def test_a_register_knows_the_variables_of_the_processes_that_write_it():
    files = dict(package().files)
    path = "processes/leave/leaves.register.yaml"
    files[path] = files[path].replace(b'from: "=starter"', b'from: "=review.opinoin"')
    (finding,) = [f for f in check(Package.from_files(files)) if f.code.startswith("FEEL")]
    assert (finding.code, finding.file) == ("FEEL-006", path)
    files[path] = files[path].replace(b"review.opinoin", b"startr")
    (finding,) = [f for f in check(Package.from_files(files)) if f.code.startswith("FEEL")]
    assert finding.code == "FEEL-002"
    assert "starter" in finding.hint


def test_a_process_that_declares_nothing_is_asked_for_no_names():
    process = PROCESS
    for line in (
        '<cogov:data name="review" form="leave/review" access="staff"/>',
        '<cogov:data name="asked"/>',
        '<cogov:data name="band"/>',
    ):
        process = process.replace(line, "")
    assert [f.code for f in found(process.replace(CONDITION, "=whatever.more = 1"))] == []
    assert [f.code for f in found(process.replace(CONDITION, "=&quot;a&quot; + 1 = whatever"))] == ["FEEL-008"]
