"""What browser tests share: one Chromium for a file, visits whose console must stay quiet, axe."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
#: a refused form is said by the browser as a failed request, too
_EXPECTED = re.compile(r"\b(409|422)\b")
Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    """The system's Chromium; skipped (with CI=true: failed) where there is none or the browser code is not built."""
    playwright = pytest.importorskip("playwright.sync_api")
    from tests.browser.live import available, chromium

    built = (ROOT / "web/static/dist/.vite/manifest.json").exists()
    missing = [what for there, what in ((available(), "Chromium"), (built, "the built browser code")) if not there]
    if missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"needs {', '.join(missing)} (make system-deps)")
    with playwright.sync_playwright() as started:
        found = chromium(started)
        yield found
        found.close()


@pytest.fixture
def street(tmp_path: Path) -> Town:
    """A town with the people of the street: departments, firms, a residential area."""
    return Town(tmp_path, roster="street")


@pytest.fixture
def visit(chromium_browser: Browser, street: Town) -> Iterator[Visit]:
    """visit(person, path, phone=…, language=…, dark=…) → a page; whatever is said on the console fails the test."""
    from tests.browser.live import context, log_in, served, settled

    said: list[str] = []
    with ExitStack() as stack:
        address = stack.enter_context(served(street))

        def open_one(person: str | None, path: str, *, phone: bool = False, language: str = "zh", dark: bool = False) -> Page:
            one = context(chromium_browser, address, phone=phone, language=language, dark=dark)
            stack.callback(one.close)
            page = one.new_page()
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
            if person is not None:
                log_in(page, street, person)
            page.goto(path)
            return settled(page)

        yield open_one
    assert not [text for text in said if not _EXPECTED.search(text)]


def fits(page: Page) -> bool:
    """Nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def flaws(page: Page) -> list[str]:
    """What axe finds wrong with the page, by rule and place."""
    page.evaluate(AXE.read_text("utf8"))
    found = page.evaluate("async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})).violations")
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in found]


def pick(page: Page, label: str, letters: str, name: str) -> None:
    """Choose in a field that looks things up."""
    page.get_by_role("combobox", name=label, exact=True).fill(letters)
    page.get_by_role("option", name=re.compile(name)).first.click()
