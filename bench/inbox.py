"""The first page of my tasks when a million tasks are open: rows inserted by SQL, no instance of their own stands behind them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.installation import PERSON, Client, Installation

_PAGES = 20
#: a tenth of the tasks is offered to the person's own post, the others to a thousand other posts
_SELECTOR = "CASE WHEN n % 10 = 0 THEN 'role:community_worker@yunqiao' ELSE 'role:other@' || (n % 1000) END"
_ID = "'ffffffff-0000-7000-8000-' || substr(CAST(1000000000000 + n AS text), 2)"
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
_TASKS = """
    INSERT INTO task (id, token, instance, process, process_version, process_zh, process_en, node, name_zh, name_en, form, title, area,
                      created_at, due_at, selectors, asked, excluded, vacant)
    {numbers}
    SELECT {id}, token, instance, process, process_version, process_zh, process_en, node, name_zh, name_en, form, title, area,
           created_at, {due}, {selectors}, asked, excluded, vacant
    FROM task CROSS JOIN numbers WHERE id = '{model}'
"""
_OFFERS = "INSERT INTO task_offer (task, selector, due) {numbers} SELECT {id}, {selector}, {due} FROM numbers"


@dataclass(frozen=True)
class Page:
    """Milliseconds of a first page of fifty: wall time by the query and over HTTP, CPU of server and database over HTTP."""

    tasks: int
    query: float
    over_http: float
    cpu: float
    database_cpu: float


def fill(installation: Installation, count: int) -> None:
    """`count` open tasks, copies of one, each with a due time of its own."""
    installation.now_is()
    model = installation.world.app.engine.start("bench_rounds", {}, actor=installation.actor).tasks[0]
    postgres = installation.postgres is not None
    seconds = "timestamptz '2027-01-01 00:00+00' + n * interval '1 second'"
    parts = {
        "model": model,
        "id": _ID,
        "selector": _SELECTOR,
        "numbers": _NUMBERS.format(count=count),
        "due": seconds if postgres else "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2027-01-01', '+' || n || ' seconds')",
        "selectors": f"""{"to_jsonb(ARRAY[" if postgres else "json_array("}{_SELECTOR}{"])" if postgres else ")"}""",
    }
    with installation.database.write() as connection:
        for statement in (_TASKS, _OFFERS):
            connection.exec_driver_sql(statement.format(**parts).replace("%", "%%") if postgres else statement.format(**parts))
        connection.exec_driver_sql("ANALYZE")


def first_page(installation: Installation, client: Client, count: int) -> Page:
    """Read the first page again and again; the fastest of many wall times, the mean of CPU."""
    queries = installation.world.app.engine.queries
    query = _fastest(lambda: queries.tasks_for(PERSON, view="all", limit=50))
    client.ask("GET", "/api/v1/tasks?view=mine&limit=50")
    before = client.usage()
    over_http = _fastest(lambda: client.ask("GET", "/api/v1/tasks?view=mine&limit=50"))
    spent = client.usage().since(before)
    return Page(count, query, over_http, 1000 * spent.cpu / _PAGES, 1000 * spent.database_cpu / _PAGES)


def _fastest(read: Callable[[], object]) -> float:
    times = []
    for _ in range(_PAGES):
        before = time.perf_counter()
        read()
        times.append(time.perf_counter() - before)
    return 1000 * min(times)
