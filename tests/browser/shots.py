"""Takes the pictures of docs/shots afresh: ``python -m tests.browser.shots`` (needs Chromium and the built browser code)."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.acceptance.pages import row_of, slug_of
from tests.browser.live import chromium, context, log_in, served, settled
from tests.gathering import Gathering
from tests.town import Town
from tests.walk import INTENTION, Agreement

FOLDER = Path(__file__).parents[2] / "docs/shots"
_LARGEST = 200_000
_REASONS = {
    "kiosk": ("ent_yinwu", "culture", "社区公告统一印制，企业车间向中学生开放参观"),
    "route": ("ent_anda", "culture", "配送车辆错峰进出，社区提供司机休息点"),
    "music": ("ent_haina", "culture", "每月一场社区音乐会，社区提供排练场地"),
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        pages = dict(_busy_pages(town))
        with served(town) as address, sync_playwright() as playwright:
            browser = chromium(playwright)
            for name, (person, path) in pages.items():
                for phone in (False, True):
                    _take(browser, address, town, name, person, path, phone=phone)
            _take(browser, address, town, "inbox", *pages["inbox"], language="en")
            _take(browser, address, town, "case", *pages["case"], dark=True)
            _take(browser, address, town, "board", *pages["board"], language="en", dark=True)
            _take(browser, address, town, "task", *pages["task"], phone=True, language="en")
            browser.close()
    _take_street()


def _take_street() -> None:
    """Pages of meetings and of the designer, in a town with departments, firms and residents."""
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), roster="street")
        meeting = Gathering(town).to_vote().meeting
        draft = town.browser("office_xu").send("/api/v1/designer/drafts", {"key": "sp_vote"}).json["id"]
        with served(town) as address, sync_playwright() as playwright:
            browser = chromium(playwright)
            _take(browser, address, town, "meeting", "head_zheng", f"/meetings/{meeting}")
            _take(browser, address, town, "meeting", "unit_li", f"/meetings/{meeting}", phone=True)
            _take(browser, address, town, "designer", "office_xu", f"/designer/{draft}")
            browser.close()


def _busy_pages(town: Town) -> Iterator[tuple[str, tuple[str | None, str]]]:
    """Agreements at every stage, one of them late; then where the pictures are taken."""
    rated = Agreement(town).to_rating()
    review = Agreement(town, intention=_intention("music")).to_review()
    Agreement(town, intention=_intention("kiosk")).to_answer()
    town.wait(timedelta(days=3, hours=7))
    shown = Agreement(town).to_show()
    Agreement(town, intention=_intention("music")).to_terms()
    Agreement(town, intention=_intention("route")).to_answer()
    signing = Agreement(town).to_signing()
    yield "inbox", ("liaison_wang", "/inbox")
    yield "task", ("legal_zhao", f"/tasks/{town.task('review', 'legal_zhao', review.instance).id}")
    yield "case", ("liaison_wang", f"/cases/{signing.instance}")
    yield "board", ("secretary_chen", "/registers/agreements")
    yield "record", ("liaison_wang", f"/registers/agreements/{row_of(rated)}")
    yield "public", (None, f"/public/{slug_of(shown)}")
    yield "login", (None, "/login")
    yield "start", ("liaison_wang", "/start")


def _intention(name: str) -> dict[str, object]:
    unit, category, reason = _REASONS[name]
    return {**INTENTION, "unit": unit, "category": category, "reason": reason}


def _take(
    browser: Browser,
    address: str,
    town: Town,
    name: str,
    person: str | None,
    path: str,
    *,
    phone: bool = False,
    language: str = "zh",
    dark: bool = False,
) -> None:
    one = context(browser, address, phone=phone, language=language, dark=dark)
    page = one.new_page()
    if person is not None:
        log_in(page, town, person)
    page.goto(path)
    settled(page)
    parts = [name, "phone" if phone else "desktop", *(["en"] if language == "en" else []), *(["dark"] if dark else [])]
    target = FOLDER / f"{'-'.join(parts)}.png"
    target.write_bytes(_small(page.screenshot()))
    one.close()


def _small(picture: bytes) -> bytes:
    """A palette of 256 colours is enough for a page. Raises ValueError when the picture is still too large."""
    kept = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    if kept.tell() > _LARGEST:
        raise ValueError(f"a picture of {kept.tell()} bytes, more than {_LARGEST}")
    return kept.getvalue()


if __name__ == "__main__":
    main()
