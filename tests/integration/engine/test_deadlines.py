"""Deadlines of a task, natural time: its due date, timers that read it, and what follows when it moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.definitions.migration import Plan, Step
from engine.standalone import PlainDirectory
from engine.store.tables import plain_deadline
from tests.integration.engine.conftest import LI, T0, Bench, MakeBench
from tests.integration.engine.models import boundary, end, house_model, start, timer, user

NODES = (
    start()
    + user("ask", '<cogov:deadline id="ask_due" limit="P3D"/>')
    + boundary("late", "ask", timer("timeDate", '=deadline("ask_due").due'), "")
    + end()
    + end("too_late")
)
FILES = house_model("with_deadline", NODES, "begin ask\nask done\nlate too_late", role="clerk")


@pytest.fixture
def office(make_bench: MakeBench) -> Bench:
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"]}))
    bench.deploy(FILES)
    return bench


def test_a_task_is_due_when_its_deadline_is_and_the_timer_reads_it(office: Bench) -> None:
    receipt = office.start("with_deadline", area="c1")
    due = T0 + timedelta(days=3)
    assert office.engine.queries.task(receipt.tasks[0]).line.due_at == due
    assert [t.due_at for t in office.engine.queries.timers(receipt.instance)] == [due]
    office.wait(days=3)
    assert office.engine.queries.instance(receipt.instance or "").line.ends == ("too_late",)


def test_when_the_deadline_moves_its_timer_and_the_due_date_move_along(office: Bench) -> None:
    receipt = office.start("with_deadline", area="c1")
    later = T0 + timedelta(days=10)
    with office.engine.database.write() as connection:
        connection.execute(sa.update(plain_deadline).values(due_at=later))
    office.engine.rearm(receipt.instance or "")
    assert office.engine.queries.task(receipt.tasks[0]).line.due_at == later
    assert [(t.due_at, t.generation) for t in office.engine.queries.timers(receipt.instance)] == [(later, 2)]
    office.wait(days=9)
    assert office.state(receipt) == "running"
    office.wait(days=1)
    assert office.state(receipt) == "completed"


def test_a_deadline_is_met_or_cancelled_with_its_task(office: Bench) -> None:
    met, cancelled = office.start("with_deadline", area="c1"), office.start("with_deadline", area="c1")
    office.complete(met, "ask")
    office.wait(days=3)
    with office.engine.database.read() as connection:
        found = connection.execute(sa.select(plain_deadline.c.instance, plain_deadline.c.state)).all()
    assert dict(map(tuple, found)) == {met.instance: "met", cancelled.instance: "cancelled"}


def test_a_deadline_that_moves_while_the_case_is_suspended_moves_its_timer_at_resume(office: Bench) -> None:
    receipt = office.start("with_deadline", area="c1")
    assert receipt.instance is not None
    office.engine.suspend(receipt.instance, "looked into", actor=LI)
    later = T0 + timedelta(days=10)
    with office.engine.database.write() as connection:
        connection.execute(sa.update(plain_deadline).values(due_at=later))
    office.engine.rearm(receipt.instance)
    assert office.engine.queries.task(receipt.tasks[0]).line.due_at == later
    office.wait(days=4)
    office.engine.resume(receipt.instance, "all is well", actor=LI)
    office.wait(days=5)
    assert office.state(receipt) == "running"
    office.wait(days=1)
    assert office.engine.queries.instance(receipt.instance).line.ends == ("too_late",)


def test_a_deadline_runs_on_under_its_new_element_in_another_version(office: Bench) -> None:
    receipt = office.start("with_deadline", area="c1")
    assert receipt.instance is not None
    renamed = (
        start()
        + user("question", '<cogov:deadline id="ask_due" limit="P9D"/>')
        + boundary("overdue", "question", timer("timeDate", '=deadline("ask_due").due'), "")
        + end()
        + end("too_late")
    )
    flows = "begin question\nquestion done\noverdue too_late"
    office.deploy(house_model("with_deadline", renamed, flows, role="clerk"))
    steps = (Step(source="ask", target="question"), Step(source="late", target="overdue", timers="rearm"))
    plan = Plan(process="with_deadline", before=1, after=2, steps=steps)
    office.engine.migrate_instance(receipt.instance, plan, "another name", actor=LI)
    due = T0 + timedelta(days=3)
    assert office.engine.queries.task(receipt.tasks[0]).line.due_at == due
    with office.engine.database.read() as connection:
        assert [(row.element, row.state) for row in connection.execute(sa.select(plain_deadline))] == [("question", "running")]
    office.wait(days=3)
    assert office.engine.queries.instance(receipt.instance).line.ends == ("too_late",)
