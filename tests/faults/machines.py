"""Web and worker processes as an operator starts them, on loopback, and a client that knows several addresses."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
_DIST = "cogov_test_services-1.0.dist-info"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def with_service(folder: Path, entry: str) -> str:
    """A PYTHONPATH on which an installed package offers a service (``module:function``) by entry point."""
    info = folder / "packages" / _DIST
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cogov-test-services\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[cogov.services]\nof_this_test = {entry}\n")
    return os.pathsep.join([str(info.parent), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])


class Machines:
    """Starts `cogov …` with one environment; ends what still runs at the end."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *, patience: float = PATIENCE) -> None:
        self._folder, self._patience = folder, patience
        self.environment = {**os.environ, **environment}
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, module: str = "cogov", **more: str) -> subprocess.Popen[bytes]:
        """`cogov command` (or another module), in a group of its own; its output goes to a file named after its number."""
        log = self.log(len(self._started)).open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *command], cwd=ROOT, env={**self.environment, **more},
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._started.append(process)
        return process

    def log(self, number: int) -> Path:
        return self._folder / f"process-{number}.log"

    def printed(self) -> str:
        """What all processes wrote, for the message of a failed test."""
        return "\n".join(f"--- {n}\n{self.log(n).read_text('utf8', 'replace')[-3000:]}" for n in range(len(self._started)))

    def until(self, reached: Callable[[], object], what: str) -> None:
        """Wait for what other processes do."""
        pause, end = threading.Event(), time.monotonic() + self._patience
        while not reached():
            assert time.monotonic() < end, f"not in time: {what}\n{self.printed()}"
            pause.wait(0.3)

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """-9, with all its children."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @staticmethod
    def stop(process: subprocess.Popen[bytes]) -> int:
        """SIGTERM as an init system sends it; the exit code."""
        process.terminate()
        return process.wait(timeout=60)

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def status_of(port: int, path: str) -> int:
    """What is answered there; 0: nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0


def answers_ready(port: int) -> bool:
    """The process lives, its database answers, and a worker beats."""
    return status_of(port, "/healthz") == 200 and status_of(port, "/readyz") == 200


class Client:
    """Talks to whichever address answers, and sends every command twice, as impatient people do."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.token = ports, ""

    def log_in(self, name: str, password: str) -> None:
        self.token = str(self.ask("POST", "/api/v1/tokens", {"name": name, "password": password})["token"])

    def twice(self, path: str, body: Any) -> dict[str, Any]:
        key = uuid.uuid4().hex
        first = self.ask("POST", path, body, key)
        assert self.ask("POST", path, body, key).get("instance") == first.get("instance")
        return first

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> dict[str, Any]:
        """The answer. Raises AssertionError for a refusal, ConnectionError when no address answers for a minute."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for port in self.ports:
                try:
                    return self._once(port, method, path, body, key)
                except (ConnectionError, TimeoutError, urllib.error.URLError) as error:
                    if isinstance(error, urllib.error.HTTPError):
                        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error
            threading.Event().wait(0.2)
        raise ConnectionError("no web process answers")

    def _once(self, port: int, method: str, path: str, body: Any, key: str | None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return found
