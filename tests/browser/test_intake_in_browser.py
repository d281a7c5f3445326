"""A worker enters the paper of somebody else on a phone, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.live import available, chromium, context, log_in, served, settled
from tests.town import Town
from tests.walk import Agreement

ROOT = Path(__file__).parents[2]
_CI = os.environ.get("CI") == "true"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available() and not _CI, reason="needs Chromium (make system-deps)"),
    pytest.mark.skipif(not (ROOT / "web/static/dist/.vite/manifest.json").exists() and not _CI, reason="needs the built browser code"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = chromium(playwright)
        yield found
        found.close()


def test_a_worker_enters_a_paper_on_his_phone(browser: Browser, tmp_path: Path) -> None:
    asked = Agreement(Town(tmp_path)).to_answer()
    asked.act("accepted", "unit_li", {})
    task = asked.town.task("counter_proposal", "unit_liaison_lin", asked.instance)
    scan = tmp_path / "scan.png"
    Image.new("RGB", (40, 40), "white").save(scan)
    with served(asked.town) as address:
        one = context(browser, address, phone=True)
        page = log_in(one.new_page(), asked.town, "worker_sun")
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
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="提交").first.click()
        page.wait_for_url(lambda url: f"/tasks/{task.id}" not in url, timeout=15_000)
        one.close()
    lines = asked.town.app.engine.queries.history(asked.instance, newest_first=True).items
    done = next(line for line in lines if line.kind == "task_completed")
    assert (done.actor, done.content["entered"]["channel"]) == ("worker_sun", "paper")
