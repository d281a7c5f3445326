"""Files of other tools: mapped where a meaning exists, never dropped silently."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest

from engine.definitions.foreign import python_text, scripts
from engine.definitions.foreign.juel import to_feel
from engine.definitions.model import Deadline, Mapping_
from engine.feel import compile_expression

#: text, FEEL
JUEL = [
    ("${approved}", "approved"),
    ("#{order.total >= 10 && vip}", "order.total >= 10 and vip"),
    ("${status == 'open' || x != null}", 'status = "open" or x != null'),
    ("${!approved && ok}", "not(approved) and ok"),
    ("${!(a == 1)}", "not(a = 1)"),
    ("${!a == b}", "not(a) = b"),
    ("${a eq 1 and b lt 2}", "a = 1 and b < 2"),
    ("approved == true", "approved = true"),
    ("${initiator}", "starter"),
    ("${a - (b - c)}", "a - (b - c)"),
    ("${nrOfCompletedInstances/nrOfInstances >= 0.6}", "numberOfCompletedInstances / numberOfInstances >= 0.6"),
    ("${execution.getVariable('x')}", "x"),
    ("${dateTime().plusDays(3).toDate()}", 'now() + duration("P3D")'),
    ("${order.getTotal()}", "order.total"),
    ("${m['k']}", "m.k"),
    ("KieFunctions.isTrue(approved)", "approved = true"),
    ("${variables:greaterThan(amount, 5)}", "amount > 5"),
]
#: text, variables, what the other engine says it is
MEANING = [
    ("${a ? b : c}", {"a": True, "b": 1, "c": 2}, 1),
    ("${empty list}", {"list": []}, True),
    ("${empty list}", {"list": [1]}, False),
    ("${not empty name}", {"name": "x"}, True),
    ("${empty name}", {"name": None}, True),
    ("${list[0]}", {"list": [5, 6]}, 5),
    ("${list.get(1)}", {"list": [5, 6]}, 6),
    ("${a} and ${b}!", {"a": "x", "b": None}, "x and !"),
    ("${a mod 3}", {"a": -7}, -1),
    ("${a % 3}", {"a": 7}, 1),
    ("${loopCounter * 2}", {"loopCounter": 1}, 0),
    ("${roles.contains('chair')}", {"roles": ["chair"]}, True),
    ("${name.contains('b')}", {"name": "abc"}, True),
    ("${list.size() > 1 && name.length() == 3}", {"list": [1, 2], "name": "abc"}, True),
    ("${name.substring(1, 2)}", {"name": "abc"}, "b"),
    ("${name.equalsIgnoreCase('ABC')}", {"name": "abc"}, True),
    ("${a == b == c}", {"a": 1, "b": 1, "c": True}, True),
]
BEYOND = [
    "${bean.call()}",
    "${list[i]}",
    "${'a' + b}",
    "${execution.processInstanceId}",
    "${a = 3}",
    "${",
    "${}",
    "${x.y(}",
    "${lambda}${",
    "${a instanceof b}",
    "${" + "(" * 3000 + "x" + ")" * 3000 + "}",
    "${" + "!" * 5000 + "x}",
    "${" + "empty " * 40 + "x}",
    "${" + "[" * 3000 + "}",
]
PYTHON = [
    ("approved == True", {"approved": True}, True),
    ("not done", {"done": False}, True),
    ("x is None", {"x": None}, True),
    ("x in ['a', 'b']", {"x": "b"}, True),
    ("x not in names", {"x": "b", "names": ["a"]}, True),
    ("x['k'][0] > 3", {"x": {"k": [4]}}, True),
    ("x[-1]", {"x": [4, 5]}, 5),
    ("len(xs) > 2 and y", {"xs": [1, 2, 3], "y": True}, True),
    ("f'hi {x}'", {"x": 5}, "hi 5"),
    ("[p['name'] for p in people]", {"people": [{"name": "a"}]}, ["a"]),
    ("all(v['ok'] for v in votes)", {"votes": [{"ok": True}, {"ok": False}]}, False),
    ("x if y else z", {"x": 1, "y": False, "z": 2}, 2),
    ("-7 % 3", {}, 2),
    ("7 // 2", {}, 3),
    ("1 < x < 5", {"x": 3}, True),
    ("d.get('a', 3)", {"d": {"b": 1}}, 3),
    ("name.lower().startswith('a')", {"name": "Abc"}, True),
    ("{'a': 1 + 1, 'b': [x]}", {"x": 2}, {"a": 2, "b": [2]}),
]
BEYOND_PYTHON = [
    "__import__('os').system('x')", "lambda: 1", "open('x').read()", "x := 1", "[p for p in ps if p]", "f(x)", "'%s' % x", "1 +", "x & 1",
    "`x`", "(" * 3000 + "1" + ")" * 3000, "-" * 100_000 + "1", "not " * 3000 + "x", "[" * 90 + "x" + "]" * 90 + " in " * 20 + "y",
]  # fmt: skip


@pytest.mark.parametrize(("text", "feel"), JUEL)
def test_a_simple_expression_becomes_feel(text, feel):
    assert to_feel(text, frozenset({"initiator"})) == feel


@pytest.mark.parametrize(("text", "variables", "result"), MEANING)
def test_an_expression_means_the_same_here(text, variables, result):
    assert compile_expression(to_feel(text)).evaluate(variables) == result


@pytest.mark.parametrize("text", BEYOND)
def test_an_expression_beyond_that_is_not_guessed_at(text):
    assert to_feel(text) is None


@pytest.mark.parametrize(("text", "variables", "result"), PYTHON)
def test_a_python_expression_means_the_same_here(text, variables, result):
    assert compile_expression(python_text.to_feel(text)).evaluate(variables) == result


@pytest.mark.parametrize("text", BEYOND_PYTHON)
def test_python_beyond_that_is_not_guessed_at(text):
    assert python_text.to_feel(text) is None


@pytest.mark.parametrize(
    ("text", "language", "result"),
    [
        ("total = a + 1\nname = 'x'", "python", {"total": 3, "name": "x"}),
        ("n += 2", "python", {"n": 5}),
        ("var total = a + 1;\n// no more\nexecution.setVariable('b', a > 1);", "javascript", {"total": 3, "b": True}),
        ("def total = a * 2", "groovy", {"total": 4}),
    ],
)
def test_a_script_that_only_assigns_becomes_a_context(text, language, result):
    assert compile_expression(scripts.assigned(text, language)).evaluate({"a": 2, "n": 3}) == result


@pytest.mark.parametrize("text", ["import os", "x.y = 1", "for i in a: pass", "print(1)", "a = 1\na = 2"])
def test_a_script_that_does_anything_else_is_not_guessed_at(text):
    assert scripts.assigned(text, "python") is None


def test_camunda_assignment_form_and_condition_are_read_and_reported(read):
    body = """<bpmn:startEvent id="s" camunda:initiator="boss"/><bpmn:userTask id="t" camunda:assignee="${boss}" camunda:candidateGroups="a, b"
      camunda:formKey="embedded:app:forms/x" camunda:dueDate="${due}" camunda:asyncBefore="true"/>
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"><bpmn:conditionExpression>${x == 'y'}</bpmn:conditionExpression></bpmn:sequenceFlow>"""
    result = read(body)
    node = result.file.processes[0].nodes["t"]
    assert (node.assignee, node.candidates, node.form) == ("starter", '["a", "b"]', "p/x")
    assert result.file.processes[0].flows["f"].condition == 'x = "y"'
    assert not result.has_errors
    assert node.deadline == Deadline(id="t_due", limit="=due")
    warnings = [f.message for f in result.findings if f.code == "BPMN-031"]
    assert warnings == [
        "camunda:asyncBefore of another tool has no meaning here and is not used (1×): "
        "every step is one transaction here and every job is durable"
    ]
    read_as = [f.message for f in result.findings if f.code == "BPMN-032"]
    assert "camunda:assignee was read as assignee" in read_as
    assert "${x == 'y'} was read as =x = \"y\"" in read_as


