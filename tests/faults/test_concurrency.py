"""Many people at once on one instance: nobody fails, nothing is lost, a join fires once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from engine.actor import Actor
from engine.engine import Receipt
from engine.history import store as history
from tests.integration.engine.conftest import LI, Bench
from tests.integration.engine.models import ONE_TASK, catch, end, message, message_named, model, parallel, start, user

PEOPLE = 20
BRANCHES = range(PEOPLE)
WIDE = model(
    "wide",
    start() + parallel("split") + "".join(user(f"task_{n}") for n in BRANCHES) + parallel("join") + user("last") + end(),
    "begin split\n" + "\n".join(f"split task_{n}\ntask_{n} join" for n in BRANCHES) + "\njoin last\nlast done",
)
WAITER = model("waiter", start() + catch("wait", message("m")) + end(), "begin wait\nwait done", top=message_named("m", "paid", "order"))


def _at_once(work: list[object]) -> list[Receipt]:
    """Run the callables at the same moment, one thread each."""
    barrier = Barrier(len(work))

    def run(call: object) -> Receipt:
        barrier.wait()
        return call()  # type: ignore[operator, no-any-return]

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_twenty_people_complete_twenty_parallel_tasks_and_the_join_fires_once(bench: Bench) -> None:
    bench.deploy(WIDE)
    receipt = bench.start("wide")
    tasks = bench.tasks(receipt)
    assert len(tasks) == PEOPLE
    _at_once([lambda task=task, node=node: bench.engine.complete(task, {node: True}, actor=LI) for node, task in tasks.items()])
    assert bench.waits_at(receipt) == ["last"]
    assert len(bench.tasks(receipt)) == 1
    found = bench.variables(receipt)
    assert all(found[f"task_{n}"] is True for n in BRANCHES)
    assert bench.engine.queries.instance(receipt.instance or "").completed["join"] == 1
    with bench.engine.database.read() as connection:
        assert history.verify(connection) == []


def test_the_same_form_sent_many_times_at_once_completes_once(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    task = receipt.tasks[0]
    answers = _at_once([lambda: bench.engine.complete(task, {"answer": 1}, actor=LI)] * 10)
    assert len({str(a.answer) for a in answers}) == 1
    assert sum(not a.repeated for a in answers) == 1
    assert bench.kinds(receipt).count("task_completed") == 1


def test_the_same_start_sent_many_times_at_once_starts_once(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    answers = _at_once([lambda: bench.start("one_task", idempotency_key="once")] * 10)
    assert len({a.instance for a in answers}) == 1
    assert len(bench.engine.queries.instances().items) == 1


def test_messages_and_those_who_wait_for_them_find_each_other_whoever_is_first(bench: Bench) -> None:
    bench.deploy(WAITER)
    sender = Actor(person="wang")
    count = 10
    starts = [lambda n=n: bench.start("waiter", {"order": f"o{n}"}) for n in range(count)]
    sends = [lambda n=n: bench.engine.send("paid", key=f"o{n}", message_id=f"m{n}", actor=sender) for n in range(count)]
    _at_once([call for pair in zip(starts, sends, strict=True) for call in pair])
    bench.run()
    states = [i.state for i in bench.engine.queries.instances().items]
    assert states == ["completed"] * count
