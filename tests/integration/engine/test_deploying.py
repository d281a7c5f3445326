"""Deployments: all or nothing, the same content once, an instance stays on the versions it began with."""

from __future__ import annotations

import pytest

from engine.errors import DeployRefused, NotFound
from tests.integration.engine.conftest import LI, Bench
from tests.integration.engine.models import ONE_TASK, end, model, start, user

TWO_TASKS = model("one_task", start() + user("ask") + user("ask_again") + end(), "begin ask\nask ask_again\nask_again done")
BROKEN = model("broken", start() + end(), "begin nowhere")


def _versions(bench: Bench) -> list[tuple[str, int]]:
    return [(d.key, d.version) for d in bench.engine.queries.definitions()]


def test_the_same_content_gets_no_new_version(bench: Bench) -> None:
    first = bench.engine.deploy(ONE_TASK, actor=LI)
    again = bench.engine.deploy(ONE_TASK, actor=LI)
    assert (first.created, again.created) == (True, False)
    assert (again.id, again.digest) == (first.id, first.digest)
    assert _versions(bench) == [("one_task", 1)]


def test_changed_content_is_the_next_version_and_old_content_again_is_one_more(bench: Bench) -> None:
    bench.deploy(ONE_TASK, TWO_TASKS, ONE_TASK)
    assert _versions(bench) == [("one_task", 3), ("one_task", 2), ("one_task", 1)]
    assert bench.engine.queries.definition_xml("one_task") == ONE_TASK["processes/one_task/one_task.bpmn"]
    assert bench.engine.queries.definition_xml("one_task", 2) == TWO_TASKS["processes/one_task/one_task.bpmn"]


def test_a_package_with_an_error_deploys_nothing(bench: Bench) -> None:
    with pytest.raises(DeployRefused) as refused:
        bench.engine.deploy({**ONE_TASK, **BROKEN}, actor=LI)
    assert any(f.severity == "error" and f.file == "processes/broken/broken.bpmn" for f in refused.value.report)
    assert _versions(bench) == []


def test_a_dry_run_reports_and_deploys_nothing(bench: Bench) -> None:
    planned = bench.engine.deploy({**ONE_TASK, **BROKEN}, actor=LI, dry_run=True)
    assert planned.id is None
    assert any(f.severity == "error" for f in planned.report)
    assert _versions(bench) == []


def test_an_instance_stays_on_the_version_it_began_with(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    old = bench.start("one_task")
    bench.deploy(TWO_TASKS)
    new = bench.start("one_task")
    bench.complete(old, "ask")
    bench.complete(new, "ask")
    assert (bench.state(old), bench.waits_at(new)) == ("completed", ["ask_again"])
    assert bench.engine.queries.instance_xml(old.instance or "") == ONE_TASK["processes/one_task/one_task.bpmn"]


def test_an_older_version_can_be_started(bench: Bench) -> None:
    bench.deploy(ONE_TASK, TWO_TASKS)
    receipt = bench.start("one_task", version=1)
    bench.complete(receipt, "ask")
    assert bench.state(receipt) == "completed"
    assert bench.start("one_task", version=2).outcome == "running"
    with pytest.raises(NotFound):
        bench.start("one_task", version=3)


def test_a_called_process_is_bound_when_the_instance_starts(bench: Bench) -> None:
    caller = model(
        "caller",
        start()
        + user("first")
        + '<bpmn:callActivity id="call" name="call"><bpmn:extensionElements><zeebe:calledElement processId="one_task" '
        'propagateAllParentVariables="false" propagateAllChildVariables="false"/></bpmn:extensionElements></bpmn:callActivity>' + end(),
        "begin first\nfirst call\ncall done",
    )
    bench.deploy({**ONE_TASK, **caller})
    receipt = bench.start("caller")
    bench.deploy(TWO_TASKS)
    bench.complete(receipt, "first")
    bench.complete(receipt, "ask")
    assert bench.state(receipt) == "completed"
    assert "one_task/ask" in bench.engine.queries.instance(receipt.instance or "").completed


def test_what_is_deployed_can_be_exported(bench: Bench) -> None:
    bench.deploy(ONE_TASK, TWO_TASKS)
    assert bench.engine.queries.current_files() == TWO_TASKS
