"""Moving a case by hand: one transaction, in the history, and a dry run that leaves nothing."""

from __future__ import annotations

import pytest

from engine.commands.modifying import instructions_of
from engine.engine import Receipt
from engine.errors import InstanceSuspended
from engine.runner.instructions import FLOW, Cancel, ModificationRefused, Start
from tests.integration.engine.conftest import LI, WANG, Bench
from tests.integration.engine.models import boundary, end, model, parallel, start, timer, user

WHY = "走错了环节"
STEPS = model(
    "steps",
    start() + user("a") + boundary("late", "a", timer("timeDuration", "PT1H")) + user("b") + user("c") + end() + end("too_late"),
    "begin a\na b\nb c\nc done\nlate too_late",
)
JOINED = model(
    "joined",
    start() + parallel("split") + user("a") + user("b") + parallel("join") + user("after") + end(),
    "begin split\nsplit a\nsplit b\na join\nb join\njoin after\nafter done",
)


def begun(bench: Bench, package: dict[str, bytes], key: str) -> tuple[Receipt, str]:
    bench.deploy(package)
    receipt = bench.start(key)
    assert receipt.instance is not None
    return receipt, receipt.instance


def test_a_task_is_withdrawn_its_alarm_disarmed_and_the_other_offered(bench: Bench) -> None:
    receipt, instance = begun(bench, STEPS, "steps")
    done = bench.engine.modify(instance, [Cancel(element="a"), Start(element="c", variables={"note": "x"})], WHY, actor=WANG)
    assert (done.started, done.cancelled, done.offered, done.dry_run) == (("c",), ("a",), ("c",), False)
    details = bench.engine.queries.instance(instance)
    assert [t.node for t in details.tasks] == ["c"]
    assert details.timers == ()
    line = next(line for line in bench.engine.queries.history(instance).items if line.kind == "modified")
    assert (line.actor, line.content["reason"]) == ("wang", WHY)
    assert line.content["instructions"][1] == {"do": "start", "element": "c", "where": "before", "variables": ["note"]}
    bench.complete(receipt, "c", {}, actor=LI)
    assert bench.state(receipt) == "completed"


def test_a_dry_run_tells_all_of_it_and_leaves_nothing(bench: Bench) -> None:
    receipt, instance = begun(bench, STEPS, "steps")
    before, pending = bench.engine.queries.instance(instance), bench.jobs.pending
    kinds = bench.kinds(receipt)
    steps = [Cancel(element="a"), Start(element="c")]
    would = bench.engine.modify(instance, steps, WHY, actor=WANG, dry_run=True, idempotency_key="k")
    assert (would.dry_run, would.cancelled, would.offered) == (True, ("a",), ("c",))
    assert bench.engine.queries.instance(instance) == before
    assert (bench.jobs.pending, bench.kinds(receipt)) == (pending, kinds)
    assert not bench.engine.modify(instance, steps, WHY, actor=WANG, idempotency_key="k").receipt.repeated
    assert bench.engine.modify(instance, steps, WHY, actor=WANG, idempotency_key="k").receipt.repeated


def test_an_incident_of_a_stuck_join_closes_when_its_branch_comes(bench: Bench) -> None:
    receipt, instance = begun(bench, JOINED, "joined")
    bench.complete(receipt, "a")
    done = bench.engine.modify(instance, [Cancel(element="b")], WHY, actor=WANG)
    assert done.incidents == (("join", "join_stuck"),)
    assert bench.engine.queries.instance(instance).line.incidents == 1
    flow = next(f.id for f in bench.engine.queries.process("joined").flows.values() if (f.source, f.target) == ("b", "join"))
    bench.engine.modify(instance, [Start(element=flow, where=FLOW)], WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["after"]
    assert bench.engine.queries.instance(instance).line.incidents == 0


def test_what_is_refused_changes_nothing(bench: Bench) -> None:
    receipt, instance = begun(bench, STEPS, "steps")
    kinds = bench.kinds(receipt)
    for steps in ([Cancel(element="a")], [Start(element="late")], [Start(element="nowhere")]):
        with pytest.raises(ModificationRefused):
            bench.engine.modify(instance, steps, WHY, actor=WANG)
    bench.engine.suspend(instance, WHY, actor=WANG)
    with pytest.raises(InstanceSuspended):
        bench.engine.modify(instance, [Start(element="b")], WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["a", "late"]
    assert bench.kinds(receipt) == [*kinds, "suspended"]


def test_a_large_case_is_moved_without_reading_all_of_it(bench: Bench) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=150</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    receipt, instance = begun(
        bench, model("many", start() + user("vote", body=loop) + user("b") + end(), "begin vote\nvote b\nb done"), "many"
    )
    token = next(t.id for t in bench.engine.queries.instance(instance).tokens if t.node == "vote" and t.state == "WAITING")
    bench.engine.modify(instance, [Cancel(token=token)], WHY, actor=WANG)
    assert len(bench.engine.queries.instance(instance).tasks) == 149
    bench.engine.modify(instance, [Cancel(element="vote"), Start(element="b")], WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["b"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"do": "jump"}, "do is"),
        ({"do": "cancel"}, "one of the two"),
        ({"do": "cancel", "token": "t", "element": "a"}, "one of the two"),
        ({"do": "start"}, "missing"),
        ({"do": "start", "element": "a", "were": "after"}, "were is unknown"),
        ({"do": "start", "element": 3}, "wrong kind"),
        ({"do": "start", "element": "a", "where": "under"}, "where is one of"),
    ],
)
def test_instructions_that_say_too_little_or_too_much_are_pointed_at(given: dict[str, object], says: str) -> None:
    with pytest.raises(ModificationRefused, match=says):
        instructions_of([given])


def test_a_move_is_both_in_one() -> None:
    assert instructions_of([{"do": "move", "from": "a", "to": "b", "variables": {"n": 1}}]) == [
        Cancel(element="a"),
        Start(element="b", variables={"n": 1}),
    ]
