"""Names of processes that work on jobs, and whether one of this machine is no more.

Between machines only a heartbeat tells who lives. On one machine the kernel knows at once that a process is gone, so what it left need
not wait for its heart to be silent long enough.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import uuid
from functools import cache
from pathlib import Path

_NAME = re.compile(r"-(?P<pid>\d+)@(?P<place>[0-9a-f]+)-[0-9a-f]+$")


def new_name() -> str:
    """``host-pid@place-random``; no other process ever has it."""
    return f"{socket.gethostname()}-{os.getpid()}@{_place()}-{uuid.uuid4().hex[:8]}"


def is_gone(executor: str) -> bool:
    """Whether it was a process beside us, where our process ids mean the same, and ended. False whenever that is not known."""
    found = _NAME.search(executor)
    if found is None or found["place"] != _place() or found["place"] == "0":
        return False
    pid = int(found["pid"])
    return pid == os.getpid() or not _exists(pid)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@cache
def _place() -> str:
    """Where a process id means one process: this start of this machine and, in a container, this one. ``0``: not known here."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return "0"
    return hashlib.sha256(f"{boot} {space}".encode()).hexdigest()[:12]
