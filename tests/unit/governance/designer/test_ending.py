"""A trial written down as a case; and code lists of the bundle that come to those of here."""

from __future__ import annotations

from datetime import UTC, datetime

import yaml

from governance.designer import ending
from governance.designer.bundled import merged_codes

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
CASE = {"name": "一次 / once", "area": "town", "start": {"by": "chen"}, "steps": [{"do": "handle", "by": "chen", "with": {"note": "好"}}],
        "ends": {"at": ["end_done"]}}  # fmt: skip


def test_the_first_case_makes_the_file() -> None:
    data = yaml.safe_load(ending.appended("", "toy", CASE, AT))
    assert data["process"] == "toy"
    assert data["roster"] == "installation"
    assert data["cases"][0]["steps"] == CASE["steps"]
    assert data["cases"][0]["clock"] == "2026-03-02T01:00+00:00"


def test_a_case_comes_after_the_others_and_their_comments_stay() -> None:
    before = "process: toy\nclock: 2026-03-02T09:00+08:00\nroster: small\ncases:\n  # the first\n  - name: a\n    steps: []\n"
    text = ending.appended(before, "toy", CASE, AT)
    assert text.startswith(before)
    assert [case["name"] for case in yaml.safe_load(text)["cases"]] == ["a", "一次 / once"]


def test_a_case_is_put_among_the_cases_when_something_follows_them() -> None:
    before = "process: toy\nclock: 2026-03-02T09:00+08:00\nroster: small\ncases:\n- {name: a, steps: []}\nnot_covered: {f_x: later}\n"
    data = yaml.safe_load(ending.appended(before, "toy", CASE, AT))
    assert [case["name"] for case in data["cases"]] == ["a", "一次 / once"]
    assert data["not_covered"] == {"f_x": "later"}


def test_where_a_run_stands_is_what_it_must_bring_about() -> None:
    running = {"state": "running", "ends": [], "tasks": [{"node": "b"}, {"node": "a"}, {"node": "a"}]}
    assert ending.of(running) == {"running": True, "waits_at": ["a", "b"]}
    assert ending.of({"state": "completed", "ends": ["end_done"], "tasks": []}) == {"at": ["end_done"]}
    assert ending.of({"state": "cancelled", "ends": [], "tasks": []}) == {"at": [], "outcome": "cancelled"}


def test_lists_and_entries_of_the_bundle_come_to_those_of_here() -> None:
    here = "a: [{code: x, zh: 甲, en: Mine}]\nb: [{code: y, zh: 乙, en: Y}]\n".encode()
    bundled = "a: [{code: x, zh: 丙, en: Theirs}, {code: z, zh: 丁, en: Z}]\nc: [{code: w, zh: 戊, en: W}]\n".encode()
    merged = yaml.safe_load(merged_codes(here, bundled))
    assert [(e["code"], e["en"]) for e in merged["a"]] == [("x", "Mine"), ("z", "Z")]
    assert set(merged) == {"a", "b", "c"}
    assert merged_codes(here, here) == here
