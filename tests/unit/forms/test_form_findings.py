"""Deploy checks: each finding has a form that causes it, and a good form has none."""

from __future__ import annotations

from typing import Any

import pytest
from forms_helpers import CODES, field

from engine.forms import compile_form, form_findings

GOOD = {
    "type": "default",
    "id": "demo/review",
    "title": "审查",
    "i18n": {"en": {"title": "Review"}},
    "components": [
        field("radio", "opinion", valuesExpression="=codes.review_opinion", outcome="true", required=True),
        field("textarea", "note", hide='=opinion = "pass"', required=True, rules="V-LEN(4,300)"),
        field("dynamiclist", "checks", allowAddRemove=False, include="shared/check_rows"),
    ],
}
SHARED = {
    "shared/check_rows": {"components": [field("textfield", "check", readonly=True), field("checkbox", "ok")]},
    "shared/loop": {"components": [field("group", "g", include="shared/loop")]},
}


def codes_of(*components: dict[str, Any], **changes: Any) -> set[str]:
    schema = {**GOOD, "components": list(components), **changes}
    return {finding.code for finding in form_findings("demo/review", schema, CODES, SHARED, "forms/demo/review.form.json")}


def test_a_good_form_has_no_findings():
    assert form_findings("demo/review", GOOD, CODES, SHARED, "forms/demo/review.form.json") == []


BAD: list[tuple[str, dict[str, Any]]] = [
    ("FORM-001", field("slider", "x")),
    ("FORM-003", {"type": "table", "id": "x", "dataSource": "=rows", "columns": [{"key": "a", "label": "甲"}]}),
    ("FORM-001", {"type": "html", "id": "x", "content": "<b>x</b>"}),
    ("FORM-002", field("textfield", "x", kind="colour")),
    ("FORM-002", field("textfield", "x", kind="money")),
    ("FORM-003", {"type": "textfield", "id": "x", "key": "x", "label": "标签"}),
    ("FORM-003", {"type": "textfield", "id": "x", "key": "x"}),
    ("FORM-003", {"type": "text", "id": "x", "text": "说明"}),
    ("FORM-003", field("radio", "x", values=[{"value": "a", "label": "甲"}])),
    ("FORM-003", field("textfield", "x", check="=true", checkMessage="不行")),
    ("FORM-004", field("radio", "x", valuesExpression="=codes.nope")),
    ("FORM-005", field("group", "x", include="shared/nope")),
    ("FORM-005", field("group", "x", include="shared/loop")),
    ("FORM-007", field("textfield", "Name")),
    ("FORM-007", field("textfield", "意见")),
    ("FORM-007", field("textfield", "codes")),
    ("FORM-008", field("textfield", "x", hide="=a +")),
    ("FORM-008", field("textfield", "x", kind="unit", filter="=kind =")),
    ("FORM-009", field("textfield", "x", rules="V-NOPE")),
    ("FORM-010", field("dynamiclist", "x", minRows="many", components=[field("textfield", "a")])),
    ("FORM-010", field("dynamiclist", "x", minRows="3", maxRows="2", components=[field("textfield", "a")])),
    ("FORM-010", field("textfield", "x", required="=true")),
    ("FORM-012", field("dynamiclist", "x", components=[field("radio", "o", valuesExpression="=codes.party", outcome="true")])),
    ("FORM-013", field("select", "x")),
    ("FORM-014", field("dynamiclist", "x", components=[field("textfield", "a", readonly=True)])),
    ("FORM-015", field("datetime", "x", rules="V-ORD(start)")),
    ("FORM-017", field("textfield", "x", rules="V-FUT")),
    ("FORM-018", field("textfield", "x", pattern="(?=a)")),
    ("FORM-020", field("dynamiclist", "x")),
    ("FORM-021", field("dynamiclist", "x", allowAddRemove=False, include="shared/check_rows", omit="nope")),
    ("FORM-022", field("dynamiclist", "x", components=[field("checkbox", "ok"), field("textfield", "why", hide="=ok")])),
    ("FORM-023", field("dynamiclist", "x", kind="score_table", components=[field("number", "weight")])),
]


@pytest.mark.parametrize(("code", "component"), BAD, ids=lambda part: part if isinstance(part, str) else "")
def test_a_bad_component_is_found(code, component):
    assert codes_of(component) == {code}


def test_keys_that_clash_are_found():
    assert codes_of(field("textfield", "a"), field("number", "a", id="other")) == {"FORM-006"}
    assert codes_of(field("textfield", "a"), field("textfield", "a.b", id="other")) == {"FORM-006"}
    assert codes_of(field("group", "g", components=[field("textfield", "a")]), field("textfield", "g.a", id="other")) == {"FORM-006"}


def test_the_same_key_in_a_row_is_no_clash():
    assert codes_of(field("textfield", "a"), field("dynamiclist", "r", components=[field("textfield", "a", id="other")])) == set()


def test_ids_are_unique():
    assert codes_of(field("textfield", "a"), field("textfield", "b", id="f_a")) == {"FORM-019"}


def test_one_outcome_only():
    radio = {"valuesExpression": "=codes.party", "outcome": "true"}
    assert codes_of(field("radio", "a", **radio), field("radio", "b", **radio)) == {"FORM-012"}


def test_the_head_of_the_form_is_checked():
    assert codes_of(field("textfield", "a"), id="demo/other") == {"FORM-011"}
    assert codes_of(field("textfield", "a"), i18n={}) == {"FORM-003"}
    assert "FORM-016" in codes_of(components="none")


def test_findings_name_file_element_and_remedy_in_both_languages():
    schema = {**GOOD, "components": [field("radio", "x", valuesExpression="=codes.nope")]}
    (zh,) = form_findings("demo/review", schema, CODES, SHARED, "forms/demo/review.form.json")
    (en,) = form_findings("demo/review", schema, CODES, SHARED, "forms/demo/review.form.json", language="en")
    assert (zh.file, zh.element, zh.severity) == ("forms/demo/review.form.json", "f_x", "error")
    assert "代码表" in zh.message
    assert "codes.yaml" in zh.hint
    assert "code list" in en.message


def test_fields_say_what_the_form_gives():
    form = compile_form(GOOD, codes=CODES, shared=SHARED)
    assert {key: (info.type, info.required, info.codes) for key, info in form.fields.items()} == {
        "opinion": ("radio", True, "review_opinion"),
        "note": ("textarea", True, None),
        "checks": ("dynamiclist", False, None),
    }
    assert form.fields["note"].label("en") == "Label note"
    assert list(form.fields["checks"].columns or ()) == ["check", "ok"]


def test_needs_are_the_variables_a_task_must_have():
    schema = {
        **GOOD,
        "components": [field("textfield", "a", hide="=level = a and codes.party != null"), field("number", "n", max="=limit")],
    }
    assert compile_form(schema, codes=CODES).needs == {"level", "limit"}
