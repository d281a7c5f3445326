"""A decision with everything it requires is one evaluation: whatever it calls is ended by the same limits."""

from __future__ import annotations

import time

import pytest

from engine.decisions import read_dmn
from engine.feel import Environment, LimitReached

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
#: steps so many that only time ends it
ENDLESS = "count(for i in 1..1000 return i)"


def model(name, requires, logic):
    needed = "".join(f'<knowledgeRequirement><requiredKnowledge href="#{r}"/></knowledgeRequirement>' for r in requires)
    parameter = '<formalParameter name="n" typeRef="number"/>'
    head = f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
    return f"{head}<encapsulatedLogic>{parameter}{logic}</encapsulatedLogic>{needed}</businessKnowledgeModel>"


def literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def table(*rules):
    rows = "".join(f"<rule><inputEntry><text>{t}</text></inputEntry><outputEntry><text>{o}</text></outputEntry></rule>" for t, o in rules)
    column = "<input><inputExpression><text>n</text></inputExpression></input><output/>"
    return f'<decisionTable hitPolicy="UNIQUE">{column}{rows}</decisionTable>'


def decision(requires, logic, more=""):
    needed = "".join(f'<knowledgeRequirement><requiredKnowledge href="#{r}"/></knowledgeRequirement>' for r in requires)
    return f'<decision id="top" name="top"><variable name="top"/>{needed}{more}{logic}</decision>'


def file(*parts):
    return read_dmn((HEAD + "".join(parts) + "</definitions>").encode(), "limits.dmn")


@pytest.mark.parametrize(
    ("parts", "limits"),
    [
        # two tables that call each other without end
        (
            [
                model("ping", ["pong"], table(("&gt;= 0", "pong(n + 1)"))), model("pong", ["ping"], table(("&gt;= 0", "ping(n + 1)"))),
                decision(["ping"], literal("ping(0)")),
            ],
            {"depth", "nesting"},
        ),
        # each calls the one before twice: 2^40 calls, forty deep
        (
            [
                model("m0", [], literal("n")),
                *(model(f"m{k}", [f"m{k - 1}"], literal(f"m{k - 1}(n) + m{k - 1}(n)")) for k in range(1, 41)),
                decision(["m40"], literal("m40(1)")),
            ],
            {"steps", "time"},
        ),
        # a rule for every item of a long list
        (
            [model("m", [], table(("&lt; 0", "1"), ("&gt;= 0", ENDLESS))), decision(["m"], literal("for i in 1..100000 return m(i)"))],
            {"steps", "time"},
        ),
        # the allowed values of a type are work of the evaluation that checks them
        (
            [
                '<itemDefinition name="tSlow"><typeRef>number</typeRef>'
                f"<allowedValues><text>? &gt; 0 and {ENDLESS} &gt; 0</text></allowedValues></itemDefinition>",
                '<itemDefinition name="tSlows" isCollection="true"><typeRef>tSlow</typeRef></itemDefinition>',
                '<inputData id="i" name="numbers"><variable name="numbers" typeRef="tSlows"/></inputData>',
                decision([], literal("count(numbers)"), '<informationRequirement><requiredInput href="#i"/></informationRequirement>'),
            ],
            {"steps", "time"},
        ),
    ],
    ids=["tables that call each other", "calls that double", "a table in a loop", "allowed values"],
)  # fmt: skip
def test_it_is_ended_and_the_next_one_works(parts, limits):
    dmn = file(*parts)
    assert [finding for finding in dmn.findings if finding.severity == "error"] == []
    before = time.thread_time()
    with pytest.raises(LimitReached) as caught:
        dmn["top"].evaluate({"numbers": list(range(1, 50_000))})
    assert time.thread_time() - before < 1  # CPU; it is some 0.22 s at most
    assert caught.value.details["limit"] in limits
    assert file(decision([], literal("1 + 1")))["top"].evaluate({}).value == 2


def test_required_decisions_share_one_budget():
    parts = [f'<decision id="d{k}" name="d{k}"><variable name="d{k}"/>{literal(ENDLESS)}</decision>' for k in range(10)]
    needed = "".join(f'<informationRequirement><requiredDecision href="#d{k}"/></informationRequirement>' for k in range(10))
    dmn = file(*parts, decision([], literal(" + ".join(f"d{k}" for k in range(10))), needed))
    alone = Environment(max_steps=2_000)
    assert dmn["d0"].evaluate({}, alone).value == 1000
    with pytest.raises(LimitReached, match="more than 2000 steps"):
        dmn["top"].evaluate({}, alone)
    assert dmn["top"].evaluate({}).value == 10_000
