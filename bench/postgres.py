"""A PostgreSQL server of our own in a temporary folder, and the CPU time of all its processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_DEBIAN = Path("/usr/lib/postgresql")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Postgres:
    """A running server. `main` is the id of its first process, the parent of all others."""

    url: str
    main: int

    def database(self, name: str) -> str:
        """URL of a new, empty database."""
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        return self.url.rpartition("/")[0] + f"/{name}"

    def cpu(self) -> float:
        """Seconds of CPU of the server and its processes, also of those that ended."""
        return cpu_of_family(self.main)


@contextmanager
def own_server() -> Iterator[Postgres | None]:
    """A server with its default settings, gone afterwards; None where PostgreSQL is not installed (Debian's place is looked at)."""
    found = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name)) if _DEBIAN.exists() else []
    if not found or (os.geteuid() == 0 and shutil.which("runuser") is None):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="cogov-bench-", ignore_cleanup_errors=True) as folder:
        yield from _run(found[-1], Path(folder))


def _run(binaries: Path, folder: Path) -> Iterator[Postgres]:
    data, sockets = folder / "data", folder / "run"
    sockets.mkdir()
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"]
        for path in (folder, sockets):
            shutil.chown(path, "postgres")

    def run(*command: str | Path) -> None:
        subprocess.run([*as_user, *map(str, command)], check=True, capture_output=True, cwd="/")

    run(binaries / "initdb", "-D", data, "-U", "cogov", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={sockets}"
    run(binaries / "pg_ctl", "-D", data, "-w", "-l", sockets / "log", "-o", options, "start")
    try:
        yield Postgres(f"postgresql://cogov@127.0.0.1:{port}/postgres", int((data / "postmaster.pid").read_text().splitlines()[0]))
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def cpu_of_family(main: int) -> float:
    """Seconds of CPU of a process and its children, living and ended (Linux: read from /proc)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked; its parent counts it
        pid, parent = int(stat.parent.name), int(fields[1])
        if pid == main:
            ticks += sum(int(n) for n in fields[11:15])
        elif parent == main:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS
