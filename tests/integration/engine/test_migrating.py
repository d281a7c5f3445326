"""Instances move to another version by a plan: each whole or not at all, with what waits, and by batches that survive a crash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.commands import batches, migrating
from engine.definitions.migration import Plan, PlanRefused, Step
from engine.engine import Receipt
from engine.errors import Conflict
from engine.history import store as history
from engine.runner.migration import MigrationFailed
from tests.integration.engine.conftest import LI, WANG, Bench
from tests.integration.engine.models import (
    boundary,
    catch,
    end,
    extensions,
    maps,
    message,
    message_named,
    model,
    parallel,
    start,
    timer,
    user,
)

WHY = "新版本更正了环节"
OLD = model(
    "work",
    start() + user("ask") + boundary("late", "ask", timer("timeDuration", "PT1H")) + end() + end("too_late"),
    "begin ask\nask done\nlate too_late",
)
#: the task has another id and a step behind it, the alarm another time
NEW = model(
    "work",
    start() + user("question") + boundary("overdue", "question", timer("timeDuration", "PT5H")) + user("check") + end() + end("too_late"),
    "begin question\nquestion check\ncheck done\noverdue too_late",
)


def plan(*steps: tuple[str, str] | tuple[str, str, str], key: str = "work") -> Plan:
    return Plan(process=key, before=1, after=2, steps=tuple(Step(source=s[0], target=s[1], timers=(*s, "keep")[2]) for s in steps))


RENAMED = plan(("ask", "question"), ("late", "overdue"))


def running(bench: Bench, old: dict[str, bytes], new: dict[str, bytes], key: str = "work", **variables: Any) -> tuple[Receipt, str]:
    bench.deploy(old)
    receipt = bench.start(key, variables)
    bench.deploy(new)
    assert receipt.instance is not None
    return receipt, receipt.instance


def test_a_task_goes_on_under_its_new_name_with_its_draft_and_who_took_it(bench: Bench) -> None:
    receipt, instance = running(bench, OLD, NEW)
    task = bench.tasks(receipt)["ask"]
    bench.engine.claim(task, actor=LI)
    bench.engine.save_draft(task, {"a": "typed"}, actor=LI)
    bench.engine.migrate_instance(instance, RENAMED, WHY, actor=WANG)
    details = bench.engine.queries.instance(instance)
    (line,) = details.tasks
    assert (line.id, line.node, line.assignee, line.process_version) == (task, "question", "li", 2)
    assert details.line.process_version == 2
    assert bench.engine.draft(task, "li") == {"a": "typed"}
    bench.complete(receipt, "question", {"a": 1})
    bench.complete(receipt, "check", {"a": 1})
    assert bench.state(receipt) == "completed"
    told = next(line for line in bench.engine.queries.history(instance).items if line.kind == "migrated")
    assert (told.actor, told.content["reason"], int(told.content["from"]), int(told.content["to"])) == ("wang", WHY, 1, 2)
    with bench.engine.database.read() as connection:
        assert not history.verify(connection, instance)


def test_an_alarm_keeps_its_time_or_is_worked_out_anew(bench: Bench) -> None:
    kept, first = running(bench, OLD, NEW)
    anew = bench.start("work", version=1)
    assert anew.instance is not None
    bench.engine.migrate_instance(first, RENAMED, WHY, actor=WANG)
    bench.engine.migrate_instance(anew.instance, plan(("ask", "question"), ("late", "overdue", "rearm")), WHY, actor=WANG)
    bench.wait(hours=1)
    assert (bench.state(kept), bench.state(anew)) == ("completed", "running")
    bench.wait(hours=4)
    assert bench.state(anew) == "completed"


def test_a_boundary_event_without_a_step_is_closed_and_a_new_one_opened(bench: Bench) -> None:
    receipt, instance = running(bench, OLD, NEW)
    bench.engine.migrate_instance(instance, plan(("ask", "question")), WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["overdue", "question"]
    (timer_line,) = bench.engine.queries.instance(instance).timers
    assert (timer_line.node, (timer_line.due_at - bench.clock.now()).total_seconds()) == ("overdue", 5 * 3600)


def test_an_element_without_a_step_keeps_the_case_as_it_is(bench: Bench) -> None:
    receipt, instance = running(bench, OLD, NEW)
    before, kinds = bench.engine.queries.instance(instance), bench.kinds(receipt)
    with pytest.raises(MigrationFailed, match="ask"):
        bench.engine.migrate_instance(instance, plan(("begin", "begin")), WHY, actor=WANG)
    assert (bench.engine.queries.instance(instance), bench.kinds(receipt)) == (before, kinds)


def test_a_dry_run_tells_and_leaves_nothing(bench: Bench) -> None:
    receipt, instance = running(bench, OLD, NEW)
    before, kinds, pending = bench.engine.queries.instance(instance), bench.kinds(receipt), bench.jobs.pending
    assert bench.engine.migrate_instance(instance, RENAMED, WHY, actor=WANG, dry_run=True).dry_run
    assert (bench.engine.queries.instance(instance), bench.kinds(receipt), bench.jobs.pending) == (before, kinds, pending)
    tried = bench.engine.migrate(plan(("begin", "begin")), WHY, actor=WANG, dry_run=True)
    assert [(f.instance, f.code) for f in tried.failures] == [(instance, "migration_failed")]
    assert bench.engine.migrate(RENAMED, WHY, actor=WANG, dry_run=True).failures == ()
    assert bench.engine.queries.instance(instance) == before


def test_the_plan_is_made_from_the_models(bench: Bench) -> None:
    running(bench, OLD, NEW)
    draft = bench.engine.migration_plan("work", 1, 2)
    assert {(s.source, s.target) for s in draft.plan.steps} == {("begin", "begin"), ("done", "done"), ("too_late", "too_late")}
    assert [(p.element, p.en) for p in draft.unmapped] == [("ask", "is not in the new version"), ("late", "is not in the new version")]
    assert Plan.of_plain(draft.plan.plain()) == draft.plan
    assert bench.engine.check_migration(draft.plan) == []


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([("ask", "done")], "is a userTask, not a endEvent"),
        ([("nowhere", "question")], "no such element"),
        ([("ask", "question"), ("ask", "check")], "mapped twice"),
        ([("begin", "begin"), ("ask", "question"), ("late", "overdue"), ("done", "done"), ("too_late", "done")], "go to one element"),
        ([("late", "overdue")], "attached to another element"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(bench: Bench, steps: list[tuple[str, str]], says: str) -> None:
    _receipt, instance = running(bench, OLD, NEW)
    with pytest.raises(PlanRefused, match=says):
        bench.engine.migrate_instance(instance, plan(*steps), WHY, actor=WANG)
    with pytest.raises(PlanRefused):
        bench.engine.migrate(plan(*steps), WHY, actor=WANG)


def test_a_subscription_follows_its_new_key(bench: Bench) -> None:
    def waiting(key: str, name: str) -> dict[str, bytes]:
        nodes = start() + catch("answer", message("m"), maps(said="message.text")) + end()
        return model("waits", nodes, "begin answer\nanswer done", top=message_named("m", name, key))

    receipt, instance = running(bench, waiting("first", "msg.old"), waiting("second", "msg.new"), "waits", first="k1", second="k2")
    bench.engine.migrate_instance(instance, plan(("answer", "answer"), key="waits"), WHY, actor=WANG)
    assert bench.engine.send("msg.old", {"text": "x"}, key="k1", actor=LI).outcome == "buffered"
    assert bench.engine.send("msg.new", {"text": "yes"}, key="k2", actor=LI).instance == instance
    assert bench.variables(receipt)["said"] == "yes"


def test_a_join_keeps_who_has_arrived(bench: Bench) -> None:
    def joined(task: str) -> dict[str, bytes]:
        nodes = start() + parallel("split") + user("a") + user(task) + parallel("join") + end()
        return model("joined", nodes, f"begin split\nsplit a\nsplit {task}\na join\n{task} join\njoin done")

    receipt, instance = running(bench, joined("b"), joined("c"), "joined")
    bench.complete(receipt, "a")
    steps = [("split", "split"), ("a", "a"), ("join", "join"), ("b", "c")]
    bench.engine.migrate_instance(instance, plan(*steps, key="joined"), WHY, actor=WANG)
    bench.complete(receipt, "c")
    assert bench.state(receipt) == "completed"


def test_a_multi_instance_keeps_its_counters_and_results(bench: Bench) -> None:
    def votes(task: str) -> dict[str, bytes]:
        loop = '<zeebe:loopCharacteristics inputCollection="=p" inputElement="x" outputCollection="all" outputElement="=form.v"/>'
        tags = ("<bpmn:multiInstanceLoopCharacteristics>", "</bpmn:multiInstanceLoopCharacteristics>")
        body = extensions(loop).join(tags)
        return model("votes", start() + user(task, body=body, assignee="starter") + end(), f"begin {task}\n{task} done")

    receipt, instance = running(bench, votes("vote"), votes("ballot"), "votes", p=["x", "y"])
    first, second = sorted(t.id for t in bench.engine.queries.instance(instance).tasks)
    bench.engine.complete(first, {"v": 1}, actor=LI)
    bench.engine.migrate_instance(instance, plan(("vote", "ballot"), key="votes"), WHY, actor=WANG)
    bench.engine.complete(second, {"v": 2}, actor=LI)
    assert bench.state(receipt) == "completed"
    assert [int(v) for v in bench.variables(receipt)["all"]] == [1, 2]


def test_a_suspended_case_is_migrated_and_stays_suspended(bench: Bench) -> None:
    receipt, instance = running(bench, OLD, NEW)
    bench.engine.suspend(instance, WHY, actor=WANG)
    bench.wait(hours=2)
    bench.engine.migrate_instance(instance, RENAMED, WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["overdue", "question"]
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert bench.state(receipt) == "completed"


def test_a_signal_held_while_the_case_moves_finds_it_where_it_waits_now(bench: Bench) -> None:
    def listening(node: str) -> dict[str, bytes]:
        heard = catch(node, '<bpmn:signalEventDefinition signalRef="sig"/>')
        return model("listens", start() + heard + end(), f"begin {node}\n{node} done", top='<bpmn:signal id="sig" name="fire"/>')

    receipt, instance = running(bench, listening("heard"), listening("listened"), "listens")
    bench.engine.suspend(instance, WHY, actor=WANG)
    bench.engine.signal("fire", actor=LI)
    bench.run()
    bench.engine.migrate_instance(instance, plan(("heard", "listened"), key="listens"), WHY, actor=WANG)
    bench.engine.resume(instance, WHY, actor=WANG)
    bench.run()
    assert bench.state(receipt) == "completed"


# Batches -----------------------------------------------------------------------------------------------------------


def _many(bench: Bench) -> list[Receipt]:
    bench.deploy(OLD)
    found = [bench.start("work") for _ in range(60)]
    bench.deploy(NEW)
    return found


def test_a_batch_takes_each_whole_or_not_at_all_and_lists_what_failed(bench: Bench) -> None:
    receipts = _many(bench)
    bench.complete(receipts[3], "ask", {"a": 1})
    chosen = [receipt.instance for receipt in receipts if receipt.instance is not None]
    done = bench.engine.migrate(RENAMED, WHY, actor=WANG, instances=chosen, idempotency_key="k")
    assert bench.engine.migrate(RENAMED, WHY, actor=WANG, instances=chosen, idempotency_key="k").batch == done.batch
    assert done.batch is not None
    bench.run()
    progress = bench.engine.batch(done.batch)
    assert (progress.state, progress.total, progress.done, progress.failed, progress.actor) == ("done", 60, 59, 1, "wang")
    assert [(f.instance, f.code) for f in progress.failures] == [(receipts[3].instance, "instance_ended")]
    assert {line.process_version for line in bench.engine.queries.instances(limit=200).items if line.state == "running"} == {2}
    with pytest.raises(Conflict):
        bench.engine.migrate(RENAMED, WHY, actor=WANG)


class Killed(BaseException):
    """The process dies here."""


def test_a_killed_worker_leaves_nothing_half_done_and_the_next_one_goes_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts = _many(bench)
    done = bench.engine.migrate(RENAMED, WHY, actor=WANG)
    assert done.batch is not None
    count = 0

    def dies(runtime: Any, connection: Any, task: batches.Task) -> None:
        nonlocal count
        count += 1
        migrating.migrate_item(runtime, connection, task)
        if count == 30:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setitem(bench.engine.acts, migrating.MIGRATE, dies)
        with pytest.raises(Killed):
            bench.run()
    assert bench.engine.batch(done.batch).done == 29
    assert [bench.engine.queries.instance(str(r.instance)).line.process_version for r in receipts].count(2) == 29
    bench.run()
    progress = bench.engine.batch(done.batch)
    assert (progress.done, progress.failed, progress.state) == (60, 0, "done")
    for receipt in receipts:
        assert bench.kinds(receipt).count("migrated") == 1


# Called procedures -------------------------------------------------------------------------------------------------

CALL = '<bpmn:extensionElements><zeebe:calledElement processId="{key}" propagateAllChildVariables="false"/></bpmn:extensionElements>'


def call(node: str, key: str) -> str:
    return f'<bpmn:callActivity id="{node}">{CALL.format(key=key)}</bpmn:callActivity>'


OUTER = model("outer", start() + call("go", "inner") + user("after") + end(), "begin go\ngo after\nafter done")
OUTER_NEW = model("outer", start() + call("run", "inner") + user("after") + end(), "begin run\nrun after\nafter done")
INNER = model(
    "inner", start() + user("ask") + boundary("late", "ask", timer("timeDuration", "PT1H")) + end() + end("too_late"),
    "begin ask\nask done\nlate too_late",
)  # fmt: skip
INNER_NEW = model(
    "inner",
    start() + user("question") + boundary("overdue", "question", timer("timeDuration", "PT5H")) + user("check") + end() + end("too_late"),
    "begin question\nquestion check\ncheck done\noverdue too_late",
)
OF_INNER = plan(("ask", "question"), ("late", "overdue"), key="inner")


def of_outer(*called: Plan) -> Plan:
    return replace(plan(("go", "run"), ("after", "after"), key="outer"), called=called)


def calling(bench: Bench) -> tuple[Receipt, str]:
    """A case of version 1 that calls version 1 of the other; both have a version 2."""
    return running(bench, {**OUTER, **INNER}, {**OUTER_NEW, **INNER_NEW}, "outer")


def test_a_called_procedure_moves_with_its_caller_by_a_plan_of_its_own(bench: Bench) -> None:
    receipt, case = calling(bench)
    before = bench.tasks(receipt)["ask"]
    bench.engine.save_draft(before, {"note": "half"}, actor=LI)
    bench.engine.migrate_instance(case, of_outer(OF_INNER), WHY, actor=LI)
    (task,) = bench.engine.queries.instance(case).tasks
    assert (task.id, task.node, task.process_version) == (before, "question", 2)
    assert bench.engine.queries.draft(task.id, "li") == {"note": "half"}
    assert bench.waits_at(receipt) == ["inner/overdue", "inner/question", "run"]
    (timer_line,) = bench.engine.queries.timers(case)
    assert timer_line.node == "overdue"
    for node in ("question", "check", "after"):
        bench.complete(receipt, node)
    assert bench.state(receipt) == "completed"


def test_without_a_plan_for_it_a_called_procedure_stays_in_its_version(bench: Bench) -> None:
    receipt, case = calling(bench)
    bench.engine.migrate_instance(case, of_outer(), WHY, actor=LI)
    for node in ("ask", "after"):
        bench.complete(receipt, node)
    assert bench.state(receipt) == "completed"


def test_a_called_procedure_that_cannot_move_keeps_the_whole_case_as_it_was(bench: Bench) -> None:
    receipt, case = calling(bench)
    with pytest.raises(MigrationFailed) as failed:
        bench.engine.migrate_instance(case, of_outer(plan(key="inner")), WHY, actor=LI)
    assert failed.value.details["elements"] == ["ask"]
    assert bench.engine.queries.instance(case).line.process_version == 1
    assert bench.waits_at(receipt) == ["go", "inner/ask", "inner/late"]


def test_only_the_called_procedure_may_move(bench: Bench) -> None:
    bench.deploy({**OUTER, **INNER})
    receipt = bench.start("outer")
    bench.deploy(INNER_NEW)
    same = Plan(process="outer", before=1, after=1, steps=(Step(source="go", target="go"),), called=(OF_INNER,))
    bench.engine.migrate_instance(str(receipt.instance), same, WHY, actor=LI)
    assert bench.waits_at(receipt) == ["go", "inner/overdue", "inner/question"]
    bench.engine.migrate_instance(str(receipt.instance), same, WHY, actor=LI)  # nothing is called in version 1 any more
    assert bench.waits_at(receipt) == ["go", "inner/overdue", "inner/question"]


def test_a_plan_holds_generated_plans_for_called_procedures_and_keeps_them_as_json(bench: Bench) -> None:
    calling(bench)
    draft = bench.engine.migration_plan("outer", 1, 2, [("inner", 1, 2)])
    (inner,) = draft.plan.called
    assert ("begin", "begin") in [(s.source, s.target) for s in inner.steps]
    assert "inner/ask" in {problem.element for problem in draft.unmapped}
    assert Plan.of_plain(draft.plan.plain()) == draft.plan


@pytest.mark.parametrize(
    ("called", "element"),
    [
        ((plan(("ask", "nowhere"), key="inner"),), "inner/nowhere"),
        ((OF_INNER, OF_INNER), "inner"),
        ((plan(("go", "run"), key="outer"),), "outer"),
    ],
)
def test_plans_of_called_procedures_are_checked_like_others(bench: Bench, called: tuple[Plan, ...], element: str) -> None:
    _receipt, case = calling(bench)
    assert element in {problem.element for problem in bench.engine.check_migration(of_outer(*called))}
    with pytest.raises(PlanRefused):
        bench.engine.migrate_instance(case, of_outer(*called), WHY, actor=LI)


def test_a_batch_moves_callers_whatever_they_call_now(bench: Bench) -> None:
    first, _case = calling(bench)
    bench.complete(first, "ask")  # it calls nothing any more
    second = bench.start("outer", version=1)  # calls version 2 of the other
    done = bench.engine.migrate(of_outer(OF_INNER), WHY, actor=LI)
    bench.run()
    assert bench.engine.batch(str(done.batch)).failed == 0
    assert bench.waits_at(first) == ["after"]
    assert bench.waits_at(second) == ["inner/overdue", "inner/question", "run"]
