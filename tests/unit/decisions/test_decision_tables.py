"""Decision tables: hit policies, inputs, outputs, what is reported as matched."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.decisions import read_dmn
from engine.errors import ExpressionFailed, UnknownVariable
from engine.feel import Environment

D = Decimal
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
LENIENT = Environment(strict_names=False)


def dmn(body):
    return f'<definitions xmlns="{DMN}" xmlns:cogov="urn:cogov:bpmn:1" id="d" name="d" namespace="n">{body}</definitions>'.encode()


def cell(text):
    return f"<text>{text.replace('&', '&amp;').replace('<', '&lt;')}</text>"


def table(rules, *, policy="UNIQUE", inputs=("amount",), outputs=("level",), more="", output_parts=""):
    columns = "".join(f'<input id="in{n}"><inputExpression>{cell(text)}</inputExpression></input>' for n, text in enumerate(inputs))
    columns += "".join(f'<output id="out{n}" name="{name}">{output_parts}</output>' for n, name in enumerate(outputs))
    rows = ""
    for number, rule in enumerate(rules, 1):
        tests, results = rule[: len(inputs)], rule[len(inputs) :]
        parts = "".join(f"<inputEntry>{cell(t)}</inputEntry>" for t in tests) + "".join(
            f"<outputEntry>{cell(r)}</outputEntry>" for r in results
        )
        rows += f'<rule id="r{number}">{parts}</rule>'
    body = f'<decisionTable hitPolicy="{policy}" {more}>{columns}{rows}</decisionTable>'
    return read_dmn(dmn(f'<decision id="d1" name="等级"><variable name="level"/>{body}</decision>'), "t.dmn")


BANDS = [("< 1000", '"small"'), ("[1000..50000)", '"middle"'), (">= 50000", '"large"')]


@pytest.mark.parametrize(("amount", "level", "rule"), [(999, "small", "r1"), (D("49999.99"), "middle", "r2"), (50000, "large", "r3")])
def test_a_unique_table_gives_the_output_of_its_rule(amount, level, rule):
    file = table(BANDS)
    assert not file.findings
    outcome = file["d1"].evaluate({"amount": amount})
    assert (outcome.value, outcome.rules) == (level, (rule,))
    assert outcome.inputs == {"amount": amount}


def test_no_matching_rule_gives_null():
    outcome = table([("1", '"a"')])["d1"].evaluate({"amount": 2})
    assert (outcome.value, outcome.rules) == (None, ())


def test_no_matching_rule_gives_the_default():
    default = "<defaultOutputEntry>" + cell('"none"') + "</defaultOutputEntry>"
    assert table([("1", '"a"')], output_parts=default)["d1"].evaluate({"amount": 2}).value == "none"


def test_two_matching_rules_break_the_policy_unique():
    file = table([("> 1", '"a"'), ("> 2", '"b"')])
    with pytest.raises(ExpressionFailed, match="r1, r2") as caught:
        file["d1"].evaluate({"amount": 3})
    assert caught.value.details["rules"] == ["r1", "r2"]


def test_an_undeclared_input_is_an_error():
    with pytest.raises(UnknownVariable, match="amount"):
        table(BANDS)["d1"].evaluate({"amuont": 3})


OVERLAPPING = [("> 1", "20"), ("> 2", "10"), ("> 3", "30"), ("> 100", "5")]


@pytest.mark.parametrize(
    ("policy", "more", "expected", "numbers"),
    [
        ("FIRST", "", D(20), (1,)),
        ("RULE ORDER", "", [D(20), D(10), D(30)], (1, 2, 3)),
        ("COLLECT", "", [D(20), D(10), D(30)], (1, 2, 3)),
        ("COLLECT", 'aggregation="SUM"', D(60), (1, 2, 3)),
        ("COLLECT", 'aggregation="MIN"', D(10), (1, 2, 3)),
        ("COLLECT", 'aggregation="MAX"', D(30), (1, 2, 3)),
        ("COLLECT", 'aggregation="COUNT"', D(3), (1, 2, 3)),
    ],
)
def test_hit_policies(policy, more, expected, numbers):
    outcome = table(OVERLAPPING, policy=policy, more=more)["d1"].evaluate({"amount": 4})
    assert outcome.value == expected
    assert outcome.rule_numbers == numbers


@pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", "high"), ("OUTPUT ORDER", ["high", "middle", "low"])])
def test_the_order_of_output_values_is_their_priority(policy, expected):
    values = "<outputValues>" + cell('"high", "middle", "low"') + "</outputValues>"
    rules = [("> 1", '"low"'), ("> 2", '"high"'), ("> 3", '"middle"')]
    assert table(rules, policy=policy, output_parts=values)["d1"].evaluate({"amount": 4}).value == expected


def test_any_wants_equal_outputs():
    assert table([("> 1", '"a"'), ("> 2", '"a"')], policy="ANY")["d1"].evaluate({"amount": 3}).value == "a"
    with pytest.raises(ExpressionFailed, match=r"A .any."):
        table([("> 1", '"a"'), ("> 2", '"b"')], policy="ANY")["d1"].evaluate({"amount": 3})


def test_several_outputs_are_a_context_and_several_inputs_must_all_pass():
    rules = [("> 1", '"unit"', '"yes"', "amount * 0.1"), ("> 1", '"person"', '"no"', "0")]
    file = table(rules, inputs=("amount", "kind"), outputs=("allowed", "fee"))
    assert file["d1"].evaluate({"amount": D("12.30"), "kind": "unit"}).value == {"allowed": "yes", "fee": D("1.230")}


def test_numbers_stay_exact():
    assert table([("-", "0.1 + 0.2")])["d1"].evaluate({"amount": 1}).value == D("0.3")


def test_an_input_of_the_declared_type_may_come_as_text():
    column = f'<input><inputExpression typeRef="number">{cell("fee")}</inputExpression></input><output name="o"/>'
    rule = f'<rule id="r1"><inputEntry>{cell("> 10")}</inputEntry><outputEntry>{cell("true")}</outputEntry></rule>'
    file = read_dmn(dmn(f'<decision id="d1" name="d"><decisionTable>{column}{rule}</decisionTable></decision>'))
    assert file["d1"].evaluate({"fee": "12.50"}).value is True


def test_an_input_outside_its_allowed_values_is_an_error():
    values = "<inputValues>" + cell('"a", "b"') + "</inputValues>"
    column = f'<input><inputExpression>{cell("kind")}</inputExpression>{values}</input><output name="o"/>'
    rule = f'<rule id="r1"><inputEntry>{cell("-")}</inputEntry><outputEntry>{cell("true")}</outputEntry></rule>'
    file = read_dmn(dmn(f'<decision id="d1" name="d"><decisionTable>{column}{rule}</decisionTable></decision>'))
    assert file["d1"].evaluate({"kind": "a"}).value is True
    with pytest.raises(ExpressionFailed, match="not allowed"):
        file["d1"].evaluate({"kind": "c"})
    assert file["d1"].evaluate({"kind": "c"}, LENIENT).value is None


def test_the_names_a_decision_reads_are_known():
    file = table([("> limit", "rate")], inputs=("amount + bonus",))
    assert file["d1"].names == {"amount", "bonus", "limit", "rate"}


def test_a_decision_has_its_labels_in_two_languages():
    body = '<decision id="d1" name="定级"><extensionElements><cogov:text lang="en" name="Grading"/></extensionElements>'
    file = read_dmn(dmn(body + f"<literalExpression>{cell('1')}</literalExpression></decision>"))
    assert (file["d1"].label.zh, file["d1"].label.en) == ("定级", "Grading")
