"""Boundary events of every kind, interrupting and not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from scenario import ERRORS, NOON, SIGNAL, boundary, bpmn, end, error, mapping, message, message_top, node, service, start, timer, user

from engine.errors import BpmnError
from engine.events import ActionOpened, IncidentRaised, SubscriptionOpened, TimerArmed

DEADLINE = bpmn(
    start() + user("review", ext='<cogov:deadline id="review_due" limit="3WD"/>')
    + boundary("late", "review", timer('=deadline("review_due").due', "timeDate")) + user("urge") + end("done", "urged"),
    flows="begin > review > done\nlate > urge > urged",
)  # fmt: skip


def test_the_deadline_opens_before_the_boundary_timer_reads_it(scenario):
    case = scenario(DEADLINE)
    assert case.start()[-3:] == ["start review", "arm late 05 20:00 1", "offer review person:wang"]
    assert case.last(TimerArmed).due == NOON + timedelta(days=3)
    assert case.world.log == ["deadline review_due 3WD"]


def test_an_interrupting_timer_withdraws_the_task_and_drops_its_deadline(scenario):
    case = scenario(DEADLINE)
    case.start()
    assert case.fire("late") == [
        "withdraw review", "disarm late", "cancel review by late", "start late", "end late", "take late_urge", "start urge",
        "offer urge person:wang",
    ]  # fmt: skip
    assert case.world.log[-1] == "dropped"


def test_a_completed_task_disarms_its_timer_and_meets_its_deadline(scenario):
    case = scenario(DEADLINE)
    case.start()
    assert case.complete("review")[:3] == ["submit review", "disarm late", "end review"]
    assert case.world.log[-1] == "met"


def test_a_timer_that_reads_a_deadline_moves_with_it(scenario):
    case = scenario(DEADLINE)
    case.start()
    assert case.rearm() == []
    case.world.deadlines["review_due"] += timedelta(days=2)
    assert case.rearm() == ["arm late 07 20:00 2"]
    assert case.rearm() == []


def test_a_limit_may_be_an_expression(scenario):
    case = scenario(bpmn(start() + user("a", ext='<cogov:deadline id="d" limit="=limits.a"/>') + end(), flows="begin > a > done"))
    case.start({"starter": "wang", "limits": {"a": "P14D"}})
    assert case.world.log == ["deadline d P14D"]


def test_a_cycle_fires_as_often_as_it_says_with_a_higher_generation_each_time(scenario):
    body = start() + user("review") + boundary("remind", "review", timer("R3/PT1H", "timeCycle"), interrupting=False) + end("done", "told")
    case = scenario(bpmn(body, flows="begin > review > done\nremind > told"))
    assert "arm remind 02 13:00 1" in case.start()
    case.world.clock.advance(timedelta(hours=1))
    assert case.fire("remind") == ["arm remind 02 14:00 2", "start remind", "end remind", "take remind_told", "start told", "end told"]
    assert case.fire("remind")[0] == "arm remind 02 14:00 3"
    assert case.fire("remind")[0] == "disarm remind"
    assert case.listening("remind") == []
    assert case.complete("review")[-1] == "process p completed told,done"


ACTION = '<cogov:action role="=[role(&quot;legal&quot;, area), &quot;person:li&quot;]" form="p/hint"/>'
HINT = boundary("hint", "review", message("m"), interrupting=False, ext=ACTION + mapping("out =message.text hint"))
ADVICE = bpmn(
    start() + user("review") + HINT + user("read") + end("done", "was_read"),
    flows="begin > review > done\nhint > read > was_read",
    top=message_top("m", "msg.hint", "=number"),
)


def test_a_non_interrupting_message_fires_every_time_and_offers_its_button(scenario):
    case = scenario(ADVICE)
    lines = case.start({"starter": "wang", "area": "a1", "number": "GJ-1"})
    assert lines[-3:] == ["listen hint msg.hint GJ-1", "action hint role:legal@a1,person:li", "offer review person:wang"]
    assert case.last(ActionOpened).form == "p/hint"
    for number in range(3):
        assert case.fire("hint", payload={"text": f"t{number}"})[:3] == ["start hint", "end hint", "take hint_read"]
        assert case.variables()["hint"] == f"t{number}"
    assert case.complete("review")[:4] == ["submit review", "unlisten hint", "close action hint", "end review"]
    assert case.at() == ["read", "read", "read"]


def test_a_correlation_key_that_is_null_is_an_incident_since_it_would_match_everything(scenario):
    case = scenario(ADVICE)
    case.start({"starter": "wang", "area": "a1", "number": None})
    assert case.last(IncidentRaised).node.id == "hint"
    assert case.at() == ["review"]
    assert not any(isinstance(event, SubscriptionOpened) for event in case.history)


def test_a_boundary_event_reads_the_inputs_of_its_host(scenario):
    body = start() + user("review", ext=mapping("in =number+1 my_key")) + boundary("hint", "review", message("m")) + end()
    case = scenario(bpmn(body, flows="begin > review > done\nhint > done", top=message_top("m", "msg.hint", "=my_key")))
    assert "listen hint msg.hint 8" in case.start({"starter": "wang", "number": 7})


def test_a_signal_boundary(scenario):
    case = scenario(bpmn(start() + user("a") + boundary("b", "a", SIGNAL) + end("d", "e"), flows="begin > a > d\nb > e", top=ERRORS))
    case.start()
    assert case.fire("b", payload={"level": 3})[:3] == ["withdraw a", "unlisten b", "cancel a by b"]
    assert case.variables() == {"level": Decimal(3)}


def thrower(code: str):
    def throw() -> None:
        raise BpmnError(code, {"n": 3})

    return throw


@pytest.mark.parametrize(("code", "ends_at"), [("E1", "exact"), ("E2", "any")])
def test_an_error_goes_to_the_boundary_with_its_code_else_to_the_catch_all(scenario, code, ends_at):
    body = (
        start()
        + service("s", "x.y")
        + boundary("all", "s", error())
        + boundary("one", "s", error("err1"), ext=mapping("out =error caught"))
    )
    case = scenario(
        bpmn(body + end("done", "any", "exact"), flows="begin > s > done\nall > any\none > exact", top=ERRORS),
        services={"x.y": thrower(code)},
    )
    assert case.start()[-1] == f"process p completed {ends_at}"
    assert case.variables() == ({"caught": {"code": "E1", "n": Decimal(3)}} if code == "E1" else {"n": Decimal(3)})


def test_a_conditional_boundary_fires_when_the_condition_becomes_true_and_again_only_after_it_was_false(scenario):
    expression = '<bpmn:condition xsi:type="bpmn:tFormalExpression">=x &gt; 3</bpmn:condition>'
    condition = f"<bpmn:conditionalEventDefinition>{expression}</bpmn:conditionalEventDefinition>"
    body = start() + user("w", "o1", "o2", "o3") + boundary("cond", "w", condition, interrupting=False) + end("d1", "d2")
    model = bpmn(body, flows="begin > w > d1\nbegin > o1 > o2 > o3 > d1\ncond > d2", head='<cogov:data name="x"/>')
    case = scenario(model)
    case.start()
    assert "start cond" in case.complete("o1", {"x": 4})
    assert "start cond" not in case.complete("o2", {"x": 5})
    assert "start cond" not in case.complete("o3", {"x": 1})


def test_the_boundary_of_a_failed_service_still_interrupts_it(scenario):
    body = start() + service("s", "no.such") + boundary("late", "s", timer("PT1H")) + end("done", "given_up")
    case = scenario(bpmn(body, flows="begin > s > done\nlate > given_up"))
    assert case.start()[-1] == "incident s no_such_service"
    assert case.fire("late")[-1] == "process p completed given_up"


def test_a_late_alarm_for_a_timer_that_is_gone_changes_nothing(scenario):
    body = start() + user("a", "b") + boundary("late", "a", timer("PT1H")) + end()
    case = scenario(bpmn(body, flows="begin > a > b > done\nlate > done"))
    case.start()
    token = case.listening("late")[0]
    case.complete("a")
    changes = case.kernel.trigger(case.definitions, case.snapshot(), case.world, token, 0)
    assert (changes.events, changes.tokens, changes.gone_tokens, changes.variables) == ([], [], [], {})


def test_an_event_that_must_happen_in_full_waits_for_each_part(scenario):
    both = message("m") + timer("PT1H")
    body = start() + node("intermediateCatchEvent", "both", both, parallelMultiple="true") + end()
    case = scenario(bpmn(body, flows="begin > both > done", top=message_top("m", "msg.m")))
    case.start()
    assert case.fire("both", 1) == ["disarm both"]
    assert case.fire("both", 0)[0] == "unlisten both"
    assert case.outcome == "completed"