def test_calls_services_and_parameters(read):
    body = """<bpmn:callActivity id="c" calledElement="sub" camunda:calledElementBinding="latest"><bpmn:extensionElements>
        <camunda:in source="a" target="b"/><camunda:out variables="all"/></bpmn:extensionElements></bpmn:callActivity>
      <bpmn:serviceTask id="s" camunda:type="external" camunda:topic="notices.send"><bpmn:extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="to">${starter}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>
      <bpmn:businessRuleTask id="r" camunda:decisionRef="band" camunda:resultVariable="result_band"/>
      <bpmn:businessRuleTask id="q"><bpmn:extensionElements><spiffworkflow:calledDecisionId>band</spiffworkflow:calledDecisionId>
        </bpmn:extensionElements></bpmn:businessRuleTask>
      <bpmn:userTask id="m"><bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="who"/></bpmn:userTask>"""
    result = read(body)
    assert not result.has_errors
    nodes = result.file.processes[0].nodes
    called = nodes["c"].called
    assert (called.process, called.binding, called.propagate_parent, called.propagate_child) == ("sub", "latest", False, True)
    assert nodes["c"].inputs == (Mapping_(source="a", target="b"),)
    assert nodes["s"].service == "notices.send"
    assert nodes["s"].inputs == (Mapping_(source="starter", target="to"),)
    assert (nodes["r"].decision, nodes["r"].result_variable, nodes["q"].decision) == ("band", "result_band", "band")
    assert (nodes["m"].loop.collection, nodes["m"].loop.element) == ("people", "who")


