"""Which version of a process a call activity calls, on both databases."""

from __future__ import annotations

import json

import pytest

from engine.definitions.migration import Plan, Step
from engine.errors import FormInvalid, NotExecutable
from tests.integration.engine.conftest import LI, Bench
from tests.integration.engine.models import end, extensions, model, start, user


def form(field: str) -> dict[str, bytes]:
    component = {"type": "textfield", "id": f"f_{field}", "key": field, "label": field, "validate": {"required": True}}
    component["i18n"] = {"en": {"label": field}}
    schema = {"type": "default", "id": "child/ask", "schemaVersion": 19, "title": "问", "i18n": {"en": {"title": "Ask"}}}
    return {"forms/child/ask.form.json": json.dumps({**schema, "components": [component]}).encode()}


def child(task: str, tag: str = "") -> dict[str, bytes]:
    """A version of the child whose task has this id; its form asks for a field of that name."""
    marked = extensions(f'<zeebe:versionTag value="{tag}"/>') if tag else ""
    process = model("child", marked + start() + user(task, form="child/ask") + end(), f"begin {task}\n{task} done")
    return {**process, **form(task)}


def parent(binding: str) -> dict[str, bytes]:
    called = extensions(f'<zeebe:calledElement processId="child" {binding}/>')
    nodes = start() + user("first") + f'<bpmn:callActivity id="call">{called}</bpmn:callActivity>' + end()
    return model("parent", nodes, "begin first\nfirst call\ncall done")


LATEST, PINNED = 'bindingType="latest"', 'bindingType="versionTag" versionTag="one"'


@pytest.mark.parametrize(("binding", "task"), [("", "ask_one"), (LATEST, "ask_two"), (PINNED, "ask_one")])
def test_a_call_gets_the_version_its_binding_names(bench: Bench, binding: str, task: str) -> None:
    bench.deploy({**child("ask_one", "one"), **parent(binding)})
    receipt = bench.start("parent")
    bench.deploy(child("ask_two"))
    bench.complete(receipt, "first")
    assert list(bench.tasks(receipt)) == [task]
    with pytest.raises(FormInvalid):  # the form is the one of that version, too
        bench.complete(receipt, task, {"ask_three": "x"})
    bench.complete(receipt, task, {task: "x"})
    assert bench.state(receipt) == "completed"
    assert bench.variables(receipt).get(task) is None  # a call without outputs gives nothing back


def test_a_version_that_was_called_stays_what_it_was(bench: Bench) -> None:
    bench.deploy({**child("ask_one"), **parent(LATEST)})
    receipt = bench.start("parent")
    bench.deploy(child("ask_two"))
    bench.complete(receipt, "first")
    bench.deploy(child("ask_three"))
    bench.complete(receipt, "ask_two", {"ask_two": "x"})
    assert bench.state(receipt) == "completed"
    elements = [line.element for line in bench.engine.queries.history(receipt.instance, limit=100).items]
    assert "child@2/ask_two" in elements
    assert bench.engine.queries.process_of(receipt.instance, "child@2").nodes["ask_two"].form == "child/ask@2"


def test_a_pinned_version_is_found_although_a_newer_one_was_there_when_the_case_began(bench: Bench) -> None:
    bench.deploy(child("ask_one", "one"))
    bench.deploy({**child("ask_two", "two"), **parent(PINNED)})
    receipt = bench.start("parent")
    bench.complete(receipt, "first")
    assert list(bench.tasks(receipt)) == ["ask_one"]
    bench.complete(receipt, "ask_one", {"ask_one": "x"})
    assert bench.state(receipt) == "completed"


def test_a_tag_that_no_version_has_is_an_incident_until_one_has_it(bench: Bench) -> None:
    bench.deploy({**child("ask_one"), **parent(PINNED)})
    receipt = bench.start("parent")
    bench.complete(receipt, "first")
    incident = bench.engine.queries.instance(receipt.instance).incidents[0]
    assert (incident.code, incident.node) == ("not_found", "call")
    bench.deploy(child("ask_two", "one"))
    bench.engine.retry(incident.id, actor=LI)
    assert list(bench.tasks(receipt)) == ["ask_two"]


def test_a_pinned_call_names_its_tag(bench: Bench) -> None:
    bench.deploy({**child("ask_one"), **parent('bindingType="versionTag"')})
    assert "BPMN-071" in [finding.code for finding in bench.engine.queries.cannot_run("parent", "en")]
    with pytest.raises(NotExecutable):
        bench.start("parent")


def test_a_version_that_was_called_stays_when_its_caller_moves_to_another_version(bench: Bench) -> None:
    bench.deploy({**child("ask_one"), **parent(LATEST)})
    receipt = bench.start("parent")
    bench.deploy(child("ask_two"))
    bench.complete(receipt, "first")
    newer = {path: text.replace(b'name="first"', b'name="First"') for path, text in parent(LATEST).items()}
    bench.deploy({**child("ask_three"), **newer})
    steps = tuple(Step(source=node, target=node) for node in ("first", "call"))
    bench.engine.migrate_instance(receipt.instance, Plan(process="parent", before=1, after=2, steps=steps), "a reason", actor=LI)
    assert bench.engine.queries.instance(receipt.instance).line.process_version == 2
    bench.complete(receipt, "ask_two", {"ask_two": "x"})
    assert bench.state(receipt) == "completed"
