"""V-codes, files and FEEL checks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from forms_helpers import field
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import STANDARD_RULES, Checked, FormContext, Limits, PlainRule, Violation, compile_form
from engine.forms.standard_rules import _USCC_ALPHABET, credit_code_check, inside


@pytest.mark.parametrize("number", ["13812345678", "021-62345678", "0937-2612345", "02162345678", "021-62345678-801"])
def test_phone_numbers_are_accepted(load, number):
    assert load([field("textfield", "p", kind="phone")], {"p": number}) == {"p": number}


@pytest.mark.parametrize("number", ["12812345678", "1381234567", "62345678", "+8613812345678", "138 1234 5678", "１３８１２３４５６７８"])
def test_other_numbers_are_refused(errors, number):
    assert errors([field("textfield", "p", kind="phone")], {"p": number}) == {"/p": "V-PHONE"}


# codes with a valid check character, digits and letters
@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000802100433B", "91440300708461136T"])
def test_credit_codes_with_the_right_check_character_are_accepted(load, code):
    assert load([field("textfield", "u", kind="uscc")], {"u": code}) == {"u": code}


@pytest.mark.parametrize("code", ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", "91350100m000100Y43"])
def test_other_credit_codes_are_refused(errors, code):
    assert errors([field("textfield", "u", kind="uscc")], {"u": code}) == {"/u": "V-USCC"}


@given(st.text(alphabet=_USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(_USCC_ALPHABET))
def test_one_wrong_character_in_a_credit_code_is_always_seen(body, place, other):
    if body[place] != other:
        changed = body[:place] + other + body[place + 1 :]
        assert credit_code_check(changed) != credit_code_check(body)


@pytest.mark.parametrize(
    ("rule", "subtype", "value", "accepted"),
    [
        ("V-FUT", "date", "2026-03-03", True),
        ("V-FUT", "date", "2026-03-02", False),
        ("V-FUT", "datetime", "2026-03-02T09:01", True),
        ("V-FUT", "datetime", "2026-03-02T09:00", False),
        ("V-PAST", "date", "2026-03-02", True),
        ("V-PAST", "date", "2026-03-03", False),
        ("V-PAST", "datetime", "2026-03-02T09:00", True),
        ("V-PAST", "datetime", "2026-03-02T09:01", False),
    ],
)
def test_future_and_past_are_measured_on_the_installations_clock(load, errors, rule, subtype, value, accepted):
    form = [field("datetime", "d", subtype=subtype, rules=rule)]
    if accepted:
        assert load(form, {"d": value})["d"] is not None
    else:
        assert errors(form, {"d": value}) == {"/d": rule}


def test_the_end_comes_after_the_start(load, errors, messages):
    form = [field("datetime", "start"), field("datetime", "end", rules="V-ORD(start)")]
    assert load(form, {"start": "2026-03-01", "end": "2026-03-02"})
    assert errors(form, {"start": "2026-03-02", "end": "2026-03-02"}) == {"/end": "V-ORD"}
    (error,) = messages(form, {"start": "2026-03-02", "end": "2026-03-01"}, language="en")
    assert error.message == "Must be after “Label start” (2026-03-02)"


def test_order_inside_a_row_reads_the_row(errors):
    rows = field("dynamiclist", "r", components=[field("datetime", "start"), field("datetime", "end", rules="V-ORD(start)")])
    given_rows = [{"start": "2026-03-01", "end": "2026-03-02"}, {"start": "2026-03-05", "end": "2026-03-02"}]
    assert errors([rows], {"r": given_rows}) == {"/r/1/end": "V-ORD"}


def test_length_counts_characters_without_blanks_around(load, errors):
    form = [field("textarea", "t", rules="V-LEN(4,6)")]
    assert load(form, {"t": " 一二三四 "}) == {"t": "一二三四"}
    assert errors(form, {"t": "一二三 "}) == {"/t": "V-LEN"}
    assert errors(form, {"t": "一二三四五六七"}) == {"/t": "V-LEN"}


def test_a_valid_term_is_needed(load, errors):
    form = [field("select", "chair", kind="person", rules="V-TERM(body)")]
    assert load(form, {"chair": "li"}, data={"body": "council"}) == {"chair": "li"}
    assert errors(form, {"chair": "wang"}, data={"body": "council"}) == {"/chair": "V-TERM"}


def test_not_oneself_nor_ones_own_unit(load, errors):
    person = [field("select", "approver", kind="person", rules="V-NOTSELF")]
    assert load(person, {"approver": "li"}) == {"approver": "li"}
    assert errors(person, {"approver": "wang"}) == {"/approver": "V-NOTSELF"}
    assert errors([field("select", "u", kind="unit", rules="V-NOTSELF")], {"u": "street"}) == {"/u": "V-NOTSELF"}


@pytest.mark.parametrize(("unit", "own", "other"), [("street", "unit", "community"), ("haina", "community", "unit")])
def test_nobody_chooses_the_other_side(load, errors, unit, own, other):
    form = [field("radio", "who", valuesExpression="=codes.party", rules="V-SIDE(unit, unit)")]
    assert load(form, {"who": own}, data={"unit": unit}) == {"who": own}
    assert errors(form, {"who": other}, data={"unit": unit}) == {"/who": "V-SIDE"}


def test_the_owner_works_for_the_unit(load, errors, context):
    people = context.people
    people.entries["unit", "street"] |= {"area": "town", "powers": ["penalty"]}
    people.entries["unit", "haina"]["area"] = "town"
    people.units["wang"] = ["town"]
    form = [field("select", "u", kind="unit"), field("select", "owner", kind="person", rules="V-STAFF(u)")]
    assert load(form, {"u": "haina", "owner": "li"}) == {"u": "haina", "owner": "li"}
    assert load(form, {"u": "street", "owner": "wang"}) == {"u": "street", "owner": "wang"}
    assert errors(form, {"u": "haina", "owner": "wang"}) == {"/owner": "V-STAFF"}
    assert errors(form, {"u": "street", "owner": "li"}) == {"/owner": "V-STAFF"}


SCORES = field(
    "dynamiclist", "rows", kind="score_table", allowAddRemove=False,
    rowsExpression="=[{indicator: \"履约\", weight: 60}, {indicator: \"满意\", weight: 40}]",
    components=[
        field("textfield", "indicator", readonly=True),
        field("number", "weight", readonly=True),
        field("number", "score", kind="score", required=True),
        field("textarea", "remark"),
    ],
)  # fmt: skip


def test_a_score_table_needs_remarks_for_very_low_and_very_high_scores(load, errors):
    assert errors([SCORES], {"rows": [{"score": "59.9"}, {"score": "95.1"}]}) == {
        "/rows/0/remark": "V-SCORES",
        "/rows/1/remark": "V-SCORES",
    }
    rows = load([SCORES], {"rows": [{"score": "59.9", "remark": "逾期"}, {"score": "95"}]})["rows"]
    assert [str(row["weight"]) for row in rows] == ["60", "40"]


def test_weights_sum_to_a_hundred(errors):
    open_table = {**SCORES, "allowAddRemove": True, "properties": {"kind": "score_table"}}
    open_table["components"] = [{**c, "readonly": False} for c in SCORES["components"]]
    rows = [{"indicator": "a", "weight": "33.3", "score": 80}, {"indicator": "b", "weight": "66.6", "score": 80}]
    assert errors([open_table], {"rows": rows}) == {"/rows": "V-SUM100"}


def test_values_are_unique_in_their_column(errors):
    rows = field("dynamiclist", "r", components=[field("number", "seq", rules="V-UNIQ")])
    assert errors([rows], {"r": [{"seq": 1}, {"seq": 2}, {"seq": 1}]}) == {"/r/2/seq": "V-UNIQ"}
    whole = field("dynamiclist", "r", rules="V-UNIQ(seq)", components=[field("number", "seq")])
    assert errors([whole], {"r": [{"seq": 1}, {"seq": 1}]}) == {"/r/1/seq": "V-UNIQ"}


OUTLINE = [[31.0, 121.0], [31.0, 122.0], [32.0, 122.0], [32.0, 121.0]]


def test_a_place_lies_inside_the_outline(load, errors):
    form = [field("textfield", "where", kind="geo", rules="V-AREA")]
    setting = {"map.outline": OUTLINE}.get
    assert load(form, {"where": {"lat": 31.5, "lon": 121.5}}, setting=setting)
    assert errors(form, {"where": {"lat": 30.5, "lon": 121.5}}, setting=setting) == {"/where": "V-AREA"}
    assert load(form, {"where": {"lat": 30.5, "lon": 121.5}})


def test_a_point_in_the_notch_of_an_outline_is_outside():
    notch = [[0, 0], [0, 4], [4, 4], [4, 0], [2, 2]]
    assert not inside(2, 1, notch)
    assert inside(1, 3, notch)


def test_files_become_what_the_server_knows_about_them(load, files):
    files.put("a")
    values = load([field("filepicker", "evidence", kind="file", required=True)], {"evidence": ["a", {"id": "a", "name": "forged.exe"}]})
    assert values["evidence"] == [{"id": "a", "name": "a.jpg", "size": 2048, "media_type": "image/jpeg", "digest": "sha256:00"}]


def test_files_of_others_of_other_cases_or_of_nobody_are_refused(errors, files):
    files.put("theirs", uploaded_by="li")
    files.put("used", instance="other")
    form = [field("filepicker", "f", kind="file")]
    for identity in ("theirs", "used", "missing"):
        assert errors(form, {"f": [identity]}) == {"/f": "V-FILE"}


def test_a_file_the_field_held_before_may_stay(load, files):
    files.put("old", uploaded_by="li", instance="this")
    before = {"id": "old", "name": "old.jpg", "size": 1, "media_type": "image/jpeg", "digest": "sha256:01"}
    assert load([field("filepicker", "f", kind="file")], {"f": ["old"]}, data={"f": [before]}) == {"f": [before]}


def test_number_type_and_size_of_files_are_bounded(errors, files):
    files.put("a")
    files.put("b", media_type="text/html")
    files.put("c", size=21 * 1024 * 1024)
    assert errors([field("filepicker", "f", rules="V-FILE(1)")], {"f": ["a", "b", "c"]}) == {
        "/f": "V-FILE", "/f/1": "V-FILE", "/f/2": "V-FILE"}  # fmt: skip
    assert errors([field("filepicker", "f", kind="file")], {"f": ["a", "b"]}, limits=Limits(files=1)) == {"/f": "V-FILE", "/f/1": "V-FILE"}


def test_a_check_in_feel_must_be_true(load, errors, messages):
    leave = field("datetime", "leave", check='leave >= today() + duration("P30D")', checkMessage="须在 30 天之后")
    leave["i18n"]["en"]["checkMessage"] = "At least 30 days from now"
    assert load([leave], {"leave": "2026-04-01"})
    assert errors([leave], {"leave": "2026-03-31"}) == {"/leave": "V-CHECK"}
    assert messages([leave], {"leave": "2026-03-31"})[0].message == "须在 30 天之后"
    assert messages([leave], {"leave": "2026-03-31"}, language="en")[0].message == "At least 30 days from now"


def test_a_check_can_read_rows(load, errors):
    both = '=count(clauses[party = "unit"]) > 0 and count(clauses[party = "community"]) > 0'
    form = [field("dynamiclist", "clauses", check=both, components=[field("radio", "party", valuesExpression="=codes.party")])]
    assert load(form, {"clauses": [{"party": "unit"}, {"party": "community"}]})
    assert errors(form, {"clauses": [{"party": "unit"}]}) == {"/clauses": "V-CHECK"}


def test_own_rules_can_be_registered(context: FormContext):
    class Odd(PlainRule):
        code = "V-ODD"

        def check(self, checked: Checked) -> Iterator[Violation]:
            if checked.value % 2 == 0:
                yield Violation("须为奇数")

    rules = STANDARD_RULES.extended(Odd)
    form = compile_form({"components": [field("number", "n", rules="V-ODD")]}, rules=rules)
    assert form.load({"n": 3}, context=context)
    with pytest.raises(Exception, match="must be changed"):
        form.load({"n": 2}, context=context)
    with pytest.raises(ValueError, match="registered twice"):
        rules.extended(Odd)


@pytest.mark.parametrize("text", ["V-LEN", "V-LEN(5,4)", "V-LEN(a,b)", "V-NOPE", "v-len(1,2)", "V-FUT()x", "V-FUT(1)", "V-ORD"])
def test_rules_written_wrong_are_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        STANDARD_RULES.parse(text)


def test_rules_are_separated_by_blanks():
    assert [rule.code for rule in STANDARD_RULES.parse(" V-LEN(4, 300)  V-UNIQ ")] == ["V-LEN", "V-UNIQ"]
