"""A command costs the same with 100,000 timers that wait for a day far away: cases, their tokens, timers and alarms, copied by SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from bench.costs import measure
from bench.installation import Installation, serving
from bench.table import Row
from bench.workloads import FLAT, Workload
from engine.clock import SystemClock
from engine.jobs.dbos import DbosJobs

_FAR = datetime(2099, 1, 1, tzinfo=UTC)
_WORKLOAD = Workload("bare task", "bench_sequence", 20, 10)
_ALARM = "bench-dormant"


def rows(installation: Installation, quick: bool) -> Iterator[Row]:
    """The bare task before and after; `growth` of the second row is the second over the first."""
    count = 2_000 if quick else 100_000
    with serving(installation) as client:

        def once() -> Any:
            installation.now_is()
            starts = [installation.start(_WORKLOAD.process, {}) for _ in range(_WORKLOAD.instances)]
            complete = partial(lambda task, form: client.complete(task, form)["tasks"])
            return measure(_WORKLOAD.run(starts, complete), _WORKLOAD.count, client.usage)

        once()
        before = once()
        _fill(installation, count)
        once()
        after = once()
    ratio = (after.cpu + after.database_cpu) / (before.cpu + before.database_cpu)
    yield Row(
        group="timers", workload=f"bare task beside {count:,} dormant timers", database=installation.name, way="http", count=after.count,
        cpu_ms=after.cpu, database_cpu_ms=after.database_cpu if installation.postgres else None, statements=after.statements,
        commits=after.commits, growth=ratio, goals=FLAT, note="last/first: CPU with the timers over CPU without them",
    )  # fmt: skip


def _fill(installation: Installation, count: int) -> None:
    """Copies of one waiting case and of the job that is its alarm."""
    installation.now_is()
    receipt = installation.world.app.engine.start("bench_dormant", {}, actor=installation.actor)
    own = str(receipt.instance)
    jobs = DbosJobs(installation.database, SystemClock())
    with installation.database.write() as connection:
        jobs.enqueue(connection, "timer", {"instance": own}, at=_FAR, key=_ALARM)
    schema = "dbos" if installation.postgres is not None else None
    with installation.database.write() as connection:
        tables = {name: _columns(connection, name, None) for name in ("instance", "token", "timer", "variable")}
        ids = {"instance": {"id": own, "root": None}, "token": {"instance": own, "id": None, "parent": None}}
        ids |= {"timer": {"instance": own, "token": None}, "variable": {"instance": own, "scope": None}}
        for name, columns in tables.items():
            _copy(connection, name, columns, ids[name], count)
        for name in ("workflow_status", "workflow_input"):
            where = f"{schema}.{name}" if schema else name
            _copy(connection, where, _columns(connection, name, schema), {"workflow_uuid": _ALARM}, count)
        connection.exec_driver_sql("ANALYZE")


def _columns(connection: sa.Connection, table: str, schema: str | None) -> list[str]:
    return [column["name"] for column in sa.inspect(connection).get_columns(table, schema=schema)]


def _copy(connection: sa.Connection, table: str, columns: list[str], ids: Mapping[str, str | None], count: int) -> None:
    """Rows that have the first of `ids`, again and again, each id with the number of the copy in front instead of its first eight
    characters."""
    key, value = next(iter(ids.items()))
    number = "substr(CAST(100000000 + n AS text), 2)"
    shown = [f"{number} || substr({_quoted(c)}, 9)" if c in ids else _quoted(c) for c in columns]
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
    chosen = f"SELECT {', '.join(shown)} FROM {table} CROSS JOIN numbers WHERE {key} = '{value}'"
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(map(_quoted, columns))}) {numbers} {chosen}")


def _quoted(name: str) -> str:
    return f'"{name}"'
