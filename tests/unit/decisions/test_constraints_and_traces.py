"""What binds inputs and outputs, what an outcome tells, and where an error is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.decisions import read_dmn
from engine.decisions.kept import Asked, kept, reproduce
from engine.errors import CogovError, ExpressionFailed, UnknownVariable
from engine.feel import Environment
from tests.unit.decisions.test_decision_files import decision, literal, read
from tests.unit.decisions.test_decision_tables import cell, dmn, table

D = Decimal
TWO = '"a", "b"'
RANKS = '"high", "low"'
LETTER = '"a"'


def test_a_type_constraint_binds_the_collection_as_a_whole():
    types = (
        '<itemDefinition name="tList" isCollection="true"><typeRef>number</typeRef>'
        f"<allowedValues>{cell('>= 0')}</allowedValues><typeConstraint>{cell('count(?) < 3')}</typeConstraint></itemDefinition>"
    )
    file = read(types + decision("d", literal("x"), kind='typeRef="tList"'))
    assert file["d"].evaluate({"x": [1, 2]}).value == [D(1), D(2)]
    for wrong in ([1, 2, 3], [-1]):
        with pytest.raises(ExpressionFailed, match="declared type"):
            file["d"].evaluate({"x": wrong})


def test_an_output_outside_its_values_is_an_error_with_its_cell():
    file = table([("-", "kind")], output_parts=f"<outputValues>{cell(TWO)}</outputValues>")
    assert file["d1"].evaluate({"amount": 1, "kind": "a"}).value == "a"
    with pytest.raises(ExpressionFailed, match=r"rule 1, column “level”.*not one of") as caught:
        file["d1"].evaluate({"amount": 1, "kind": "z"})
    assert (caught.value.details["rule"], caught.value.details["column"]) == (1, "level")


def test_output_values_may_be_ranges():
    file = table([("-", "fee")], output_parts=f"<outputValues>{cell('[0..100]')}</outputValues>")
    assert file["d1"].evaluate({"amount": 1, "fee": 7}).value == D(7)
    with pytest.raises(ExpressionFailed, match="one of"):
        file["d1"].evaluate({"amount": 1, "fee": 101})


def test_the_order_of_the_allowed_values_of_the_type_is_a_priority():
    types = f'<itemDefinition name="tRank"><typeRef>string</typeRef><allowedValues>{cell(RANKS)}</allowedValues></itemDefinition>'
    column = '<input><inputExpression><text>amount</text></inputExpression></input><output name="o" typeRef="tRank"/>'
    rules = "".join(
        f'<rule id="r{n}"><inputEntry><text>-</text></inputEntry><outputEntry>{cell(out)}</outputEntry></rule>'
        for n, out in enumerate(('"low"', '"high"'), 1)
    )
    body = f'{types}<decision id="d1" name="d1"><decisionTable hitPolicy="PRIORITY">{column}{rules}</decisionTable></decision>'
    outcome = read_dmn(dmn(body), "t.dmn")["d1"].evaluate({"amount": 1})
    assert (outcome.value, outcome.rules) == ("high", ("r2",))


def test_an_input_of_a_type_with_allowed_values_is_bound_by_them():
    types = f'<itemDefinition name="tRank"><typeRef>string</typeRef><allowedValues>{cell(RANKS)}</allowedValues></itemDefinition>'
    column = '<input><inputExpression typeRef="tRank"><text>rank</text></inputExpression></input><output name="o"/>'
    rule = "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
    file = read_dmn(dmn(f'{types}<decision id="d1" name="d1"><decisionTable>{column}{rule}</decisionTable></decision>'), "t.dmn")
    assert file["d1"].evaluate({"rank": "low"}).value == D(1)
    with pytest.raises(ExpressionFailed, match="not allowed"):
        file["d1"].evaluate({"rank": "none"})


NOTED = f"""<decisionTable hitPolicy="FIRST"><input><inputExpression>{cell("amount")}</inputExpression></input><output name="o"/>
<annotation name="依据"/><rule id="r1"><inputEntry>{cell("< 5")}</inputEntry><outputEntry>{cell(LETTER)}</outputEntry>
<annotationEntry>{cell("[A]")}</annotationEntry></rule></decisionTable>"""


def test_an_outcome_names_the_rules_with_their_annotations():
    outcome = read(decision("d", NOTED))["d"].evaluate({"amount": 1})
    assert [(rule.number, rule.id, rule.annotations) for rule in outcome.fired] == [(1, "r1", {"依据": "[A]"})]


def test_tables_inside_a_context_and_a_knowledge_model_are_told():
    model = (
        '<businessKnowledgeModel id="k" name="rate"><variable name="rate"/><encapsulatedLogic>'
        f'<formalParameter name="amount"/>{NOTED}</encapsulatedLogic></businessKnowledgeModel>'
    )
    link = '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
    entry = f'<contextEntry><variable name="a"/>{NOTED}</contextEntry>'
    file = read(model + decision("d", link + f"<context>{entry}<contextEntry>{literal('a + rate(2)')}</contextEntry></context>"))
    outcome = file["d"].evaluate({"amount": 1})
    assert outcome.value == "aa"
    assert [(tested.table, tested.inputs, tested.fired[0].id) for tested in outcome.tables] == [
        ("d", {"amount": D(1)}, "r1"),
        ("k", {"amount": D(2)}, "r1"),
    ]


def test_an_error_in_a_cell_names_the_rule_and_the_column():
    with pytest.raises(UnknownVariable, match="rule 2, column “amount”") as caught:
        table([("< 1", "1"), ("> limit", "2")])["d1"].evaluate({"amount": 3})
    assert caught.value.details["rule"] == 2
    with pytest.raises(UnknownVariable, match="第 1 条规则，“level”列"):
        table([("-", "limit")])["d1"].evaluate({"amount": 3})


@pytest.mark.parametrize(("language", "words"), [("zh", "第 2 条规则“amount”列"), ("en", "rule 2, column “amount”")])
def test_a_cell_that_is_not_feel_is_found_with_its_place(language, words):
    column = f'<input><inputExpression>{cell("amount")}</inputExpression></input><output name="o"/>'
    rules = "".join(
        f'<rule id="r{n}"><inputEntry id="c{n}">{cell(test)}</inputEntry><outputEntry>{cell("1")}</outputEntry></rule>'
        for n, test in enumerate(("< 1", "< ]"), 1)
    )
    body = f'<decision id="d1" name="d1"><decisionTable>{column}{rules}</decisionTable></decision>'
    finding = read_dmn(dmn(body), "t.dmn", language=language).findings[0]
    assert (finding.code, finding.element) == ("DMN-016", "c2")
    assert words in finding.message


def test_what_a_decision_may_look_at_holds_the_names_that_may_be_missing():
    file = read(decision("d", literal("get or else(a, 1) + b")))
    assert file["d"].names == {"b"}
    assert file["d"].reads == {"a", "b"}


@pytest.mark.parametrize("text", ['setting("a")', 'setting(key: "a")', 'setting(key: "a") + setting("b")'])
def test_what_functions_from_outside_answered_is_kept_and_reproduced_however_they_are_called(text):
    def setting(key):
        return {"a": Decimal(3), "b": Decimal(4)}[key]

    logic = f"<literalExpression>{cell(text)}</literalExpression>"
    decision = read_dmn(dmn(f'<decision id="d" name="d"><variable name="d"/>{logic}</decision>'), "t.dmn", language="en")["d"]
    asked = Asked(Environment(now=datetime(2026, 3, 2, tzinfo=UTC), functions={"setting": setting}))
    outcome = decision.evaluate({}, asked.environment)
    was = kept(decision, outcome, {}, asked)
    assert was["asked"][0] == {"function": "setting", "arguments": ["a"], "answer": 3}
    again = reproduce(decision, was)
    assert (again.same, again.value, again.error) == (True, outcome.value, "")


@pytest.mark.parametrize("text", ["setting()", 'setting("a", "b")', 'setting(kye: "a")'])
def test_a_function_from_outside_that_is_called_wrongly_is_a_clear_error_while_its_answers_are_kept(text):
    logic = f"<literalExpression>{cell(text)}</literalExpression>"
    decision = read_dmn(dmn(f'<decision id="d" name="d"><variable name="d"/>{logic}</decision>'), "t.dmn", language="en")["d"]
    asked = Asked(Environment(functions={"setting": lambda key: key}))
    with pytest.raises(CogovError):
        decision.evaluate({}, asked.environment)
    assert asked.answers == []
