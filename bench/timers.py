"""How late timers ring, with the product's own workers: ``python -m bench.timers`` (three to four minutes; ``--quick`` one).

Dormant timers are copies, by SQL, of one timer that a process armed, with the jobs that are their alarms. The timers that are measured
belong to instances of their own, started through the engine; lateness is the moment the history says minus the moment it was due.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.postgres import Postgres, cpu_of_family, own_server
from bench.table import Row, line
from cogov import migrations
from cogov.settings import ROOT
from engine.actor import SYSTEM, Actor
from engine.clock import SystemClock
from engine.engine import Engine
from engine.jobs.dbos import DbosJobs
from engine.store.database import Database

PROCESS = "bench_timer"
MODEL = Path(__file__).parent / "workloads/processes" / PROCESS / f"{PROCESS}.bpmn"
#: p99 of the lateness in milliseconds, by database; wall time of one timer of a burst (150 a second): design 13
GOALS = {"postgresql": 1500.0, "sqlite": 2500.0}
_BURST_MS = 1000 / 150
_STARTER = Actor(person="bench", name="bench", channel="bench")
_PATIENCE = 600.0
#: seconds that arming one timer may take; the next, when others use the machine too much
_ARMING = (0.04, 0.2, 1.0)


@dataclass(frozen=True)
class Sizes:
    """Timers that sleep, timers that ring one after another at `rate` per second, timers that ring at one moment."""

    dormant: int
    steady: int
    rate: int
    burst: int


FULL = Sizes(dormant=100_000, steady=600, rate=10, burst=1500)
QUICK = Sizes(dormant=5_000, steady=100, rate=10, burst=200)


def measure(url: str, folder: Path, sizes: Sizes, *, workers: int, postgres: Postgres | None = None) -> list[Row]:
    """Two rows for the database at `url`: a steady trickle, and a burst; so many worker processes work."""
    migrations.upgrade(url)
    database = Database(url)
    clock = SystemClock()
    engine = Engine(database, clock=clock, jobs=DbosJobs(database, clock))
    engine.deploy({f"processes/{PROCESS}/{PROCESS}.bpmn": MODEL.read_bytes()}, actor=SYSTEM)
    _sleep(engine, sizes.dormant)
    try:
        with _workers(url, folder, workers) as processes:
            steady = _rung(engine, _trickle(sizes))
            due = _armed(engine, [timedelta()] * sizes.burst)
            before = _cpu(processes), postgres.cpu() if postgres is not None else 0.0
            burst = _lateness(engine, due)
            cpu, database_cpu = _cpu(processes) - before[0], (postgres.cpu() if postgres is not None else 0.0) - before[1]
    finally:
        database.dispose()
    kind = "sqlite" if database.is_sqlite else "postgresql"
    given = {"group": "timers", "unit": "timer", "database": kind}
    trickle = f"{sizes.rate} due per second, {sizes.dormant:,} dormant"
    late = _at(steady, 0.99)
    drained = max(burst) / len(burst)
    return [
        Row(
            **given, workload=trickle, count=len(steady), late_ms=late, goals=(("late_ms", GOALS[kind]),), note=_spread(steady, workers)
        ),
        Row(
            **given, workload=f"{len(burst):,} due at once", count=len(burst), wall_ms=drained, goals=(("wall_ms", round(_BURST_MS, 1)),),
            cpu_ms=1000 * cpu / len(burst), database_cpu_ms=1000 * database_cpu / len(burst) if postgres is not None else None,
            note=f"{1000 / drained:.0f} a second; {_spread(burst, workers)}",
        ),
    ]  # fmt: skip


def _spread(late: Sequence[float], workers: int) -> str:
    figures = f"late p50 {_at(late, 0.5) / 1000:.2f} s, p99 {_at(late, 0.99) / 1000:.2f} s, at most {max(late) / 1000:.2f} s"
    return f"{figures}; {workers} worker process{'es' if workers > 1 else ''}"


def _at(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def _trickle(sizes: Sizes) -> list[timedelta]:
    return [timedelta(seconds=n / sizes.rate) for n in range(sizes.steady)]


def _rung(engine: Engine, after: Sequence[timedelta]) -> list[float]:
    return _lateness(engine, _armed(engine, after))


def _armed(engine: Engine, after: Sequence[timedelta]) -> dict[str, datetime]:
    """Start an instance for each timer, all of them before the first is due: instance → when its timer is."""
    for each in _ARMING:
        first = datetime.now(UTC) + timedelta(seconds=5 + each * len(after))
        due = {engine.start(PROCESS, {"ring_at": first + later}, actor=_STARTER).instance or "": first + later for later in after}
        if datetime.now(UTC) < first:
            return due
    raise RuntimeError("this machine is too slow: the first timer was due before the last was armed")


def _lateness(engine: Engine, due: Mapping[str, datetime]) -> list[float]:
    """Wait until all have ended. Milliseconds by which each timer was late."""
    _until_ended(engine, max(due.values()))
    fired = {one: next(h.at for h in engine.queries.history(one).items if h.kind == "timer_fired") for one in due}
    return [1000 * (fired[one] - due[one]).total_seconds() for one in due]


def _until_ended(engine: Engine, last: datetime) -> None:
    pause = threading.Event()
    pause.wait(max(0.0, (last - datetime.now(UTC)).total_seconds()))
    end = time.monotonic() + _PATIENCE
    while len(engine.queries.instances(processes=[PROCESS], state="running", limit=2).items) > 1:  # the one that sleeps
        if time.monotonic() > end:
            raise RuntimeError(f"timers did not ring: {engine.runtime.jobs.figures()}")
        pause.wait(0.5)


# Dormant ones ------------------------------------------------------------------------------------------------------


def _sleep(engine: Engine, count: int) -> None:
    """One instance whose timer rings next year, and `count` copies of its token, timer and alarm."""
    engine.start(PROCESS, {"ring_at": datetime.now(UTC) + timedelta(days=365)}, actor=_STARTER)
    schema = None if engine.database.is_sqlite else "dbos"
    with engine.database.write() as connection:
        _copy(connection, "token", count, {"id": "'bench-' || n"}, "node IS NOT NULL")
        _copy(connection, "timer", count, {"token": "'bench-' || n"}, "true")
        alarm = {"workflow_uuid": "workflow_uuid || ':' || n"}
        _copy(connection, "workflow_input", count, alarm, "true", schema)
        _copy(connection, "workflow_status", count, alarm, "status = 'DELAYED'", schema)
    with engine.database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _copy(connection: sa.Connection, table: str, count: int, changed: Mapping[str, str], which: str, schema: str | None = None) -> None:
    """Copies of the one row that fits, with other values in some columns; n is 1, 2, …"""
    names = [str(column["name"]) for column in sa.inspect(connection).get_columns(table, schema=schema)]
    place = f"{schema}.{table}" if schema else table
    values = ", ".join(changed.get(name, name) for name in names)
    numbers = f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
    model = f"(SELECT * FROM {place} WHERE {which} LIMIT 1) AS model"
    connection.exec_driver_sql(f"INSERT INTO {place} ({', '.join(names)}) {numbers} SELECT {values} FROM {model} CROSS JOIN numbers")


# Processes ---------------------------------------------------------------------------------------------------------


@contextmanager
def _workers(url: str, folder: Path, count: int) -> Iterator[list[int]]:
    """`cogov worker`, as many times, as their process ids; stopped afterwards."""
    environment = {**os.environ, "COGOV_DATA": str(folder), "COGOV_DATABASE_URL": url}
    command = [sys.executable, "-m", "cogov", "worker"]
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(count)]
    try:
        for process in started:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("a worker did not start")
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.communicate(timeout=60)


def _cpu(processes: Sequence[int]) -> float:
    return sum(cpu_of_family(process) for process in processes)


def rows(postgres: Postgres | None, folder: Path, sizes: Sizes = FULL, *, sqlite: bool = True) -> list[Row]:
    """The rows of both databases, or of the one there is."""
    found: list[Row] = []
    if postgres is not None:
        own = folder / "timers-postgres"
        own.mkdir()
        found += measure(postgres.database("bench_timers"), own, sizes, workers=2, postgres=postgres)
    if sqlite:
        own = folder / "timers-sqlite"
        own.mkdir()
        found += measure(f"sqlite:///{own / 'cogov.sqlite'}", own, sizes, workers=1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.timers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers")
    parser.add_argument("--only", choices=["postgres", "sqlite"], help="one database")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cogov-bench-")))
        postgres = stack.enter_context(own_server()) if options.only != "sqlite" else None
        if postgres is None and options.only != "sqlite":
            print("PostgreSQL is not installed here (make system-deps): SQLite only")
        for row in rows(postgres, folder, QUICK if options.quick else FULL, sqlite=options.only != "postgres"):
            print(f"{line(row)}; {row.note}", flush=True)


if __name__ == "__main__":
    main()
