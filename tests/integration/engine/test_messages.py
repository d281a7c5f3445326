"""Messages and signals under pressure: exactly one receiver, ids that count once, what is kept and what is told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine import values
from engine.actor import SYSTEM
from engine.engine import Receipt
from engine.errors import MessageIdUsed, ServiceRefused
from engine.history import store as history
from engine.services import Services, service
from engine.store.tables import buffered_message
from engine.values import Key, ValueRefused
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.models import boundary, catch, end, maps, message, message_named, model, start, throw, user
from tests.integration.engine.models import service as service_task

WHY = "等待上级答复"
PAID = message_named("m", "paid", "order")
WAITER = model("waiter", start() + catch("wait", message("m"), maps(paid="message.amount")) + end(), "begin wait\nwait done", top=PAID)
TWICE = model(
    "twice",
    start() + catch("one", message("m"), maps(first="message.amount")) + catch("two", message("m"), maps(second="message.amount")) + end(),
    "begin one\none two\ntwo done",
    top=PAID,
)
ANY = model(
    "any",
    start() + catch("wait", message("m"), maps(paid="message.amount")) + end(),
    "begin wait\nwait done",
    top=message_named("m", "paid"),
)
BEGUN = model("begun", start("begin", message("m")) + user("ask") + end(), "begin ask\nask done", top=message_named("m", "paid"))
SIGNAL = '<bpmn:signal id="s" name="alarm"/>'
ON_SIGNAL = '<bpmn:signalEventDefinition signalRef="s"/>'


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """The results of all acts, each in a thread of its own."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(act) for act in acts]]


def kept(bench: Bench) -> int:
    with bench.engine.database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(buffered_message)).scalar_one()


def paid(bench: Bench, receipts: Sequence[Receipt], name: str = "paid") -> list[int]:
    """What the instances have got, smallest first."""
    return sorted(int(found[name]) for found in map(bench.variables, receipts) if name in found)


def sending(bench: Bench, amount: int, **more: Any) -> Callable[[], Receipt]:
    return lambda: bench.engine.send("paid", {"amount": amount}, actor=SYSTEM, **more)


def keep(bench: Bench, *amounts: int, key: str = "a") -> None:
    for amount in amounts:
        assert sending(bench, amount, key=key)().outcome == "buffered"


# One receiver ------------------------------------------------------------------------------------------------------


def test_messages_sent_at_once_find_a_receiver_each(bench: Bench) -> None:
    bench.deploy(WAITER)
    waiting = [bench.start("waiter", {"order": "a"}) for _ in range(8)]
    receipts = at_once([sending(bench, n, key="a") for n in range(6)])
    assert len({r.instance for r in receipts}) == 6
    assert paid(bench, waiting) == [0, 1, 2, 3, 4, 5]
    assert [bench.state(r) for r in waiting] == ["completed"] * 6 + ["running"] * 2
    assert kept(bench) == 0


def test_a_message_and_its_subscription_that_come_at_once_find_each_other(bench: Bench) -> None:
    bench.deploy(WAITER)
    acts = [act for n in range(5) for act in (sending(bench, n, key="a"), lambda: bench.start("waiter", {"order": "a"}))]
    receipts = at_once(acts)[1::2]
    bench.run()
    assert paid(bench, receipts) == [0, 1, 2, 3, 4]
    assert kept(bench) == 0


def test_a_case_that_waits_goes_before_a_start_event(bench: Bench) -> None:
    bench.deploy(WAITER, BEGUN)
    waiting = bench.start("waiter", {"order": "a"})
    assert sending(bench, 1, key="a")().instance == waiting.instance
    begun = sending(bench, 2, key="a")()
    assert bench.waits_at(begun) == ["ask"]
    assert paid(bench, [waiting]) == [1]


# Keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "key", "meets"),
    [
        pytest.param(Decimal("1.50"), Decimal("1.5"), True, id="numbers that are equal"),
        pytest.param(1, Decimal("1.000"), True, id="a whole number written with places"),
        pytest.param(100, Decimal("1E+2"), True, id="a number with an exponent"),
        pytest.param(Decimal("0." + "1234567890" * 3), Decimal("0." + "1234567890" * 2), False, id="many digits"),
        pytest.param(7, "7", True, id="a number and its text: the API has texts only"),
        pytest.param("007", "7", False, id="a text is no number"),
        pytest.param("A", "a", False, id="upper and lower case"),
        pytest.param("a ", "a", False, id="a space more"),
        pytest.param(date(2026, 3, 1), date(2026, 3, 1), True, id="a date"),
        pytest.param(date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC), False, id="a date is no moment"),
        pytest.param(datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 3, 1, tzinfo=UTC), True, id="one moment"),
        pytest.param(True, "true", True, id="a truth value"),
        pytest.param(timedelta(days=1), timedelta(hours=24), True, id="a duration"),
    ],
)
def test_keys_meet_when_they_are_equal(bench: Bench, order: Any, key: Key, meets: bool) -> None:
    bench.deploy(WAITER)
    waiting = bench.start("waiter", {"order": order})
    receipt = sending(bench, 1, key=key)()
    assert (receipt.outcome, bench.state(waiting)) == (("completed", "completed") if meets else ("buffered", "running"))


def test_a_message_without_a_key_reaches_only_who_asks_for_none(bench: Bench) -> None:
    bench.deploy(WAITER, ANY)
    keyed, any_key = bench.start("waiter", {"order": "a"}), bench.start("any")
    sending(bench, 1)()
    assert (paid(bench, [keyed]), paid(bench, [any_key])) == ([], [1])
    assert sending(bench, 2)().outcome == "buffered"


def test_keys_that_one_case_sends_meet_those_that_another_waits_for(bench: Bench) -> None:
    teller = model("teller", start() + throw("tell", message("m"), _in(amount="7")) + end(), "begin tell\ntell done", top=PAID)
    bench.deploy(WAITER, teller)
    waiting = bench.start("waiter", {"order": Decimal("2.50")})
    bench.start("teller", {"order": Decimal("2.5")})
    bench.run()
    assert paid(bench, [waiting]) == [7]


@pytest.mark.parametrize("order", [None, [], {"no": 1}, "x" * 501], ids=["null", "list", "context", "too long"])
def test_a_key_that_is_none_is_an_incident_and_reaches_nobody(bench: Bench, order: Any) -> None:
    bench.deploy(WAITER)
    stuck = bench.start("waiter", {"order": order})
    (incident,) = bench.engine.queries.incidents(instance=stuck.instance).items
    assert "order" in incident.message
    assert sending(bench, 1, key="a")().outcome == "buffered"


def test_what_no_subscription_can_hold_is_refused_before_anything_is_done(bench: Bench) -> None:
    bench.deploy(WAITER)
    for name, more in (("x" * 256, {}), (" ", {}), ("paid", {"key": "x" * 501}), ("paid", {"message_id": "x" * 256}), ("a\0", {})):
        with pytest.raises(ValueRefused):
            bench.engine.send(name, {}, actor=SYSTEM, **more)
    longest = bench.engine.send("名" * 255, {}, key="键" * 500, message_id="号" * 255, actor=SYSTEM)
    assert longest.outcome == "buffered"


# Kept messages -----------------------------------------------------------------------------------------------------


def test_of_kept_messages_the_oldest_comes_first_and_the_rest_stays(bench: Bench) -> None:
    bench.deploy(TWICE)
    keep(bench, 1, 2, 3)
    receipt = bench.start("twice", {"order": "a"})
    bench.run()
    assert (bench.variables(receipt)["first"], bench.variables(receipt)["second"]) == (1, 2)
    assert kept(bench) == 1


def test_a_new_subscription_costs_one_job_however_many_messages_are_kept(bench: Bench) -> None:
    bench.deploy(WAITER)
    keep(bench, *range(20))
    before = bench.jobs.pending
    bench.start("waiter", {"order": "a"})
    assert bench.jobs.pending == before + 1


def test_ten_that_begin_to_wait_at_once_share_the_kept_messages(bench: Bench) -> None:
    bench.deploy(WAITER)
    keep(bench, 1, 2, 3, 4)
    waiting = at_once([lambda: bench.start("waiter", {"order": "a"}) for _ in range(10)])
    at_once([bench.run] * 4)
    assert paid(bench, waiting) == [1, 2, 3, 4]
    assert Counter(map(bench.state, waiting)) == {"completed": 4, "running": 6}
    assert kept(bench) == 0


