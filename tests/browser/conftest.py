"""What browser tests share: one Chromium for a file, visits whose console must stay quiet, axe."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.played import Step, play
from tests.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from cogov.cases import CaseRun

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    """The system's Chromium; skipped (with CI=true: failed) where there is none or the browser code is not built."""
    playwright = pytest.importorskip("playwright.sync_api")
    from tests.browser.live import available, chromium

    built = (ROOT / "web/static/dist/.vite/manifest.json").exists()
    needed = {"Chromium": available(), "the built browser code": built, "axe-core (npm ci)": AXE.exists()}
    missing = [what for what, there in needed.items() if not there]
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
def town(street: Town) -> Town:
    """The town that is visited; a file with another one has a fixture of this name."""
    return street


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """Where the town is served."""
    from tests.browser.live import served

    with served(town) as found:
        yield found


@pytest.fixture
def expected() -> str:
    """What the console may say (a pattern): a refused form is said by the browser as a failed request, too."""
    return r"\b(409|422)\b"


@pytest.fixture
def heard() -> tuple[str, ...]:
    """Which kinds of words on the console fail the test."""
    return ("error",)


@pytest.fixture
def visit(chromium_browser: Browser, town: Town, address: str, expected: str, heard: tuple[str, ...]) -> Iterator[Visit]:
    """visit(person, path, phone=…, language=…, dark=…) → a page of his own browser, logged in unless it is nobody; without a path it is
    where the login leads. Whatever is said on the console fails the test, but for what is `expected` and on a page that is not `quiet`."""
    from tests.browser.live import context, log_in, settled

    said: list[tuple[str, str]] = []
    with ExitStack() as stack:

        def open_one(person: str | None = None, path: str | None = None, *, quiet: bool = True, **how: Any) -> Page:
            one = context(chromium_browser, address, **how)
            stack.callback(one.close)
            page = one.new_page()
            if quiet:
                page.on("pageerror", lambda error: said.append((str(error), page.url)))
                page.on("console", lambda message: said.append((message.text, message.location["url"])) if message.type in heard else None)
            if person is not None:
                log_in(page, town, person)
            if path is None:
                return page
            page.goto(path)
            return settled(page)

        yield open_one
    assert not [(text, where) for text, where in said if not re.search(expected, text)]


def played(town: Town, process: str, name: str, before: Callable[[Step], bool]) -> CaseRun:
    """`play` in a thread of its own: a seal needs an event loop, and that of a browser test belongs to the browser."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(play, town, process, name, before=before).result()


def fits(page: Page) -> bool:
    """Nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def flaws(page: Page, options: str = "{resultTypes: ['violations']}", context: str = "document") -> list[str]:
    """What axe finds wrong with the page (or with `context`), by rule and place."""
    page.evaluate(AXE.read_text("utf8"))
    found = page.evaluate(f"async () => (await axe.run({context}, {options})).violations")
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


def pick(page: Page, label: str, letters: str, name: str) -> None:
    """Choose in a field that looks things up."""
    page.get_by_role("combobox", name=label, exact=True).fill(letters)
    page.get_by_role("option", name=re.compile(name)).first.click()
