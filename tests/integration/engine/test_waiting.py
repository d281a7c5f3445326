"""Messages, signals, timers: who gets what, once, and in which order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.actor import SYSTEM
from tests.integration.engine.conftest import LI, T0, Bench, MakeBench
from tests.integration.engine.models import (
    boundary,
    catch,
    end,
    maps,
    message,
    message_named,
    model,
    start,
    throw,
    timer,
    user,
)

PAID = message_named("m", "paid", "order")
WAITER = model("waiter", start() + catch("wait", message("m"), maps(paid="message.amount")) + end(), "begin wait\nwait done", top=PAID)
PAID_FOR_ALL = message_named("m", "paid")
STARTED_BY_MESSAGE = model("by_message", start("begin", message("m")) + user("ask") + end(), "begin ask\nask done", top=PAID_FOR_ALL)
SIGNAL = '<bpmn:signal id="s" name="alarm"/>'
ON_SIGNAL = '<bpmn:signalEventDefinition signalRef="s"/>'
LISTENER = model("listener", start() + catch("wait", ON_SIGNAL) + end(), "begin wait\nwait done", top=SIGNAL)


# Messages


def test_a_message_goes_to_the_one_with_its_key(bench: Bench) -> None:
    bench.deploy(WAITER)
    first, second = bench.start("waiter", {"order": "a"}), bench.start("waiter", {"order": "b"})
    receipt = bench.engine.send("paid", {"amount": 5}, key="b", actor=SYSTEM)
    assert receipt.instance == second.instance
    assert (bench.state(first), bench.state(second)) == ("running", "completed")
    assert bench.variables(second)["paid"] == Decimal(5)


def test_of_two_that_wait_the_older_gets_the_message(bench: Bench) -> None:
    bench.deploy(WAITER)
    first, second = bench.start("waiter", {"order": "a"}), bench.start("waiter", {"order": "a"})
    bench.engine.send("paid", {"amount": 5}, key="a", actor=SYSTEM)
    assert (bench.state(first), bench.state(second)) == ("completed", "running")


def test_a_message_nobody_waits_for_is_kept_until_somebody_does(bench: Bench) -> None:
    bench.deploy(WAITER)
    assert bench.engine.send("paid", {"amount": 5}, key="a", actor=SYSTEM).outcome == "buffered"
    other, right = bench.start("waiter", {"order": "x"}), bench.start("waiter", {"order": "a"})
    bench.run()
    assert (bench.state(other), bench.state(right)) == ("running", "completed")
    late = bench.start("waiter", {"order": "a"})
    bench.run()
    assert bench.state(late) == "running"


def test_a_kept_message_expires(make_bench: MakeBench) -> None:
    bench = make_bench(message_ttl=timedelta(hours=1))
    bench.deploy(WAITER)
    bench.engine.send("paid", {"amount": 5}, key="a", actor=SYSTEM)
    bench.wait(hours=1)
    receipt = bench.start("waiter", {"order": "a"})
    bench.run()
    assert bench.state(receipt) == "running"


def test_a_message_starts_a_process(bench: Bench) -> None:
    bench.deploy(STARTED_BY_MESSAGE)
    receipt = bench.engine.send("paid", {"amount": 5, "area": "c1"}, actor=LI)
    assert bench.waits_at(receipt) == ["ask"]
    assert bench.engine.queries.instance(receipt.instance or "").line.area == "c1"


def test_a_message_with_an_id_counts_once(bench: Bench) -> None:
    bench.deploy(STARTED_BY_MESSAGE)
    first = bench.engine.send("paid", message_id="7", actor=LI)
    again = bench.engine.send("paid", message_id="7", actor=LI)
    assert (again.instance, again.repeated) == (first.instance, True)
    assert len(bench.engine.queries.instances().items) == 1


def test_one_instance_sends_to_another(bench: Bench) -> None:
    sender = model("sender", start() + throw("tell", message("m"), maps_in(amount="7")) + end(), "begin tell\ntell done", top=PAID)
    bench.deploy(WAITER, sender)
    waiting = bench.start("waiter", {"order": "a"})
    bench.start("sender", {"order": "a"})
    assert bench.state(waiting) == "running"
    bench.run()
    assert bench.state(waiting) == "completed"
    assert bench.variables(waiting)["paid"] == Decimal(7)


def maps_in(**inputs: str) -> str:
    return maps(**inputs).replace("zeebe:output", "zeebe:input")


# Signals


def test_a_signal_reaches_all_who_wait_and_starts_what_it_starts(bench: Bench) -> None:
    starter = model("woken", start("begin", ON_SIGNAL) + user("ask") + end(), "begin ask\nask done", top=SIGNAL)
    bench.deploy(LISTENER, starter)
    waiting = [bench.start("listener") for _ in range(3)]
    bench.engine.signal("alarm", {"why": "fire"}, actor=LI)
    late = bench.start("listener")
    bench.run()
    assert [bench.state(r) for r in waiting] == ["completed"] * 3
    assert bench.state(late) == "running"
    assert [i.process for i in bench.engine.queries.instances(processes=["woken"]).items] == ["woken"]


# Timers


def test_a_timer_fires_when_it_is_due_and_not_before(bench: Bench) -> None:
    bench.deploy(model("sleeper", start() + catch("sleep", timer("timeDuration", "PT2H")) + end(), "begin sleep\nsleep done"))
    receipt = bench.start("sleeper")
    assert [t.due_at for t in bench.engine.queries.timers(receipt.instance)] == [T0 + timedelta(hours=2)]
    bench.wait(hours=1, minutes=59)
    assert bench.state(receipt) == "running"
    bench.wait(minutes=1)
    assert bench.state(receipt) == "completed"
    assert "timer_fired" in bench.kinds(receipt)


def test_a_timer_of_a_finished_task_does_nothing(bench: Bench) -> None:
    nodes = start() + user("ask") + boundary("late", "ask", timer("timeDuration", "PT1H")) + end() + end("too_late")
    bench.deploy(model("bounded", nodes, "begin ask\nask done\nlate too_late"))
    quick, slow = bench.start("bounded"), bench.start("bounded")
    bench.complete(quick, "ask")
    bench.wait(hours=1)
    ends = {r.instance: bench.engine.queries.instance(r.instance or "").line.ends for r in (quick, slow)}
    assert ends == {quick.instance: ("done",), slow.instance: ("too_late",)}
    assert bench.jobs.pending == 0


def test_a_repeating_timer_fires_as_often_as_it_says(bench: Bench) -> None:
    remind = boundary("remind", "ask", timer("timeCycle", "R3/PT1H"), interrupting=False)
    nodes = start() + user("ask") + remind + end() + end("reminded")
    bench.deploy(model("nagging", nodes, "begin ask\nask done\nremind reminded"))
    receipt = bench.start("nagging")
    bench.wait(hours=10)
    assert bench.waits_at(receipt) == ["ask"]
    assert bench.engine.queries.instance(receipt.instance or "").completed["reminded"] == 3


@pytest.mark.parametrize("jump", [timedelta(hours=-5), timedelta(0)], ids=["clock put back", "clock stands"])
def test_an_alarm_that_comes_early_waits_for_its_time(bench: Bench, jump: timedelta) -> None:
    bench.deploy(model("sleeper", start() + catch("sleep", timer("timeDuration", "PT2H")) + end(), "begin sleep\nsleep done"))
    receipt = bench.start("sleeper")
    line = bench.engine.queries.timers(receipt.instance)[0]
    payload = {"instance": receipt.instance, "token": line.token, "node": line.node, "event": line.event, "generation": line.generation}
    bench.clock.move_to(T0 + jump)
    with bench.engine.database.write() as connection:
        bench.jobs.enqueue(connection, "timer", payload)
    bench.run()
    assert bench.state(receipt) == "running"
    bench.jobs.run_until(T0 + timedelta(hours=2))
    assert bench.state(receipt) == "completed"
