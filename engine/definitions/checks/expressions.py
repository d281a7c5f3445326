"""Every FEEL expression of a process compiles and uses names, functions, code lists and codes that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.definitions.checks.context import Of, some
from engine.definitions.checks.scopes import GATEWAY_NAMES, LOOP_NAMES, Scopes
from engine.definitions.model import Label, Node
from engine.feel import OWN_FUNCTION_NAMES, FeelSyntaxError, compile_expression

Place = tuple[str, str | None, frozenset[str]]  # what it is, its text, the names in scope

_HANDED_IN = frozenset({"form", "message", "signal"})
_CODE_LIST = re.compile(r"\bcodes\.([A-Za-z_]\w*)")
_DEADLINE = re.compile(r'\bdeadline\(\s*"([^"]*)"\s*\)')
_SETTING = re.compile(r'\bsetting\(\s*"([^"]*)"')
_ROLE = re.compile(r'\brole\(\s*"([^"]*)"')
_COMPARISON = re.compile(r'\b([a-z_]\w*)\.([a-z_]\w*)\s*!?=\s*"([^"]*)"')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def check_expressions(of: Of) -> None:
    """All expressions of one process, each with the names of its place."""
    scopes = Scopes.of(of.process)
    for node in of.process.nodes.values():
        called = of.checked.process(node.called.process) if node.called else None
        unknown_callee = node.called is not None and called is None
        for what, text, names in _places(node, scopes, Scopes.of(called) if called else None):
            loose = scopes.open_names or (unknown_callee and what.startswith("output")) or (called is not None and not called.data)
            check_text(of, node.id, node.line, what, text, None if loose else names)
    for flow in of.process.flows.values():
        names = scopes.inside(flow.parent)
        source = of.process.nodes[flow.source]
        if source.kind == "complexGateway":
            names |= GATEWAY_NAMES | set(source.incoming)
        check_text(of, flow.id, flow.line, "conditionExpression", flow.condition, None if scopes.open_names else names)
    _protection(of, scopes)
    for lane in of.process.lanes.values():
        for what, text in (("role of", lane.of), ("role from", lane.source)):
            check_text(of, lane.id, lane.line, what, text, None if scopes.open_names else _of_lane(of, lane.id, scopes))


def _protection(of: Of, scopes: Scopes) -> None:
    """Who may read a datum is asked wherever it is handed in."""
    process = of.process
    anywhere = frozenset().union(scopes.root, *(scopes.of_node(node) for node in process.nodes.values())) | _HANDED_IN
    asked = [(process.id, process.line, "access of", process.access_of, scopes.root)]
    asked += [(process.id, process.line, "access from", process.access_from, scopes.root)]
    asked += [(process.id, data.line, f"{data.name} of", data.of, anywhere) for data in process.data.values()]
    asked += [(process.id, data.line, f"{data.name} about", data.about, anywhere) for data in process.data.values()]
    asked += [(node.id, node.line, "access of", node.access_of, scopes.of_node(node) | _HANDED_IN) for node in process.nodes.values()]
    for element, line, what, text, names in asked:
        check_text(of, element, line, what, text, None if scopes.open_names else names)


def _of_lane(of: Of, lane: str, scopes: Scopes) -> frozenset[str]:
    """A lane's role is asked where its nodes stand."""
    names = scopes.root
    for node in of.process.nodes.values():
        if node.lane == lane:
            names |= scopes.of_node(node)
    return names


def _places(node: Node, scopes: Scopes, called: Scopes | None) -> Iterator[Place]:
    here, around = scopes.of_node(node), scopes.around(node)
    for mapping in node.inputs:
        yield f"input {mapping.target}", mapping.source, scopes.of_inputs(node)
    for mapping in node.outputs:
        yield f"output {mapping.target}", mapping.source, scopes.of_outputs(node, called)
    yield "assignee", node.assignee, here
    yield "candidateGroups", node.candidates, here
    yield "exclude", node.exclude, here
    yield "script", node.script, here
    yield "activationCondition", node.activation, around | GATEWAY_NAMES | set(node.incoming)
    if node.ad_hoc is not None:
        yield "completionCondition", node.ad_hoc.completion_condition, scopes.inside(node.id)
        yield "activeElementsCollection", node.ad_hoc.active, here
    yield "processId", _marked(node.called.process) if node.called else None, here
    yield "deadline", _marked(node.deadline.limit) if node.deadline else None, here
    yield "action", node.action.role if node.action else None, here
    for record in node.records:
        yield "record key", record.key, here | {"form", "result", "message"}
        yield "record values", record.values, here | {"form", "result", "message"}
        yield "record number", record.number, here | {"form", "result", "message"}
    yield from _of_events(node, here, starts_instance=node.kind == "startEvent" and node.parent == scopes.process.id)
    yield from _of_loop(node, scopes, called)


