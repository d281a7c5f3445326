"""Completion data and trials of expressions over HTTP: for designers only, in both languages, within limits, and nothing is written."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sqlalchemy as sa

from engine.store.metadata import metadata
from tests.acceptance.conftest import MANIFEST
from tests.town import Town

API = "/api/v1/expressions"
DESIGNER, WORKER = "office_xu", "liaison_wang"
PROCEDURES = ("commitment", "sp_rectify", "sp_sign", "sp_archive", "sp_score", "shared")
BPMN, FORM = "processes/toy/toy.bpmn", "forms/toy/handle.form.json"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("expressions"), manifest=MANIFEST, procedures=PROCEDURES)


class Editor:
    """An editor at the designer's browser, with a new draft."""

    def __init__(self, town: Town) -> None:
        self.browser = town.browser(DESIGNER)
        self.draft = self.browser.send("/api/v1/designer/drafts", {"new": {"key": "toy", "zh": "玩具", "en": "Toy"}}).get_json()["id"]

    def scope(self, **query: Any) -> dict[str, Any]:
        answer = self.browser.get(f"{API}/scope", draft=self.draft, **query)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def evaluate(self, expression: str, variables: dict[str, Any] | None = None, **at: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"expression": expression, "variables": variables or {}}
        if at:
            body["at"] = {"draft": self.draft, **at}
        answer = self.browser.send(f"{API}/evaluate", body)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())


@pytest.fixture(scope="module")
def editor(town: Town) -> Editor:
    return Editor(town)


def by_name(offers: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {offer["name"]: offer for offer in offers}


def test_a_step_offers_its_names_with_kinds_labels_and_where_they_come_from(editor: Editor) -> None:
    scope = editor.scope(element="handle")
    names = by_name(scope["names"])
    assert names["number"] == {
        "name": "number", "kind": "string", "item": None, "zh": "案件编号", "en": "Number of the case", "source": "engine", "of": "",
        "after": False, "entries": [],
    }  # fmt: skip
    form = names["form"]
    assert (form["source"], form["of"], form["after"], form["kind"]) == ("payload", "toy/handle", True, "context")
    fields = by_name(form["entries"])
    assert fields["note"]["kind"] == "string"
    assert fields["note"]["zh"]
    assert fields["note"]["en"]
    assert fields["at"]["kind"] == "date and time"
    functions = by_name(scope["functions"])
    assert functions["add working days"]["own"]
    assert functions["add working days"]["en"] == "the n-th working day after a day"
    assert functions["substring"]["signatures"]
    assert scope["sample"]["number"] == ""
    assert any(entry["place"].startswith("output ") and entry["problems"] == [] for entry in scope["expressions"])


def test_a_deployed_procedure_and_a_form_have_a_scope_too(editor: Editor) -> None:
    answer = editor.browser.get(f"{API}/scope", process="commitment")
    assert answer.status_code == 200
    assert {"starter", "codes"} <= by_name(answer.get_json()["names"]).keys()
    form = by_name(editor.scope(form="toy/handle")["names"])
    assert form["note"]["kind"] == "string"
    assert form["number"]["kind"] == "string"


def test_what_is_not_there_is_not_found(editor: Editor) -> None:
    for query in ({"process": "nowhere"}, {"element": "nowhere"}, {"form": "toy/nowhere"}):
        assert editor.browser.get(f"{API}/scope", draft=editor.draft, **query).status_code == 404
    assert editor.browser.get(f"{API}/scope").status_code == 404


def test_an_expression_is_tried_with_sample_data(editor: Editor) -> None:
    found = editor.evaluate("=sum(rows.money) * 2", {"rows": [{"money": "0.10"}]})
    assert [warning["code"] for warning in found["warnings"]] == ["FEEL-010"]  # it is a text
    found = editor.evaluate("=sum(rows.money) * 2", {"rows": [{"money": 0.1}, {"money": 0.2}]})
    assert (found["ok"], found["value"], found["kind"], found["warnings"]) == (True, "0.6", "number", [])
    assert found["names"] == ["rows"]


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ('=setting("fund.small")', "5000", "number"),
        ('=add working days(date("2026-03-06"), 1)', "2026-03-09", "date"),
        ('=working days between(date("2026-03-02"), date("2026-03-09"))', "5", "number"),
    ],
)
def test_a_trial_may_ask_what_the_installation_keeps(editor: Editor, expression: str, value: str, kind: str) -> None:
    """Settings and the calendar of working days are read from the database while the expression is evaluated."""
    found = editor.evaluate(expression)
    assert (found["error"], found["value"], found["value_kind"]) == (None, value, kind)


