"""The town behind a real server on loopback, and a Chromium to visit it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.town import PASSWORD, Town

CHROMIUM = os.environ.get("COGOV_CHROMIUM", "/usr/bin/chromium")
#: nothing but the page under test talks to a network
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic",
]  # fmt: skip
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Tests say what matters."""


@contextmanager
def served(town: Town) -> Iterator[str]:
    """Serve the town's app on a free port; gives its address. What a command leaves to jobs is done before it is answered."""

    def app(environ: dict[str, Any], start: Any) -> Any:
        answer = town.flask(environ, start)
        if environ["REQUEST_METHOD"] != "GET":
            town.world.jobs.run_due()
        return answer

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def chromium(playwright: Playwright) -> Browser:
    """The system's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)


def available() -> bool:
    return Path(CHROMIUM).exists()


def context(browser: Browser, address: str, *, phone: bool = False, language: str = "zh", dark: bool = False) -> BrowserContext:
    """A visitor with a device, a language and a taste in colours; the clock in the browser is the machine's."""
    return browser.new_context(
        base_url=address,
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        has_touch=phone,
        is_mobile=phone,
        locale="en-GB" if language == "en" else "zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )


def log_in(page: Page, town: Town, person: str) -> Page:
    """Log in by the login page, as people do."""
    page.goto("/login")
    page.fill("[name=name]", town.login(person))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/inbox")
    return page


def settled(page: Page) -> Page:
    """Forms and diagrams on the page are there."""
    page.wait_for_load_state("networkidle")
    for element in ("cogov-form", "cogov-diagram"):
        for found in page.query_selector_all(element):
            page.wait_for_function("one => one.dataset.ready === 'true'", arg=found)
    return page
