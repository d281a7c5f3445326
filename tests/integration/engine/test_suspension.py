"""Suspend and resume: nothing moves, nothing is lost, and what came meanwhile happens in order."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.operating import ReasonMissing
from engine.engine import Receipt
from engine.errors import BpmnError, Conflict, DefinitionSuspended, InstanceEnded, InstanceSuspended, NotFound
from engine.history import store as history
from engine.services import Services, service
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.models import (
    ONE_TASK,
    boundary,
    catch,
    end,
    maps,
    message,
    message_named,
    model,
    parallel,
    start,
    timer,
    user,
)
from tests.integration.engine.models import service as service_task

WHY = "等待上级答复"
TIMERS = model(
    "timers",
    start()
    + user("ask")
    + boundary("late", "ask", timer("timeDuration", "PT2H"), interrupting=False)
    + boundary("early", "ask", timer("timeDuration", "PT1H"), interrupting=False)
    + user("after_late")
    + user("after_early")
    + end()
    + end("done_late")
    + end("done_early"),
    "begin ask\nask done\nlate after_late\nearly after_early\nafter_late done_late\nafter_early done_early",
)
WAITS = model(
    "waits",
    start() + catch("answer", message("msg"), maps(said="message.text")) + user("read") + end(),
    "begin answer\nanswer read\nread done",
    top=message_named("msg", "msg.answer", "subject"),
)
BESIDE = model(
    "beside",
    start() + user("ask") + boundary("came", "ask", message("msg"), interrupting=False) + user("read") + end() + end("has_read"),
    "begin ask\nask done\ncame read\nread has_read",
    top=message_named("msg", "msg.answer", "subject"),
)
BEGUN = model(
    "begun",
    start("by_message", message("go")) + user("ask") + end(),
    "by_message ask\nask done",
    top=message_named("go", "msg.go"),
)
BOTH = model(
    "both",
    start() + parallel("split") + user("ask") + catch("heard", '<bpmn:signalEventDefinition signalRef="sig"/>') + end() + end("heard_it"),
    "begin split\nsplit ask\nsplit heard\nask done\nheard heard_it",
    top='<bpmn:signal id="sig" name="fire"/>',
)


def suspended(bench: Bench, receipt: Receipt) -> str:
    assert receipt.instance is not None
    bench.engine.suspend(receipt.instance, WHY, actor=WANG)
    return receipt.instance


def test_a_suspended_case_refuses_to_be_worked_on_and_goes_on_afterwards(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    instance = suspended(bench, receipt)
    with pytest.raises(InstanceSuspended, match="暂停"):
        bench.complete(receipt, "ask", {"a": 1})
    assert bench.state(receipt) == "running"
    assert bench.engine.queries.instance(instance).line.suspended_at == bench.clock.now()
    bench.engine.resume(instance, "答复已到", actor=WANG)
    bench.complete(receipt, "ask", {"a": 1})
    assert bench.state(receipt) == "completed"
    lines = [line for line in bench.engine.queries.history(instance).items if line.kind in ("suspended", "resumed")]
    assert [(line.kind, line.actor, line.content["reason"]) for line in lines] == [
        ("suspended", "wang", WHY),
        ("resumed", "wang", "答复已到"),
    ]


def test_typing_and_taking_a_task_stay_possible(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    instance = suspended(bench, receipt)
    task = bench.tasks(receipt)["ask"]
    bench.engine.save_draft(task, {"a": "typed"}, actor=LI)
    bench.engine.claim(task, actor=LI)
    bench.engine.resume(instance, WHY, actor=WANG)
    assert bench.engine.draft(task, "li") == {"a": "typed"}


def test_alarms_that_come_meanwhile_ring_at_resume_in_their_order(bench: Bench) -> None:
    bench.deploy(TIMERS)
    receipt = bench.start("timers")
    instance = suspended(bench, receipt)
    bench.wait(hours=5)
    assert bench.waits_at(receipt) == ["ask", "early", "late"]
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    fired = [line.element for line in bench.engine.queries.history(instance).items if line.kind == "timer_fired"]
    assert fired == ["early", "late"]
    assert bench.waits_at(receipt) == ["after_early", "after_late", "ask"]


def test_an_alarm_that_is_not_due_yet_keeps_its_time(bench: Bench) -> None:
    bench.deploy(TIMERS)
    receipt = bench.start("timers")
    instance = suspended(bench, receipt)
    bench.wait(minutes=10)
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.wait(minutes=49)
    assert bench.waits_at(receipt) == ["ask", "early", "late"]
    bench.wait(minutes=1)
    assert "after_early" in bench.waits_at(receipt)


def test_a_message_waits_for_its_case_and_comes_once(bench: Bench) -> None:
    bench.deploy(WAITS)
    receipt = bench.start("waits", {"subject": "k1"})
    instance = suspended(bench, receipt)
    first = bench.engine.send("msg.answer", {"text": "yes"}, key="k1", message_id="m1", actor=LI)
    assert (first.outcome, first.instance) == ("buffered", instance)
    assert bench.engine.send("msg.answer", {"text": "yes"}, key="k1", message_id="m1", actor=LI).repeated
    bench.wait(days=60)  # longer than messages nobody waits for are kept
    assert bench.waits_at(receipt) == ["answer"]
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert bench.waits_at(receipt) == ["read"]
    assert bench.variables(receipt)["said"] == "yes"
    assert bench.kinds(receipt).count("message_received") == 1


def test_a_message_goes_to_a_case_that_moves_rather_than_to_one_that_does_not(bench: Bench) -> None:
    bench.deploy(WAITS)
    still, moving = bench.start("waits", {"subject": "k1"}), bench.start("waits", {"subject": "k1"})
    suspended(bench, still)
    assert bench.engine.send("msg.answer", {"text": "yes"}, key="k1", actor=LI).instance == moving.instance
    assert bench.waits_at(still) == ["answer"]


def test_a_message_held_for_a_case_that_is_cancelled_finds_another_receiver(bench: Bench) -> None:
    bench.deploy(WAITS)
    first = bench.start("waits", {"subject": "k1"})
    instance = suspended(bench, first)
    bench.engine.send("msg.answer", {"text": "yes"}, key="k1", actor=LI)
    second = bench.start("waits", {"subject": "k1"})
    bench.engine.cancel(instance, WHY, actor=WANG)
    bench.run()
    assert bench.waits_at(second) == ["read"]


def test_a_message_held_for_a_case_that_ends_before_it_is_delivered_finds_another_receiver(bench: Bench) -> None:
    bench.deploy(BESIDE)
    first = bench.start("beside", {"subject": "k1"})
    instance = suspended(bench, first)
    bench.engine.send("msg.answer", {"text": "yes"}, key="k1", actor=LI)
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.engine.complete(bench.tasks(first)["ask"], {}, actor=LI)
    second = bench.start("beside", {"subject": "k1"})
    bench.run()
    assert bench.waits_at(second) == ["ask", "came", "read"]


def test_a_signal_is_heard_at_resume(bench: Bench) -> None:
    bench.deploy(BOTH)
    receipt = bench.start("both")
    instance = suspended(bench, receipt)
    bench.engine.signal("fire", actor=LI)
    bench.run()
    assert bench.waits_at(receipt) == ["ask", "heard"]
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert bench.waits_at(receipt) == ["ask"]


def _asking(calls: list[str], meanwhile: list[Any]) -> Services:
    @service("test.remote", inline=False)
    def remote(_call: Any) -> dict[str, Any]:
        calls.append("called")
        for act in meanwhile:
            act()
        if len(calls) > 5:
            raise BpmnError("never")
        return {"answer": 42}

    return Services(remote)


REMOTE = model(
    "remote",
    start() + service_task("fetch", "test.remote", maps(answer="result.answer")) + user("read") + end(),
    "begin fetch\nfetch read\nread done",
)


def test_a_service_is_not_called_before_resume(make_bench: MakeBench) -> None:
    calls: list[str] = []
    bench = make_bench(services=_asking(calls, []))
    bench.deploy(REMOTE)
    receipt = bench.start("remote")
    instance = suspended(bench, receipt)
    bench.run()
    assert not calls
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert (calls, bench.waits_at(receipt)) == (["called"], ["read"])


def test_a_result_that_comes_meanwhile_is_taken_at_resume_without_a_second_call(make_bench: MakeBench) -> None:
    calls: list[str] = []
    meanwhile: list[Any] = []
    bench = make_bench(services=_asking(calls, meanwhile))
    bench.deploy(REMOTE)
    receipt = bench.start("remote")
    assert receipt.instance is not None
    instance = receipt.instance
    meanwhile.append(lambda: bench.engine.suspend(instance, WHY, actor=WANG))
    bench.run()
    assert (calls, bench.waits_at(receipt)) == (["called"], ["fetch"])
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert (calls, bench.waits_at(receipt)) == (["called"], ["read"])


def test_suspended_again_before_all_has_come_the_rest_waits_on(bench: Bench) -> None:
    bench.deploy(TIMERS)
    receipt = bench.start("timers")
    instance = suspended(bench, receipt)
    bench.wait(hours=5)
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.engine.suspend(instance, WHY, actor=WANG)
    bench.run()
    assert bench.waits_at(receipt) == ["ask", "early", "late"]
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert bench.waits_at(receipt) == ["after_early", "after_late", "ask"]


def test_a_key_is_answered_again_and_what_makes_no_sense_is_refused(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    assert receipt.instance is not None
    instance = receipt.instance
    bench.engine.suspend(instance, WHY, actor=WANG, idempotency_key="k")
    assert bench.engine.suspend(instance, WHY, actor=WANG, idempotency_key="k").repeated
    with pytest.raises(Conflict):
        bench.engine.suspend(instance, WHY, actor=WANG)
    with pytest.raises(ReasonMissing):
        bench.engine.resume(instance, " ", actor=WANG)
    bench.engine.resume(instance, WHY, actor=WANG)
    with pytest.raises(Conflict):
        bench.engine.resume(instance, WHY, actor=WANG)
    bench.complete(receipt, "ask", {"a": 1})
    with pytest.raises(InstanceEnded):
        bench.engine.suspend(instance, WHY, actor=WANG)
    with pytest.raises(NotFound):
        bench.engine.suspend("nobody", WHY, actor=WANG)


# Definitions -------------------------------------------------------------------------------------------------------


def test_no_new_case_begins_of_a_suspended_procedure_and_running_ones_go_on(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    running = bench.start("one_task")
    bench.engine.suspend_definition("one_task", WHY, actor=WANG)
    with pytest.raises(DefinitionSuspended, match="暂停"):
        bench.start("one_task")
    bench.complete(running, "ask", {"a": 1})
    assert [(s.process, s.version, s.reason) for s in bench.engine.suspended_definitions()] == [("one_task", None, WHY)]
    bench.engine.resume_definition("one_task", WHY, actor=WANG)
    assert bench.state(bench.start("one_task")) == "running"


def test_one_version_may_be_suspended_alone(bench: Bench) -> None:
    changed = model("one_task", start() + user("ask") + user("again") + end(), "begin ask\nask again\nagain done")
    bench.deploy(ONE_TASK, changed)
    bench.engine.suspend_definition("one_task", WHY, actor=WANG, version=1)
    with pytest.raises(DefinitionSuspended):
        bench.start("one_task", version=1)
    assert bench.state(bench.start("one_task")) == "running"
    with pytest.raises(NotFound):
        bench.engine.suspend_definition("one_task", WHY, actor=WANG, version=9)


def test_a_message_that_would_start_it_is_kept_and_starts_it_at_resume(bench: Bench) -> None:
    bench.deploy(BEGUN)
    bench.engine.suspend_definition("begun", WHY, actor=WANG)
    assert bench.engine.send("msg.go", {}, actor=LI).outcome == "buffered"
    assert not bench.engine.queries.instances().items
    bench.engine.resume_definition("begun", WHY, actor=WANG)
    bench.run()
    assert [line.process for line in bench.engine.queries.instances().items] == ["begun"]


def test_its_cases_are_suspended_and_resumed_with_it_but_not_those_suspended_for_themselves(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    own, other, third = (bench.start("one_task") for _ in range(3))
    suspended(bench, own)
    done = bench.engine.suspend_definition("one_task", WHY, actor=WANG, instances=True)
    bench.run()
    assert done.batch is not None
    progress = bench.engine.batch(done.batch)
    assert (progress.state, progress.total, progress.done, progress.failed) == ("done", 2, 2, 0)
    for receipt in (own, other, third):
        with pytest.raises(InstanceSuspended):
            bench.complete(receipt, "ask", {"a": 1})
    bench.engine.resume_definition("one_task", WHY, actor=WANG)
    bench.run()
    bench.complete(other, "ask", {"a": 1})
    bench.complete(third, "ask", {"a": 1})
    with pytest.raises(InstanceSuspended):
        bench.complete(own, "ask", {"a": 1})


def test_the_acts_on_definitions_stand_in_a_chain_of_their_own(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    bench.engine.suspend_definition("one_task", WHY, actor=WANG)
    bench.engine.resume_definition("one_task", WHY, actor=WANG)
    with bench.engine.database.read() as connection:
        rows = history.entries(connection, "installation")
        assert [(r.kind, r.element, r.actor) for r in rows] == [
            ("definition_suspended", "one_task", "wang"),
            ("definition_resumed", "one_task", "wang"),
        ]
        assert not history.verify(connection)
    with bench.engine.database.write() as connection:
        history.erase(connection, "installation", [1])
        assert not history.verify(connection)
