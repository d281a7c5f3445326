"""``python -m bench`` prints what a completed task costs over HTTP, on PostgreSQL and on SQLite, and whether that is flat.

CPU time of all our processes, PostgreSQL's beside it; both databases in temporary folders of this machine. ``--quick`` takes one or two
minutes, the default some five to seven. ``--only postgres`` or ``--only sqlite`` takes one database.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import expressions, in_process, inbox, over_http, stock
from bench.installation import BARE, Installation, serving
from bench.over_http import Measured
from bench.postgres import Postgres, own_server
from bench.table import text


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    bare: int
    real: int
    flat: int
    tasks: int


FULL = Sizes(bare=1000, real=200, flat=1000, tasks=1_000_000)
QUICK = Sizes(bare=100, real=20, flat=100, tasks=20_000)
#: CPU ms of our processes, statements, commits: design 13
GOALS = {"bare": "6 ms, 12 statements, 1 commit", "real": "15 ms, 24 statements, 1 commit"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, too small for growth to mean anything")
    parser.add_argument("--only", choices=["postgres", "sqlite"], help="one database")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    sizes = QUICK if options.quick else FULL
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cogov-bench-")))
        postgres = stack.enter_context(own_server()) if options.only != "sqlite" else None
        if postgres is None and options.only != "sqlite":
            print("PostgreSQL is not installed here (make system-deps): SQLite only")
        _head()
        for installation in _installations(options.only, folder, postgres):
            _measure(installation, sizes)
            installation.close()
        _stock()
        print("goals: " + "; ".join(f"{name}: {goal}" for name, goal in GOALS.items()) + "; last tenth at most 1.3 × the first")
        print("\nthe engine alone, in one process")
        own = folder / "engine"
        own.mkdir()
        in_process.show(own, postgres.url if postgres else None, 10 if options.quick else 1)
        print("\nexpressions and decision tables\n")
        print(text(expressions.rows()))


def _stock() -> None:
    meter = stock.run({"bench_bare.bpmn": BARE.read_bytes()}, 20, instances=False)
    shown = f"{meter.milliseconds():.2f} ms per task" if meter else "it fails"
    print(f"\nstock SpiffWorkflow 3.2, the bare model in memory, no database, form, permission, history or HTTP: {shown}")


def _installations(only: str | None, folder: Path, postgres: Postgres | None) -> list[Installation]:
    made = []
    if postgres is not None:
        made.append(_installation("postgres", postgres.database("bench"), folder, postgres))
    if only != "postgres":
        made.append(_installation("sqlite", f"sqlite:///{folder / 'sqlite' / 'cogov.sqlite'}", folder, None))
    return made


def _installation(name: str, url: str, folder: Path, postgres: Postgres | None) -> Installation:
    own = folder / name
    own.mkdir()
    return Installation(name, url, own, postgres)


def _head() -> None:
    print(f"{'':9} {'workload':26} {'tasks':>7} {'CPU ms':>8} {'DB ms':>8} {'statements':>11} {'commits':>8} {'last/first':>11}")


def _measure(installation: Installation, sizes: Sizes) -> None:
    _size(installation)
    with serving(installation) as client:
        over_http.warm(installation, client)
        _row(installation, over_http.measure("bare", client, over_http.bare(installation, sizes.bare)))
        _row(installation, over_http.measure("real (settle_terms)", client, over_http.settle_terms(installation, sizes.real)))
        _row(installation, over_http.measure("rounds of a loop", client, over_http.rounds(installation, sizes.flat)))
        _row(installation, over_http.measure("parallel participants", client, over_http.participants(installation, sizes.flat)))
        inbox.fill(installation, sizes.tasks)
        page = inbox.first_page(installation, client, sizes.tasks)
        print(
            f"{installation.name:9} first page of my tasks, {page.tasks:,} open (rows inserted by SQL): {page.query:.1f} ms by the query, "
            f"{page.over_http:.1f} ms over HTTP (wall, the fastest of many); CPU {page.cpu:.1f} ms, database {page.database_cpu:.1f} ms"
        )


def _size(installation: Installation) -> None:
    """Asked while no server is connected: a row that somebody may still see is not packed away. The second such instance counts:
    the first one also takes the first page of each table."""
    before = grown = 0
    for _ in range(2):
        with serving(installation) as client:
            for step in over_http.participants(installation, 200):
                step(client)
        before, grown = grown, installation.size()
    print(f"{installation.name:9} database grown by an instance with 200 participants: {(grown - before) / 1e6:.2f} MB")


def _row(installation: Installation, m: Measured) -> None:
    database = f"{m.database_cpu:8.1f}" if installation.postgres else f"{'in it':>8}"
    print(
        f"{installation.name:9} {m.workload:26} {m.count:7} {m.cpu:8.1f} {database} {m.statements:11.1f} {m.commits:8.2f} {m.growth:11.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
