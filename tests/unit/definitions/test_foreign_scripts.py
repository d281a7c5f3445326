"""Scripts of other tools: what only assigns is FEEL, and each statement that is beyond is named with its line. Nothing is run."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest

from engine.definitions.foreign import juel, scripts
from engine.definitions.reader import read_bpmn
from engine.feel import compile_expression

VARIABLES = {"a": 2, "n": 3, "name": "Li", "items": [1, 2, 3], "order": {"total": 150, "kind": "buy"}, "none": None}

SAID = [
    ("javascript", "var total = a + n;\nvar big = total_of > 3 ? 'yes' : 'no';".replace("total_of", "n"), {"total": 5, "big": "no"}),
    ("javascript", "let level = execution.getVariable('a') * 2; // twice\nconsole.log(level);", {"level": 4}),
    ("javascript", "execution.setVariable(\"ok\", order.total >= 100 && order['kind'] === 'buy');", {"ok": True}),
    ("javascript", "const text = 'Dear ' + name + '!';", {"text": "Dear Li!"}),
    ("javascript", "const text = `Dear ${name}`;", {"text": "Dear Li"}),
    ("javascript", "if (a > 1) {\n  level = 'high';\n} else {\n  level = 'low';\n}", {"level": "high"}),
    ("javascript", "if (a > 5) { level = 1 } else if (n == 3) { level = 2 } else { level = 3 }", {"level": 2}),
    ("javascript", "n++;\na -= 2", {"n": 4, "a": 0}),
    ("javascript", "total = a\n  + n", {"total": 5}),
    ("javascript", "has = items.includes(2); many = items.length", {"has": True, "many": 3}),
    ("groovy", "def total = a * 2\nprintln total\ndef text = \"Dear ${name}\"", {"total": 4, "text": "Dear Li"}),
    ("groovy", "x = order.total > 100 && !(order.kind == 'sell')", {"x": True}),
    ("groovy", "execution.setVariable('done', true)", {"done": True}),
    ("python", "total = a + n\nlabel = 'many' if len(items) > 2 else 'few'", {"total": 5, "label": "many"}),
    ("python", "if a > 1:\n    level = 'high'\nelif a > 0:\n    level = 'low'\nelse:\n    level = 'none'\nprint(level)", {"level": "high"}),
    ("python", "if a > 5:\n    n = 1", {"n": 3}),
    ("python", "ok = order['kind'] in ['buy', 'lease'] and not order.get('void', False)", {"ok": True}),
]  # fmt: skip

BEYOND = [
    ("javascript", "var total = a + 1;\nfor (var i = 0; i < 3; i++) { total += i; }", [2]),
    ("javascript", "x = 1;\n\n\nfetch('http://nowhere');", [4]),
    ("javascript", "x = 1;\nx = 2;", [2]),
    ("javascript", "if (a > 1) {\n  ok = 1;\n  send(ok);\n}", [3]),
    ("groovy", "def list = [1, 2].collect { it * 2 }", [1]),
    ("groovy", "x = 1\nnew File('/etc/passwd').text", [2]),
    ("python", "import os\nx = 1\nos.system('true')", [1, 3]),
    ("python", "x = [i for i in items if i > 1]\nfor i in items:\n    x = i", [1, 2]),
    ("python", "x = (1", [1]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "result"), SAID)
def test_a_script_that_only_computes_means_the_same_in_feel(language, text, result):
    feel = scripts.assigned(text, language)
    assert feel is not None, scripts.read(text, language).beyond
    assert compile_expression(feel).evaluate(VARIABLES) == result


@pytest.mark.parametrize(("language", "text", "lines"), BEYOND)
def test_each_statement_that_is_beyond_is_named_with_its_line(language, text, lines):
    assert scripts.assigned(text, language) is None
    found = scripts.read(text, language)
    assert [one.line for one in found.beyond] == lines
    assert all(one.text for one in found.beyond)


def test_plus_counts_in_juel_and_joins_texts_in_scripts():
    assert juel.to_feel("${'a' + b}") is None
    assert compile_expression(juel.script_to_feel("'a' + b")).evaluate({"b": 1}) == "a1"


FILE = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="s"/><bpmn:scriptTask id="work" scriptFormat="{language}"><bpmn:script><![CDATA[{script}]]></bpmn:script></bpmn:scriptTask>
    <bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="work"/><bpmn:sequenceFlow id="g" sourceRef="work" targetRef="e"/>
  </bpmn:process></bpmn:definitions>"""


def test_the_report_names_the_statements_and_proposes_feel_for_the_rest():
    script = "var total = a + 1;\nsendMail(total);"
    for language, words in (("zh", "脚本第 2 行"), ("en", "line 2 of the script")):
        found = read_bpmn(FILE.format(language="javascript", script=script).encode(), "p.bpmn", language=language).findings
        (finding,) = [f for f in found if f.code == "FOREIGN-005"]
        assert finding.element == "work"
        assert words in finding.message
        assert "sendMail(total)" in finding.message
        assert "total: a + 1" in finding.hint
        assert "BPMN-034" in [f.code for f in found]


def test_the_report_shows_the_feel_of_a_script_that_can_be_said():
    found = read_bpmn(FILE.format(language="python", script="total = a + 1").encode(), "p.bpmn").findings
    assert [(f.code, "FEEL {total: a + 1}" in f.message) for f in found] == [("BPMN-032", True)]


@pytest.mark.parametrize(
    "text", ["if (" * 300, "{" * 3000, "x = " + "(" * 5000, "a\\\n" * 2000, "'" * 999, "if (a) {" * 40 + "x = 1" + "}" * 40]
)
def test_no_script_hangs_or_crashes_the_reader(text):
    for language in ("javascript", "groovy", "python"):
        assert scripts.assigned(text, language) is None or len(text) < 1000
