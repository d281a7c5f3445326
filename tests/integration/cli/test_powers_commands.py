"""``cogov instance``, ``cogov definition`` and ``cogov batch`` as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cogov.cli import main
from engine.actor import SYSTEM, Actor
from governance.application import Application
from tests.integration.engine.models import ONE_TASK, end, model, start, user

LI = Actor(person="li", name="Li")


@pytest.fixture
def app(installed: Application) -> Application:
    """An installation of its own, with one procedure; nothing works on its jobs."""
    installed.engine.deploy(ONE_TASK, actor=SYSTEM)
    return installed


def case_of(app: Application) -> str:
    instance = app.engine.start("one_task", {}, actor=LI).instance
    assert instance is not None
    return instance


def run(*arguments: str, fails: bool = False) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code != 0) is fails, result.output
    return result


def test_suspend_show_and_resume_a_case(app: Application) -> None:
    case = case_of(app)
    assert f"{case} running" in run("instance", "suspend", case, "--reason", "looked into").output
    shown = run("instance", "show", case).output
    assert "suspended since" in shown
    assert " ask " in shown
    assert "suspended already" in run("instance", "suspend", case, "--reason", "looked into", fails=True).output
    run("instance", "resume", case, "--reason", "all is well")
    line = next(line for line in app.engine.queries.history(case).items if line.kind == "resumed")
    assert (line.actor, line.content["reason"]) == ("system", "all is well")
    assert "command line" in str(line.mandate)


def test_an_unknown_person_acts_for_nobody(app: Application) -> None:
    case = case_of(app)
    assert "there is no person ghost" in run("instance", "suspend", case, "--reason", "why", "--by", "ghost", fails=True).output


def test_suspend_and_resume_a_procedure(app: Application) -> None:
    case_of(app)
    batch = run("definition", "suspend", "one_task", "--reason", "a fault in it", "--instances").output.split()[-1]
    assert "1 waiting" in run("batch", batch).output
    assert batch in run("batch").output
    assert "a fault in it" in run("definition", "suspended").output
    run("definition", "resume", "one_task", "--reason", "mended")
    assert run("definition", "suspended").output == ""


def test_set_variables(app: Application) -> None:
    case = case_of(app)
    run("instance", "set", case, "--variables", '{"n": 3}', "--feel", 'day=date("2026-03-02")', "--reason", "typed wrong")
    assert {k: str(v) for k, v in app.engine.queries.variables(case).items() if k in ("n", "day")} == {"n": "3", "day": "2026-03-02"}
    assert "/n " in run("instance", "set", case, "--variables", '{"n": "x"}', "--reason", "typed wrong", fails=True).output
    assert "no JSON" in run("instance", "set", case, "--variables", "n=3", "--reason", "typed wrong", fails=True).output


def test_move_a_case_after_a_dry_run(app: Application) -> None:
    case = case_of(app)
    steps = '[{"do": "start", "element": "ask"}]'
    assert "nothing has changed" in run("instance", "modify", case, steps, "--reason", "one more", "--dry-run").output
    assert len(app.engine.queries.instance(case).tasks) == 1
    assert "offered: ask" in run("instance", "modify", case, steps, "--reason", "one more").output
    assert len(app.engine.queries.instance(case).tasks) == 2
    assert "Nothing stands at" in run(
        "instance", "modify", case, '[{"do": "cancel", "element": "b"}]', "--reason", "one more", fails=True
    ).output  # fmt: skip
    assert "JSON list" in run("instance", "modify", case, "{}", "--reason", "one more", fails=True).output


def test_plan_try_and_migrate(app: Application, tmp_path: Path) -> None:
    case = case_of(app)
    app.engine.deploy(model("one_task", start() + user("ask") + user("again") + end(), "begin ask\nask again\nagain done"), actor=SYSTEM)
    plan = tmp_path / "plan.json"
    plan.write_text(run("definition", "plan", "one_task", "1", "2").stdout)
    options = (str(plan), "--reason", "a step was missing")
    assert "1 of 1 tried, 0 would fail" in run("definition", "migrate", *options, "--dry-run").output
    batch = run("definition", "migrate", *options, "--case", case).output.split()[-1]
    assert "1 waiting" in run("batch", batch).output
    plan.write_text(plan.read_text().replace('"to": "ask"', '"to": "done"'))
    assert "cannot be used" in run("definition", "migrate", *options, fails=True).output


def test_restart_a_finished_case(app: Application) -> None:
    case = case_of(app)
    app.engine.complete(app.engine.queries.instance(case).tasks[0].id, {}, actor=LI)
    assert "nothing has changed" in run("instance", "restart", case, "ask", "--reason", "once more", "--dry-run").output
    new = run("instance", "restart", case, "ask", "--reason", "once more").output.split()[0]
    assert app.engine.queries.instance(new).line.parent == case
