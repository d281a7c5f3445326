"""An installation to measure: a prepared database and the server over it as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bench.costs import Usage
from bench.models import PACKAGE
from bench.postgres import Postgres
from bench.server import PATH
from cogov.cases.world import World
from cogov.settings import ROOT
from engine.actor import SYSTEM, Actor
from engine.jobs.dbos import migrate_jobs
from engine.store.database import Database

#: a community worker of the roster of the example runs: he settles terms, and does the toy workloads
PERSON = "liaison_wang"


class Installation:
    """A database with roster, calendar, bundled procedures and the toy workloads. Commands that prepare a measurement go
    through `world`, in this process; what is measured goes over HTTP."""

    def __init__(self, name: str, url: str, folder: Path, postgres: Postgres | None) -> None:
        self.name, self.url, self.folder, self.postgres = name, url, folder, postgres
        self.database = Database(url)
        self.world = World(self.database, datetime.now(UTC), folder / "files")
        self.database.create_all()
        migrate_jobs(self.database)
        self.world.prepare(yaml.safe_load((ROOT / "tests/rosters/small_community.yaml").read_text("utf8")))
        self.world.app.engine.deploy(PACKAGE, actor=SYSTEM)
        self.actor = Actor(person=PERSON, name=PERSON, channel="bench")
        self.token = self._token()

    def _token(self) -> str:
        app, now = self.world.app, self.world.clock.now()
        with self.database.write() as connection:
            account = app.accounts.of_person(connection, PERSON)
            known = account.id if account else app.accounts.create(connection, PERSON, PERSON, os.urandom(12).hex(), now)
            _token, secret = app.accounts.make_token(connection, known, "bench", ["tasks:read", "tasks:write"], now)
        return secret

    def now_is(self) -> None:
        """The movable clock of the preparation follows the real one, which the server reads."""
        self.world.jobs.run_until(max(datetime.now(UTC), self.world.clock.now() + timedelta(milliseconds=1)))

    def size(self) -> int:
        """Bytes of live rows and their indexes, tightly packed."""
        if self.postgres is None:
            with closing(sqlite3.connect(self.database.url.database or "", isolation_level=None)) as connection:
                connection.execute("VACUUM")
                return int(connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0])
        with self.database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM FULL")
            sizes = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            return int(connection.exec_driver_sql(sizes).scalar_one())

    def start(self, process: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
        """Start an instance in this process. → ids of its open tasks."""
        return self.world.app.engine.start(process, variables, actor=self.actor).tasks

    def database_cpu(self) -> float:
        """Seconds of CPU of the database's own processes so far; SQLite works inside ours."""
        return self.postgres.cpu() if self.postgres else 0.0

    def close(self) -> None:
        self.database.dispose()


class Client:
    """One kept connection to the server, with an API token."""

    def __init__(self, installation: Installation, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._installation = installation
        self._headers = {"Authorization": f"Bearer {installation.token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON. Raises RuntimeError when it is no success."""
        self._connection.request(method, path, json.dumps(body) if body is not None else None, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def complete(self, task: str, form: Mapping[str, Any]) -> dict[str, Any]:
        return dict(self.ask("POST", f"/api/v1/tasks/{task}/complete", {"form": form}))

    def usage(self) -> Usage:
        found = self.ask("GET", PATH)
        return Usage(found["cpu"], self._installation.database_cpu(), found["statements"], found["commits"])


@contextmanager
def serving(installation: Installation) -> Iterator[Client]:
    """The server over this installation, stopped afterwards."""
    environment = {
        **os.environ,
        "COGOV_DATA": str(installation.folder),
        "COGOV_DATABASE_URL": installation.url,
        "COGOV_HOST": "127.0.0.1",
    }
    process = subprocess.Popen([sys.executable, "-m", "bench.server"], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("ready "):
            raise RuntimeError(f"the server did not start: {line}{process.stdout.read()}")
        yield Client(installation, int(line.split()[1]))
    finally:
        process.terminate()
        process.wait()
