"""Both languages are whole: nothing missing, nothing fuzzy, nothing left over, and compiled from what is there."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from web.catalogue import FOLDER, compile_catalogues

ROOT = Path(__file__).parents[2]
ENGLISH = FOLDER / "en/LC_MESSAGES/messages.po"


@pytest.fixture(scope="module")
def source() -> set[str]:
    """What pages and API say, in Chinese."""
    with (ROOT / "web/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    folders = ("web", "api", "governance")
    found: set[str] = set()
    for folder in folders:
        mapping = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(f"{folder}/")]
        renamed = {key.removeprefix(f"{folder}/"): value for key, value in options.items()}
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / folder, mapping, renamed):
            found.add(message if isinstance(message, str) else message[0])
    return found


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_has_its_english(source: set[str], english: Catalog) -> None:
    assert len(source) > 150
    missing = [text for text in source if english.get(text) is None or not english.get(text).string or english.get(text).fuzzy]
    assert not missing


def test_no_translation_is_left_over(source: set[str], english: Catalog) -> None:
    assert not [m.id for m in english if m.id and m.id not in source]


def test_placeholders_agree(english: Catalog) -> None:
    for message in english:
        if message.id:
            assert set(re.findall(r"%\(\w+\)s", str(message.id))) == set(re.findall(r"%\(\w+\)s", str(message.string))), message.id


def test_the_catalogue_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "en/LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(ENGLISH, folder)
    assert compile_catalogues(tmp_path) == [folder / "messages.mo"]
    assert compile_catalogues(tmp_path) == []
    later = (folder / "messages.mo").stat().st_mtime + 10
    os.utime(folder / "messages.po", (later, later))
    assert compile_catalogues(tmp_path) == [folder / "messages.mo"]
