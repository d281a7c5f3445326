"""The designer's pages without a browser: who sees what, and how drafts begin and end."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from werkzeug.test import TestResponse

from governance.designer.stage import Budget
from governance.meetings.tables import meeting
from tests.town import Browser, Town

KEY = "sp_archive"


@pytest.fixture
def designer(town: Town) -> Browser:
    return town.browser("office_xu")


def draft_of(answer_location: str) -> str:
    found = re.fullmatch(r"/designer/([\w-]+)", answer_location)
    assert found is not None, answer_location
    return found[1]


def test_the_list_shows_versions_and_drafts_to_those_who_design(town: Town, designer: Browser) -> None:
    page = designer.page("/procedures")
    assert "新建流程" in page
    assert KEY in page
    assert "继续改" not in page
    draft = draft_of(designer.post("/designer/edit", {"key": KEY}).location)
    page = designer.page("/procedures")
    assert f'href="/designer/{draft}"' in page
    assert "继续改" in page
    assert "新建流程" not in town.browser("legal_zhao").page("/procedures")


def test_others_get_no_page_of_the_designer(town: Town, designer: Browser) -> None:
    draft = draft_of(designer.post("/designer/edit", {"key": KEY}).location)
    other = town.browser("legal_zhao")
    for path in ("/designer/new", f"/designer/{draft}", f"/designer/{draft}/try", f"/designer/{draft}/compare"):
        assert other.get(path).status_code == 403, path
    assert other.post("/designer/edit", {"key": KEY}).status_code == 403
    assert town.browser().get(f"/designer/{draft}").status_code == 302


def test_a_new_procedure_begins_as_a_draft_and_a_taken_key_is_told_with_what_was_typed(designer: Browser) -> None:
    made = designer.post("/designer/new", {"key": "road_repair", "zh": "道路维修", "en": "Road repair"})
    assert "道路维修" in designer.page(made.location)
    refused = designer.post("/designer/new", {"key": "road_repair", "zh": "另一个", "en": "Another"})
    assert refused.status_code == 422
    assert 'value="另一个"' in refused.text
    assert 'role="alert"' in refused.text


def test_a_procedure_is_copied_exported_and_imported(designer: Browser) -> None:
    copied = designer.post("/designer/new", {"copy": KEY, "key": "our_archive"})
    draft = draft_of(copied.location)
    package = designer.get(f"/api/v1/designer/drafts/{draft}/export.zip").data
    gone = designer.post(f"/designer/{draft}/discard", {"revision": str(_revision(designer, draft))})
    assert gone.location == "/procedures"
    back = _import(designer, package)
    assert back.status_code == 302
    assert "our_archive" in designer.page("/procedures")


def test_what_is_no_package_is_told_on_the_page(designer: Browser) -> None:
    answer = _import(designer, b"no zip")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_each_kind_of_file_has_its_editor_and_only_the_form_editor_a_looser_policy(designer: Browser) -> None:
    draft = draft_of(designer.post("/designer/edit", {"key": "commitment"}).location)
    for path, element in (
        ("processes/commitment/commitment.bpmn", "cogov-designer"),
        ("processes/commitment/d9_breach_grade.dmn", "cogov-dmn"),
        ("forms/commitment/confirm.form.json", "cogov-form-editor"),
        ("processes/commitment/cases.yaml", "cogov-text-editor"),
    ):
        answer = designer.get(f"/designer/{draft}?path={path}")
        assert f"<{element} " in answer.text, path
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert ("style-src-elem 'self'" not in policy) == (element == "cogov-form-editor"), path
    assert designer.get(f"/designer/{draft}?path=processes/commitment/nothing.md").status_code == 404


def test_a_form_is_previewed_in_the_language_asked_for(designer: Browser) -> None:
    draft = draft_of(designer.post("/designer/edit", {"key": "commitment"}).location)
    field = {"type": "textfield", "id": "f_unit", "key": "unit", "label": "单位", "i18n": {"en": {"label": "Unit"}}}
    schema = {
        "type": "default",
        "id": "commitment/x",
        "schemaVersion": 19,
        "title": "甲",
        "i18n": {"en": {"title": "A"}},
        "components": [field],
    }
    for language, label in (("zh", "单位"), ("en", "Unit")):
        shown = designer.send(f"/designer/{draft}/preview", {"schema": schema, "language": language}).get_json()
        assert shown["schema"]["components"][0]["label"] == label
    assert designer.send(f"/designer/{draft}/preview", {"schema": "none"}).status_code == 400


def _import(designer: Browser, package: bytes) -> TestResponse:
    return designer.post("/designer/import", {"package": (BytesIO(package), "ours.zip")})


def _revision(designer: Browser, draft: str) -> int:
    return int(designer.get(f"/api/v1/designer/drafts/{draft}").get_json()["revision"])


def test_a_trial_shows_its_meetings_as_their_pages_do_and_keeps_none(
    town: Town, designer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the end of the first vote of the example run: agenda, who signed in, who voted how. A loaded machine may take its time."""
    monkeypatch.setattr("governance.desk.trials.Budget", lambda *_: Budget(600.0))
    path = Path(__file__).parents[2] / "processes/sp_run_meeting/cases.yaml"
    case = yaml.safe_load(path.read_text("utf8"))["cases"][0]
    steps = [step for step in case["steps"] if "expect" not in step]
    until = next(n for n, step in enumerate(steps) if step.get("do") == "close_vote") + 1
    document = {
        "clock": "2026-03-02T09:00+08:00", "roster": "street", "area": "yunqiao", "start": case["start"], "steps": plain(steps[:until]),
    }  # fmt: skip
    draft = draft_of(designer.post("/designer/edit", {"key": "sp_run_meeting"}).location)
    answer = designer.send(f"/designer/{draft}/try", plain(document))
    assert answer.status_code == 200, answer.text
    stand = answer.get_json()
    assert [step["error"] for step in stand["steps"] if not step["ok"]] == []
    (shown,) = stand["meetings"]
    for text in (
        "三月共建协商会",
        "园区错峰停车公约",
        "同意试行《园区错峰停车公约》三个月",
        "席位",
        "表决",
        "<b>5</b>",
    ):
        assert text in shown, text
    assert re.search(r"<(form|button|script|a )", shown) is None, "there is nothing to press, and no page to go to"
    with town.app.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(meeting)).scalar_one() == 0

    data = designer.send(f"/api/v1/designer/drafts/{draft}/sandbox", plain(document)).get_json()["meetings"]
    assert [(m["title"], m["present"]) for m in data] == [("三月共建协商会", 6)]
    assert town.browser("legal_zhao").send(f"/designer/{draft}/try", plain(document)).status_code == 403
    assert designer.send(f"/designer/{draft}/try", {"steps": 3}).status_code == 400


def plain(value: Any) -> Any:
    """As JSON: moments that YAML read are texts again."""
    return json.loads(json.dumps(value, default=lambda at: at.isoformat()))