def test_who_takes_any_key_is_not_forgotten_when_another_gets_what_was_kept(bench: Bench) -> None:
    bench.deploy(WAITER, ANY)
    keep(bench, 1, key="a")
    keep(bench, 2, key="b")
    older, any_key = bench.start("waiter", {"order": "a"}), bench.start("any")
    bench.run()
    assert (paid(bench, [older]), paid(bench, [any_key]), kept(bench)) == ([1], [2], 0)


def test_a_kept_message_that_is_refused_stays_and_does_not_hold_up_the_next(make_bench: MakeBench) -> None:
    bench = make_bench(services=Services(_refusing([1])))
    nodes = start() + catch("wait", message("m"), maps(paid="message.amount")) + service_task("look", "test.look", _in(n="paid")) + end()
    bench.deploy(model("waiter", nodes, "begin wait\nwait look\nlook done", top=PAID))
    keep(bench, 1, 2)
    receipt = bench.start("waiter", {"order": "a"})
    with pytest.raises(ServiceRefused):
        bench.run()
    assert (bench.state(receipt), paid(bench, [receipt]), kept(bench)) == ("completed", [2], 1)
    bench.run()  # the job is tried again and has nothing left to do
    assert kept(bench) == 1


def test_what_expires_is_told_in_the_history_of_the_installation(make_bench: MakeBench) -> None:
    bench = make_bench(message_ttl=timedelta(hours=1))
    bench.deploy(WAITER)
    bench.engine.send("paid", {"amount": "secret"}, key="a", message_id="7", actor=SYSTEM)
    sent = bench.clock.now()
    assert bench.engine.tidy()["messages"] == 0
    bench.wait(hours=1)
    assert bench.engine.tidy()["messages"] == 1
    with bench.engine.database.read() as connection:
        (row,) = history.entries(connection, "installation")
        assert not history.verify(connection)
    assert (row.kind, row.element, row.actor) == ("message_expired", "paid", "system")
    assert values.loads(row.content or "") == {"count": 1, "messages": [{"id": "7", "key": "a", "at": sent}]}


def test_a_kept_message_comes_out_of_a_suspended_case_once_and_in_order(bench: Bench) -> None:
    bench.deploy(TWICE)
    keep(bench, 1, 2)
    receipt = bench.start("twice", {"order": "a"})
    assert receipt.instance is not None
    bench.engine.suspend(receipt.instance, WHY, actor=WANG)
    bench.run()
    sending(bench, 3, key="a")()
    assert bench.waits_at(receipt) == ["one"]
    bench.engine.resume(receipt.instance, WHY, actor=WANG)
    bench.run()
    assert bench.state(receipt) == "completed"
    assert (bench.variables(receipt)["first"], kept(bench)) == (1, 1)


def test_a_message_that_comes_while_its_procedure_is_resumed_is_not_left_behind(bench: Bench) -> None:
    bench.deploy(BEGUN)
    bench.engine.suspend_definition("begun", WHY, actor=WANG)
    resume = lambda: bench.engine.resume_definition("begun", WHY, actor=WANG)  # noqa: E731
    at_once([*(sending(bench, n) for n in range(4)), resume, *(sending(bench, n) for n in range(4))])
    bench.run()
    assert len(bench.engine.queries.instances().items) == 8
    assert kept(bench) == 0


# Ids ---------------------------------------------------------------------------------------------------------------


def test_an_id_sent_at_once_begins_one_case(bench: Bench) -> None:
    bench.deploy(BEGUN)
    receipts = at_once([sending(bench, 1, message_id="7")] * 6)
    assert len({r.instance for r in receipts}) == 1
    assert sorted(r.repeated for r in receipts) == [False] + [True] * 5
    assert len(bench.engine.queries.instances().items) == 1


def test_an_id_sent_at_once_reaches_one_of_those_who_wait(bench: Bench) -> None:
    bench.deploy(WAITER)
    waiting = [bench.start("waiter", {"order": "a"}) for _ in range(4)]
    at_once([sending(bench, 1, key="a", message_id="7")] * 6)
    assert Counter(map(bench.state, waiting)) == {"completed": 1, "running": 3}


def test_the_id_of_a_kept_message_counts_once_also_after_it_was_used(bench: Bench) -> None:
    bench.deploy(WAITER)
    at_once([sending(bench, 1, key="a", message_id="7")] * 6)
    assert kept(bench) == 1
    first, second = bench.start("waiter", {"order": "a"}), bench.start("waiter", {"order": "a"})
    bench.run()
    again = sending(bench, 1, key="a", message_id="7")()
    assert (again.outcome, again.repeated) == ("buffered", True)
    assert [bench.state(r) for r in (first, second)] == ["completed", "running"]


