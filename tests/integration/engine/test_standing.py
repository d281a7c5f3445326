"""Processes that begin by themselves, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine.commands import standing
from engine.errors import DeployRefused
from engine.events import Event, ProcessEnded
from engine.ports import Unit
from engine.store import data
from tests.integration.engine.conftest import LI, Bench, MakeBench
from tests.integration.engine.models import catch, end, extensions, model, script, start, timer, user


def daily(text: str = "R/P1D", kind: str = "timeCycle", task: str = "ask") -> dict[str, bytes]:
    return model("daily", start("noon", timer(kind, text)) + user(task) + end(), f"noon {task}\n{task} done")


def begun(bench: Bench) -> list[str]:
    """When the instances of the process began, oldest first."""
    found = bench.engine.queries.instances(processes=["daily"]).items
    return sorted(f"{line.started_at:%d %H:%M}" for line in found)


def test_a_timer_start_begins_an_instance_at_every_occurrence(bench: Bench) -> None:
    bench.deploy(daily())
    bench.wait(hours=23)
    assert begun(bench) == []
    bench.wait(hours=50)
    assert begun(bench) == ["03 01:00", "04 01:00", "05 01:00"]
    line = bench.engine.queries.instances(processes=["daily"]).items[0]
    assert (line.starter, line.state) == (None, "running")
    kinds = [row.kind for row in bench.engine.queries.history(line.id, limit=10).items]
    assert kinds[0] == "timer_fired"


def test_what_was_missed_begins_one_instance_and_the_rhythm_stays(bench: Bench) -> None:
    bench.deploy(daily("R/PT1H"))
    bench.clock.advance(timedelta(hours=5, minutes=30))
    bench.run()
    assert begun(bench) == ["02 06:30"]
    bench.wait(minutes=30)
    assert begun(bench) == ["02 06:30", "02 07:00"]


def test_a_limited_cycle_ends(bench: Bench) -> None:
    bench.deploy(daily("R2/PT1H"))
    bench.wait(hours=10)
    assert begun(bench) == ["02 02:00", "02 03:00"]
    assert bench.jobs.pending == 0


def test_a_newer_version_takes_the_place_of_the_older_one(bench: Bench) -> None:
    bench.deploy(daily())
    bench.wait(hours=20)
    bench.deploy(daily("R/P1D", task="answer"))
    bench.wait(hours=20)
    assert begun(bench) == []
    bench.wait(hours=5)
    assert begun(bench) == ["03 21:00"]
    assert bench.engine.queries.instances(processes=["daily"]).items[0].process_version == 2


def test_a_suspended_process_does_not_begin_and_goes_on_in_its_rhythm(bench: Bench) -> None:
    bench.deploy(daily())
    bench.engine.suspend_definition("daily", "审计", actor=LI)
    bench.wait(hours=30)
    assert begun(bench) == []
    bench.engine.resume_definition("daily", "审计完毕", actor=LI)
    bench.wait(hours=20)
    assert begun(bench) == ["04 01:00"]


def test_the_same_file_again_does_not_begin_the_wait_anew(bench: Bench) -> None:
    bench.deploy(daily())
    bench.wait(hours=20)
    bench.deploy(daily())
    bench.wait(hours=4)
    assert begun(bench) == ["03 01:00"]


def test_a_version_without_the_event_ends_it(bench: Bench) -> None:
    bench.deploy(daily())
    bench.deploy(model("daily", start() + user("ask") + end(), "begin ask\nask done"))
    bench.wait(days=3)
    assert begun(bench) == []


def test_a_date_that_is_past_begins_nothing(bench: Bench) -> None:
    bench.deploy(daily("2026-03-01T09:00:00+08:00", "timeDate"))
    bench.wait(days=3)
    assert begun(bench) == []


def test_a_time_may_be_an_expression_and_one_that_fails_refuses_the_deployment(bench: Bench) -> None:
    bench.deploy(daily('=now() + duration("PT2H")', "timeDate"))
    bench.wait(hours=3)
    assert begun(bench) == ["02 03:00"]
    with pytest.raises(DeployRefused) as refused:
        bench.deploy(daily("=nobody", "timeDate"))
    assert [finding.code for finding in refused.value.report if finding.severity == "error"] == ["BPMN-069"]


def test_a_begin_that_comes_twice_begins_once(bench: Bench) -> None:
    bench.deploy(daily("PT1H", "timeDuration"))
    payload = {"process": "daily", "node": "noon", "event": 0, "kind": "timer", "due": None, "memory": "start_instance:twice"}
    for _ in range(2):
        standing.begin(bench.engine.runtime, payload)
    assert len(begun(bench)) == 1


STOCK = '<bpmn:dataStore id="ds" name="stock"/>'
REFERENCE = '<bpmn:dataStoreReference id="S1" name="stock" dataStoreRef="ds"/>'
BOUGHT = model(
    "bought", REFERENCE + start() + script("take", "=get or else(stock, 3) - 1", "stock") + end(), "begin take\ntake done", top=STOCK
)


def condition(text: str) -> str:
    inner = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{text}</bpmn:condition>'
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def test_a_data_store_is_shared_and_survives_its_instances(bench: Bench) -> None:
    bench.deploy(BOUGHT)
    receipts = [bench.start("bought") for _ in range(3)]
    with bench.engine.database.read() as connection:
        assert data.read(connection, "stock") == 0
    assert bench.variables(receipts[0]).keys() <= {"starter", "number", "area"}
    assert "data_stored" in bench.kinds(receipts[0])


def test_a_condition_begins_an_instance_each_time_it_becomes_true(bench: Bench) -> None:
    order = (
        REFERENCE
        + start("low", condition("=get or else(stock, 3) &lt; 2"))
        + user("ask", assignee='"li"')
        + script("fill", "=3", "stock")
        + end()
    )
    bench.deploy(BOUGHT, model("daily", order, "low ask\nask fill\nfill done", top=STOCK))
    bench.run()
    assert begun(bench) == []
    for _ in range(2):
        bench.start("bought")
        bench.run()
    assert len(begun(bench)) == 1
    bench.start("bought")
    bench.run()
    assert len(begun(bench)) == 1  # it was true already
    line = bench.engine.queries.instances(processes=["daily"]).items[0]
    bench.engine.complete(bench.engine.queries.instance(line.id).tasks[0].id, actor=LI)
    bench.run()
    for _ in range(2):
        bench.start("bought")
        bench.run()
    assert len(begun(bench)) == 2


def test_a_condition_that_waits_in_another_instance_sees_what_was_stored(bench: Bench) -> None:
    waits = REFERENCE + start() + catch("low", condition("=get or else(stock, 3) &lt; 2")) + user("ask") + end()
    bench.deploy(BOUGHT, model("daily", waits, "begin low\nlow ask\nask done", top=STOCK))
    waiting = [bench.start("daily") for _ in range(2)]
    bench.start("bought")
    bench.run()
    assert [bench.waits_at(receipt) for receipt in waiting] == [["low"], ["low"]]
    bench.start("bought")
    bench.run()
    assert [bench.waits_at(receipt) for receipt in waiting] == [["ask"], ["ask"]]


def test_a_reaction_may_read_a_data_store_where_the_process_does(make_bench: MakeBench) -> None:
    seen = []

    def reaction(unit: Unit, events: Sequence[Event]) -> None:
        seen.extend(unit.evaluate("stock", event.token) for event in events if isinstance(event, ProcessEnded))

    bench = make_bench(reactions=[reaction])
    bench.deploy(BOUGHT)
    bench.start("bought")
    bench.start("bought")
    assert seen == [2, 1]


def test_what_cannot_run_begins_nothing_by_itself_until_it_can(bench: Bench) -> None:
    calls = '<bpmn:callActivity id="call">' + extensions('<zeebe:calledElement processId="later"/>') + "</bpmn:callActivity>"
    whole = model("daily", start("noon", timer("timeCycle", "R/P1D")) + calls + end(), "noon call\ncall done")
    bench.deploy(whole)
    bench.wait(days=2)
    assert begun(bench) == []
    bench.deploy({**whole, **model("later", start() + end(), "begin done")})
    bench.wait(days=1)
    assert len(begun(bench)) == 1


def test_a_condition_of_a_suspended_instance_is_looked_at_when_it_goes_on(bench: Bench) -> None:
    waits = REFERENCE + start() + catch("low", condition("=get or else(stock, 3) &lt; 3")) + user("ask") + end()
    bench.deploy(BOUGHT, model("daily", waits, "begin low\nlow ask\nask done", top=STOCK))
    waiting = bench.start("daily")
    bench.engine.suspend(waiting.instance, "a reason", actor=LI)
    bench.start("bought")
    bench.run()
    assert bench.waits_at(waiting) == ["low"]
    bench.engine.resume(waiting.instance, "a reason", actor=LI)
    bench.run()
    assert bench.waits_at(waiting) == ["ask"]
