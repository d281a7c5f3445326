"""``cogov import`` as an operator types it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cogov.cli import main
from tests.integration.importers.conftest import WriteBook

SAMPLES = Path(__file__).parents[3] / "samples"
SMALL = {
    "区域": [["编号", "名称", "级别"], ["qinghe", "青禾街道", "街道"]],
    "人员": [["编号", "姓名", "登录名"], ["p1", "方维国", "fang"]],
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An upgraded installation of its own; returns its data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("COGOV_DATA", str(folder))
    monkeypatch.delenv("COGOV_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    run("upgrade")
    return folder


def run(*arguments: str, fails: bool = False) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code != 0) is fails, result.output
    return result


def test_take_in_list_and_take_back(data: Path, write_book: WriteBook) -> None:
    done = run("import", str(write_book(SMALL))).output
    key = done.split("--undo ")[1].split()[0]
    (passwords,) = data.glob("import-*-accounts.txt")
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    assert passwords.read_text().startswith("fang\t")
    assert f"{key}  " in run("import", "--list").output
    assert "person 1" in run("import", "--undo", key).output
    assert "undone" in run("import", "--list").output


def test_mistakes_are_listed_with_their_cells(data: Path) -> None:
    output = run("import", str(SAMPLES / "roster-with-mistakes.xlsx"), "--language", "en", fails=True).output
    assert "人员!2 D 电话" in output
    assert "The check character is wrong" in output
    assert run("import", "--list").output == ""


def test_the_template_is_a_file(data: Path) -> None:
    assert Path(run("import", "--template", "roster").output.strip()).read_bytes().startswith(b"PK")


@pytest.mark.parametrize("arguments", [(), ("--list", "--undo", "x"), ("--template", "nothing"), ("--undo", "nothing")])
def test_what_makes_no_sense_is_told(data: Path, arguments: tuple[str, ...]) -> None:
    assert "Traceback" not in run("import", *arguments, fails=True).output