def test_the_id_of_a_message_that_expired_counts_until_it_is_forgotten(make_bench: MakeBench) -> None:
    bench = make_bench(message_ttl=timedelta(days=30))
    bench.deploy(WAITER)
    sending(bench, 1, key="a", message_id="7")()
    bench.wait(days=31)
    bench.engine.tidy()
    waiting = bench.start("waiter", {"order": "a"})
    assert sending(bench, 1, key="a", message_id="7")().repeated
    assert bench.state(waiting) == "running"
    bench.wait(days=60)
    bench.engine.tidy()
    assert not sending(bench, 1, key="a", message_id="7")().repeated
    assert bench.state(waiting) == "completed"


def test_an_id_is_known_for_as_long_as_its_message_may_be_kept(make_bench: MakeBench) -> None:
    bench = make_bench(message_ttl=timedelta(days=200))
    sending(bench, 1, key="a", message_id="7")()
    bench.wait(days=150)
    bench.engine.tidy()
    assert sending(bench, 1, key="a", message_id="7")().repeated
    assert kept(bench) == 1


def test_an_id_that_was_another_message_is_refused_and_nothing_is_lost(bench: Bench) -> None:
    bench.deploy(WAITER)
    waiting = bench.start("waiter", {"order": "b"})
    keep(bench, 1, key="a")
    sending(bench, 1, key="a", message_id="7")()
    with pytest.raises(MessageIdUsed, match="编号"):
        sending(bench, 1, key="b", message_id="7")()
    with pytest.raises(MessageIdUsed):
        bench.engine.send("refunded", {}, key="a", message_id="7", actor=SYSTEM)
    assert bench.state(waiting) == "running"


# Signals -----------------------------------------------------------------------------------------------------------

WATCHED = model(
    "watched",
    start() + user("ask") + boundary("heard", "ask", ON_SIGNAL, interrupting=False) + end() + end("noted"),
    "begin ask\nask done\nheard noted",
    top=SIGNAL,
)


def test_one_case_signals_all_others_and_begins_what_the_signal_begins(bench: Bench) -> None:
    shouter = model("shouter", start() + throw("shout", ON_SIGNAL) + end(), "begin shout\nshout done", top=SIGNAL)
    woken = model("woken", start("begin", ON_SIGNAL) + user("ask") + end(), "begin ask\nask done", top=SIGNAL)
    bench.deploy(WATCHED, shouter, woken)
    watched = [bench.start("watched") for _ in range(3)]
    bench.start("shouter")
    late = bench.start("watched")
    bench.run()
    heard = [bench.kinds(r).count("signal_received") for r in (*watched, late)]
    assert heard == [1, 1, 1, 0]
    assert len(bench.engine.queries.instances(processes=["woken"]).items) == 1


def test_a_signal_whose_job_runs_again_is_heard_once(bench: Bench) -> None:
    woken = model("woken", start("begin", ON_SIGNAL) + user("ask") + end(), "begin ask\nask done", top=SIGNAL)
    bench.deploy(WATCHED, woken)
    receipt = bench.start("watched")
    bench.engine.signal("alarm", actor=LI)
    jobs = [(name, payload) for name, payload, _, _ in bench.jobs.outstanding()]
    for _ in range(2):
        with bench.engine.database.write() as connection:
            for name, payload in jobs:
                bench.jobs.enqueue(connection, name, payload)
        bench.run()
    assert bench.kinds(receipt).count("signal_received") == 1
    assert len(bench.engine.queries.instances(processes=["woken"]).items) == 1


def test_a_signal_with_an_id_is_sent_once(bench: Bench) -> None:
    bench.deploy(WATCHED)
    receipt = bench.start("watched")
    at_once([lambda: bench.engine.signal("alarm", actor=LI, signal_id="7")] * 4)
    bench.run()
    assert bench.kinds(receipt).count("signal_received") == 1
    with pytest.raises(MessageIdUsed):
        bench.engine.signal("other", actor=LI, signal_id="7")


