"""A worker enters the paper of somebody else on a phone, in a real browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from PIL import Image

from tests.browser.conftest import Visit, fits
from tests.browser.live import settled
from tests.town import Town
from tests.walk import Agreement

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(tmp_path: Path) -> Agreement:
    return Agreement(Town(tmp_path)).to_answer()


@pytest.fixture
def town(asked: Agreement) -> Town:
    return asked.town


def test_a_worker_enters_a_paper_on_his_phone(asked: Agreement, visit: Visit, tmp_path: Path) -> None:
    asked.act("accepted", "unit_li", {})
    task = asked.town.task("counter_proposal", "unit_liaison_lin", asked.instance)
    scan = tmp_path / "scan.png"
    Image.new("RGB", (40, 40), "white").save(scan)
    page = visit("worker_sun", phone=True)
    page.goto(f"/tasks/{task.id}")
    page.locator("summary", has_text="代他人填报").click()
    settled(page)
    page.get_by_label("条款或需求").first.fill("周末停车难")
    page.get_by_label("接受", exact=True).first.check()
    page.get_by_label("代谁填报").select_option("unit_liaison_lin")
    page.locator("#behalf-file").set_input_files(scan)
    page.get_by_text("scan.png").wait_for()
    if pictures := os.environ.get("COGOV_PICTURES"):  # where somebody wants to look at it
        page.screenshot(path=f"{pictures}/intake-phone.png", full_page=True)
    assert fits(page)
    page.get_by_role("button", name="提交").first.click()
    page.wait_for_url(lambda url: f"/tasks/{task.id}" not in url, timeout=15_000)
    lines = asked.town.app.engine.queries.history(asked.instance, newest_first=True).items
    done = next(line for line in lines if line.kind == "task_completed")
    assert (done.actor, done.content["entered"]["channel"]) == ("worker_sun", "paper")
