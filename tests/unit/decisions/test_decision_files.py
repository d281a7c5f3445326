"""Decision files: requirement graphs, boxed expressions, findings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.decisions import read_dmn
from engine.errors import ExpressionFailed, NotFound

D = Decimal
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def read(body, language="en", attributes=""):
    text = f'<definitions xmlns="{DMN}" id="f" name="f" namespace="n" {attributes}>\n{body}</definitions>'
    return read_dmn(text.encode(), "f.dmn", language=language)


def literal(text):
    return f"<literalExpression><text>{text.replace('<', '&lt;')}</text></literalExpression>"


def decision(id_, logic, *required, name="", kind=""):
    links = "".join(f'<informationRequirement><requiredDecision href="#{r}"/></informationRequirement>' for r in required if r[0] != "_")
    links += "".join(f'<informationRequirement><requiredInput href="#{r}"/></informationRequirement>' for r in required if r[0] == "_")
    variable = f'<variable name="{name or id_}" {kind}/>'
    return f'<decision id="{id_}" name="{name or id_}">{variable}{links}{logic}</decision>'


A = '<variable name="a"/>'


def test_a_decision_uses_the_decisions_and_inputs_it_requires():
    file = read(
        '<inputData id="_amount" name="amount"><variable name="amount" typeRef="number"/></inputData>'
        + decision("base", literal("amount * 2"), "_amount")
        + decision("total", literal("base + Base Fee"), "base", "fee")
        + decision("fee", literal("1"), name="Base Fee")
    )
    assert not file.findings
    outcome = file["total"].evaluate({"amount": 4})
    assert outcome.value == D(9)
    assert outcome.required["base"].value == D(8)
    assert file["total"].names == {"amount"}


def test_a_required_decision_is_known_by_its_id_too():
    file = read(decision("base", literal("2"), name="基数") + decision("total", literal("base + 基数"), "base"))
    assert file["total"].evaluate({}).value == D(4)


def test_an_input_of_the_wrong_type_is_an_error():
    file = read('<inputData id="_n" name="n"><variable name="n" typeRef="number"/></inputData>' + decision("d", literal("n + 1"), "_n"))
    with pytest.raises(ExpressionFailed, match="declared type number"):
        file["d"].evaluate({"n": "many"})


def test_a_knowledge_model_is_a_function():
    body = literal("if amount > 100 then 0.2 else 0.1")
    model = (
        '<businessKnowledgeModel id="k" name="rate"><variable name="rate"/><encapsulatedLogic>'
        f'<formalParameter name="amount" typeRef="number"/>{body}</encapsulatedLogic></businessKnowledgeModel>'
    )
    link = '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
    invocation = f'<invocation>{literal("rate")}<binding><parameter name="amount"/>{literal("7")}</binding></invocation>'
    file = read(model + decision("a", link + literal("rate(200)")) + decision("b", link + invocation))
    assert file["a"].evaluate({}).value == D("0.2")
    assert file["a"].functions == frozenset()
    assert file["b"].evaluate({}).value == D("0.1")
    assert file.invoke("rate", {"amount": 200}) == D("0.2")


def test_a_decision_service_is_a_function():
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#out"/><inputDecision href="#base"/></decisionService>'
    )
    link = '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
    file = read(
        service + decision("base", literal("1")) + decision("out", literal("base * 10"), "base") + decision("d", link + literal("s(7)"))
    )
    assert file["d"].evaluate({}).value == D(70)
    assert file["out"].evaluate({}).value == D(10)


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (
            f"<context><contextEntry>{A}{literal('2')}</contextEntry><contextEntry>{literal('a + 1')}</contextEntry></context>",
            D(3),
        ),
        (f'<context><contextEntry><variable name="a b"/>{literal("2")}</contextEntry></context>', {"a b": D(2)}),
        (f"<list>{literal('1')}{literal('2')}</list>", [D(1), D(2)]),
        (f'<relation><column name="x"/><row>{literal("1")}</row><row>{literal("2")}</row></relation>', [{"x": D(1)}, {"x": D(2)}]),
        (f"<conditional><if>{literal('1 < 2')}</if><then>{literal('3')}</then><else>{literal('4')}</else></conditional>", D(3)),
        (f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>", [D(2), D(3)]),
        (f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("i * 2")}</return></for>', [D(2), D(4)]),
        (f'<some iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i > 1")}</satisfies></some>', True),
        (f'<every iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i > 1")}</satisfies></every>', False),
    ],
)
def test_boxed_expressions(logic, expected):
    file = read(decision("d", logic))
    assert not file.findings
    assert file["d"].evaluate({}).value == expected
    assert file["d"].names == frozenset()


def test_item_definitions_are_types():
    types = '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
    file = read(types + decision("d", literal("x"), kind='typeRef="tGrade"'))
    assert file["d"].evaluate({"x": "a"}).value == "a"
    with pytest.raises(ExpressionFailed, match="declared type"):
        file["d"].evaluate({"x": "z"})


def codes(file):
    return [finding.code for finding in file.findings]


def test_an_expression_that_is_not_feel_is_found_with_its_line():
    file = read("\n\n" + decision("d", literal("1 +")))
    assert codes(file) == ["DMN-016"]
    finding = file.findings[0]
    assert (finding.file, finding.element, finding.line, finding.severity) == ("f.dmn", "d", 4, "error")
    assert "expected a value" in finding.message
    assert file.has_errors


def test_a_decision_with_errors_is_not_evaluated_to_null():
    file = read(decision("d", literal("1 +")))
    with pytest.raises(ExpressionFailed, match="errors"):
        file["d"].evaluate({})


def test_findings_speak_chinese_too():
    assert "不是 FEEL" in read(decision("d", literal("1 +")), language="zh").findings[0].message


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (decision("a", literal("b"), "b") + decision("b", literal("a"), "a"), "DMN-018"),
        (decision("a", literal("1"), "gone"), "DMN-017"),
        (decision("a", literal("1")) * 2, "DMN-014"),
        ("<decision/>", "DMN-015"),
        (decision("a", ""), "DMN-023"),
        (decision("a", literal("1"), kind='typeRef="tGone"'), "DMN-024"),
        (decision("a", '<literalExpression expressionLanguage="juel"><text>1</text></literalExpression>'), "DMN-021"),
        (decision("a", '<functionDefinition kind="Java"/>'), "DMN-022"),
        (decision("a", '<decisionTable hitPolicy="BEST"/>'), "DMN-019"),
        (decision("a", '<decisionTable><output name="o"/><rule/></decisionTable>'), "DMN-020"),
        (decision("a", '<decisionTable hitPolicy="PRIORITY"><output name="o"/></decisionTable>'), "DMN-026"),
        ('<import namespace="urn:other"/>', "DMN-027"),
    ],
)
def test_what_is_wrong_in_a_file_is_found(body, code):
    assert code in codes(read(body))


def test_two_rules_with_the_same_conditions_are_found_in_a_unique_table():
    rule = "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>"
    head = "<input><inputExpression><text>x</text></inputExpression></input><output name='o'/>"
    assert codes(read(decision("a", f"<decisionTable>{head}{rule}{rule}</decisionTable>"))) == ["DMN-025"]


def test_decisions_that_require_each_other_do_not_hang():
    file = read(decision("a", literal("1"), "b") + decision("b", literal("1"), "a"))
    assert len(file) < 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<definitions", "DMN-011"),
        (b"", "DMN-011"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions/>', "DMN-012"),
        (b"<definitions/>", "DMN-013"),
        (b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "DMN-013"),
        (b" " * 5_000_001, "DMN-010"),
    ],
)
def test_what_is_no_dmn_file_is_refused(data, code):
    assert codes(read_dmn(data)) == [code]


def test_a_decision_that_is_not_there_is_not_found():
    with pytest.raises(NotFound, match="gone"):
        read(decision("a", literal("1")))["gone"]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_edition_of_dmn_is_read(namespace):
    file = read_dmn(f'<definitions xmlns="{namespace}">{decision("a", literal("1"))}</definitions>'.encode())
    assert file["a"].evaluate({}).value == D(1)
