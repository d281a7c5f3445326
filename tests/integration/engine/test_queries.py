"""Inbox, lists and pages: right, in order, and paged without gaps or doubles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.actor import Actor
from engine.clock import MovableClock
from engine.engine import Engine
from engine.errors import NotOffered
from engine.jobs.memory import MemoryJobs
from engine.queries import BadCursor
from engine.standalone import PlainDirectory
from engine.store.database import Database
from engine.store.tables import task, task_offer
from tests.integration.engine.conftest import T0, Bench, MakeBench
from tests.integration.engine.models import ONE_TASK, end, extensions, house_model, model, start, user

HOLDERS = {"role:clerk@c1": ["li", "wang"], "role:head@c1": ["li"]}


def _asking(key: str, selector: str) -> dict[str, bytes]:
    return model(key, start() + user("ask", groups=f'"{selector}"') + end(), "begin ask\nask done")


@pytest.fixture
def inbox(make_bench: MakeBench) -> Bench:
    bench = make_bench(directory=PlainDirectory(HOLDERS))
    both = model("both", start() + user("ask", groups='["role:clerk@c1", "role:head@c1"]') + end(), "begin ask\nask done")
    bench.deploy(_asking("for_clerks", "role:clerk@c1"), _asking("for_heads", "role:head@c1"), both)
    return bench


def test_an_inbox_shows_what_is_offered_under_any_of_my_roles_once(inbox: Bench) -> None:
    receipts = {key: inbox.start(key) for key in ("for_clerks", "for_heads", "both")}
    queries = inbox.engine.queries
    assert {t.process for t in queries.tasks_for("li").items} == set(receipts)
    assert len(queries.tasks_for("li").items) == 3
    assert {t.process for t in queries.tasks_for("wang").items} == {"for_clerks", "both"}
    assert queries.tasks_for("zhao").items == ()
    assert [t.process for t in queries.tasks_for("li", processes=["both"]).items] == ["both"]
    assert (queries.count_tasks("li"), queries.count_tasks("wang"), queries.count_tasks("li", cap=2)) == (3, 2, 2)


@pytest.mark.parametrize("sort", ["due_at", "created_at"])
def test_pages_follow_each_other_without_gaps_or_doubles(inbox: Bench, sort: str) -> None:
    tasks = [inbox.start("both").tasks[0] for _ in range(7)]
    with inbox.engine.database.write() as connection:  # two with a due date, the later one first; the others have none
        for number, days in ((5, 1), (2, 2)):
            due = T0 + timedelta(days=days)
            connection.execute(sa.update(task).where(task.c.id == tasks[number]).values(due_at=due))
            connection.execute(sa.update(task_offer).where(task_offer.c.task == tasks[number]).values(due=due))
    expected = [tasks[5], tasks[2], *[t for n, t in enumerate(tasks) if n not in (2, 5)]] if sort == "due_at" else tasks
    found, cursor = [], None
    while True:
        page = inbox.engine.queries.tasks_for("li", sort=sort, limit=3, cursor=cursor)
        found += [t.id for t in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == expected


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwgImIiXQ==", "W10="])
def test_a_broken_cursor_is_refused(inbox: Bench, cursor: str) -> None:
    with pytest.raises(BadCursor):
        inbox.engine.queries.tasks_for("li", cursor=cursor)


def test_what_i_did_and_what_i_started(inbox: Bench) -> None:
    first = inbox.start("both")
    inbox.wait(hours=1)
    second = inbox.start("both")
    for receipt in (first, second):
        inbox.complete(receipt, "ask")
    queries = inbox.engine.queries
    page = queries.done_tasks("li", limit=1)
    assert [d.instance for d in page.items] == [second.instance]
    assert [d.instance for d in queries.done_tasks("li", cursor=page.next).items] == [first.instance]
    assert [i.id for i in queries.instances(starter="li").items] == [second.instance, first.instance]
    assert queries.done_tasks("wang").items == ()


def test_the_first_page_reads_only_as_many_offers_as_it_shows(tmp_path: Path, open_database: Callable[[str], Database]) -> None:
    """The plan must use the index in its order: no sort over all that is offered to a role (SQLite's plan does not depend on data)."""
    database = open_database(f"sqlite:///{tmp_path / 'plan.db'}")
    database.create_all()
    clock = MovableClock(T0)
    engine = Engine(database, clock=clock, jobs=MemoryJobs(clock), directory=PlainDirectory(HOLDERS))
    seen: list[tuple[str, Any]] = []
    sa.event.listen(database.reader, "before_cursor_execute", lambda *args: seen.append((args[2], args[3])))
    engine.queries.tasks_for("li")
    statement, parameters = next(entry for entry in seen if "task_offer" in entry[0])
    with database.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    offers = [line for line in plan if "task_offer" in line]
    assert offers
    assert all("ix_task_offer_by_due" in line for line in offers)


def test_a_page_of_history_follows_the_last(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    bench.complete(receipt, "ask")
    whole = bench.engine.queries.history(receipt.instance or "").items
    first = bench.engine.queries.history(receipt.instance or "", limit=2)
    rest = bench.engine.queries.history(receipt.instance or "", cursor=first.next)
    assert (*first.items, *rest.items) == whole


def test_history_is_read_by_a_server_that_has_just_started(bench: Bench) -> None:
    bench.deploy(ONE_TASK)
    receipt = bench.start("one_task")
    bench.complete(receipt, "ask")
    clock = MovableClock(T0)
    fresh = Engine(bench.engine.database, clock=clock, jobs=MemoryJobs(clock), directory=PlainDirectory(HOLDERS))
    known = bench.engine.queries.history(receipt.instance or "").items
    assert fresh.queries.history(receipt.instance or "").items == known


def test_who_may_start_what(make_bench: MakeBench) -> None:
    house = house_model("for_heads_only", start() + user("ask") + end(), "begin ask\nask done", role="head")
    bench = make_bench(directory=PlainDirectory({"role:head@c1": ["li"]}))
    bench.deploy(ONE_TASK, house)
    assert [(s.process, s.areas) for s in bench.engine.queries.startable("li")] == [("for_heads_only", ("c1",)), ("one_task", ())]
    assert [s.process for s in bench.engine.queries.startable("wang")] == ["one_task"]


class Village(PlainDirectory):
    """Organisations lie in areas."""

    def area_path(self, connection: Any, of: str | None, at: datetime) -> list[str]:
        return {"shop": ["c1", "street"], "far": ["c2", "street"]}.get(of or "", [of] if of else [])


def test_roles_of_the_start_event_admit_beside_the_lanes(make_bench: MakeBench) -> None:
    """Whoever holds one of them in the area or in an organisation of it starts there; the lane's role still does."""
    roles = extensions('<cogov:role code="owner"/>', '<cogov:role code="adviser"/>')
    house = house_model("proposed", start(inner=roles) + user("ask") + end(), "begin ask\nask done", role="head")
    held = {
        "role:head@c1": ["li"],
        "role:owner@shop": ["wang"],
        "role:owner@far": ["zhao"],
        "role:adviser@c1": ["sun"],
        "role:x@c1": ["qian"],
    }
    bench = make_bench(directory=Village(held))
    bench.deploy(house)
    areas = {p: [s.areas for s in bench.engine.queries.startable(p)] for p in ("li", "wang", "zhao", "sun", "qian")}
    assert areas == {"li": [("c1",)], "wang": [("c1",)], "zhao": [("c2",)], "sun": [("c1",)], "qian": []}
    for person in ("li", "wang", "sun"):
        assert bench.engine.start("proposed", {}, actor=Actor(person=person), area="c1").instance
    for person in ("zhao", "qian"):
        with pytest.raises(NotOffered):
            bench.engine.start("proposed", {}, actor=Actor(person=person), area="c1")
