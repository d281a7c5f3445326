"""Corrections: a new version of what was handed in, and the variables that still hold the old one. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.correcting import Corrected, CorrectedMeanwhile, Correction, NothingChanged, NothingToCorrect
from engine.engine import Receipt
from engine.errors import Conflict, FormInvalid
from engine.history import store as history
from engine.standalone import PlainDirectory
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.models import end, extensions, house_model, maps, message_named, model, start, user
from tests.integration.engine.test_forms_and_actions import AMOUNT, CLAIMS, START_FORM, WITHDRAW, _field, _form

FORMS = {**_form("claims/check", AMOUNT, _field("note", "textfield"))}
TWO_STEPS = {
    **model(
        "claims",
        start("begin")
        + user("check", maps(granted="form.amount", double="form.amount * 2", who="form.by", when="form.at"), form="claims/check")
        + user("review", maps(double="form.amount"), form="claims/check")
        + user("pay")
        + end(),
        "begin check\ncheck review\nreview pay\npay done",
    ),
    **FORMS,
}


def _nothing(*_: Any) -> None:
    """Nothing takes part in the transaction."""


def _correct(bench: Bench, task: str, form: dict[str, Any], version: int = 1, before: Any = _nothing) -> Corrected:
    correction = Correction(id=f"request-{version}", version=version, form=form, reason="写错了", by="li")
    return bench.engine.correct(task, correction, actor=WANG, before=before, after=_nothing)


@pytest.fixture
def checked(bench: Bench) -> tuple[Bench, Receipt, str]:
    """The first task is done with 5; an hour has passed."""
    bench.deploy(TWO_STEPS)
    case = bench.start("claims")
    task = bench.tasks(case)["check"]
    bench.complete(case, "check", {"amount": 5})
    bench.wait(hours=1)
    return bench, case, task


def test_outputs_are_written_again_and_by_and_at_stay(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked
    before = bench.variables(case)
    result = _correct(bench, task, {"amount": 7})
    after = bench.variables(case)
    assert (after["granted"], after["double"]) == (7, 14)
    assert (after["who"], after["when"]) == (before["who"], before["when"])
    assert (set(result.written), result.left) == ({"granted", "double"}, ())
    assert bench.waits_at(case) == ["review"]


def test_what_a_later_step_changed_is_left(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked
    bench.complete(case, "review", {"amount": 100})
    result = _correct(bench, task, {"amount": 7})
    assert (result.written, result.left) == (("granted",), ("double",))
    assert (bench.variables(case)["granted"], bench.variables(case)["double"]) == (7, 100)


def test_both_versions_are_kept_and_the_chain_holds(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked
    _correct(bench, task, {"amount": 7})
    _correct(bench, task, {"amount": 8, "note": "再改"}, version=2)
    versions = [v.version for v in bench.engine.queries.submissions(task)]
    assert [(v.number, v.form["amount"], v.corrected_by) for v in versions] == [(1, 5, None), (2, 7, "li"), (3, 8, "li")]
    assert bench.variables(case)["granted"] == 8
    assert case.instance is not None
    with bench.engine.database.read() as connection:
        assert history.verify(connection, case.instance) == []
    assert all("seen" not in (line.content or {}) for line in bench.engine.queries.history(case.instance).items)


def test_an_ended_case_is_corrected_on_its_record(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked
    bench.complete(case, "review", {"amount": 1})
    bench.complete(case, "pay")
    assert _correct(bench, task, {"amount": 7}).written == ("granted",)
    assert (bench.state(case), bench.variables(case)["granted"]) == ("completed", 7)


def test_the_form_and_its_rules_hold_for_a_correction(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked
    with pytest.raises(FormInvalid):
        bench.engine.propose_correction(task, {"amount": 0}, actor=LI, also=_nothing)
    with pytest.raises(NothingChanged):
        bench.engine.propose_correction(task, {"amount": 5}, actor=LI, also=_nothing)
    with pytest.raises(FormInvalid):
        _correct(bench, task, {"amount": -3})
    assert bench.variables(case)["granted"] == 5


def test_an_old_version_cannot_be_corrected_twice(checked: tuple[Bench, Receipt, str]) -> None:
    bench, _, task = checked
    _correct(bench, task, {"amount": 7})
    with pytest.raises(CorrectedMeanwhile):
        _correct(bench, task, {"amount": 9})


def test_what_is_refused_inside_leaves_nothing(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked

    def refuse(_connection: Any) -> None:
        raise Conflict("no")

    with pytest.raises(Conflict):
        _correct(bench, task, {"amount": 7}, before=refuse)
    assert bench.variables(case)["granted"] == 5
    assert "submission_corrected" not in bench.kinds(case)


def test_two_approvals_at_once_make_one_version(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = checked

    def once(amount: int) -> str:
        try:
            _correct(bench, task, {"amount": amount})
        except CorrectedMeanwhile:
            return "late"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, (7, 9))) == ["done", "late"]
    assert bench.kinds(case).count("submission_corrected") == 1
    assert len(bench.engine.queries.submissions(task)) == 2


def test_a_task_without_a_form_has_nothing_to_correct(checked: tuple[Bench, Receipt, str]) -> None:
    bench, case, _ = checked
    bench.complete(case, "review", {"amount": 1})
    task = bench.tasks(case)["pay"]
    bench.complete(case, "pay")
    with pytest.raises(NothingToCorrect):
        _correct(bench, task, {"amount": 1})


# Start forms and actions


def _handed_in(bench: Bench, receipt: Receipt, kind: str) -> str:
    lines = bench.engine.queries.history(receipt.instance or "").items
    return str(next(line.content["task"] for line in lines if line.kind == kind and line.content))


def test_a_start_form_is_corrected_as_a_task_is(bench: Bench) -> None:
    bench.deploy(CLAIMS)
    case = bench.start("claims", {"amount": 5}, form=True)
    started = bench.variables(case)
    bench.wait(hours=1)
    submission = _handed_in(bench, case, "form_submitted")
    with pytest.raises(FormInvalid):
        bench.engine.propose_correction(submission, {"amount": 0}, actor=LI, also=_nothing)
    assert _correct(bench, submission, {"amount": 7}).written == ("asked",)
    after = bench.variables(case)
    assert (after["asked"], after["by"]) == (7, started["by"])
    assert [v.version.form["amount"] for v in bench.engine.queries.submissions(submission)] == [5, 7]
    rendered = bench.engine.queries.correction_form(submission, actor=LI)
    assert (rendered.schema["id"], Decimal(rendered.data["amount"])) == ("claims/begin", Decimal(7))
    assert bench.waits_at(case) == ["check"]


def test_a_start_form_without_output_mappings_is_corrected_name_by_name(bench: Bench) -> None:
    bench.deploy(
        {**model("claims", start("begin", extensions(START_FORM)) + user("check") + end(), "begin check\ncheck done"),
         **_form("claims/begin", AMOUNT)}
    )  # fmt: skip
    case = bench.start("claims", {"amount": 5}, form=True)
    assert _correct(bench, _handed_in(bench, case, "form_submitted"), {"amount": 7}).written == ("amount",)
    assert bench.variables(case)["amount"] == 7


@pytest.fixture
def with_button(make_bench: MakeBench) -> Bench:
    """A case that its head may withdraw, with a reason."""
    bench = make_bench(directory=PlainDirectory({"role:clerk@c1": ["li"], "role:head@c1": ["wang"]}))
    ((path, content),) = house_model("case", start() + user("ask") + end() + WITHDRAW, "begin ask\nask done", role="clerk").items()
    named = message_named("m", "msg.withdraw", "starter")
    with_message = content.decode().replace("<bpmn:collaboration", f"{named}<bpmn:collaboration")
    bench.deploy({path: with_message.encode(), **_form("case/withdraw", _field("reason", "textfield", validate={"required": True}))})
    return bench


def test_what_came_with_a_button_is_corrected_also_when_the_button_ended_the_case(with_button: Bench) -> None:
    receipt = with_button.start("case", area="c1")
    (button,) = with_button.engine.queries.actions_for(receipt.instance or "", "wang")
    with_button.engine.act(receipt.instance or "", button.token, {"reason": "搬走"}, actor=WANG)
    with_button.wait(hours=1)
    submission = _handed_in(with_button, receipt, "action_used")
    assert with_button.engine.queries.done_task(submission).form == "case/withdraw"
    assert _correct(with_button, submission, {"reason": "迁走"}).written == ("reason",)
    found = with_button.variables(receipt)
    assert (found["reason"], found["who"]) == ("迁走", "wang")
    assert [v.version.form["reason"] for v in with_button.engine.queries.submissions(submission)] == ["搬走", "迁走"]
    with with_button.engine.database.read() as connection:
        assert history.verify(connection, receipt.instance or "") == []


def test_a_form_without_a_task_is_in_no_list_of_tasks_and_makes_nobody_a_participant(bench: Bench) -> None:
    bench.deploy(CLAIMS)
    case = bench.start("claims", {"amount": 5}, form=True)
    assert bench.engine.queries.done_tasks("li").items == ()
    assert bench.engine.queries.instance(case.instance or "").done == ()


# Large values

ROWS = ["共建" * 50] * 100
COUNTING = {
    **model(
        "claims",
        start("begin")
        + user("check", maps(total="form.amount + count(rows)", twice="total * 2", plain="form.amount"), form="claims/check")
        + user("pay")
        + end(),
        "begin check\ncheck pay\npay done",
    ),
    **FORMS,
}


@pytest.fixture
def counted(bench: Bench) -> tuple[Bench, Receipt, str]:
    """A task whose outputs read a large variable is done."""
    bench.deploy(COUNTING)
    case = bench.start("claims", {"rows": ROWS})
    task = bench.tasks(case)["check"]
    bench.complete(case, "check", {"amount": 5})
    return bench, case, task


def _characters(bench: Bench) -> int:
    with bench.engine.database.read() as connection:
        return sum(len(text) for (text,) in connection.exec_driver_sql("SELECT content FROM event_content"))


def test_a_large_variable_is_not_kept_again_with_each_submission(bench: Bench) -> None:
    bench.deploy(COUNTING)
    case = bench.start("claims", {"rows": ROWS})
    before = _characters(bench)
    bench.complete(case, "check", {"amount": 5})
    assert _characters(bench) - before < 1000


def test_a_correction_reads_a_large_variable_that_is_still_the_same(counted: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = counted
    result = _correct(bench, task, {"amount": 7})
    assert (set(result.written), result.left) == ({"total", "twice", "plain"}, ())
    assert (bench.variables(case)["total"], bench.variables(case)["twice"]) == (107, 214)


def test_what_reads_a_large_variable_that_has_changed_is_left_and_named(counted: tuple[Bench, Receipt, str]) -> None:
    bench, case, task = counted
    bench.engine.change_variables(case.instance or "", {"rows": [*ROWS, "one more"]}, "a reason", actor=WANG)
    result = _correct(bench, task, {"amount": 7})
    assert (set(result.written), set(result.left)) == ({"plain"}, {"total", "twice"})
    assert (bench.variables(case)["total"], bench.variables(case)["plain"]) == (105, 7)
    again = _correct(bench, task, {"amount": 8}, version=2)
    assert (set(again.written), set(again.left)) == ({"plain"}, {"total", "twice"})
