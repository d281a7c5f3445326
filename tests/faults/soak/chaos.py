"""Kills -9 of web and worker processes at random moments, each started again a little later."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.machines import Machines, answers_ready


@dataclass
class Slot:
    """A place where one process of an installation runs: its command and environment, and what runs there now."""

    command: tuple[str, ...]
    #: of a web process
    port: int | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self, machines: Machines) -> None:
        port = {"PORT": str(self.port)} if self.port is not None else {}
        self.process = machines.start(*self.command, **port)


class Chaos:
    """Kills one of the slots every `pause` seconds (from, to) until told to stop; all slots run afterwards. When there is only one, the
    pause begins when it serves again: else nothing would ever be done."""

    def __init__(self, machines: Machines, slots: Sequence[Slot], seed: int, pause: tuple[float, float]) -> None:
        self._machines, self._slots, self._pause = machines, slots, pause
        self._draw = random.Random(f"{seed} chaos")
        self._stop = threading.Event()
        self.killed: list[str] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Chaos:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._draw.uniform(*self._pause)):
            slot = self._draw.choice(self._slots)
            assert slot.process is not None
            children = _children(slot.process.pid)
            if children and self._draw.random() < 0.5:  # one of gunicorn's processes: gunicorn itself replaces it
                os.kill(self._draw.choice(children), signal.SIGKILL)
                self.killed.append(f"a child of {slot.command}")
                continue
            Machines.kill(slot.process)
            self.killed.append(str(slot.command))
            self._stop.wait(self._draw.uniform(0.0, 2.0))
            slot.start(self._machines)
            if len(self._slots) == 1:
                self._until_it_serves(slot)

    def _until_it_serves(self, slot: Slot) -> None:
        while not self._stop.wait(0.3):
            if slot.port is not None and answers_ready(slot.port):
                return


def _children(parent: int) -> list[int]:
    """Ids of the living children of a process (Linux)."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in path.read_text().split()] if path.exists() else []
