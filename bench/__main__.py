"""``python -m bench`` prints what work costs, beside its goal, and writes the same as ``build/bench.json``.

CPU time of all our processes and PostgreSQL's beside it; both databases in temporary folders of this machine. ``--quick`` takes some two
minutes, the default some twelve. ``--only`` takes parts (expressions, size, http, process, timers, inbox, lateness) and databases.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench import dormant, expressions, inbox, size, table, tasks, timers
from bench.installation import Installation
from bench.postgres import own_server
from bench.table import Row
from cogov.settings import ROOT


def _lateness(installation: Installation, quick: bool) -> Iterator[Row]:
    """How late timers ring, with workers and a database of their own."""
    folder = installation.folder / "lateness"
    folder.mkdir()
    sizes = timers.QUICK if quick else timers.FULL
    if installation.postgres is not None:
        yield from timers.measure(installation.postgres.database("bench_timers"), folder, sizes, workers=2)
    else:
        yield from timers.measure(f"sqlite:///{folder / 'cogov.sqlite'}", folder, sizes, workers=1)


FILE = ROOT / "build/bench.json"
#: as they are asked for → as they are called in the table
DATABASES = {"postgres": "postgresql", "sqlite": "sqlite"}
#: in this order, since the last ones fill the database
PARTS: dict[str, Callable[[Installation, bool], Iterator[Row]]] = {
    "size": size.rows,
    "http": tasks.over_http,
    "process": tasks.in_process,
    "timers": dormant.rows,
    "inbox": inbox.rows,
    "lateness": _lateness,
}
#: needs no database
EXPRESSIONS = "expressions"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, too small for growth to mean anything")
    parser.add_argument("--only", nargs="+", choices=[*PARTS, EXPRESSIONS, *DATABASES], default=[], help="these parts, these databases")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    begun = time.monotonic()
    rows = []
    for row in _rows(options.only, options.quick):
        rows.append(row)
        print(table.line(row), flush=True)
    print("\n" + table.text(rows))
    seconds = time.monotonic() - begun
    table.save(FILE, rows, at=datetime.now(UTC), seconds=seconds, quick=options.quick)
    missed = [f"{row.workload} ({row.database}, {row.way})" for row in rows if row.met is False]
    print(f"\n{seconds:.0f} s; {FILE.relative_to(ROOT)}; goals missed: {'; '.join(missed) or 'none'}")


def _rows(only: Collection[str], quick: bool) -> Iterator[Row]:
    databases = [DATABASES[name] for name in DATABASES if name in only] or DATABASES.values()
    if EXPRESSIONS in only or not only:
        yield from expressions.rows()
    parts = [name for name in PARTS if name in only] or ([] if EXPRESSIONS in only else list(PARTS))
    for name in databases if parts else ():
        with ExitStack() as stack:
            installation = _installation(stack, name)
            if installation is None:
                print("PostgreSQL is not installed here (make system-deps): SQLite only")
                continue
            for part in parts:
                yield from PARTS[part](installation, quick)


def _installation(stack: ExitStack, name: str) -> Installation | None:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cogov-bench-")))
    postgres = stack.enter_context(own_server()) if name == "postgresql" else None
    if name == "postgresql" and postgres is None:
        return None
    url = postgres.database("bench") if postgres is not None else f"sqlite:///{folder / 'cogov.sqlite'}"
    installation = Installation(name, url, folder, postgres)
    stack.callback(installation.close)
    return installation


if __name__ == "__main__":
    main()
