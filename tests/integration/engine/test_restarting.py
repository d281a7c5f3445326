"""A finished case begins again as a new one that refers to it."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, DefinitionSuspended
from engine.history import store as history
from engine.runner.instructions import AFTER, ModificationRefused, Start
from tests.integration.engine.conftest import WANG, Bench
from tests.integration.engine.models import end, maps, model, start, user
from tests.integration.engine.test_changing_variables import WATCHED

WHY = "办结有误，退回重办"
STEPS = model("steps", start() + user("a", maps(said="form.said")) + user("b") + end(), "begin a\na b\nb done")


def ended(bench: Bench) -> str:
    bench.deploy(STEPS)
    receipt = bench.start("steps", {"n": 1})
    bench.complete(receipt, "a", {"said": "yes"})
    bench.complete(receipt, "b")
    assert bench.state(receipt) == "completed"
    assert receipt.instance is not None
    return receipt.instance


def test_the_new_case_has_the_data_and_both_histories_say_so(bench: Bench) -> None:
    old = ended(bench)
    before = bench.engine.queries.instance(old)
    done = bench.engine.restart(old, [Start(element="b")], WHY, actor=WANG)
    new = done.receipt.instance
    assert new is not None
    assert new != old
    assert bench.waits_at(done.receipt) == ["b"]
    assert {"n": 1, "said": "yes"}.items() <= bench.variables(done.receipt).items()
    line = bench.engine.queries.instance(new).line
    assert (line.parent, line.starter, line.process_version) == (old, "li", 1)
    assert bench.engine.queries.instance(old) == before
    told = {line.kind: line for case in (old, new) for line in bench.engine.queries.history(case).items}
    assert (told["restarted"].actor, told["restarted"].content["from"], told["restarted"].content["reason"]) == ("wang", old, WHY)
    assert (told["restarted_as"].actor, told["restarted_as"].content["instance"]) == ("wang", new)
    with bench.engine.database.read() as connection:
        assert not history.verify(connection)
    bench.complete(done.receipt, "b")
    assert bench.state(done.receipt) == "completed"


def test_it_may_begin_behind_an_element_and_in_another_version(bench: Bench) -> None:
    old = ended(bench)
    bench.deploy(model("steps", start() + user("a") + user("b") + user("c") + end(), "begin a\na b\nb c\nc done"))
    done = bench.engine.restart(old, [Start(element="b", where=AFTER)], WHY, actor=WANG, version=2)
    assert bench.waits_at(done.receipt) == ["c"]


def test_a_dry_run_begins_nothing_and_a_key_begins_once(bench: Bench) -> None:
    old = ended(bench)
    would = bench.engine.restart(old, [Start(element="b")], WHY, actor=WANG, dry_run=True)
    assert (would.offered, would.dry_run) == (("b",), True)
    assert len(bench.engine.queries.instances().items) == 1
    first = bench.engine.restart(old, [Start(element="b")], WHY, actor=WANG, idempotency_key="k")
    assert bench.engine.restart(old, [Start(element="b")], WHY, actor=WANG, idempotency_key="k").receipt.instance == first.receipt.instance
    assert len(bench.engine.queries.instances().items) == 2


def test_what_makes_no_sense_is_refused(bench: Bench) -> None:
    old = ended(bench)
    running = bench.start("steps").instance
    assert running is not None
    with pytest.raises(Conflict):
        bench.engine.restart(running, [Start(element="b")], WHY, actor=WANG)
    for starts in ([], [Start(element="nowhere")], [Start(element="begin")], [Start(element="b", scope="x")]):
        with pytest.raises(ModificationRefused):
            bench.engine.restart(old, starts, WHY, actor=WANG)
    bench.engine.suspend_definition("steps", WHY, actor=WANG)
    with pytest.raises(DefinitionSuspended):
        bench.engine.restart(old, [Start(element="b")], WHY, actor=WANG)
    assert len(bench.engine.queries.instances().items) == 2


def test_protected_data_stay_protected(bench: Bench) -> None:
    bench.deploy(WATCHED)
    receipt = bench.start("watched", {"amount": 1})
    assert receipt.instance is not None
    bench.engine.change_variables(receipt.instance, {"who": "a reporter"}, WHY, actor=WANG)
    bench.complete(receipt, "ask", {})
    new = bench.engine.restart(receipt.instance, [Start(element="ask")], WHY, actor=WANG).receipt.instance
    assert new is not None
    with bench.engine.database.read() as connection:
        found = bench.engine.queries.guards_of(connection, new, "data")
    assert [(g.access, g.of) for g in found["watched/who"]] == [("members", ("unit_a",))]
