"""Buttons of an ad-hoc sub-process, through the engine and its store."""

from __future__ import annotations

import pytest

from engine.errors import NotOffered
from tests.integration.engine.conftest import LI, WANG, Bench
from tests.integration.engine.models import end, model, start, user

INSIDE = user("visit", assignee='"li"') + user("call", assignee='"wang"') + user("note", assignee='"wang"')
FLOW = '<bpmn:sequenceFlow id="s1" sourceRef="call" targetRef="note"/>'
FREE = f'<bpmn:adHocSubProcess id="free" name="自办">{INSIDE}{FLOW}</bpmn:adHocSubProcess>'


def test_people_press_the_buttons_that_are_theirs_and_the_starter_ends_the_whole(bench: Bench) -> None:
    bench.deploy(model("loose", start() + FREE + user("after", assignee='"li"') + end(), "begin free\nfree after\nafter done"))
    receipt = bench.start("loose")
    buttons = {action.node: action for action in bench.engine.queries.instance(receipt.instance).actions}
    assert list(buttons) == ["visit", "call", "free"]
    assert (buttons["visit"].selectors, buttons["call"].selectors) == (("person:li",), ("person:wang",))
    assert buttons["free"].name.zh == "结束：自办"
    with pytest.raises(NotOffered):
        bench.engine.act(receipt.instance, buttons["call"].token, actor=LI)
    bench.engine.act(receipt.instance, buttons["call"].token, actor=WANG, idempotency_key="k")
    assert bench.engine.act(receipt.instance, buttons["call"].token, actor=WANG, idempotency_key="k").repeated
    assert list(bench.tasks(receipt)) == ["call"]
    bench.complete(receipt, "call", actor=WANG)
    assert list(bench.tasks(receipt)) == ["note"]
    bench.engine.act(receipt.instance, buttons["visit"].token, actor=LI)
    assert sorted(bench.tasks(receipt)) == ["note", "visit"]
    bench.engine.act(receipt.instance, buttons["free"].token, actor=LI)
    assert list(bench.tasks(receipt)) == ["after"]
    assert bench.engine.queries.instance(receipt.instance).actions == ()
    bench.complete(receipt, "after")
    assert bench.state(receipt) == "completed"
