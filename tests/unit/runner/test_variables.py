"""Scopes: reading goes outwards, writing to the nearest scope that has the name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import bpmn, end, mapping, script, start, sub_process, user

from engine.runner.failures import BadName


def test_declared_data_exists_as_null_from_the_start(scenario):
    case = scenario(
        bpmn(start() + script("s", "=review = null", "empty") + end(), flows="begin > s > done", head='<cogov:data name="review"/>')
    )
    case.start({})
    assert case.variables() == {"review": None, "empty": True}


def test_inputs_are_local_and_a_later_one_sees_an_earlier_one(scenario):
    io = "in =1 a\nin =a+1 b\nin =b c.d\nin =c.d+1 c.e\nout =[a,b,c] seen"
    case = scenario(bpmn(start() + user("t", ext=mapping(io)) + end(), flows="begin > t > done"))
    case.start({"starter": "wang", "a": 9})
    case.complete("t")
    context = {"d": Decimal(2), "e": Decimal(3)}
    assert case.variables() == {"a": Decimal(9), "seen": [Decimal(1), Decimal(2), context]}


def test_a_result_that_has_the_name_of_an_input_goes_outwards(scenario):
    case = scenario(bpmn(start() + user("t", ext=mapping("in =1 a")) + end(), flows="begin > t > done"))
    case.start({"starter": "wang"})
    case.complete("t", {"a": 2})
    assert case.variables() == {"a": Decimal(2)}


def test_output_goes_to_the_nearest_scope_that_has_the_name_else_to_the_process(scenario):
    inner = (
        start("s1")
        + user("t", ext=mapping("out =1 here\nout =2 there\nout =3 new"))
        + script("look", "=[here, there, new]", "seen")
        + end("e1")
    )
    body = start() + sub_process("sub", inner, "s1 > t > look > e1", ext=mapping("in =0 here")) + end()
    case = scenario(bpmn(body, flows="begin > sub > done"))
    case.start({"starter": "wang", "here": 9, "there": 9})
    case.complete("t")
    assert case.variables() == {"here": Decimal(9), "there": Decimal(2), "new": Decimal(3), "seen": [Decimal(1), Decimal(2), Decimal(3)]}


def test_a_dotted_target_changes_one_member_and_leaves_the_original_alone(scenario):
    io = "out =1 terms.money.total\nout =terms.unit unit"
    case = scenario(bpmn(start() + user("t", ext=mapping(io)) + end(), flows="begin > t > done"))
    before = {"unit": "u", "money": {"currency": "CNY"}}
    case.start({"starter": "wang", "terms": before})
    case.complete("t")
    assert case.variables()["terms"] == {"unit": "u", "money": {"currency": "CNY", "total": Decimal(1)}}
    assert before == {"unit": "u", "money": {"currency": "CNY"}}
    assert case.variables()["unit"] == "u"


def test_parallel_branches_write_to_one_scope_and_share_nothing_else(scenario):
    case = scenario(bpmn(start() + user("a", "b") + end(), flows="begin > a > done\nbegin > b > done"))
    case.start({"starter": "wang", "items": ["x"]})
    case.complete("a", {"items": ["x", "a"]})
    case.complete("b", {"other": ["x", "b"]})
    assert case.variables() == {"items": ["x", "a"], "other": ["x", "b"]}


def test_only_variables_that_differ_are_written(scenario):
    case = scenario(bpmn(start() + user("a", "b") + end(), flows="begin > a > b > done"))
    case.start({"starter": "wang", "same": 1, "truth": True})
    case.complete("a", {"same": 1, "truth": 1, "more": None})
    assert case.changes.variables == {(case.root, "truth"): Decimal(1), (case.root, "more"): None}


@pytest.mark.parametrize("name", ["typename", "@", "max", "__builtins__", "loopCounter"])
def test_a_form_field_may_have_any_name(scenario, name):
    case = scenario(bpmn(start() + user("a", "b") + end(), flows="begin > a > b > done"))
    case.start({"starter": "wang"})
    case.complete("a", {name: {"typename": "x", "@": "n"}})
    case.complete("b")
    assert case.stored[case.root][name] == {"typename": "x", "@": "n"}


def test_a_name_of_the_kernel_s_own_rows_is_refused(scenario):
    case = scenario(bpmn(start() + user("a") + end(), flows="begin > a > done"))
    with pytest.raises(BadName):
        case.start({"#done/1": {"activity": "a"}})
    case.start({"starter": "wang"})
    assert case.complete("a", {"#done/1": {"activity": "a"}})[-1] == "incident a bad_name"


def test_variables_of_the_instance_outlive_it(scenario):
    case = scenario(bpmn(start() + user("a") + end(), flows="begin > a > done"))
    case.start({"starter": "wang", "kept": 1})
    case.complete("a", {"late": 2})
    assert case.variables() == {"kept": Decimal(1), "late": Decimal(2)}
    assert case.changes.gone_variables == []