def _of_events(node: Node, here: frozenset[str], *, starts_instance: bool) -> Iterator[Place]:
    """A message that starts an instance has no scope yet: its key is not evaluated."""
    for event in node.events:
        yield "timer", _marked(event.timer), here
        yield "condition", event.condition, here
    messages = [event.message for event in node.events if event.message] + ([node.message] if node.message else [])
    for message in messages:
        if not starts_instance:
            yield "correlationKey", message.correlation_key, here
        yield "message name", _marked(message.name), here


def _of_loop(node: Node, scopes: Scopes, called: Scopes | None) -> Iterator[Place]:
    loop = node.loop
    if loop is None:
        return
    around, outputs = scopes.around(node), scopes.of_outputs(node, called)
    yield "inputCollection", loop.collection, around
    yield "loopCardinality", loop.cardinality, around
    yield "completionCondition", loop.completion_condition, outputs | LOOP_NAMES
    yield "outputElement", loop.output_element, outputs
    for thrown in loop.throws:
        yield "complexBehaviorDefinition", thrown.condition, outputs | LOOP_NAMES
    yield "loopCondition", loop.condition, outputs


def _marked(text: str | None) -> str | None:
    """The FEEL of a text that is FEEL only with a leading ``=``."""
    return text[1:] if text is not None and text.startswith("=") else None


def check_text(of: Of, element: str, line: int, where: str, text: str | None, names: frozenset[str] | None) -> None:
    """One expression; `names` None: any name may be used."""
    if text is None or text.startswith(("${", "#{")):
        return  # the reader said BPMN-033
    known = frozenset() if names is None else names
    try:
        expression = compile_expression(text, names=known, named_zones=False)
    except FeelSyntaxError as error:
        hint = Label(zh=error.hint_zh, en=error.hint)
        of.add(
            "FEEL-001", element, line, where=where, reason=Label(zh=error.message_zh, en=error.message), hint=hint, text=f" {text}"[:200]
        )
        return
    if names is not None:
        for name in sorted(expression.names - names):
            of.add("FEEL-002", element, line, where=where, name=name, known=some(names))
    for function in sorted(expression.functions - set(OWN_FUNCTION_NAMES)):
        of.add("FEEL-004", element, line, where=where, name=function)
    _vocabulary(of, element, line, where, text)


def _vocabulary(of: Of, element: str, line: int, where: str, text: str) -> None:
    codes = of.checked.codes
    bare = _STRING.sub('""', text)
    for name in sorted(set(_CODE_LIST.findall(bare)) - codes.keys()):
        of.add("FEEL-005", element, line, where=where, name=name)
    for name in sorted(set(_DEADLINE.findall(text)) - of.checked.deadlines):
        of.add("BPMN-073", element, line, ref=name, known=some(of.checked.deadlines))
    if of.checked.setting_keys is not None:
        for name in sorted(set(_SETTING.findall(text)) - of.checked.setting_keys):
            of.add("BPMN-075", element, line, ref=name)
    if of.checked.roles is not None:
        for name in sorted(set(_ROLE.findall(text)) - set(of.checked.roles)):
            of.add("BPMN-066", element, line, ref=name)
    for variable, key, value in _COMPARISON.findall(text):
        _comparison(of, element, line, where, variable, key, value)


def _comparison(of: Of, element: str, line: int, where: str, variable: str, key: str, value: str) -> None:
    """``review.opinion = "pass"``: the field's code list has that code. Only where the data's form says which list."""
    data = of.process.data.get(variable)
    form = of.checked.form(data.form) if data is not None and data.form else None
    name = _list_of(form, key) if form is not None else None
    if name is None or name not in of.checked.codes:
        return
    known = [str(entry.get("code")) for entry in of.checked.codes[name]]
    if value not in known:
        of.add("FEEL-003", element, line, where=where, list=name, value=value, known=some(known))


def _list_of(form: dict[str, Any], key: str) -> str | None:
    """The code list of a top-level field of a form."""
    for component in form.get("components") or ():
        if isinstance(component, dict) and component.get("key") == key:
            match = _CODE_LIST.fullmatch(str(component.get("valuesExpression", "")).removeprefix("=").strip())
            return match[1] if match else None
    return None
