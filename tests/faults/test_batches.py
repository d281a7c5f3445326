"""A worker is killed with -9 in the middle of a batch: each case is migrated whole, once, and the batch comes to its end."""

from __future__ import annotations

import pytest

from engine.definitions.migration import Plan, Step
from engine.history import store as history
from engine.jobs import failures
from engine.jobs.dbos import migrate_jobs
from tests.faults.test_workers import until, worker_process
from tests.faults.worker import build
from tests.integration.engine.conftest import LI, WANG
from tests.integration.engine.models import end, model, start, user

CASES = 120
OLD = model("moved", start() + user("ask") + end(), "begin ask\nask done")
NEW = model("moved", start() + user("question") + user("check") + end(), "begin question\nquestion check\ncheck done")
PLAN = Plan(process="moved", before=1, after=2, steps=(Step(source="ask", target="question"),))


@pytest.mark.long
def test_a_killed_worker_leaves_each_case_whole_and_another_goes_on(database_url: str) -> None:
    engine, _ = build(database_url)
    engine.create_schema()
    migrate_jobs(engine.database)
    engine.deploy(OLD, actor=LI)
    cases = [engine.start("moved", actor=LI).instance for _ in range(CASES)]
    engine.deploy(NEW, actor=LI)
    with worker_process(database_url) as doomed:
        batch = engine.migrate(PLAN, "a step was missing", actor=WANG).batch
        assert batch is not None
        until(lambda: engine.batch(batch).done >= 5)
        doomed.kill()
        doomed.wait()
    halfway = engine.batch(batch)
    assert 5 <= halfway.done < CASES
    assert (halfway.failed, halfway.state) == (0, "running")
    with worker_process(database_url):
        until(lambda: engine.batch(batch).state == "done")
    assert (engine.batch(batch).done, engine.batch(batch).failed) == (CASES, 0)
    with engine.database.read() as connection:
        assert failures.open_ones(connection) == []
    for case in cases:
        assert case is not None
        details = engine.queries.instance(case)
        assert ([t.node for t in details.tasks], details.line.process_version) == (["question"], 2)
        assert [line.kind for line in engine.queries.history(case).items].count("migrated") == 1
    with engine.database.read() as connection:
        assert history.verify(connection) == []
    engine.database.dispose()
