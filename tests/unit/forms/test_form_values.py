"""What a submission becomes: types, bounds, blanks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from forms_helpers import field

from engine.forms import Limits


def test_values_are_typed(load):
    form = [
        field("textfield", "title"),
        field("number", "money", kind="money"),
        field("datetime", "day"),
        field("datetime", "at", subtype="datetime"),
        field("datetime", "clock", subtype="time"),
        field("checkbox", "open"),
        field("select", "party", valuesExpression="=codes.party"),
        field("checklist", "parties", valuesExpression="=codes.party"),
    ]
    given = {"title": " 停车场 ", "money": "0.10", "day": "2026-03-20", "at": "2026-03-20T17:30", "clock": "08:15", "open": True,
             "party": "unit", "parties": ["unit", "community"]}  # fmt: skip
    assert load(form, given) == {
        "title": "停车场",
        "money": Decimal("0.10"),
        "day": date(2026, 3, 20),
        "at": datetime(2026, 3, 20, 9, 30, tzinfo=UTC),
        "clock": time(8, 15),
        "open": True,
        "party": "unit",
        "parties": ["unit", "community"],
    }


def test_optional_fields_left_blank_are_null_false_or_empty(load):
    form = [
        field("textfield", "a"),
        field("number", "b"),
        field("checkbox", "c"),
        field("checklist", "d", values=[]),
        field("filepicker", "e"),
    ]
    assert load(form, {}) == {"a": None, "b": None, "c": False, "d": [], "e": []}


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_required_fields_refuse_blanks(errors, blank):
    assert errors([field("textfield", "a", required=True)], {"a": blank}) == {"/a": "V-REQ"}


def test_a_required_tick_must_be_ticked(errors):
    assert errors([field("checkbox", "told", required=True)], {"told": False}) == {"/told": "V-REQ"}


@pytest.mark.parametrize(
    ("component", "value", "code"),
    [
        (field("textfield", "x"), 5, "V-TEXT"),
        (field("textfield", "x"), "a\nb", "V-TEXT"),
        (field("textfield", "x"), "a\x00b", "V-TEXT"),
        (field("textfield", "x"), "abc\u202etxt.exe", "V-TEXT"),
        (field("textarea", "x", maxLength=3), "停车场地", "V-LEN"),
        (field("textarea", "x", minLength=5), "停车场地", "V-LEN"),
        (field("textfield", "x", pattern="^[0-9]+$"), "12a", "V-PATTERN"),
        (field("number", "x"), "1e400", "V-NUM"),
        (field("number", "x"), "NaN", "V-NUM"),
        (field("number", "x"), True, "V-NUM"),
        (field("number", "x"), "1_000", "V-NUM"),
        (field("number", "x", decimalDigits=0), "1.5", "V-DIGITS"),
        (field("number", "x", min=1), 0, "V-MIN"),
        (field("number", "x", max="=2 * 3"), 7, "V-MAX"),
        (field("number", "x", kind="money"), "-0.01", "V-MIN"),
        (field("number", "x", kind="money"), "0.001", "V-DIGITS"),
        (field("number", "x", kind="score"), "100.1", "V-MAX"),
        (field("number", "x", kind="score"), "88.55", "V-DIGITS"),
        (field("datetime", "x"), "2026-02-30", "V-DATE"),
        (field("datetime", "x"), "2026-03-20T10:00", "V-DATE"),
        (field("datetime", "x", subtype="datetime"), "2026-03-20", "V-DATE"),
        (field("datetime", "x", subtype="time"), "25:00", "V-DATE"),
        (field("datetime", "x", disallowPassedDates=True), "2026-03-01", "V-PASSED"),
        (field("checkbox", "x"), "yes", "V-BOOL"),
        (field("radio", "x", valuesExpression="=codes.party"), "enemy", "V-CHOICE"),
        (field("radio", "x", valuesExpression="=codes.party"), {"a": 1}, "V-CHOICE"),
        (field("checklist", "x", valuesExpression="=codes.party"), "unit", "V-LIST"),
        (field("checklist", "x", valuesExpression="=codes.party"), ["unit", "unit"], "V-UNIQ"),
        (field("textfield", "x", kind="person"), "nobody", "V-REF"),
        (field("textfield", "x", kind="geo"), {"address": "", "lat": None, "lon": None, "x": 1}, "V-GEO"),
        (field("textfield", "x", kind="geo"), {"lat": 91, "lon": 0}, "V-GEO"),
    ],
)
def test_wrong_values_are_refused(errors, component: dict[str, Any], value: Any, code: str):
    (found,) = errors([component], {"x": value}).items()
    assert found[0].startswith("/x")
    assert found[1] == code


def test_every_error_is_reported_at_once(errors):
    form = [field("textfield", "a", required=True), field("number", "b", min=1), field("datetime", "c", rules="V-FUT")]
    assert errors(form, {"b": 0, "c": "2026-03-02"}) == {"/a": "V-REQ", "/b": "V-MIN", "/c": "V-FUT"}


def test_unknown_keys_are_refused_also_in_rows(errors):
    form = [field("dynamiclist", "rows", components=[field("textfield", "a")])]
    assert errors(form, {"rows": [{"a": "x", "b": 1}], "z": 1}) == {"/rows/0/b": "V-UNKNOWN", "/z": "V-UNKNOWN"}


@pytest.mark.parametrize("submission", [[], "text", None, 3])
def test_a_submission_must_be_an_object(errors, submission):
    assert errors([field("textfield", "a")], submission) == {"": "V-TYPE"}


def test_pointers_escape_odd_keys(errors):
    assert errors([field("textfield", "a")], {"x/y~z": 1}) == {"/x~1y~0z": "V-UNKNOWN"}


def test_messages_come_in_the_language_of_the_user(messages):
    form = [field("textarea", "note", maxLength=3)]
    (zh,) = messages(form, {"note": "停车场地"})
    (en,) = messages(form, {"note": "停车场地"}, language="en")
    assert zh.message == "最多 3 个字，现在 4 个"
    assert en.message == "At most 3 characters; there are 4"


def test_the_limit_on_text_holds_without_a_limit_in_the_schema(errors):
    assert errors([field("textarea", "a")], {"a": "x" * 51}, limits=Limits(text=50)) == {"/a": "V-LEN"}


def test_groups_with_a_path_nest_their_values(load, errors):
    form = [field("group", "terms", components=[field("textfield", "who", required=True), field("number", "n")])]
    assert load(form, {"terms": {"who": "李", "n": 2}}) == {"terms": {"who": "李", "n": Decimal(2)}}
    assert errors(form, {}) == {"/terms/who": "V-REQ"}
    assert errors(form, {"terms": "x"}) == {"/terms": "V-TYPE"}


def test_choices_come_from_the_server_never_from_the_client(load, errors):
    form = [field("select", "need", valuesExpression="=for n in needs return {value: n.no, label: n.title}")]
    needs = [{"no": "N1", "title": "停车"}]
    assert load(form, {"need": "N1"}, data={"needs": needs}) == {"need": "N1"}
    assert errors(form, {"need": "N2", "needs": [{"no": "N2"}]}, data={"needs": needs}) == {"/need": "V-CHOICE", "/needs": "V-UNKNOWN"}


def test_number_choices_match_json_numbers(load):
    form = [field("radio", "stars", values=[{"value": 1, "label": "1"}, {"value": 2, "label": "2"}])]
    assert load(form, {"stars": 2}) == {"stars": Decimal(2)}


def test_references_must_pass_the_filter(load, errors):
    form = [field("select", "unit", kind="unit", filter='=kind = "enterprise"')]
    assert load(form, {"unit": "haina"}) == {"unit": "haina"}
    assert errors(form, {"unit": "street"}) == {"/unit": "V-REF"}


def test_several_references_are_a_list(load, errors):
    form = [field("taglist", "units", kind="unit")]
    assert load(form, {"units": ["haina", "street"]}) == {"units": ["haina", "street"]}
    assert errors(form, {"units": ["haina", "haina"]}) == {"/units": "V-UNIQ"}


def test_a_place_keeps_six_digits_and_may_have_no_position(load):
    form = [field("textfield", "where", kind="geo")]
    assert load(form, {"where": {"address": "幸福路 1 号", "lat": "31.23041234", "lon": 121.4737}}) == {
        "where": {"address": "幸福路 1 号", "lat": Decimal("31.230412"), "lon": Decimal("121.473700")}
    }
    assert load(form, {"where": {"address": "幸福路 1 号"}}) == {"where": {"address": "幸福路 1 号", "lat": None, "lon": None}}


def test_a_signature_confirms_the_text_the_server_holds(load, errors):
    form = [field("textfield", "doc_hash", kind="signature", hash="=agreement.hash", required=True)]
    data = {"agreement": {"hash": "sha256:ab"}}
    assert load(form, {"doc_hash": "sha256:ab"}, data=data) == {"doc_hash": "sha256:ab"}
    assert errors(form, {"doc_hash": "sha256:cd"}, data=data) == {"/doc_hash": "V-SIGN"}
    assert errors(form, {"doc_hash": "sha256:ab"}) == {"/doc_hash": "V-SIGN"}
