"""What the README tells a newcomer to type works, and what it shows is there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
#: a first start installs packages and runs the demo
PATIENCE = 300


def test_every_command_of_the_readme_is_one_of_ours() -> None:
    assert COMMANDS == ["make run", "make test"]
    assert {command.removeprefix("make ") for command in COMMANDS} <= set(dev.COMMANDS)


def test_every_picture_and_page_of_the_readme_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    assert "make test\n" in (ROOT / ".ci/run").read_text("utf8")


@pytest.mark.long
def test_make_run_serves_with_the_demo(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "COGOV_DATA": str(tmp_path / "data")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(["make", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        page = _first_page(port, server)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    printed = (tmp_path / "log").read_text()
    assert "亮约墙" in page, printed
    assert f"http://127.0.0.1:{port}" in printed
    accounts = tmp_path / "data/demo-accounts.txt"
    assert str(accounts) in printed
    assert accounts.stat().st_mode & 0o077 == 0


def _first_page(port: int, server: subprocess.Popen[bytes]) -> str:
    """Waits for the server as a person does: by trying."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/public", timeout=5) as answer:
                return str(answer.read(), "utf8")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    return ""