def test_a_condition_that_cannot_be_said_in_feel_is_an_error(read):
    body = """<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b">
      <bpmn:conditionExpression>${bean.ok()}</bpmn:conditionExpression></bpmn:sequenceFlow>"""
    assert [(f.code, f.element) for f in read(body).findings if f.severity == "error"] == [("BPMN-033", "f")]


@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        ('<bpmn:serviceTask id="t" camunda:class="com.example.Java"/>', "FOREIGN-001", "camunda:class"),
        ('<bpmn:userTask id="t" camunda:formHandlerClass="com.example.Java"/>', "FOREIGN-001", "camunda:formHandlerClass"),
        (
            '<bpmn:userTask id="t"><bpmn:extensionElements><zeebe:taskSchedule followUpDate="=x"/></bpmn:extensionElements></bpmn:userTask>',
            "BPMN-031",
            "zeebe:taskSchedule@followUpDate",
        ),
        ('<bpmn:task id="t" xmlns:signavio="http://www.signavio.com" signavio:x="1"/>', "BPMN-031", "signavio:x"),
        ('<bpmn:task id="t" camunda:invented="1"/>', "BPMN-031", "camunda:invented"),
        (
            '<bpmn:task id="t"><bpmn:extensionElements><a:b xmlns:a="urn:a" c="1"/></bpmn:extensionElements></bpmn:task>',
            "BPMN-031",
            "a:b@c",
        ),
    ],
)
def test_what_is_not_used_is_named(read, body, code, name):
    assert [f.code for f in read(body).findings if name in f.message.replace(",", " ").split()] == [code]


def test_the_same_leftover_of_many_elements_is_named_once_with_its_number(read):
    result = read("".join(f'<bpmn:task id="t{i}" camunda:jobPriority="{i}"/>' for i in range(20)))
    assert [(f.code, f.element) for f in result.findings] == [("BPMN-031", "t0")]
    assert "20×" in result.findings[0].message


