"""Hidden, read-only and disabled fields, rows and their scope."""

from __future__ import annotations

from decimal import Decimal

from forms_helpers import field

REVIEW = [
    field("radio", "opinion", valuesExpression="=codes.review_opinion", required=True, outcome="true"),
    field("textarea", "note", hide='=opinion = "pass"', required=True),
]


def test_a_hidden_field_is_dropped_and_not_required(load):
    assert load(REVIEW, {"opinion": "pass", "note": "typed before"}) == {"opinion": "pass"}


def test_a_shown_field_is_required(errors):
    assert errors(REVIEW, {"opinion": "fail"}) == {"/note": "V-REQ"}


def test_unknown_is_not_hidden(errors):
    form = [field("number", "amount"), field("textfield", "reason", hide="=amount > 100", required=True)]
    assert errors(form, {}) == {"/reason": "V-REQ"}


def test_numbers_sent_as_text_are_numbers_in_conditions(load):
    form = [field("number", "amount"), field("textfield", "reason", hide="=amount <= 100", required=True)]
    assert load(form, {"amount": "99.50"}) == {"amount": Decimal("99.50")}


def test_dates_are_dates_in_conditions(load):
    form = [field("datetime", "day"), field("textfield", "why", hide="=day > today()", required=True)]
    assert load(form, {"day": "2026-03-03"})["day"].day == 3


def test_a_value_the_user_cannot_see_decides_nothing(errors):
    form = [
        field("textfield", "secret", hide="=true"),
        field("textfield", "reason", hide='=secret = "x"', required=True),
    ]
    assert errors(form, {"secret": "x"}) == {"/reason": "V-REQ"}


def test_conditions_see_the_variables_of_the_process(load):
    form = [field("textfield", "reason", hide='=level = "L1"', required=True)]
    assert load(form, {}, data={"level": "L1"}) == {}


def test_the_submission_cannot_replace_a_variable_that_a_condition_reads(errors):
    form = [field("textfield", "reason", hide='=level = "L1"', required=True)]
    assert errors(form, {"level": "L1"}, data={"level": "L2"}) == {"/reason": "V-REQ", "/level": "V-UNKNOWN"}


def test_read_only_and_disabled_values_are_ignored_and_kept_out(load):
    form = [field("textfield", "a", readonly=True), field("textfield", "b", disabled=True), field("textfield", "c")]
    assert load(form, {"a": "forged", "b": "forged", "c": "mine"}, data={"a": "kept"}) == {"c": "mine"}


def test_conditions_see_the_servers_value_of_a_read_only_field(errors):
    form = [field("textfield", "level", readonly=True), field("textfield", "why", hide='=level = "L1"', required=True)]
    assert errors(form, {"level": "L1"}, data={"level": "L2"}) == {"/why": "V-REQ"}


def test_read_only_may_depend_on_a_value(load):
    form = [field("checkbox", "fixed"), field("textfield", "a", readonly="=fixed")]
    assert load(form, {"fixed": True, "a": "x"}) == {"fixed": True}
    assert load(form, {"fixed": False, "a": "x"}) == {"fixed": False, "a": "x"}


def test_a_hidden_group_hides_its_fields(load):
    form = [field("checkbox", "more"), field("group", "g", hide="=not(more)", components=[field("textfield", "x", required=True)])]
    assert load(form, {"more": False, "g": {"x": "1"}}) == {"more": False}
    assert load(form, {"more": True, "g": {"x": "1"}}) == {"more": True, "g": {"x": "1"}}


def test_computed_fields_are_computed_from_accepted_values(load):
    form = [field("number", "a"), {"type": "expression", "id": "e", "key": "double", "expression": "=a * 2"}]
    assert load(form, {"a": "0.1", "double": 999}) == {"a": Decimal("0.1"), "double": Decimal("0.2")}


CHECKS = field(
    "dynamiclist", "checks", allowAddRemove=False, rowsExpression="=[{check: \"free\"}, {check: \"levy\"}]",
    components=[
        field("textfield", "check", readonly=True),
        field("checkbox", "ok"),
        field("textfield", "note", hide="=this.ok", required=True),
    ],
)  # fmt: skip


def test_conditions_of_a_row_see_the_row(load):
    values = load([CHECKS], {"checks": [{"ok": True}, {"ok": False, "note": "摊派"}]})
    assert values == {"checks": [{"check": "free", "ok": True}, {"check": "levy", "ok": False, "note": "摊派"}]}


def test_errors_of_rows_name_the_row(errors):
    assert errors([CHECKS], {"checks": [{"ok": True}, {"ok": False}]}) == {"/checks/1/note": "V-REQ"}


def test_fixed_rows_keep_their_number_and_their_read_only_cells(load, errors):
    assert errors([CHECKS], {"checks": [{"ok": True}]}) == {"/checks": "V-ROWS"}
    forged = load([CHECKS], {"checks": [{"check": "forged", "ok": True}, {"ok": True}]})
    assert [row["check"] for row in forged["checks"]] == ["free", "levy"]


def test_rows_know_their_number_and_their_parent(load):
    inner = field("dynamiclist", "inner", components=[field("textfield", "x", hide='=parent.kind = "a" and i[2] = 1', required=True)])
    form = [field("dynamiclist", "outer", components=[field("textfield", "kind"), inner])]
    given = {"outer": [{"kind": "a", "inner": [{}, {"x": "second"}]}]}
    assert load(form, given) == {"outer": [{"kind": "a", "inner": [{}, {"x": "second"}]}]}


def test_a_row_in_which_all_is_hidden_may_arrive_as_null(load):
    rows = field("dynamiclist", "r", components=[field("textfield", "x", hide="=true")])
    assert load([rows], {"r": [None]}) == {"r": [{}]}


def test_the_number_of_rows_is_bounded(errors):
    rows = field("dynamiclist", "r", minRows="2", maxRows="3", components=[field("textfield", "x")])
    assert errors([rows], {"r": [{}]}) == {"/r": "V-ROWS"}
    assert errors([rows], {"r": [{}] * 4}) == {"/r": "V-ROWS"}
    unbounded = field("dynamiclist", "r", components=[field("textfield", "x")])
    assert errors([unbounded], {"r": [{}] * 201}) == {"/r": "V-ROWS"}
    assert errors([unbounded], {"r": {"0": {}}}) == {"/r": "V-LIST"}
    assert errors([unbounded], {"r": ["x"]}) == {"/r/0": "V-TYPE"}


def test_included_groups_become_part_of_the_form(context):
    from dataclasses import replace

    from engine.forms import compile_form

    shared = {"shared/action": {"components": [field("textfield", "title", required=True), field("textfield", "source")]}}
    form = compile_form(
        {"components": [field("dynamiclist", "clauses", include="shared/action", omit="source", components=[field("number", "no")])]},
        shared=shared,
    )
    assert form.load({"clauses": [{"no": 1, "title": "停车"}]}, context=replace(context)) == {
        "clauses": [{"no": Decimal(1), "title": "停车"}]
    }
    assert list(form.fields["clauses"].columns) == ["no", "title"]
