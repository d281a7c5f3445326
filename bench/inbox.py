"""The first page of my tasks when many tasks are open: rows inserted by SQL, no instance of their own stands behind them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.costs import Statements, Usage
from bench.installation import PERSON, Client, Installation, serving
from bench.table import Row

_PAGES = 20
_GOAL = (("wall_ms", 10.0),)
#: a tenth of the tasks is offered to the person's own post, the others to a thousand other posts
_SELECTOR = "CASE WHEN n % 10 = 0 THEN 'role:community_worker@yunqiao' ELSE 'role:other@' || (n % 1000) END"
_ID = "'ffffffff-0000-7000-8000-' || substr(CAST(1000000000000 + n AS text), 2)"
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
_TASKS = """
    INSERT INTO task (id, token, instance, process, process_version, process_zh, process_en, node, name_zh, name_en, form, title, area,
                      created_at, due_at, selectors, asked, excluded, vacant)
    {numbers}
    SELECT {id}, token, instance, process, process_version, process_zh, process_en, node, name_zh, name_en, form, title, area,
           created_at, {due}, {selectors}, asked, excluded, vacant
    FROM task CROSS JOIN numbers WHERE id = '{model}'
"""
_OFFERS = "INSERT INTO task_offer (task, selector, due) {numbers} SELECT {id}, {selector}, {due} FROM numbers"


def rows(installation: Installation, quick: bool) -> Iterator[Row]:
    """The page with 200, 10,000 and 1,000,000 open tasks: the query, and the same over HTTP."""
    (model,) = installation.start("bench_one", {})
    costs, filled = Statements(installation.database), 0
    queries = installation.world.app.engine.queries

    def usage() -> Usage:
        return Usage(time.process_time(), installation.database_cpu(), costs.statements, costs.commits)

    with serving(installation) as client:
        for count in (200, 10_000, 20_000 if quick else 1_000_000):
            _fill(installation, model, filled + 1, count)
            filled = count
            installation.now_is()
            yield _row(installation, "process", count, lambda: queries.tasks_for(PERSON, view="all", limit=50), usage, _GOAL)
            yield _row(installation, "http", count, lambda: _page(client), client.usage, ())


def _page(client: Client) -> object:
    return client.ask("GET", "/api/v1/tasks?view=mine&limit=50")


def _row(
    installation: Installation, way: str, count: int, read: Callable[[], object], usage: Callable[[], Usage], goals: Any
) -> Row:  # fmt: skip
    read()
    before, walls = usage(), []
    for _ in range(_PAGES):
        begun = time.perf_counter()
        read()
        walls.append(time.perf_counter() - begun)
    spent = usage().since(before)
    return Row(
        group="inbox", workload=f"first page of my tasks, {count:,} open", unit="page", database=installation.name, way=way, count=_PAGES,
        cpu_ms=1000 * spent.cpu / _PAGES, database_cpu_ms=1000 * spent.database_cpu / _PAGES if installation.postgres else None,
        wall_ms=1000 * min(walls), statements=spent.statements / _PAGES, commits=spent.commits / _PAGES, goals=goals,
        note="a tenth of them offered to the person; rows inserted by SQL; wall time: the fastest of twenty",
    )  # fmt: skip


def _fill(installation: Installation, model: str, first: int, last: int) -> None:
    """Open tasks, copies of one, each with a due time of its own."""
    postgres = installation.postgres is not None
    seconds = "timestamptz '2027-01-01 00:00+00' + n * interval '1 second'"
    parts = {
        "model": model,
        "id": _ID,
        "selector": _SELECTOR,
        "numbers": _NUMBERS.format(first=first, last=last),
        "due": seconds if postgres else "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2027-01-01', '+' || n || ' seconds')",
        "selectors": f"""{"to_jsonb(ARRAY[" if postgres else "json_array("}{_SELECTOR}{"])" if postgres else ")"}""",
    }
    with installation.database.write() as connection:
        for statement in (_TASKS, _OFFERS):
            connection.exec_driver_sql(statement.format(**parts).replace("%", "%%") if postgres else statement.format(**parts))
        connection.exec_driver_sql("ANALYZE")
