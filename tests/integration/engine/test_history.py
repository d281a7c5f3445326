"""The chain of history: what is altered is found, what is erased is not missed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.history import store
from engine.store.tables import event, event_content
from tests.integration.engine.conftest import Bench
from tests.integration.engine.models import ONE_TASK, end, extensions, model, start, user


@pytest.fixture
def ended(bench: Bench) -> Bench:
    bench.deploy(ONE_TASK)
    for _ in range(2):
        bench.complete(bench.start("one_task"), "ask", {"secret": "my diagnosis"})
    return bench


def _kinds(bench: Bench) -> set[str]:
    with bench.engine.database.read() as connection:
        return {p.kind for p in store.verify(connection)}


def test_an_untouched_history_has_no_problem(ended: Bench) -> None:
    assert _kinds(ended) == set()


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (sa.update(event).where(event.c.kind == "task_completed").values(actor="wang"), "altered"),
        (sa.delete(event).where(event.c.kind == "task_completed"), "missing"),
        (sa.delete(event).where(event.c.kind == "ended"), "missing"),
        (sa.update(event).values(instance=sa.func.replace(event.c.instance, "-", "x")), "orphaned"),
        (sa.update(event_content).where(event_content.c.seq == 4).values(content='{"form":{}}'), "content_altered"),
    ],
    ids=["another actor", "a row in the middle removed", "the last row removed", "rows of no case", "another content"],
)
def test_what_was_altered_is_found(ended: Bench, tamper: sa.Executable, found: str) -> None:
    with ended.engine.database.write() as connection:
        connection.execute(tamper)
    assert found in _kinds(ended)


def test_erased_content_leaves_the_chain_whole(ended: Bench) -> None:
    instance = ended.engine.queries.instances().items[0].id
    with ended.engine.database.write() as connection:
        assert store.erase(connection, instance) > 0
        left = connection.execute(sa.select(event_content.c.content).where(event_content.c.instance == instance)).scalars().all()
    assert set(left) == {None}
    assert _kinds(ended) == set()
    assert all(line.content is None for line in ended.engine.queries.history(instance).items)


def test_tasks_that_one_element_offers_at_once_are_one_row_with_the_facts_of_each(bench: Bench) -> None:
    loop = '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"/>'
    body = f"<bpmn:multiInstanceLoopCharacteristics>{extensions(loop)}</bpmn:multiInstanceLoopCharacteristics>"
    bench.deploy(model("many", start() + user("vote", body=body, assignee="person") + end(), "begin vote\nvote done"))
    receipt = bench.start("many", {"people": ["li", "wang", "zhao"]})
    lines = bench.engine.queries.history(receipt.instance or "").items
    offers = [line.content or {} for line in lines if line.kind == "task_offered"]
    told = [(fact["task"], fact["assignee"]) for offer in offers for fact in (offer, *offer["more"])]
    assert told == list(zip(receipt.tasks, ["li", "wang", "zhao"], strict=True))
    paths = [step for line in lines for step in (line.content or {}).get("path", ())]
    assert paths.count("+vote") == 4  # the activity as a whole, and each of three
