"""The runner of the official suite, on a suite of three cases."""

from __future__ import annotations

import pytest

from tests.tck.__main__ import main, report
from tests.tck.causes import cause_of
from tests.tck.rates import REACHED, below, rates
from tests.tck.suite import run_suite, suite_folder

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:d">
<inputData id="x" name="x"><variable name="x"/></inputData>
<decision id="twice" name="twice"><variable name="twice"/><informationRequirement><requiredInput href="#x"/></informationRequirement>
<literalExpression><text>x * 2</text></literalExpression></decision></definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>m.dmn</modelName>
<testCase id="right"><inputNode name="x"><value xsi:type="xsd:decimal">4</value></inputNode>
<resultNode name="twice" type="decision"><expected><value xsi:type="xsd:decimal">8</value></expected></resultNode></testCase>
<testCase id="wrong"><inputNode name="x"><value xsi:type="xsd:decimal">4</value></inputNode>
<resultNode name="twice" type="decision"><expected><value xsi:type="xsd:decimal">9</value></expected></resultNode></testCase>
<testCase id="nothing"><inputNode name="x"><value xsi:type="xsd:string">a</value></inputNode>
<resultNode name="twice" type="decision"><expected><value xsi:nil="true"/></expected></resultNode></testCase></testCases>"""


@pytest.fixture
def suite(tmp_path, monkeypatch):
    folder = tmp_path / "TestCases" / "compliance-level-2" / "0001-twice"
    folder.mkdir(parents=True)
    (tmp_path / "TestCases" / "compliance-level-3").mkdir()
    (folder / "m.dmn").write_text(MODEL)
    (folder / "m-test-01.xml").write_text(CASES)
    monkeypatch.setenv("COGOV_TCK", str(tmp_path))
    return tmp_path


def test_rates_are_told_of_all_cases_and_of_those_that_expect_a_value(suite):
    results = run_suite(suite, [])
    every, with_value = rates(results, 2)
    assert (every.passed, every.total) == (2, 3)
    assert (with_value.passed, with_value.total) == (1, 2)
    assert "level 2: 2 of 3 (66.67 %); of those that expect a value 1 of 2 (50.00 %)" in report(results, verbose=False)


def test_failures_are_told_by_cause(suite):
    results = run_suite(suite, [])
    assert [cause_of(result) for result in results if not result.passed] == ["UNEXPLAINED: another value"]
    lines = report(results, verbose=True)
    assert any("0001-twice/wrong" in line and "Decimal('8')" in line for line in lines)


def test_it_fails_below_the_rate_reached(suite, capsys):
    assert main([]) == 1
    assert "FAILED: level 2, all cases: 66.67 % is below 100.0 %" in capsys.readouterr().out
    assert len(below(run_suite(suite, []))) == 2
    assert REACHED[3][0] >= 97
    assert REACHED[3][1] >= 95


def test_without_the_suite_it_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COGOV_TCK", str(tmp_path))
    assert suite_folder() is None
    assert main([]) == 0
    assert "nothing was run" in capsys.readouterr().out
