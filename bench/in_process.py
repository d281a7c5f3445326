"""The engine alone, in this process: no HTTP, no governance but for the real workload. What a database server spends comes on top."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench import models, ours, stock
from bench.measure import Meter, table
from cogov import migrations
from engine.store.database import Database

HEADS = ("workload", "tasks", "CPU ms/task", "statements", "commits", "last/first tenth", "stock ms", "stock growth")


def show(folder: Path, url: str | None, scale: int) -> None:
    """Print the table. `url`: a PostgreSQL server in which databases may be created; without, SQLite in `folder`.
    `scale` divides the numbers of tasks."""
    rows = []

    def row(name: str, work: Callable[[Database], Meter], beside: Meter | None) -> None:
        with _database(folder, url) as database:
            rows.append(_row(name, work(database), beside))

    many, long = 1000 // scale, 1000 // scale
    row("bare", lambda d: ours.bare(d, many), stock.run(models.BARE, many, instances=True))
    row("real (P02 settle_terms)", lambda d: ours.real(d, 100 // scale, folder / "files"), None)
    row("rounds of one loop", lambda d: ours.rounds(d, long), stock.run(models.ROUNDS, min(long, 300), instances=False))
    row("participants of one task", lambda d: ours.participants(d, long), stock.run(models.PARTICIPANTS, min(long, 300), instances=False))
    print(
        f"\n{'PostgreSQL' if url else 'SQLite'}, full history; stock SpiffWorkflow 3.2 in memory, without any database, up to 300 tasks\n"
    )
    print(table(HEADS, rows))


def _row(name: str, meter: Meter, beside: Meter | None) -> tuple[str, ...]:
    per = max(meter.count, 1)
    other = (f"{beside.milliseconds():.2f}", f"{beside.growth():.1f}") if beside else ("-", "-")
    cost = (f"{meter.milliseconds():.2f}", f"{meter.statements / per:.1f}", f"{meter.commits / per:.1f}", f"{meter.growth():.2f}")
    return name, str(meter.count), *cost, *other


@contextmanager
def _database(folder: Path, url: str | None) -> Iterator[Database]:
    """A fresh database with the product's schema."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    if url is None:
        target = f"sqlite:///{folder / name}.db"
    else:
        admin = Database(url)
        with admin.writer.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        admin.dispose()
        target = sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    migrations.upgrade(target, jobs=False)
    database = Database(target)
    try:
        yield database
    finally:
        database.dispose()
