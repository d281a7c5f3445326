"""A database that release 0002 left, with cases that run and cases that ended, on both databases.

``data/at_0002.json`` was written by that release: a case that was completed and corrected, one that runs, one that was cancelled; two of
them share a large value.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from cogov import migrations
from engine.commands.correcting import Correction
from engine.history import store as history
from engine.store import tables
from engine.store.database import Database
from engine.store.metadata import metadata
from tests.integration.engine.conftest import LI, WANG, Bench, MakeBench
from tests.integration.engine.test_finished import rows

OpenDatabase = Callable[[str], Database]
LEFT: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "at_0002.json").read_text(encoding="utf-8"))
CASES, TASKS = LEFT["cases"], LEFT["tasks"]
LARGE = "共建" * 800


def _to(database: Database, revision: str) -> None:
    with database.write() as connection:
        settings = migrations.config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


@pytest.fixture
def database(database_url: str, open_database: OpenDatabase) -> Database:
    """Upgraded from 0002 with its rows."""
    database = open_database(database_url)
    _to(database, "0002")
    with database.write() as connection:
        known = sa.MetaData()
        known.reflect(connection, only=list(LEFT["rows"]))
        for table in known.sorted_tables:
            connection.execute(table.insert(), [_as_stored(table, row) for row in LEFT["rows"].get(table.name, ())])
    _to(database, "head")
    return database


def _as_stored(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row as the driver wants it: moments, truth values, files and JSON have other types on each database."""
    return {name: _value(metadata.tables[table.name].c[name].type, table.c[name].type, value) for name, value in row.items()}


def _value(declared: Any, found: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return value["bytes"].encode()
    if value is None or isinstance(found, sa.String):
        return value
    if isinstance(found, sa.JSON):
        return json.loads(value)
    return bool(value) if isinstance(declared, sa.Boolean) else value


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench()


def _assert_all_is_there(bench: Bench) -> None:
    queries = bench.engine.queries
    assert [(i.id, i.state) for i in queries.instances().items] == [
        (CASES["cancelled"], "cancelled"), (CASES["running"], "running"), (CASES["completed"], "completed"),
    ]  # fmt: skip
    details = queries.instance(CASES["completed"])
    assert [d.node for d in details.done] == ["check", "review", "pay"]
    variables = queries.variables(CASES["completed"])
    assert (variables["text"], variables["granted"], variables["double"]) == (LARGE, 7, 6)
    assert queries.variables(CASES["running"])["text"] == LARGE
    assert [v.version.form["amount"] for v in queries.submissions(TASKS["check"])] == [5, 7]
    assert {d.state for d in queries.done_tasks("li").items} == {"completed", "running"}
    assert bench.engine.start("claims", {"text": LARGE}, actor=LI, idempotency_key="first").instance == CASES["completed"]
    assert bench.engine.complete(TASKS["pay"], {}, actor=LI).outcome == "completed"
    with bench.engine.database.read() as connection:
        assert history.verify(connection) == []


def test_readers_find_finished_cases_before_and_after_they_are_moved(bench: Bench) -> None:
    _assert_all_is_there(bench)
    assert rows(bench.engine.database)["instance"] == 3
    assert bench.engine.tidy()["finished"] == 2
    assert rows(bench.engine.database)["instance"] == 1
    assert bench.engine.tidy()["finished"] == 0
    _assert_all_is_there(bench)


def test_large_values_that_an_older_release_left_behind_are_swept(bench: Bench) -> None:
    bench.engine.tidy()
    with bench.engine.database.write() as connection:
        connection.execute(sa.insert(tables.content).values(digest="sha256:left", body='"what a removed case said"'))
    bench.engine.tidy()
    assert rows(bench.engine.database)["content"] == 1
    assert bench.engine.queries.variables(CASES["running"])["text"] == LARGE


def test_the_shared_large_value_goes_with_the_case_that_runs(bench: Bench) -> None:
    bench.engine.tidy()
    assert rows(bench.engine.database)["content"] == 1
    bench.engine.complete(bench.engine.queries.instance(CASES["running"]).tasks[0].id, {"amount": 6}, actor=LI)
    bench.engine.complete(bench.engine.queries.instance(CASES["running"]).tasks[0].id, {}, actor=LI)
    assert rows(bench.engine.database) == {}
    assert bench.engine.queries.variables(CASES["running"])["text"] == LARGE
    assert bench.engine.queries.variables(CASES["completed"])["text"] == LARGE


@pytest.mark.parametrize("moved", [False, True])
def test_a_record_from_before_is_corrected_and_removed(bench: Bench, moved: bool) -> None:
    if moved:
        bench.engine.tidy()
    correction = Correction(id="later", version=2, form={"amount": 9}, reason="写错了", by="li")
    bench.engine.correct(TASKS["check"], correction, actor=WANG, before=_nothing, after=_nothing)
    assert bench.engine.queries.variables(CASES["completed"])["granted"] == 9
    with bench.engine.database.read() as connection:
        kept = connection.execute(sa.select(tables.finished_instance.c.id)).scalars().all()
        assert CASES["completed"] in kept
        assert history.verify(connection) == []
    for name in ("completed", "cancelled"):
        bench.engine.remove(CASES[name], "kept long enough", retention=None, actor=WANG)
    assert [i.id for i in bench.engine.queries.instances().items] == [CASES["running"]]
    assert rows(bench.engine.database)["content"] == 1


def _nothing(*_: Any) -> None:
    """Nothing takes part in the transaction."""


def test_cases_that_an_older_machine_ends_meanwhile_are_moved_in_batches(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.commands.operations._AT_ONCE", 1)
    assert bench.engine.tidy()["finished"] == 2
    with bench.engine.database.write() as connection:
        running = connection.execute(sa.select(tables.instance)).one()
        connection.execute(sa.delete(tables.token))
        connection.execute(sa.update(tables.instance).values(state="cancelled", ended_at=running.started_at, ends=[]))
    assert bench.engine.tidy()["finished"] == 1
    assert rows(bench.engine.database) == {}
    assert bench.engine.queries.variables(CASES["running"])["text"] == LARGE