def test_a_setting_that_is_not_there_is_an_error_of_the_expression(editor: Editor) -> None:
    found = editor.evaluate('=setting("nope")')
    assert (found["ok"], found["error"]["code"]) == (False, "unknown_setting")


def test_text_in_sample_data_becomes_the_date_that_the_name_is(editor: Editor) -> None:
    sample = {"form": {"at": "2026-03-02T09:00:00+08:00"}}
    found = editor.evaluate('=form.at + duration("P1D")', sample, element="handle", output=True)
    assert found["value_kind"] == "date and time"
    assert found["value"].startswith("2026-03-03T")


def test_doubts_come_with_position_and_the_name_that_was_meant(editor: Editor) -> None:
    found = editor.evaluate("=form.nota = null", {}, element="handle", output=True)
    (warning,) = found["warnings"]
    assert (warning["code"], warning["position"], warning["near"]) == ("FEEL-006", 0, ["note"])
    assert "“nota”" in warning["message"]
    found = editor.evaluate("=1 + numbr", {}, element="handle")
    assert [(w["code"], w["position"], w["near"]) for w in found["warnings"]] == [("FEEL-002", 4, ["number"])]
    assert found["error"]["code"] == "unknown_variable"


def test_faults_come_with_position_in_the_language_of_the_designer(editor: Editor) -> None:
    chinese = editor.evaluate("=1 + )")["error"]
    assert (chinese["code"], chinese["position"]) == ("FEEL-001", 4)
    assert chinese["message"].startswith("第 1 行")


def test_a_trial_says_why_something_became_null(editor: Editor) -> None:
    found = editor.evaluate('=[1 + "a", @"10000-01-01", [1..2]]')
    assert found["value"] == [None, "10000-01-01", "[1..2]"]
    assert [(notice["code"], notice["position"]) for notice in found["notices"]] == [("operation", 1)]
    assert "没有意义" in found["notices"][0]["message"]


def test_a_look_while_typing_evaluates_nothing(editor: Editor) -> None:
    answer = editor.browser.send(f"{API}/evaluate", {"expression": "=1 + 1", "run": False}).get_json()
    assert (answer["ok"], answer["evaluated"], answer["value"], answer["kind"]) == (True, False, None, "number")


@pytest.mark.parametrize("expression", ["=for i in 1..1000000000 return i", "=count(for i in 1..9000, j in 1..9000 return i)"])
def test_a_trial_without_end_is_ended(editor: Editor, expression: str) -> None:
    before = time.process_time()
    found = editor.evaluate(expression)
    assert time.process_time() - before < 1
    assert not found["ok"]
    assert found["error"]["message"]
    assert editor.evaluate("=1 + 1")["value"] == "2"


@pytest.mark.parametrize(("cell", "value", "passes"), [("> 5", 6, True), ("[1..5], 9", 7, False), ('not("a")', "b", True)])
def test_the_tests_of_a_cell_are_tried_with_a_value(editor: Editor, cell: str, value: Any, passes: bool) -> None:
    body = {"expression": cell, "tests": True, "input": value}
    answer = editor.browser.send(f"{API}/evaluate", body).get_json()
    assert (answer["value"], answer["warnings"], answer["error"]) == (passes, [], None)
    wrong = editor.browser.send(f"{API}/evaluate", {"expression": "> 5", "tests": True, "input": "a"}).get_json()
    assert [(warning["code"], wrong["value"]) for warning in wrong["warnings"]] == [("FEEL-007", False)]


def test_nobody_without_the_right_to_design_tries_or_looks(town: Town, editor: Editor) -> None:
    worker = town.browser(WORKER)
    assert worker.get(f"{API}/scope", process="commitment").status_code == 403
    assert worker.send(f"{API}/evaluate", {"expression": "=1"}).status_code == 403


def test_nothing_is_written(town: Town, editor: Editor) -> None:
    def rows() -> dict[str, int]:
        with town.app.database.read() as connection:
            return {t.name: connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}

    before = rows()
    editor.scope(element="handle")
    editor.evaluate("=number", {"number": "A"}, element="handle")
    after = rows()
    assert {name: count for name, count in after.items() if count != before[name]} == {}
