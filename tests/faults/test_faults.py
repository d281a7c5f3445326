"""A fault at every point of a command: nothing lost, nothing doubled, the next request works."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import MovableClock
from engine.engine import Engine
from engine.history import store as history
from engine.jobs.memory import MemoryJobs
from engine.store import tables
from engine.store.database import Database
from tests.faults.killing import in_child, kill_everywhere
from tests.faults.points import Injected, at_point
from tests.integration.engine.conftest import LI, T0, Bench
from tests.integration.engine.models import boundary, catch, end, maps, message, message_named, model, parallel, start, timer, user

#: ask → both (a task with a timer, a message that is awaited) → done: its first command writes every kind of row
RICH = model(
    "rich",
    start()
    + user("ask", maps(answer="form.answer"))
    + parallel("split")
    + user("check")
    + boundary("late", "check", timer("timeDuration", "PT1H"))
    + catch("wait", message("m"))
    + parallel("join")
    + end()
    + end("too_late"),
    "begin ask\nask split\nsplit check\nsplit wait\ncheck join\nwait join\njoin done\nlate too_late",
    top=message_named("m", "paid", "order"),
)
_MOST_POINTS = 80


@pytest.fixture
def rich(bench: Bench) -> Bench:
    bench.deploy(RICH)
    return bench


def _problems(bench: Bench) -> list[Any]:
    with bench.engine.database.read() as connection:
        return history.verify(connection)


def _state(bench: Bench, instance: str) -> dict[str, Any]:
    """All that a command may change, but for the history's seals."""
    details = bench.engine.queries.instance(instance)
    return {
        "tokens": sorted(t.element for t in details.tokens if t.element),
        "tasks": sorted(t.node for t in details.tasks),
        "timers": len(details.timers),
        "variables": bench.engine.queries.variables(instance),
        "history": [line.kind for line in bench.engine.queries.history(instance, limit=1000).items],
    }


AFTER = {"tokens": ["check", "late", "wait"], "tasks": ["check"], "timers": 1}


def _assert_done_once(bench: Bench, instance: str) -> None:
    state = _state(bench, instance)
    assert {name: state[name] for name in AFTER} == AFTER
    assert state["history"].count("task_completed") == 1
    assert state["variables"]["answer"] == "yes"
    assert _problems(bench) == []


def test_an_error_at_any_point_changes_nothing_and_the_next_try_works(rich: Bench) -> None:
    def fail() -> None:
        raise Injected()

    point = 0
    while True:
        point += 1
        assert point < _MOST_POINTS
        receipt = rich.start("rich", {"order": "a"})
        before = (_state(rich, receipt.instance or ""), rich.jobs.pending)
        with at_point(rich.engine.database, point, fail) as passed:
            try:
                rich.engine.complete(receipt.tasks[0], {"answer": "yes"}, actor=LI)
            except Injected:
                pass
            else:
                assert passed[0] == point - 1
                break
        assert (_state(rich, receipt.instance or ""), rich.jobs.pending) == before
        rich.engine.complete(receipt.tasks[0], {"answer": "yes"}, actor=LI)
        _assert_done_once(rich, receipt.instance or "")
    assert point > 15


def test_a_start_that_fails_at_any_point_leaves_no_instance(rich: Bench) -> None:
    def fail() -> None:
        raise Injected()

    point = 0
    while True:
        point += 1
        assert point < _MOST_POINTS
        count = len(rich.engine.queries.instances(limit=200).items)
        with at_point(rich.engine.database, point, fail):
            try:
                rich.start("rich", {"order": "a"})
            except Injected:
                pass
            else:
                break
        assert len(rich.engine.queries.instances(limit=200).items) == count
    assert _problems(rich) == []


@pytest.mark.long
def test_a_process_killed_at_any_point_leaves_nothing_or_all(rich: Bench, database_url: str) -> None:
    point = 0
    while True:
        point += 1
        assert point < _MOST_POINTS
        receipt = rich.start("rich", {"order": "a"})
        killed = in_child(lambda number=point, task=receipt.tasks[0]: _complete_and_die(database_url, task, number))  # type: ignore[misc]
        history_ = _state(rich, receipt.instance or "")["history"]
        assert history_.count("task_completed") == (0 if killed else 1)
        repeated = rich.engine.complete(receipt.tasks[0], {"answer": "yes"}, actor=LI)
        assert repeated.repeated is not killed
        _assert_done_once(rich, receipt.instance or "")
        if not killed:
            break
    assert point > 15