def test_one_that_refuses_a_signal_does_not_keep_it_from_the_others(make_bench: MakeBench) -> None:
    refused = [1, 3]
    bench = make_bench(services=Services(_refusing(refused)))
    look = service_task("look", "test.look", _in(n="n"))
    waits = model("waits", start() + catch("wait", ON_SIGNAL) + look + end(), "begin wait\nwait look\nlook done", top=SIGNAL)
    bench.deploy(waits)
    receipts = [bench.start("waits", {"n": n}) for n in range(4)]
    bench.engine.signal("alarm", actor=LI)
    with pytest.raises(ServiceRefused):
        bench.run()
    assert [bench.state(r) for r in receipts] == ["completed", "running", "completed", "running"]
    refused.clear()
    bench.run()
    assert [bench.kinds(r).count("signal_received") for r in receipts] == [1, 1, 1, 1]
    assert [bench.state(r) for r in receipts] == ["completed"] * 4


def test_a_process_that_refuses_to_begin_does_not_keep_a_signal_from_the_others(make_bench: MakeBench) -> None:
    refused = [1]
    bench = make_bench(services=Services(_refusing(refused)))
    look = service_task("look", "test.look", _in(n="1"))
    checked = model("checked", start("begin", ON_SIGNAL) + look + user("ask") + end(), "begin look\nlook ask\nask done", top=SIGNAL)
    woken = model("woken", start("begin", ON_SIGNAL) + user("ask") + end(), "begin ask\nask done", top=SIGNAL)
    bench.deploy(checked, woken)
    bench.engine.signal("alarm", actor=LI)
    with pytest.raises(ServiceRefused):
        bench.run()
    assert [i.process for i in bench.engine.queries.instances().items] == ["woken"]
    refused.clear()
    bench.run()
    assert sorted(i.process for i in bench.engine.queries.instances().items) == ["checked", "woken"]


def _refusing(refused: list[int]) -> Any:
    @service("test.look", inline=True)
    def look(_call: Any, n: Any) -> dict[str, Any]:
        if n in refused:
            raise ServiceRefused("not now")
        return {}

    return look


def _in(**inputs: str) -> str:
    return maps(**inputs).replace("zeebe:output", "zeebe:input")


# Time to live ------------------------------------------------------------------------------------------------------


def test_a_message_is_kept_as_long_as_its_sender_says(bench: Bench) -> None:
    bench.deploy(WAITER)
    assert sending(bench, 1, key="a", ttl=timedelta(hours=1))().outcome == "buffered"
    assert sending(bench, 2, key="b", ttl=timedelta(hours=3))().outcome == "buffered"
    assert sending(bench, 3, key="c", ttl=timedelta())().outcome == "dropped"
    bench.clock.move_to(bench.clock.now() + timedelta(hours=2))
    waiting = [bench.start("waiter", {"order": key}) for key in "abc"]
    bench.jobs.run_due()
    assert paid(bench, waiting) == [2]
    assert bench.engine.tidy()["messages"] == 2
    told = bench.engine.oversight.expired_messages()
    assert [(one.name, one.key) for one in told] == [("paid", "a"), ("paid", "c")]


TEXT = '<bpmn:extensionElements><cogov:text lang="en" name="English"/>{more}</bpmn:extensionElements>'
KEPT = '<cogov:message ttl="PT1H"/>'
TELLER = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cogov="urn:cogov:bpmn:1" id="d" targetNamespace="t">'
    '<bpmn:message id="m" name="paid"/><bpmn:collaboration id="c"><bpmn:participant id="pool" name="池" processRef="teller">'
    f'{TEXT.format(more="")}</bpmn:participant></bpmn:collaboration><bpmn:process id="teller" name="告知" isExecutable="true">'
    f'{TEXT.format(more="")}<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="道">{TEXT.format(more="")}'
    "<bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>tell</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    '<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f" sourceRef="begin" targetRef="tell"/>'
    f'<bpmn:endEvent id="tell" name="告知">{TEXT.format(more=KEPT)}'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:endEvent></bpmn:process></bpmn:definitions>'
)


def test_a_throwing_event_says_how_long_its_message_is_kept(bench: Bench) -> None:
    bench.deploy({"processes/teller/teller.bpmn": TELLER.encode()})
    bench.start("teller")
    bench.run()
    (found,) = bench.engine.oversight.kept_messages()
    assert found.expires_at - found.at == timedelta(hours=1)