@pytest.mark.parametrize("quantity", ["startQuantity", "completionQuantity"])
def test_a_quantity_that_is_no_number_is_refused(read, quantity):
    found = read(f'<bpmn:task id="a" {quantity}="2"/><bpmn:task id="t" {quantity}="some"/>').findings
    assert [(f.code, f.element) for f in found if f.severity == "error"] == [("BPMN-028", "t")]


#: what no modeler writes and somebody will upload: each gives findings, none an exception
ODD = [
    '<bpmn:userTask id="t"><bpmn:extensionElements><camunda:formData><camunda:formField/><camunda:formField id="中文" type="weird"/>'
    '<camunda:formField id="a"><camunda:validation><camunda:constraint name="validator" config="x"/></camunda:validation></camunda:formField>'
    "</camunda:formData></bpmn:extensionElements></bpmn:userTask>",
    '<bpmn:userTask id="t" camunda:dueDate="nonsense" camunda:assignee="${"/>',
    '<bpmn:callActivity id="c" calledElement="${x.y()}"><bpmn:extensionElements><camunda:in/><camunda:out target="a"/>'
    '<camunda:in sourceExpression="${a(}" target="b"/></bpmn:extensionElements></bpmn:callActivity>',
    '<bpmn:scriptTask id="s" scriptFormat="python"><bpmn:script>a=((((</bpmn:script></bpmn:scriptTask>',
    '<bpmn:userTask id="t" camunda:candidateUsers="${users}" camunda:candidateGroups="${a},b"/>',
    '<bpmn:sendTask id="m" camunda:class="org.x.Y"/>',
    '<bpmn:userTask id="t"><bpmn:extensionElements><spiffworkflow:preScript>import os</spiffworkflow:preScript>'
    "<spiffworkflow:serviceTaskOperator/></bpmn:extensionElements></bpmn:userTask>",
    '<bpmn:userTask id="t"><bpmn:multiInstanceLoopCharacteristics camunda:collection="${service.list()}"/></bpmn:userTask>',
    '<bpmn:extensionElements><zeebe:userTaskForm id="a">[1]</zeebe:userTaskForm><zeebe:userTaskForm id="b">{broken</zeebe:userTaskForm>'
    '<zeebe:userTaskForm>{}</zeebe:userTaskForm></bpmn:extensionElements><bpmn:task id="t"/>',
]


@pytest.mark.parametrize("body", ODD)
def test_odd_files_give_findings_and_no_exception(read, body):
    result = read(body)
    assert result.findings
    assert all(f.stored for f in result.findings if f.severity == "error")


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ("P3D", "P3D"),
        ("2026-03-05T12:00:00Z", '="2026-03-05T12:00:00Z"'),
        ("2026-03-05", '="2026-03-05"'),
        ("${due}", "=due"),
        ("${dateTime().plusWeeks(1).minusHours(2)}", '=now() + duration("P7D") - duration("PT2H")'),
        ("nonsense", "nonsense"),
    ],
)
def test_a_due_date_is_a_limit_or_a_moment(process, given, limit):
    node = process(f'<bpmn:userTask id="t" camunda:dueDate="{given}"/>').nodes["t"]
    assert node.deadline == Deadline(id="t_due", limit=limit)


@pytest.mark.parametrize(
    ("given", "timer"),
    [
        ("PT1H", "PT1H"),
        ("${wait}", "=wait"),
        ("${'PT' + x}", None),
        ("=duration(x)", "=duration(x)"),
    ],
)
def test_a_timer_of_another_tool(read, given, timer):
    body = f"""<bpmn:userTask id="t" camunda:assignee="a"/><bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:timerEventDefinition>
      <bpmn:timeDuration>{given}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"""
    result = read(body)
    event = result.file.processes[0].nodes["b"].events[0]
    assert event.timer == timer if timer else [f.code for f in result.findings if f.severity == "error"] == ["BPMN-033"]
