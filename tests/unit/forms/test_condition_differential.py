"""Conditions of a form: the server decides as the browser showed it. The cases are those of tests/browser_js/conditions.test.js."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from forms_helpers import field

CASES = json.loads((Path(__file__).parents[2] / "browser_js/conditions.json").read_text("utf8"))
INPUTS = [
    field("textfield", "note"),
    field("number", "amount"),
    field("checkbox", "flag"),
    field("datetime", "day"),
    field("dynamiclist", "rows", components=[field("textfield", "title")]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['hide']} over {case['data']}")
def test_the_server_hides_what_the_browser_hides(load: Any, case: dict[str, Any]) -> None:
    form = [*INPUTS, field("textfield", "probe", hide=case["hide"])]
    accepted = load(form, {**case["data"], "probe": "seen"}, data=case.get("variables", {}))
    assert ("probe" not in accepted) is case["hidden"]


def test_a_read_only_text_without_anything_in_it_is_null_too(load: Any) -> None:
    form = [field("textfield", "note", readonly=True), field("textfield", "probe", hide="=note = null")]
    assert load(form, {"note": "", "probe": "seen"}, data={"note": ""}) == {}
