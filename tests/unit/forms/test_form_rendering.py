"""What the browser gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from forms_helpers import CODES, field

from engine.forms import FormContext, Rendered, compile_form

SHARED = {"shared/rows": {"components": [field("textfield", "title"), field("number", "money", kind="money")]}}


def rendered(components: list[dict[str, Any]], context: FormContext, language: str = "zh", draft: Any = None, **data: Any) -> Rendered:
    schema = {"type": "default", "id": "t/t", "title": "审查", "i18n": {"en": {"title": "Review"}}, "components": components}
    return compile_form(schema, codes=CODES, shared=SHARED).render(language, data=draft, context=replace(context, data=data))


def test_labels_and_title_come_in_the_language(context):
    form = [field("textfield", "a")]
    assert rendered(form, context, "en").schema["title"] == "Review"
    assert rendered(form, context, "en").schema["components"][0]["label"] == "Label a"
    assert rendered(form, context).schema["components"][0]["label"] == "标签 a"
    assert "i18n" not in rendered(form, context).schema["components"][0]


def test_choices_are_filled_in_by_the_server(context):
    (radio,) = rendered([field("radio", "p", valuesExpression="=codes.party")], context, "en").schema["components"]
    assert radio["values"] == [{"value": "community", "label": "Community"}, {"value": "unit", "label": "Unit"}]
    assert "valuesExpression" not in radio


def test_choices_of_codes_given_as_a_variable_are_labelled(context):
    form = [field("radio", "decision", valuesExpression="=outcomes", outcome="true")]
    result = rendered(form, context, "en", outcomes=CODES["review_opinion"])
    assert result.outcome_key == "decision"
    assert [(o.value, o.label) for o in result.outcomes] == [("pass", "Pass"), ("revise", "Revise"), ("fail", "Fail")]


def test_only_named_variables_leave_the_server(context):
    form = [field("textfield", "a", hide="=level = a")]
    result = rendered(form, context, level="L1", reporter_phone="13812345678", a="x")
    assert result.data == {"level": "L1", "a": "x"}


def test_conditions_over_server_data_are_decided_on_the_server(context):
    form = [field("textfield", "a", hide='=level = "L1"'), field("textfield", "b", hide='=level = "L2"')]
    result = rendered(form, context, level="L1")
    assert [c["key"] for c in result.schema["components"]] == ["b"]
    assert "conditional" not in result.schema["components"][0]
    assert result.data == {}


def test_bounds_and_read_only_over_server_data_become_values(context):
    form = [field("number", "n", max="=limit", readonly="=locked"), field("number", "m", max="=n")]
    n, m = rendered(form, context, limit=Decimal(7), locked=True).schema["components"]
    assert n["validate"]["max"] == 7
    assert n["readonly"] is True
    assert m["validate"]["max"] == "=n"


def test_start_values_suit_the_widgets(context):
    form = [
        field("number", "money", kind="money"),
        field("datetime", "day"),
        field("datetime", "at", subtype="datetime"),
        field("group", "g", components=[field("textfield", "x")]),
        field("dynamiclist", "rows", components=[field("number", "n"), field("textfield", "t")]),
    ]
    at = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
    data = {
        "money": Decimal("0.10"),
        "day": date(2026, 3, 20),
        "at": at,
        "g": {"x": "1"},
        "rows": [{"n": Decimal(1), "t": "a", "other": "secret"}],
    }
    assert rendered(form, context, **data).data == {
        "money": "0.10",
        "day": "2026-03-20",
        "at": "2026-03-20T17:30",
        "g": {"x": "1"},
        "rows": [{"n": "1", "t": "a"}],
    }


def test_a_draft_lies_over_the_variables_but_not_over_read_only_fields(context):
    form = [field("textfield", "a"), field("textfield", "b", readonly=True)]
    assert rendered(form, context, draft={"a": "mine", "b": "forged", "z": 1}, a="theirs", b="kept").data == {"a": "mine", "b": "kept"}


def test_rows_start_from_their_expression_or_their_least_number(context):
    fixed = field("dynamiclist", "r", rowsExpression="=[{x: 1}]", components=[field("number", "x")])
    least = field("dynamiclist", "s", minRows="2", components=[field("number", "x")])
    assert rendered([fixed, least], context).data == {"r": [{"x": "1"}], "s": [{}, {}]}


def test_names_of_people_in_the_data_are_sent_along(context):
    form = [field("select", "who", kind="person"), field("taglist", "units", kind="unit")]
    result = rendered(form, context, "en", who="li", units=["haina", "gone"])
    assert result.references == {"person": {"li": "Li Qiang"}, "unit": {"haina": "Haina Ltd"}}


def test_included_groups_get_ids_of_their_own(context):
    form = [field("dynamiclist", "a", include="shared/rows"), field("dynamiclist", "b", include="shared/rows")]
    first, second = rendered(form, context).schema["components"]
    assert [c["id"] for c in first["components"]] == ["f_a_f_title", "f_a_f_money"]
    assert [c["id"] for c in second["components"]] == ["f_b_f_title", "f_b_f_money"]


def test_texts_with_places_are_filled_in(context):
    form = [{"type": "text", "id": "t", "text": "{{unit.name}} 的意向，类别 {{kind}}"}]
    assert rendered(form, context, unit={"name": "海纳"}).schema["components"][0]["text"] == "海纳 的意向，类别 "


def test_what_only_the_server_reads_is_not_sent(context):
    form = [field("textfield", "h", kind="signature", hash="=text_hash", check="=true", rules="V-LEN(1,100)")]
    (component,) = rendered(form, context, text_hash="sha256:ab").schema["components"]
    assert component["properties"] == {"kind": "signature", "rules": "V-LEN(1,100)", "expected": "sha256:ab", "path": "h"}


def test_the_payload_is_plain_json(context):
    import json

    form = [field("radio", "o", valuesExpression="=codes.party", outcome="true"), field("number", "m", kind="money")]
    payload = json.loads(json.dumps(rendered(form, context, m=Decimal("1.5")).payload()))
    assert payload["outcomes"][0] == {"value": "community", "label": "社区"}
    assert payload["data"] == {"m": "1.5"}


def test_tables_are_filled_by_the_server(context):
    columns = [{"key": "no", "label": "序号", "i18n": {"en": {"label": "No."}}}]
    form = [{"type": "table", "id": "t", "label": "条款", "dataSource": "=clauses", "columns": columns}]
    (table,) = rendered(form, context, "en", clauses=[{"no": Decimal(1)}]).schema["components"]
    assert table["columns"] == [{"key": "no", "label": "No."}]
    assert table["dataSource"] == [{"no": 1}]


def test_a_draft_fills_editable_cells_of_given_rows_only(context):
    checks = field(
        "dynamiclist", "checks", allowAddRemove=False, components=[field("textfield", "check", readonly=True), field("checkbox", "ok")]
    )
    given = [{"check": "free", "ok": None}, {"check": "levy", "ok": None}]
    draft = {"checks": [{"check": "forged", "ok": True}]}
    assert rendered([checks], context, draft=draft, checks=given).data == {
        "checks": [{"check": "free", "ok": True}, {"check": "levy"}],
    }


def test_lists_tell_the_viewer_that_they_repeat(context):
    (rows,) = rendered([field("dynamiclist", "r", components=[field("textfield", "x")])], context).schema["components"]
    assert (rows["isRepeating"], rows["allowAddRemove"], rows["defaultRepetitions"]) == (True, True, 0)
