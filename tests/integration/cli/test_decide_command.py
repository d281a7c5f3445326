"""``cogov decide`` as a designer types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cogov.cli import main
from engine.actor import SYSTEM
from governance.application import Application
from tests.integration.engine.test_decisions import ruled, table

SETTING = "big:\n  {value: 100, kind: number, source: '[A]', zh: 大, en: Big}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "size.dmn").write_bytes(table())
    (tmp_path / "rated.settings.yaml").write_text(SETTING, "utf8")
    return tmp_path


def run(*arguments: str, given: Any = None) -> Result:
    return CliRunner().invoke(main, ["decide", *arguments], input=json.dumps(given) if given is not None else "")


@pytest.mark.parametrize("name", ["size.dmn", ""])
def test_a_file_or_folder_that_is_not_deployed_is_evaluated(folder: Path, name: str) -> None:
    result = run("size", "--file", str(folder / name), given={"amount": "100"})
    assert result.exit_code == 0, result.output
    made = json.loads(result.output)
    assert (made["value"], made["rules"][0]["annotations"]) == ("big", {"依据": "[A]"})
    assert made["inputs"] == {"amount": "100"}


def test_the_input_may_be_a_file(folder: Path) -> None:
    (folder / "input.json").write_text('{"amount": 99.99}', "utf8")
    result = run("size", "--file", str(folder), "--input", str(folder / "input.json"))
    assert json.loads(result.output)["value"] == "small"


def test_a_table_with_errors_is_told_and_not_evaluated(folder: Path) -> None:
    (folder / "size.dmn").write_bytes(table().replace(b"&lt; setting", b"&lt;= setting"))
    result = run("size", "--file", str(folder), given={"amount": 1})
    assert result.exit_code == 1
    assert "DMN-030" in result.output
    assert "amount = 100" in result.output


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("size",), [1], "must be a JSON object"),
        (("nothing",), {}, "no decision nothing"),
        (("size", "--version", "1"), {}, "--version"),
        (("size",), {}, "amount"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, arguments: tuple[str, ...], given: Any, words: str) -> None:
    result = run(*arguments, "--file", str(folder), given=given)
    assert result.exit_code != 0
    assert words in result.output


def test_deployed_versions_are_evaluated(installed: Application) -> None:
    for low in ("small", "tiny"):
        installed.engine.deploy({**ruled(low), "processes/rated/rated.settings.yaml": SETTING.encode()}, actor=SYSTEM)
    assert json.loads(run("size", given={"amount": 1}).output)["value"] == "tiny"
    first = json.loads(run("size", "--version", "1", given={"amount": 1}).output)
    assert (first["value"], first["version"]) == ("small", 1)
    assert "version 9" in run("size", "--version", "9", given={"amount": 1}).output


def test_a_file_that_cannot_be_read_says_so_and_what_lies_below_it_is_not_looked_at(folder: Path) -> None:
    (folder / "broken.dmn").write_text("broken", "utf8")
    (folder / "below").mkdir()
    (folder / "below" / "rated.settings.yaml").write_text(SETTING, "utf8")
    assert run("size", "--file", str(folder / "size.dmn"), given={"amount": 1}).exit_code == 0
    result = run("size", "--file", str(folder / "broken.dmn"), given={"amount": 1})
    assert result.exit_code != 0
    assert "broken.dmn" in result.output
    assert "DMN-" in result.output
