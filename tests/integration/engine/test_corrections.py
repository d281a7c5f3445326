"""Corrections: a new version of what was handed in, and the variables that still hold the old one. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.commands.correcting import Corrected, CorrectedMeanwhile, Correction, NothingChanged, NothingToCorrect
from engine.engine import Receipt
from engine.errors import Conflict, FormInvalid
from engine.history import store as history
from tests.integration.engine.conftest import LI, WANG, Bench
from tests.integration.engine.models import end, maps, model, start, user
from tests.integration.engine.test_forms_and_actions import AMOUNT, _field, _form

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
