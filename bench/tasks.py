"""Workloads of tasks: over HTTP to the product as it is served, and by calls of the engine in this process."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from bench import real, stock, workloads
from bench.costs import Measured, Statements, Usage, measure
from bench.installation import Client, Installation, serving
from bench.stock import Stock
from bench.table import Row
from bench.workloads import REAL_GOALS, Complete, Workload

#: completed before anything is measured: connections, compiled forms and statements
_WARM = Workload("warm", "bench_sequence", 2, 10)


def over_http(installation: Installation, quick: bool) -> Iterator[Row]:
    """The product as ``cogov run`` serves it: one client that sends one request after another over loopback."""
    with serving(installation) as client:
        complete = partial(_over_http, client)
        _warm(installation, complete)
        for workload in workloads.all_of(quick):
            yield _row(installation, workload, "http", _measured(installation, workload, complete, client.usage), workload.goals)
        yield _real(installation, "http", complete, client.usage, REAL_GOALS + workloads.FLAT, 10 if quick else 150)


def in_process(installation: Installation, quick: bool) -> Iterator[Row]:
    """The engine with all of governance in this process, jobs in memory; stock SpiffWorkflow beside it."""
    costs = Statements(installation.database)

    def usage() -> Usage:
        return Usage(time.process_time(), installation.database_cpu(), costs.statements, costs.commits)

    complete = partial(_in_process, installation)
    _warm(installation, complete)
    for workload in workloads.all_of(quick):
        flat = tuple(goal for goal in workload.goals if goal[0] == "growth")
        beside = stock.beside(workload, seconds=5 if quick else 30)
        yield _row(installation, workload, "process", _measured(installation, workload, complete, usage), flat, beside)
    yield _real(installation, "process", complete, usage, workloads.FLAT, 5 if quick else 50)


def _over_http(client: Client, task: str, form: Mapping[str, Any]) -> Iterable[str]:
    found: Iterable[str] = client.complete(task, form)["tasks"]
    return found


def _in_process(installation: Installation, task: str, form: Mapping[str, Any]) -> Iterable[str]:
    return installation.world.app.engine.complete(task, form, actor=installation.actor).tasks


def _warm(installation: Installation, complete: Complete) -> None:
    installation.now_is()
    for _ in _WARM.run([installation.start(_WARM.process, {}) for _ in range(_WARM.instances)], complete):
        pass
    for _ in range(2):
        complete(real.ready(installation), real.terms(installation))


def _measured(installation: Installation, workload: Workload, complete: Complete, usage: Any) -> Measured:
    installation.now_is()
    starts = [installation.start(workload.process, workload.variables) for _ in range(workload.instances)]
    return measure(workload.run(starts, complete), workload.count, usage)


def _real(
    installation: Installation, way: str, complete: Complete, usage: Any, goals: tuple[tuple[str, float], ...], count: int
) -> Row:  # fmt: skip
    installation.now_is()
    tasks, form = [real.ready(installation) for _ in range(count)], real.terms(installation)
    found = measure((None for task in tasks if complete(task, form) is not None), count, usage)
    return _row(installation, Workload(real.NAME, "", count, 1), way, found, goals, Stock(note="not its model"))


def _row(
    installation: Installation, workload: Workload, way: str, found: Measured, goals: tuple[tuple[str, float], ...],
    beside: Stock | None = None,
) -> Row:  # fmt: skip
    beside = beside or Stock()
    return Row(
        group=workload.group, workload=workload.name, database=installation.name, way=way, count=found.count, cpu_ms=found.cpu,
        database_cpu_ms=found.database_cpu if installation.postgres else None, statements=found.statements, commits=found.commits,
        growth=found.growth if found.count >= 100 else None, goals=tuple(g for g in goals if found.count >= 100 or g[0] != "growth"),
        stock_ms=beside.milliseconds, stock_growth=beside.growth, stock_note=beside.note,
    )  # fmt: skip
