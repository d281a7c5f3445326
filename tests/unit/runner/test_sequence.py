"""Start, tasks in a row, end: the shape of every trace."""

from __future__ import annotations

from decimal import Decimal

from scenario import bpmn, end, script, service, start, user

ROW = bpmn(start() + user("review") + end(), flows="begin > review > done")


def test_a_user_task_waits_and_its_completion_ends_the_process(scenario):
    case = scenario(ROW)
    assert case.start() == [
        "process p",
        "start begin",
        "end begin",
        "take begin_review",
        "start review",
        "offer review person:wang",
    ]
    assert case.at() == ["review"]
    assert case.complete("review", {"opinion": "pass"}) == [
        "submit review",
        "end review",
        "take review_done",
        "start done",
        "end done",
        "process p completed done",
    ]
    assert case.outcome == "completed"
    assert case.variables() == {"opinion": "pass"}
    assert case.rows == {}


def test_two_thousand_tasks_in_a_row_run_in_one_command(scenario):
    names = [f"s{n}" for n in range(2000)]
    model = bpmn(start() + "".join(script(name, "=n + 1", "n") for name in names) + end(), flows=f"begin > {' > '.join(names)} > done")
    case = scenario(model)
    case.start({"n": 0})
    assert case.outcome == "completed"
    assert case.variables() == {"n": Decimal(2000)}


def test_events_may_be_called_start_and_end(scenario):
    model = bpmn(start("Start") + user("Root") + end("End"), flows="Start > Root > End")
    case = scenario(model)
    case.start()
    assert case.complete("Root")[-1] == "process p completed End"


def test_an_inline_service_runs_at_once_with_its_inputs(scenario):
    model = bpmn(
        start() + service("freeze", "documents.freeze", io="in =text subject\nout =result.hash text_hash") + end(),
        flows="begin > freeze > done",
    )
    case = scenario(model, services={"documents.freeze": lambda subject: {"hash": f"h({subject})"}})
    case.start({"text": "abc"})
    assert case.variables() == {"text": "abc", "text_hash": "h(abc)"}


def test_a_job_service_waits_for_its_result(scenario):
    model = bpmn(start() + service("notify", "notices.send", io="in =1 n") + end(), flows="begin > notify > done")
    case = scenario(model, jobs=["notices.send"])
    assert case.start()[-1] == "request notify notices.send"
    assert case.service_done("notify", {"sent": 3})[-1] == "process p completed done"
    assert case.variables() == {"sent": Decimal(3)}
