"""A fault at every point of a command: nothing lost, nothing doubled, the next request works."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from engine.clock import MovableClock
from engine.engine import Engine
from engine.history import store as history
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from tests.faults.killing import in_child
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
