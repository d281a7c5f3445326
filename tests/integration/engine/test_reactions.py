"""Reactions: the one seam to governance, inside the command's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from engine.errors import Conflict
from engine.events import ElementStarted, Event, ProcessStarted
from engine.ports import Unit
from tests.integration.engine.conftest import MakeBench
from tests.integration.engine.models import ONE_TASK


def test_a_reaction_sees_events_variables_and_gives_the_number(make_bench: MakeBench) -> None:
    seen: list[object] = []

    def number(unit: Unit, events: Sequence[Event]) -> None:
        if any(isinstance(e, ProcessStarted) for e in events):
            unit.set_number("GJ-1")
            unit.record("numbered", content={"number": "GJ-1"})
            ask = next(e for e in events if isinstance(e, ElementStarted) and e.node is not None and e.node.id == "ask")
            seen.append(unit.evaluate("amount + extra", ask.token, {"extra": 1}))
            seen.append(unit.instance.number)

    bench = make_bench(reactions=[number])
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task", {"amount": 41})
    assert seen == [Decimal(42), "GJ-1"]
    assert receipt.number == "GJ-1"
    assert bench.variables(receipt)["number"] == "GJ-1"
    assert bench.engine.queries.tasks_for("li", view="all").items[0].number == "GJ-1"
    assert "numbered" in bench.kinds(receipt)


def test_a_reaction_that_raises_refuses_the_whole_command(make_bench: MakeBench) -> None:
    refuse = False

    def reaction(unit: Unit, _events: Sequence[Event]) -> None:
        unit.enqueue("note", {})
        if refuse:
            raise Conflict("the register does not allow this")

    bench = make_bench(reactions=[reaction])
    bench.jobs.register("note", lambda _payload: None)
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    before = (bench.kinds(receipt), bench.jobs.pending, bench.variables(receipt))
    refuse = True
    with pytest.raises(Conflict):
        bench.complete(receipt, "ask", {"x": 1})
    assert (bench.kinds(receipt), bench.jobs.pending, bench.variables(receipt)) == before
    refuse = False
    assert bench.complete(receipt, "ask", {"x": 1}).outcome == "completed"
