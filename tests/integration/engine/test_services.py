"""Services: inline ones refuse the command, jobs are tried again, then an incident waits for an operator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import BpmnError, Conflict, ServiceRefused
from engine.jobs.retry import RetryPolicy
from engine.services import Call, Services, service
from tests.integration.engine.conftest import LI, Bench, MakeBench
from tests.integration.engine.models import boundary, end, extensions, maps, model, start, timer, user
from tests.integration.engine.models import service as service_task

ERROR = '<bpmn:error id="e" name="down" errorCode="ERR_DOWN"/>'
FLOWS = "begin ask\nask call\ncall done\nfailed given_up"
NODES = (
    start()
    + user("ask")
    + service_task("call", "outside.call", maps(answer="result.answer"))
    + boundary("failed", "call", '<bpmn:errorEventDefinition errorRef="e"/>')
    + end()
    + end("given_up")
)
CALLER = model("caller", NODES, FLOWS, top=ERROR)


class Outside:
    """A service of somebody else: answers, or raises what it is told to."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.calls: list[Call] = []
        #: what happens while the other side works
        self.meanwhile: Callable[[], None] = lambda: None

    def services(self, *, inline: bool) -> Services:
        @service("outside.call", inline=inline)
        def call(call: Call, **_inputs: Any) -> dict[str, Any]:
            self.calls.append(call)
            self.meanwhile()
            if self.failures:
                raise self.failures.pop(0)
            return {"answer": 42}

        return Services(call)


@pytest.fixture
def outside() -> Outside:
    return Outside()


def _started(make_bench: MakeBench, outside: Outside, *, inline: bool = False) -> tuple[Bench, Any]:
    retry = RetryPolicy(attempts=3, first=timedelta(minutes=1), rate=2)
    bench = make_bench(services=outside.services(inline=inline), retry=retry)
    bench.deploy(CALLER)
    return bench, bench.start("caller")


