"""A task's clock: asked for by those who do the task, changed by those above them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acceptance.pages import links
from tests.walk import Agreement


@pytest.fixture
def review(agreement: Agreement) -> tuple[Agreement, str]:
    agreement.to_review()
    return agreement, f"/tasks/{agreement.town.task('review', 'legal_zhao', agreement.instance).id}"


def test_an_extension_is_asked_for_and_approved_from_above(review: tuple[Agreement, str]) -> None:
    agreement, task = review
    zhao, chen = agreement.browser("legal_zhao"), agreement.browser("secretary_chen")
    before = zhao.page(task)
    assert "3月5日 17:30" in before
    assert f"{task}/clock/extend" in links(before)
    assert "陈立" in zhao.page(f"{task}/clock/extend")
    asked = zhao.post(f"{task}/clock/extend", {"amount": "2", "note": "等待专家意见"})
    assert asked.status_code == 302
    assert "3月5日 17:30" in zhao.page(task)  # asking changes nothing
    opened = next(path for path in links(chen.page("/notices")) if path.endswith("/open"))
    approval = chen.get(opened).location
    assert "等待专家意见" in chen.page(approval)
    done = chen.post(f"{task}/clock/extend", {"for": "legal_zhao", "amount": "2", "note": "同意，等待专家意见"})
    assert done.status_code == 302
    after = zhao.page(task)
    assert "3月9日 17:30" in after
    assert "延期" in zhao.page(f"/cases/{agreement.instance}")


def test_a_clock_is_stopped_and_runs_again_with_what_was_left(review: tuple[Agreement, str]) -> None:
    agreement, task = review
    chen, zhao = agreement.browser("secretary_chen"), agreement.browser("legal_zhao")
    assert chen.post(f"{task}/clock/pause", {"for": "legal_zhao", "reason": "supplement", "note": "待补正"}).status_code == 302
    assert "已暂停" in zhao.page(task)
    agreement.town.wait(timedelta(days=7))
    assert zhao.post(f"{task}/clock/resume", {"note": "已补正"}).status_code == 302
    assert "3月12日 17:30" in zhao.page(task)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"amount": "soon", "note": "x"}, "请填写延长几天"),
        ({"amount": "9", "note": "同意"}, "不得超过原时限"),
        ({"amount": "1", "note": ""}, "请写明延期理由"),
    ],
)
def test_what_cannot_be_is_said_on_the_form(review: tuple[Agreement, str], form: dict[str, str], sentence: str) -> None:
    agreement, task = review
    answer = agreement.browser("secretary_chen").post(f"{task}/clock/extend", {"for": "legal_zhao", **form})
    assert answer.status_code in (400, 422)
    assert sentence in answer.text


def test_nobody_beside_or_below_changes_a_clock(review: tuple[Agreement, str]) -> None:
    agreement, task = review
    for person in ("liaison_wang", "unit_li", "stranger_dong"):
        browser = agreement.browser(person)
        assert browser.get(f"{task}/clock/extend").status_code in (403, 404), person
        assert browser.post(f"{task}/clock/extend", {"for": "legal_zhao", "amount": "1", "note": "x"}).status_code in (403, 404), person
    assert "3月5日 17:30" in agreement.browser("legal_zhao").page(task)
