"""What has finished leaves the work tables and the loaded state: branches, rounds, participants, called procedures, whole instances."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.correcting import Correction
from engine.engine import Receipt
from engine.errors import AlreadyCompleted, InstanceEnded
from engine.guards import Guard
from engine.history import store as history
from engine.runner.instructions import Start
from engine.store import guards, tables
from engine.store.database import Database
from tests.counting import Read, reads_of
from tests.integration.engine.conftest import LI, WANG, Bench
from tests.integration.engine.models import boundary, end, exclusive, extensions, maps, model, script, start, timer, user
from tests.integration.engine.test_corrections import TWO_STEPS

#: tables in which only what is open may lie
WORK = (
    tables.instance, tables.token, tables.variable, tables.content, tables.task, tables.task_offer, tables.draft, tables.action,
    tables.timer, tables.subscription, tables.held_job,
)  # fmt: skip
LARGE = "共建" * 1000

#: ask → `rounds` of two scripts → ask …; 9,000 elements in a command are 9,000 finished steps
LONG = model(
    "long",
    start()
    + user("ask", maps(count="form.rounds", note="form.note"), assignee="starter")
    + script("one", "=count - 1", "count")
    + script("two", "=count", "seen")
    + exclusive("more", "f6")
    + boundary("over", "ask", timer("timeDuration", "P900D"))
    + end("never"),
    "begin ask\nask one\none two\ntwo more\nmore one = count > 0\nmore ask\nover never",
)


def _participants(inner: str) -> str:
    loop = '<zeebe:loopCharacteristics inputCollection="=people" inputElement="who" outputCollection="votes" outputElement="=form.vote"/>'
    body = f"<bpmn:multiInstanceLoopCharacteristics>{extensions(loop)}</bpmn:multiInstanceLoopCharacteristics>"
    return user(inner, body=body, assignee="starter")


def rows(database: Database) -> dict[str, int]:
    """Work table → how many rows, where there are any."""
    with database.read() as connection:
        counted = {t.name: connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in WORK}
    return {name: count for name, count in counted.items() if count}


def _step(bench: Bench, receipt: Receipt, rounds: int = 1) -> Read:
    task = bench.tasks(receipt)["ask"]
    with reads_of(bench.engine.database) as read:
        bench.engine.complete(task, {"rounds": rounds, "note": LARGE}, actor=LI)
    return read


def test_an_instance_with_ten_thousand_finished_steps_costs_what_a_new_one_costs(bench: Bench) -> None:
    bench.deploy(LONG)
    old = bench.start("long", {"count": 0, "seen": 0, "note": None})
    _step(bench, old)
    for _ in range(20):
        _step(bench, old)
    _step(bench, old, 3300)
    _step(bench, old, 100)
    assert sum(bench.engine.queries.instance(old.instance or "").completed.values()) > 10_000
    held = rows(bench.engine.database)
    cost = _step(bench, old)
    assert rows(bench.engine.database) == held
    bench.engine.cancel(old.instance or "", "enough", actor=LI)
    new = bench.start("long", {"count": 0, "seen": 0, "note": None})
    _step(bench, new)
    assert rows(bench.engine.database) == held
    fresh = _step(bench, new)
    assert (cost.statements, cost.rows) == (fresh.statements, fresh.rows)
    assert cost.size <= fresh.size + 100  # the number of the history row has more digits
    assert fresh.rows > 0


def test_participants_and_their_large_values_leave_with_the_join(bench: Bench) -> None:
    bench.deploy(model("many", start() + _participants("vote") + user("ask", assignee="starter") + end(), "begin vote\nvote ask\nask done"))
    receipt = bench.start("many", {"people": list(range(120)), "votes": None})
    for number, task in enumerate(receipt.tasks):
        bench.engine.complete(task, {"vote": f"{number}{LARGE}"}, actor=LI)
    after = rows(bench.engine.database)
    assert (after["token"], after["task"], after["content"]) == (2, 1, 2)  # the last vote, the list of votes
    assert set(bench.variables(receipt)) == {"people", "vote", "votes", "starter", "number", "area"}
    assert after["variable"] == 6


def test_a_called_procedure_leaves_with_its_variables(bench: Bench) -> None:
    called = '<zeebe:calledElement processId="inner" propagateAllChildVariables="false"/>'
    mapped = '<zeebe:ioMapping><zeebe:input source="=text" target="text"/><zeebe:output source="=1" target="got"/></zeebe:ioMapping>'
    call = f'<bpmn:callActivity id="call" name="call">{extensions(called, mapped)}</bpmn:callActivity>'
    inner = model("inner", start() + user("ask", assignee="starter") + end(), "begin ask\nask done")
    bench.deploy({**inner, **model("outer", start() + call + user("after") + end(), "begin call\ncall after\nafter done")})
    receipt = bench.start("outer", {"text": "short", "got": None})
    bench.complete(receipt, "ask", {"inside": LARGE})
    assert rows(bench.engine.database) == {"instance": 1, "token": 2, "variable": 5, "task": 1, "task_offer": 1}


def test_a_guard_that_a_thing_has_already_is_not_written_again(bench: Bench) -> None:
    by_li, by_wang = (Guard(access="staff", of=("role:head@c1",), data="note", by=(one,)) for one in ("li", "wang"))
    with bench.engine.database.write() as connection:
        for _ in range(3):
            guards.add(connection, bench.engine.runtime.new_id, "case-1", guards.DATA, ["p/note"], [by_li, by_wang, by_li])
            guards.add(connection, bench.engine.runtime.new_id, "case-2", guards.DATA, ["p/note"], [by_li])
        assert guards.of_instance(connection, "case-1", guards.DATA) == {"p/note": (by_li, by_wang)}
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.guard)).scalar_one() == 3


# Whole instances


@pytest.fixture
def closed(bench: Bench) -> tuple[Bench, Receipt, dict[str, str]]:
    """A case that ended an hour ago, with a large variable; and the ids of its tasks."""
    bench.deploy(TWO_STEPS)
    case = bench.start("claims", {"text": LARGE}, idempotency_key="begin")
    tasks = {}
    for node, form in (("check", {"amount": 5}), ("review", {"amount": 6}), ("pay", {})):
        tasks[node] = bench.tasks(case)[node]
        bench.engine.save_draft(tasks[node], {"amount": 1}, actor=LI)
        bench.engine.complete(tasks[node], form, actor=LI, idempotency_key=node)
    bench.wait(hours=1)
    return bench, case, tasks


Closed = tuple[Bench, Receipt, dict[str, str]]


def test_nothing_of_a_finished_instance_is_left_in_the_work_tables(closed: Closed) -> None:
    bench, case, _ = closed
    assert rows(bench.engine.database) == {}
    with bench.engine.database.read() as connection:
        kept = connection.execute(sa.select(tables.finished_instance)).one()
    assert (kept.id, kept.state, kept.ended_at is not None) == (case.instance, "completed", True)


@pytest.mark.parametrize("how", ["cancelled", "by_timer", "at_once", "failed"])
def test_however_it_ends(bench: Bench, how: str) -> None:
    error = '<bpmn:error id="e" errorCode="ERR"/>'
    fails = end("broken", '<bpmn:errorEventDefinition errorRef="e"/>')
    late = boundary("late", "ask", timer("timeDuration", "PT1H"))
    bench.deploy(
        model("ends", start() + user("ask") + late + end(), "begin ask\nask done\nlate done"),
        model("at_once", start() + end(), "begin done"),
        model("fails", start() + user("ask") + fails, "begin ask\nask broken", top=error),
    )
    case = bench.start({"at_once": "at_once", "failed": "fails"}.get(how, "ends"), {"text": LARGE})
    match how:
        case "cancelled":
            bench.engine.cancel(case.instance or "", "enough", actor=WANG)
        case "by_timer":
            bench.wait(hours=2)
        case "failed":
            bench.complete(case, "ask")
    assert rows(bench.engine.database) == {}
    assert bench.state(case) == {"cancelled": "cancelled", "failed": "failed"}.get(how, "completed")
    assert bench.variables(case)["text"] == LARGE
    _assert_chain(bench)


def _assert_chain(bench: Bench) -> None:
    with bench.engine.database.read() as connection:
        assert history.verify(connection) == []


def test_its_readers_find_it_as_before(closed: Closed) -> None:
    bench, case, tasks = closed
    other = bench.start("claims")
    queries, instance = bench.engine.queries, case.instance or ""
    details = queries.instance(instance)
    assert (details.line.state, details.line.ends, details.tokens, details.tasks) == ("completed", ("done",), (), ())
    assert [d.node for d in details.done] == ["check", "review", "pay"]
    assert details.completed["check"] == details.flows["f4"] == 1
    assert queries.variables(instance)["text"] == LARGE
    assert (queries.variables(instance)["granted"], queries.variables(instance)["double"]) == (5, 6)
    assert [line.kind for line in queries.history(instance, limit=1000).items][-1] == "ended"
    assert [(d.node, d.state) for d in queries.done_tasks("li").items] == [(node, "completed") for node in ("pay", "review", "check")]
    assert queries.done_task(tasks["pay"]).outcome == "completed"
    assert queries.process_of(instance).id == "claims"
    assert queries.submissions(tasks["check"])[0].version.form["amount"] == 5
    assert [i.id for i in queries.instances().items] == [other.instance, instance]
    assert [i.id for i in queries.instances(state="completed").items] == [instance]
    assert [i.id for i in queries.instances(state="running").items] == [other.instance]
    assert [i.id for i in queries.instances(starter="li", processes=["claims"]).items] == [other.instance, instance]
    _assert_chain(bench)


def test_pages_of_a_list_go_through_both_kinds_in_order(bench: Bench) -> None:
    bench.deploy(TWO_STEPS)
    begun = [bench.start("claims") for _ in range(9)]
    for receipt in begun[::2]:
        bench.engine.cancel(receipt.instance or "", "enough", actor=WANG)
    found, cursor = [], None
    while True:
        page = bench.engine.queries.instances(limit=2, cursor=cursor)
        found += [line.id for line in page.items]
        if (cursor := page.next) is None:
            break
    assert found == [receipt.instance for receipt in reversed(begun)]


def test_what_was_sent_before_it_ended_gets_its_first_answer(closed: Closed) -> None:
    bench, case, tasks = closed
    assert bench.engine.complete(tasks["pay"], {}, actor=LI, idempotency_key="pay").repeated
    assert bench.engine.complete(tasks["pay"], {}, actor=LI).outcome == "completed"
    assert bench.engine.start("claims", {"text": LARGE}, actor=LI, idempotency_key="begin").instance == case.instance
    with pytest.raises(AlreadyCompleted):
        bench.engine.complete(tasks["pay"], {}, actor=WANG)
    with pytest.raises(InstanceEnded):
        bench.engine.cancel(case.instance or "", "twice", actor=WANG)


def test_its_record_is_corrected(closed: Closed) -> None:
    bench, case, tasks = closed
    correction = Correction(id="request", version=1, form={"amount": 8}, reason="写错了", by="li")
    bench.engine.correct(tasks["check"], correction, actor=WANG, before=_nothing, after=_nothing)
    assert bench.variables(case)["granted"] == 8
    assert bench.variables(case)["text"] == LARGE
    assert bench.kinds(case)[-1] == "submission_corrected"
    assert rows(bench.engine.database) == {}
    _assert_chain(bench)


def _nothing(*_: Any) -> None:
    """Nothing takes part in the transaction."""


def test_it_begins_again_at_an_element(closed: Closed) -> None:
    bench, case, _ = closed
    anew = bench.engine.restart(case.instance or "", [Start(element="review")], "once more", actor=WANG)
    assert anew.receipt.instance is not None
    assert bench.waits_at(anew.receipt) == ["review"]
    assert bench.variables(anew.receipt)["text"] == LARGE
    assert bench.kinds(case)[-1] == "restarted_as"
    _assert_chain(bench)


def test_it_is_removed_whole(closed: Closed) -> None:
    bench, case, _ = closed
    instance = case.instance or ""
    bench.engine.remove(instance, "kept long enough", retention="ten_years", actor=WANG)
    assert [one.state for one in bench.engine.removed()] == ["completed"]
    assert bench.engine.queries.instances().items == ()
    assert bench.engine.queries.done_tasks("li").items == ()
    with bench.engine.database.read() as connection:
        for table in (tables.finished_instance, tables.done_task, tables.guard, tables.entry, tables.incident):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0
    _assert_chain(bench)


def test_a_finished_instance_whose_row_is_taken_away_is_told_by_the_chain(closed: Closed) -> None:
    bench, _, _ = closed
    with bench.engine.database.write() as connection:
        connection.execute(sa.delete(tables.finished_instance))
    with bench.engine.database.read() as connection:
        assert [problem.kind for problem in history.verify(connection)] == ["orphaned"]


def test_nobody_works_on_it_any_more(closed: Closed) -> None:
    bench, case, _ = closed
    instance = case.instance or ""
    with pytest.raises(InstanceEnded):
        bench.engine.suspend(instance, "why not", actor=WANG)
    with pytest.raises(InstanceEnded):
        bench.engine.change_variables(instance, {"text": "other"}, "why not", actor=WANG)
