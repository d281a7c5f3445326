"""Databases for tests: SQLite in a file, and a PostgreSQL server of our own in a temporary folder (or COGOV_TEST_DATABASE_URL)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from engine.store.database import Database
from tests.beginnings import drop_templates

_DEBIAN = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server in which databases may be created."""
    given = os.environ.get("COGOV_TEST_DATABASE_URL")
    if given:
        yield given
        drop_templates(given)
        return
    binaries = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name)) if _DEBIAN.exists() else []
    if not binaries:
        _skip("no PostgreSQL here: install it (make system-deps) or set COGOV_TEST_DATABASE_URL")
    # not pytest's temporary folder: another run would tidy it up while the server works in it
    with tempfile.TemporaryDirectory(prefix="cogov-postgres-", ignore_cleanup_errors=True) as folder:
        yield from _own_server(binaries[-1], Path(folder))


def _skip(reason: str) -> None:
    """With CI=true a skip is a failure (conventions 14)."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _own_server(binaries: Path, folder: Path) -> Iterator[str]:
    data, sockets = folder / "data", folder / "run"
    sockets.mkdir()
    as_user = _not_root(folder, sockets)
    subprocess.run(
        [*as_user, str(binaries / "initdb"), "-D", str(data), "-U", "cogov", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
        check=True, capture_output=True, cwd="/",
    )  # fmt: skip
    port = _free_port()
    # nothing here outlives the run, so nothing has to reach the disk
    lasting = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"{lasting} -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={sockets} -c max_connections=200"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data)]
    subprocess.run([*control, "-w", "-l", str(folder / "run" / "log"), "-o", options, "start"], check=True, capture_output=True, cwd="/")
    try:
        yield f"postgresql://cogov@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")


def _not_root(folder: Path, *owned: Path) -> list[str]:
    """PostgreSQL refuses to run as root: become the user postgres, who then owns the folder."""
    if os.geteuid() != 0:
        return []
    if shutil.which("runuser") is None:
        _skip("as root, PostgreSQL needs runuser")
    for path in (folder, *owned):
        shutil.chown(path, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """A new database on the server, dropped afterwards."""
    name = f"cogov_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own."""
    with empty_database(postgres_server) as url:
        yield url


DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database: SQLite in a file, then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cogov.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def open_database() -> Iterator[Callable[[str], Database]]:
    """Open databases by URL; they are closed when the test ends."""
    opened: list[Database] = []

    def open_(url: str) -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield open_
    for database in opened:
        database.dispose()


@pytest.fixture
def database(database_url: str, open_database: Callable[[str], Database]) -> Database:
    """A database with every table of the product, on SQLite and on PostgreSQL."""
    database = open_database(database_url)
    database.create_all()
    return database
