"""A decision file that imports others: their types, knowledge, decisions and inputs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.decisions import read_dmn
from engine.decisions.kept import Asked, kept, reproduce
from engine.feel import Environment

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"

SHARED = """<inputData id="i" name="Fee"><variable name="Fee" typeRef="number"/></inputData>
<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>
<businessKnowledgeModel id="k" name="Twice"><variable name="Twice"/><encapsulatedLogic><formalParameter name="n" typeRef="number"/>
<literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="base" name="Base"><variable name="Base"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
<literalExpression><text>Fee + 1</text></literalExpression></decision>"""


def file(namespace, body):
    return f'<definitions xmlns="{DMN}" id="f" name="f" namespace="{namespace}">\n{body}</definitions>'.encode()


def importing(body, alias="lib", more=""):
    return file("urn:b", f'<import namespace="urn:a" name="{alias}" importType="{DMN}" {more}/>{body}')


def using(text, *links, kind=""):
    parts = "".join(f'<knowledgeRequirement><requiredKnowledge href="urn:a#{k}"/></knowledgeRequirement>' for k in links if k == "k")
    parts += "".join(f'<informationRequirement><requiredDecision href="urn:a#{k}"/></informationRequirement>' for k in links if k == "base")
    logic = f"<literalExpression><text>{text}</text></literalExpression>"
    return f'<decision id="d" name="D"><variable name="D" {kind}/>{parts}{logic}</decision>'


def read(body, files=None):
    return read_dmn(body, "b.dmn", language="en", files={"a.dmn": file("urn:a", SHARED), "b.dmn": body} if files is None else files)


def test_imported_knowledge_and_decisions_are_known_by_the_name_of_the_import():
    found = read(importing(using("lib.Twice(lib.Base)", "k", "base")))
    assert not found.findings
    outcome = found["d"].evaluate({"Fee": 4})
    assert outcome.value == Decimal(10)
    assert outcome.required["lib.base"].value == Decimal(5)
    assert found["d"].names == {"Fee"}


def test_inputs_of_an_imported_file_may_be_given_under_the_name_of_the_import():
    assert read(importing(using("lib.Base", "base")))["d"].evaluate({"Fee": 4, "lib": {"Fee": 8}}).value == Decimal(9)


def test_an_import_without_a_name_brings_its_names_as_they_are():
    assert read(importing(using("Twice(Base)", "k", "base"), alias=""))["d"].evaluate({"Fee": 4}).value == Decimal(10)


def test_imported_types_bind():
    found = read(importing(using('"z"', kind='typeRef="lib.tGrade"')))
    assert not found.findings
    with pytest.raises(Exception, match="declared type"):
        found["d"].evaluate({})


@pytest.mark.parametrize(
    ("body", "files", "code"),
    [
        (importing(using("1")), {}, "DMN-027"),
        (importing(using("1")), {"a.dmn": file("urn:a", ""), "c.dmn": file("urn:a", "")}, "DMN-028"),
        (importing(using("1")), {"a.dmn": file("urn:a", '<import namespace="urn:b" name="x"/>')}, None),
        (importing(using("1", "base")), {"a.dmn": file("urn:a", "")}, "DMN-017"),
        (file("urn:b", '<import namespace="urn:p" name="x" importType="http://www.dmg.org/PMML-4_2"/>'), {}, "DMN-022"),
        (importing(using("1", kind='typeRef="lib.tNone"')), None, "DMN-024"),
    ],
)
def test_what_is_wrong_with_an_import_is_found(body, files, code):
    found = read(body, files)
    assert [finding.code for finding in found.findings] == ([code] if code else [])


def test_files_that_import_each_other_are_refused():
    a, b = file("urn:a", '<import namespace="urn:b" name="b"/>'), file("urn:b", '<import namespace="urn:a" name="a"/>')
    files = {"a.dmn": a, "b.dmn": b}
    for path, content in files.items():
        found = read_dmn(content, path, language="en", files=files).findings
        assert [finding.code for finding in found] == ["DMN-029"]
        assert "a.dmn → b.dmn → a.dmn" in found[0].message or "b.dmn → a.dmn → b.dmn" in found[0].message


def test_the_location_chooses_between_files_of_one_namespace():
    files = {"a.dmn": file("urn:a", SHARED), "c.dmn": file("urn:a", "")}
    found = read(importing(using("lib.Twice(3)", "k"), more='locationURI="../models/a.dmn"'), files)
    assert found["d"].evaluate({}).value == Decimal(6)


@pytest.mark.parametrize("variables", [{"Fee": 4}, {"lib": {"Fee": 4}}])
def test_inputs_of_an_imported_file_are_kept_as_they_were_given_and_reproduced(variables):
    decision = read(importing(using("lib.Base * 2", "base")))["d"]
    asked = Asked(Environment(now=datetime(2026, 3, 2, tzinfo=UTC)))
    was = kept(decision, decision.evaluate(variables, asked.environment), variables, asked)
    assert was["inputs"] == variables
    again = reproduce(decision, was)
    assert (again.same, again.value, again.error) == (True, Decimal(10), "")
