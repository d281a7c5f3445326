"""Submissions are checked against their form; buttons of the case page are pressed by those who may."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from engine.actor import Actor
from engine.errors import FormInvalid, NotExpected, NotOffered
from engine.standalone import PlainDirectory
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.models import end, extensions, house_model, maps, message, message_named, model, start, user


def _form(key: str, *components: dict[str, Any]) -> dict[str, bytes]:
    schema = {
        "type": "default", "id": key, "schemaVersion": 19, "title": "表", "i18n": {"en": {"title": "Form"}}, "components": list(components),
    }  # fmt: skip
    return {f"forms/{key}.form.json": json.dumps(schema, ensure_ascii=False).encode()}


def _field(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"f_{key}", "key": key, "label": key, "i18n": {"en": {"label": key}}, **more}


AMOUNT = _field("amount", "number", validate={"required": True, "min": 1})
START_FORM = '<zeebe:formDefinition formId="claims/begin"/>'
CLAIMS = {
    **model(
        "claims",
        start("begin", extensions(START_FORM, maps(asked="form.amount", by="form.by")))
        + user("check", maps(granted="form.amount"), form="claims/check")
        + end(),
        "begin check\ncheck done",
    ),
    **_form("claims/begin", AMOUNT),
    **_form("claims/check", AMOUNT, _field("note", "textfield")),
}


def test_a_submission_is_typed_and_what_the_form_does_not_have_is_refused(bench: Bench) -> None:
    bench.deploy(CLAIMS)
    task = bench.start("claims", {"amount": 5}, form=True).tasks[0]
    bench.engine.save_draft(task, {"amount": "0"}, actor=LI)
    for wrong in ({"amount": 0}, {}, {"amount": 5, "salary": 1}):
        with pytest.raises(FormInvalid) as refused:
            bench.engine.complete(task, wrong, actor=LI)
        assert refused.value.errors[0].pointer
    assert bench.engine.draft(task, "li") == {"amount": "0"}
    assert bench.engine.complete(task, {"amount": 7}, actor=LI).outcome == "completed"


def test_a_start_form_is_checked_and_mapped_and_leaves_nothing_else(bench: Bench) -> None:
    bench.deploy(CLAIMS)
    with pytest.raises(FormInvalid):
        bench.start("claims", {"amount": -1}, form=True)
    assert bench.engine.queries.instances().items == ()
    receipt = bench.start("claims", {"amount": 5}, form=True)
    found = bench.variables(receipt)
    assert (found["asked"], found["by"]) == (Decimal(5), "li")
    assert "form" not in found
    assert "form_submitted" in bench.kinds(receipt)


def test_forms_are_rendered_with_the_draft_in_the_readers_language(bench: Bench) -> None:
    bench.deploy(CLAIMS)
    task = bench.start("claims", {"amount": 5}, form=True).tasks[0]
    bench.engine.save_draft(task, {"amount": 3}, actor=LI)
    rendered = bench.engine.queries.task_form(task, actor=Actor(person="li", language="en"))
    assert rendered is not None
    assert rendered.schema["title"] == "Form"
    assert rendered.data["amount"] in (3, "3", Decimal(3))
    assert bench.engine.queries.start_form("claims", actor=LI) is not None


# Actions

BUTTON = '<cogov:action role="=&quot;role:head@c1&quot;" form="case/withdraw"/>'
WITHDRAWN = maps(reason="message.reason", who="message.by")
WITHDRAW = (
    '<bpmn:subProcess id="withdrawing" name="withdrawing" triggeredByEvent="true"><bpmn:extensionElements></bpmn:extensionElements>'
    '<bpmn:startEvent id="withdraw" name="withdraw" isInterrupting="true">'
    + extensions(BUTTON, WITHDRAWN)
    + message("m")
    + '</bpmn:startEvent><bpmn:endEvent id="withdrawn"/>'
    '<bpmn:sequenceFlow id="w1" sourceRef="withdraw" targetRef="withdrawn"/></bpmn:subProcess>'
)


@pytest.fixture
def case(make_bench: MakeBench) -> Bench:
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"], "role:head@c1": ["wang"]}))
    files = house_model("case", start() + user("ask") + end() + WITHDRAW, "begin ask\nask done", role="clerk")
    path, content = next(iter(files.items()))
    named = message_named("m", "msg.withdraw", "starter")
    with_message = content.decode().replace("<bpmn:collaboration", f"{named}<bpmn:collaboration")
    reason = _field("reason", "textfield", validate={"required": True})
    bench.deploy({path: with_message.encode(), **_form("case/withdraw", reason)})
    return bench


def test_a_button_is_shown_to_and_pressed_by_those_who_may(case: Bench) -> None:
    receipt = case.start("case", area="c1")
    instance = receipt.instance or ""
    assert case.engine.queries.actions_for(instance, "li") == ()
    (button,) = case.engine.queries.actions_for(instance, "wang")
    assert (button.node, button.form) == ("withdraw", "case/withdraw")
    with pytest.raises(NotOffered):
        case.engine.act(instance, button.token, {"reason": "changed"}, actor=LI)
    with pytest.raises(FormInvalid):
        case.engine.act(instance, button.token, {}, actor=WANG)
    first = case.engine.act(instance, button.token, {"reason": "changed"}, actor=WANG, idempotency_key="k")
    assert case.engine.act(instance, button.token, {"reason": "changed"}, actor=WANG, idempotency_key="k").answer == first.answer
    assert case.engine.queries.instance(instance).completed["withdrawn"] == 1
    assert {name: case.variables(receipt)[name] for name in ("reason", "who")} == {"reason": "changed", "who": "wang"}
    with pytest.raises(NotExpected):
        case.engine.act(instance, button.token, {"reason": "again"}, actor=WANG)


def test_a_task_that_is_interrupted_can_not_be_completed_any_more(case: Bench) -> None:
    receipt = case.start("case", area="c1")
    button = case.engine.queries.actions_for(receipt.instance or "", "wang")[0]
    case.engine.act(receipt.instance or "", button.token, {"reason": "changed"}, actor=WANG)
    with pytest.raises(NotExpected):
        case.engine.complete(receipt.tasks[0], actor=LI)
    assert case.engine.queries.done_task(receipt.tasks[0]).outcome == "withdrawn"


def test_a_button_sends_its_message_although_the_event_waits_for_a_signal_too(make_bench: MakeBench) -> None:
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"], "role:head@c1": ["wang"]}))
    either = WITHDRAW.replace("<bpmn:messageEventDefinition", '<bpmn:signalEventDefinition signalRef="s"/><bpmn:messageEventDefinition')
    files = house_model("case", start() + user("ask") + end() + either, "begin ask\nask done", role="clerk")
    path, content = next(iter(files.items()))
    named = message_named("m", "msg.withdraw", "starter") + '<bpmn:signal id="s" name="storm"/>'
    whole = content.decode().replace("<bpmn:collaboration", f"{named}<bpmn:collaboration")
    bench.deploy({path: whole.encode(), **_form("case/withdraw", _field("reason", "textfield"))})
    receipt = bench.start("case", area="c1")
    (button,) = bench.engine.queries.instance(receipt.instance).actions
    bench.engine.act(receipt.instance, button.token, {"reason": "moved"}, actor=WANG)
    assert bench.state(receipt) == "completed"
    assert bench.variables(receipt)["reason"] == "moved"
