"""What a command may cost: statements and commits, however large the instance is (design 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from engine.store.database import Database
from tests.integration.engine.conftest import LI, Bench
from tests.integration.engine.models import ONE_TASK, end, extensions, model, start, user

PEOPLE = 150


@dataclass
class Cost:
    statements: int = 0
    commits: int = 0


@contextmanager
def cost_of(database: Database) -> Iterator[Cost]:
    """Counts statements (executemany is one) and commits of the writing engine."""
    cost = Cost()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        cost.statements += not text.startswith("BEGIN")

    def commit(_connection: Any) -> None:
        cost.commits += 1

    listeners: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", statement), ("commit", commit)]
    for name, listener in listeners:
        event.listen(database.writer, name, listener)
    try:
        yield cost
    finally:
        for name, listener in listeners:
            event.remove(database.writer, name, listener)


def _participants() -> dict[str, bytes]:
    loop = (
        '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="votes" outputElement="=form.vote"/>'
    )
    body = f"<bpmn:multiInstanceLoopCharacteristics>{extensions(loop)}</bpmn:multiInstanceLoopCharacteristics>"
    return model("many", start() + user("vote", body=body, assignee="starter") + end(), "begin vote\nvote done")


def test_completing_a_bare_task_takes_at_most_twelve_statements_and_one_commit(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    bench.complete(bench.start("one_task"), "ask", {"a": 1})
    task = bench.start("one_task").tasks[0]
    with cost_of(bench.engine.database) as cost:
        bench.engine.complete(task, {"a": 1, "b": "x", "c": True}, actor=LI)
    assert cost.statements <= 12
    assert cost.commits == 1


def test_one_of_many_participants_costs_the_same_at_the_beginning_and_at_the_end(bench: Bench) -> None:
    bench.deploy(_participants())
    receipt = bench.start("many", {"people": list(range(PEOPLE))})
    costs = []
    for number, task in enumerate(receipt.tasks[:-1]):
        with cost_of(bench.engine.database) as cost:
            bench.engine.complete(task, {"vote": number}, actor=LI)
        costs.append(cost.statements)
    assert max(costs) <= 12
    assert max(costs[-10:]) <= max(costs[:10])
    bench.engine.complete(receipt.tasks[-1], {"vote": PEOPLE - 1}, actor=LI)
    assert [int(v) for v in bench.variables(receipt)["votes"]] == list(range(PEOPLE))


TWO_TASKS = model(
    "two_tasks", start() + user("ask", assignee="starter") + user("more", assignee="starter") + end(), "begin ask\nask more\nmore done"
)


def _rows(bench: Bench, table: str) -> int:
    with bench.engine.database.read() as connection:
        found: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        return found


@pytest.mark.parametrize("size", [10, 5000])
def test_a_large_value_is_stored_once_comes_back_the_same_and_goes_with_the_last_variable(bench: Bench, size: int) -> None:
    bench.deploy(TWO_TASKS)
    text = "共" * size
    other = bench.start("two_tasks", {"text": text})
    receipt = bench.start("two_tasks", {"text": text})
    bench.complete(receipt, "ask", {"copy": text})
    large = 1 if size > 1024 else 0
    assert bench.variables(receipt)["text"] == bench.variables(receipt)["copy"] == text
    assert _rows(bench, "content") == 2 * large
    bench.engine.change_variables(receipt.instance or "", {"text": "short"}, "a reason", actor=LI)
    assert _rows(bench, "content") == 2 * large
    bench.engine.change_variables(receipt.instance or "", {"copy": "short"}, "a reason", actor=LI)
    assert _rows(bench, "content") == large
    bench.complete(other, "ask")
    bench.complete(other, "more", {"copy": text})
    assert _rows(bench, "content") == 0
    assert bench.variables(other)["text"] == bench.variables(other)["copy"] == text


def test_a_large_instance_can_be_cancelled_and_leaves_nothing(bench: Bench) -> None:
    bench.deploy(_participants())
    receipt = bench.start("many", {"people": list(range(PEOPLE))})
    bench.engine.complete(receipt.tasks[0], {"vote": 1}, actor=LI)
    bench.engine.cancel(receipt.instance or "", "enough", actor=LI)
    details = bench.engine.queries.instance(receipt.instance or "")
    assert (details.line.state, details.tokens, details.tasks) == ("cancelled", (), ())
    assert [d.outcome for d in details.done].count("withdrawn") == PEOPLE - 1
    with bench.engine.database.read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM variable WHERE name NOT IN ('people', 'vote', 'starter', 'number', 'area')")
        assert left.scalar_one() == 0