def _complete_and_die(url: str, task: str, point: int) -> None:
    """In a child process: complete the task and be killed at the point."""
    database = Database(url)
    clock = MovableClock(T0)
    engine = Engine(database, clock=clock, jobs=MemoryJobs(clock))
    with at_point(database, point, lambda: os.kill(os.getpid(), signal.SIGKILL)):
        engine.complete(task, {"answer": "yes"}, actor=LI)


def _lies_whole_in_one_place(bench: Bench, instance: str) -> str:
    """Where the case lies: live, or finished with nothing left in the work tables."""
    with bench.engine.database.read() as connection:
        live = connection.execute(sa.select(tables.instance.c.state).where(tables.instance.c.id == instance)).scalar_one_or_none()
        kept = connection.execute(
            sa.select(tables.finished_instance.c.state).where(tables.finished_instance.c.id == instance)
        ).scalar_one_or_none()
        left = sum(
            connection.execute(sa.select(sa.func.count()).select_from(t).where(t.c.instance == instance)).scalar_one()
            for t in (tables.token, tables.variable, tables.task, tables.timer, tables.subscription)
        )
    assert (live, kept, left > 0) in {("running", None, True), (None, "completed", False)}
    return "finished" if kept else "live"


LAST = model("last", start() + user("ask", maps(answer="form.answer")) + boundary("late", "ask", timer("timeDuration", "P9D")) + end(),
             "begin ask\nask done\nlate done")  # fmt: skip
_LARGE = "共建" * 1000


def test_an_error_at_any_point_of_its_end_leaves_a_case_whole(bench: Bench) -> None:
    def fail() -> None:
        raise Injected()

    bench.deploy(LAST)
    point = 0
    while True:
        point += 1
        assert point < _MOST_POINTS
        receipt = bench.start("last", {"text": _LARGE})
        before = _state(bench, receipt.instance or "")
        with at_point(bench.engine.database, point, fail):
            try:
                bench.engine.complete(receipt.tasks[0], {"answer": "yes"}, actor=LI)
            except Injected:
                assert _lies_whole_in_one_place(bench, receipt.instance or "") == "live"
                assert _state(bench, receipt.instance or "") == before
            else:
                break
        bench.engine.complete(receipt.tasks[0], {"answer": "yes"}, actor=LI)
        assert _lies_whole_in_one_place(bench, receipt.instance or "") == "finished"
    assert point > 15
    assert _problems(bench) == []


@pytest.mark.long
def test_a_process_killed_while_a_case_ends_leaves_it_whole_in_one_place(bench: Bench, database_url: str) -> None:
    bench.deploy(LAST)
    point = 0
    while True:
        point += 1
        assert point < _MOST_POINTS
        receipt = bench.start("last", {"text": _LARGE})
        bench.engine.database.dispose()  # a connection must not be shared with the child
        killed = in_child(lambda number=point, task=receipt.tasks[0]: _complete_and_die(database_url, task, number))  # type: ignore[misc]
        place = _lies_whole_in_one_place(bench, receipt.instance or "")
        repeated = bench.engine.complete(receipt.tasks[0], {"answer": "yes"}, actor=LI)
        assert (repeated.repeated, place) == ((False, "live") if killed else (True, "finished"))
        assert _lies_whole_in_one_place(bench, receipt.instance or "") == "finished"
        assert bench.variables(receipt)["text"] == _LARGE
        if not killed:
            break
    assert point > 15
    assert _problems(bench) == []


@pytest.mark.long
def test_a_process_killed_while_it_moves_cases_from_before_leaves_each_whole(bench: Bench) -> None:
    bench.deploy(LAST)
    receipts = [bench.start("last", {"text": _LARGE}) for _ in range(3)]
    with bench.engine.database.write() as connection:  # as a release before 0003 left them
        connection.execute(sa.delete(tables.token))
        connection.execute(sa.update(tables.instance).values(state="completed", ended_at=T0, ends=["done"]))

    def done() -> None:
        assert [_lies_whole_in_one_place(bench, r.instance or "") for r in receipts] == ["finished"] * 3
        assert bench.variables(receipts[0])["text"] == _LARGE

    assert kill_everywhere(bench.engine.database, bench.engine.tidy, done) > 10
    assert _problems(bench) == []
