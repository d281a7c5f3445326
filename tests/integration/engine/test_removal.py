"""A finished instance is removed with its content; what is left proves that nothing was altered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.engine import Receipt
from engine.errors import Conflict, NotFound
from engine.history import store as history
from engine.store import tables
from tests.integration.engine.conftest import WANG, Bench
from tests.integration.engine.models import ONE_TASK

WHY = "保管期限已满，经鉴定销毁"
LONG = "x" * 5000


def ended(bench: Bench, **variables: object) -> tuple[Receipt, str]:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task", {"long": LONG, **variables})
    bench.complete(receipt, "ask", {"secret": "SAIDINCONFIDENCE"})
    assert receipt.instance is not None
    return receipt, receipt.instance


def rows_of(bench: Bench, instance: str) -> dict[str, int]:
    """How many rows name the instance, by table; none left out."""
    with bench.engine.database.read() as connection:
        found = {}
        for table in tables.metadata.sorted_tables:
            key = table.c.get("instance") if table.name != "instance" else table.c.id
            if key is not None and (count := connection.scalar(sa.select(sa.func.count()).select_from(table).where(key == instance))):
                found[table.name] = count
    return found


def test_the_content_goes_and_the_chain_stays_and_verifies(bench: Bench) -> None:
    _receipt, instance = ended(bench)
    before = rows_of(bench, instance)
    bench.engine.remove(instance, WHY, actor=WANG, retention="case")
    assert rows_of(bench, instance) == {"event": before["event"] + 1, "event_content": 1, "chain_head": 1}
    with bench.engine.database.read() as connection:
        assert not history.verify(connection)
        assert not history.verify(connection, instance)
        last = history.entries(connection, instance)[-1]
        assert (last.kind, last.actor, WHY in str(last.content)) == ("removed", "wang", True)
        assert not any("SAIDINCONFIDENCE" in str(entry.content) for entry in history.entries(connection, instance))
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.content)) == 0
    with pytest.raises(NotFound):
        bench.engine.queries.instance(instance)
    (left,) = bench.engine.removed()
    assert (left.instance, left.process, left.state, left.retention) == (instance, "one_task", "completed", "case")


@pytest.mark.parametrize("change", ["altered", "missing"])
def test_a_history_that_was_tampered_with_is_found_after_the_removal_too(bench: Bench, change: str) -> None:
    _receipt, instance = ended(bench)
    bench.engine.remove(instance, WHY, actor=WANG)
    where = (tables.event.c.instance == instance, tables.event.c.seq == 2)
    with bench.engine.database.write() as connection:
        if change == "altered":
            connection.execute(sa.update(tables.event).where(*where).values(actor="somebody"))
        else:
            connection.execute(sa.delete(tables.event).where(*where))
        assert change in {problem.kind for problem in history.verify(connection)}


def test_a_value_that_another_case_shares_stays(bench: Bench) -> None:
    _receipt, instance = ended(bench)
    other, _ = ended(bench)
    bench.engine.remove(instance, WHY, actor=WANG)
    assert bench.variables(other)["long"] == LONG


def test_what_runs_is_not_removed_and_a_dry_run_removes_nothing(bench: Bench) -> None:
    _receipt, instance = ended(bench)
    before = rows_of(bench, instance)
    bench.engine.remove(instance, WHY, actor=WANG, dry_run=True)
    assert rows_of(bench, instance) == before
    running = bench.start("one_task").instance
    assert running is not None
    with pytest.raises(Conflict):
        bench.engine.remove(running, WHY, actor=WANG)
    with pytest.raises(NotFound):
        bench.engine.remove("nobody", WHY, actor=WANG)


def test_many_are_removed_by_a_batch_that_lists_what_it_could_not(bench: Bench) -> None:
    _receipt, instance = ended(bench)
    running = bench.start("one_task").instance
    assert running is not None
    batch = bench.engine.remove_many({instance: "case", running: "case"}, WHY, actor=WANG)
    assert batch is not None
    bench.run()
    progress = bench.engine.batch(batch)
    assert (progress.done, progress.failed, [f.instance for f in progress.failures]) == (1, 1, [running])
    with bench.engine.database.read() as connection:
        assert [row.kind for row in history.entries(connection, "installation")] == ["removal_begun"]
        assert not history.verify(connection)
    assert bench.engine.remove_many({}, WHY, actor=WANG) is None