def test_a_service_is_called_outside_the_transaction_and_its_result_mapped(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    bench.complete(receipt, "ask")
    assert (bench.state(receipt), outside.calls) == ("running", [])
    bench.run()
    assert bench.state(receipt) == "completed"
    assert bench.variables(receipt)["answer"] == Decimal(42)
    assert outside.calls[0].connection is None


def test_a_failing_service_is_tried_again_with_the_same_key(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    outside.failures = [OSError("503"), OSError("503")]
    bench.complete(receipt, "ask")
    bench.run()
    assert len(outside.calls) == 1
    bench.wait(minutes=1)
    assert len(outside.calls) == 2
    bench.wait(minutes=2)
    assert bench.state(receipt) == "completed"
    assert len({c.idempotency_key for c in outside.calls}) == 1


def test_out_of_attempts_an_operator_sees_an_incident_and_retries(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    outside.failures = [OSError("503")] * 3
    bench.complete(receipt, "ask")
    bench.wait(hours=1)
    incident = bench.engine.queries.incidents().items[0]
    assert (incident.code, incident.message, incident.node) == ("service_failed", "OSError: 503", "call")
    assert bench.engine.queries.instances(with_incidents=True).items[0].id == receipt.instance
    bench.engine.retry(incident.id, actor=LI)
    bench.run()
    assert bench.state(receipt) == "completed"
    assert bench.engine.queries.incidents().items == ()
    with pytest.raises(Conflict):
        bench.engine.retry(incident.id, actor=LI)


def test_an_operator_may_give_a_service_up(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    outside.failures = [OSError("503")] * 3
    bench.complete(receipt, "ask")
    bench.wait(hours=1)
    bench.engine.abandon(bench.engine.queries.incidents().items[0].id, "ERR_DOWN", actor=LI)
    assert bench.engine.queries.instance(receipt.instance).line.ends == ("given_up",)


def test_a_bpmn_error_of_a_job_is_caught_by_the_model(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    outside.failures = [BpmnError("ERR_DOWN")]
    bench.complete(receipt, "ask")
    bench.run()
    assert bench.engine.queries.instance(receipt.instance).line.ends == ("given_up",)


def test_a_result_that_comes_twice_counts_once(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    bench.complete(receipt, "ask")
    job = bench.jobs._queue[0]
    bench.run()
    with bench.engine.database.write() as connection:
        bench.jobs.enqueue(connection, job.name, job.payload)
    bench.run()
    assert len(outside.calls) == 1
    assert bench.kinds(receipt).count("service_done") == 1


def test_an_inline_service_that_fails_refuses_the_command(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside, inline=True)
    outside.failures = [ValueError("no")]
    with pytest.raises(ServiceRefused, match=r"outside\.call: no"):
        bench.complete(receipt, "ask")
    assert bench.waits_at(receipt) == ["ask"]
    assert bench.complete(receipt, "ask").outcome == "completed"


def test_an_unknown_name_is_an_incident_that_a_corrected_variable_resolves(bench: Bench) -> None:
    script = '<zeebe:script expression="=amount * 2" resultVariable="twice"/>'
    sums = f'<bpmn:scriptTask id="sum" name="sum">{extensions(script)}</bpmn:scriptTask>'
    nodes = start() + user("ask") + sums + end()
    bench.deploy(model("sums", nodes, "begin ask\nask sum\nsum done"))
    receipt = bench.start("sums")
    bench.complete(receipt, "ask")
    incident = bench.engine.queries.incidents(instance=receipt.instance).items[0]
    assert incident.node == "sum"
    bench.engine.resolve(incident.id, {"amount": 21}, actor=LI)
    assert bench.state(receipt) == "completed"
    assert bench.variables(receipt)["twice"] == Decimal(42)


def test_a_cancelled_instance_closes_its_incidents(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _started(make_bench, outside)
    outside.failures = [OSError("503")] * 3
    bench.complete(receipt, "ask")
    bench.wait(hours=1)
    bench.engine.cancel(receipt.instance, "enough", actor=LI)
    assert bench.engine.queries.incidents().items == ()
    assert bench.engine.queries.instance(receipt.instance).line.incidents == 0


HASTY = model(
    "hasty",
    start() + service_task("call", "outside.call") + boundary("late", "call", timer("timeDuration", "PT30S")) + user("by_hand") + end(),
    "begin call\ncall done\nlate by_hand\nby_hand done",
)


def _interrupted(make_bench: MakeBench, outside: Outside, failures: int) -> tuple[Bench, Any]:
    """A case whose service has failed so often and is interrupted before it is tried again."""
    bench = make_bench(services=outside.services(inline=False), retry=RetryPolicy(attempts=failures + 1, first=timedelta(seconds=40)))
    bench.deploy(HASTY)
    outside.failures = [OSError("503")] * (failures + 1)
    receipt = bench.start("hasty")
    bench.run()
    bench.wait(seconds=35)
    assert bench.waits_at(receipt) == ["by_hand"]
    return bench, receipt


def test_a_service_is_not_called_again_for_a_step_that_was_interrupted(make_bench: MakeBench, outside: Outside) -> None:
    bench, receipt = _interrupted(make_bench, outside, failures=1)
    assert len(outside.calls) == 1
    bench.wait(days=2)
    assert len(outside.calls) == 1
    assert "service_done" not in bench.kinds(receipt)


def test_the_last_failure_for_a_step_that_was_interrupted_makes_no_incident(make_bench: MakeBench, outside: Outside) -> None:
    bench = make_bench(services=outside.services(inline=False), retry=RetryPolicy(attempts=1))
    bench.deploy(HASTY)
    receipt = bench.start("hasty")
    outside.meanwhile = lambda: bench.wait(seconds=31)
    outside.failures = [OSError("503")]
    bench.run()
    assert bench.waits_at(receipt) == ["by_hand"]
    assert bench.engine.queries.incidents().items == ()


def test_a_result_that_comes_after_the_step_was_interrupted_is_told_as_unused(make_bench: MakeBench, outside: Outside) -> None:
    bench = make_bench(services=outside.services(inline=False))
    bench.deploy(HASTY)
    receipt = bench.start("hasty")
    outside.meanwhile = lambda: bench.wait(seconds=31)
    bench.run()
    assert bench.waits_at(receipt) == ["by_hand"]
    kinds = bench.kinds(receipt)
    assert ("service_done" in kinds, kinds.count("service_unused")) == (False, 1)
    bench.complete(receipt, "by_hand")
    assert bench.state(receipt) == "completed"
