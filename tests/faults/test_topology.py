"""Two web and two worker processes on one PostgreSQL, one of each killed with -9: every case ends, and nothing happens twice."""

from __future__ import annotations

import signal
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from cogov import migrations
from cogov.cases.world import World
from engine.actor import Actor
from engine.clock import SystemClock
from engine.engine import Engine
from engine.history import store as history
from engine.jobs import failures, store
from engine.jobs.dbos import DbosJobs
from engine.services import Services
from engine.store.database import Database
from tests.faults.flaky import flaky
from tests.faults.machines import Client, Machines, free_port, status_of, with_service
from tests.integration.engine.models import catch, end, model, service, start, timer, user
from tests.town import AREA, PASSWORD, ROSTERS, login_of

INSTANCES = 20
PERSON = "liaison_wang"
RELAY = model(
    "relay",
    start() + service("ask", "outside.flaky") + catch("sleep", timer("timeDuration", "PT1S")) + user("agree")
    + service("tell", "outside.flaky") + end(),
    "begin ask\nask sleep\nsleep agree\nagree tell\ntell done",
)  # fmt: skip


@pytest.fixture
def prepared(postgres_url: str, tmp_path: Path) -> Iterator[Engine]:
    """An installation with one procedure and its people; the engine is for looking only."""
    migrations.upgrade(postgres_url)
    database = Database(postgres_url)
    world = World(database, datetime.now(UTC), tmp_path / "files", answers={"outside.flaky": {}})
    roster: dict[str, Any] = yaml.safe_load((ROSTERS / "small_community.yaml").read_text("utf8"))
    world.prepare(roster, area=AREA, files=RELAY)
    name = next(login_of(p) for p in roster["people"] if p["id"] == PERSON)
    with database.write() as connection:
        world.app.accounts.create(connection, PERSON, name, PASSWORD, world.clock.now())
    yield world.app.engine
    database.dispose()


@pytest.fixture
def machines(postgres_url: str, tmp_path: Path) -> Iterator[Machines]:
    (tmp_path / "calls").mkdir()
    found = Machines(
        tmp_path,
        {
            "COGOV_DATABASE_URL": postgres_url, "COGOV_DATA": str(tmp_path / "data"), "COGOV_SECRET_KEY": "for this test only" * 3,
            "COGOV_TEST_CALLS": str(tmp_path / "calls"), "COGOV_FIRST_RETRY": "1",
            "PYTHONPATH": with_service(tmp_path, "tests.faults.flaky:flaky"),
            "COGOV_CONCURRENCY": "4", "COGOV_PROCESSES": "1", "COGOV_THREADS": "4", "COGOV_DRAIN": "10",
        },
    )  # fmt: skip
    yield found
    found.end()


@pytest.mark.long
@pytest.mark.postgres
def test_a_killed_web_and_a_killed_worker_lose_and_double_nothing(prepared: Engine, machines: Machines, tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    web = [machines.start("serve", PORT=str(ports[0])), machines.start("serve", "--server", "waitress", PORT=str(ports[1]))]
    workers = [machines.start("worker"), machines.start("worker")]
    for port in ports:
        machines.until(lambda p=port: status_of(p, "/healthz") == 200 and status_of(p, "/readyz") == 200, "both web processes are ready")
    client = Client(ports)
    client.log_in(_login(), PASSWORD)
    started = {client.twice("/api/v1/instances", {"process": "relay", "area": AREA})["instance"] for _ in range(INSTANCES)}
    assert len(started) == INSTANCES
    _agree(client, machines, 5)
    Machines.kill(workers[0])
    Machines.kill(web[0])
    _agree(client, machines, INSTANCES - 5)
    machines.until(lambda: len(prepared.queries.instances(state="completed", limit=200).items) == INSTANCES, "every case ends")
    assert [status_of(ports[1], "/healthz"), status_of(ports[1], "/readyz")] == [200, 200]
    assert "cogov_incidents_open 0.0" in _text(ports[1], "/metrics")
    assert [Machines.stop(workers[1]), Machines.stop(web[1])] == [0, 0], machines.printed()
    _nothing_twice(prepared, started)
    assert len([f for f in (tmp_path / "calls").iterdir() if f.read_text()]) == 2 * INSTANCES


@pytest.mark.long
@pytest.mark.postgres
def test_one_embedded_process_serves_and_works(prepared: Engine, machines: Machines) -> None:
    port = free_port()
    web = machines.start("serve", "--embedded", PORT=str(port))
    machines.until(lambda: status_of(port, "/readyz") == 200, "the embedded one is ready")
    client = Client([port])
    client.log_in(_login(), PASSWORD)
    client.twice("/api/v1/instances", {"process": "relay", "area": AREA})
    _agree(client, machines, 1)
    machines.until(lambda: len(prepared.queries.instances(state="completed").items) == 1, "the one process does both")
    assert Machines.stop(web) == 0, machines.printed()


@pytest.mark.long
@pytest.mark.postgres
def test_a_worker_that_is_told_to_stop_ends_with_0_and_hands_back_what_does_not_end(
    prepared: Engine, machines: Machines, tmp_path: Path
) -> None:  # fmt: skip
    _begin_one(prepared)
    slow = machines.start("worker", COGOV_TEST_SECONDS="90", COGOV_DRAIN="1")
    machines.until(lambda: list((tmp_path / "calls").glob("*.begun")), "the slow call runs")
    assert Machines.stop(slow) == 0, machines.printed()
    assert "handed 1 jobs back" in machines.printed()
    with prepared.database.read() as connection:
        assert store.figures(connection, datetime.now(UTC)).beats == {}
    quick = machines.start("worker")
    machines.until(lambda: prepared.queries.tasks_for(PERSON, view="all").items, "another worker takes the job over")
    assert Machines.stop(quick) == 0


@pytest.mark.long
@pytest.mark.postgres
def test_a_second_signal_ends_a_worker_that_waits_for_a_job(prepared: Engine, machines: Machines, tmp_path: Path) -> None:
    _begin_one(prepared)
    slow = machines.start("worker", COGOV_TEST_SECONDS="90", COGOV_DRAIN="80")
    machines.until(lambda: list((tmp_path / "calls").glob("*.begun")), "the slow call runs")
    slow.terminate()
    machines.until(lambda: "stopping" in machines.printed(), "the worker has heard it")
    stopped = datetime.now(UTC)
    machines.until(lambda: _last_beat(prepared) > stopped + timedelta(seconds=3), "its heart beats while it waits")
    assert slow.poll() is None
    slow.terminate()
    assert slow.wait(timeout=10) == -signal.SIGTERM


def _last_beat(engine: Engine) -> datetime:
    with engine.database.read() as connection:
        return max(store.figures(connection, datetime.now(UTC)).beats.values())


def _begin_one(prepared: Engine) -> None:
    """Start one case with durable jobs, as a web process does."""
    clock = SystemClock()
    engine = Engine(prepared.database, clock=clock, jobs=DbosJobs(prepared.database, clock), services=Services(flaky))
    engine.start("relay", actor=Actor(person=PERSON))


def _agree(client: Client, machines: Machines, count: int) -> None:
    """Complete `count` tasks as they come."""
    done: set[str] = set()

    def some() -> bool:
        for task in client.ask("GET", "/api/v1/tasks?limit=50")["items"]:
            if len(done) < count and task["id"] not in done:
                client.twice(f"/api/v1/tasks/{task['id']}/complete", {"form": {}})
                done.add(task["id"])
        return len(done) == count

    machines.until(some, f"{count} tasks come")


def _nothing_twice(engine: Engine, instances: set[str]) -> None:
    expected = {"service_done": 2, "timer_fired": 1, "task_completed": 1, "ended": 1, "incident": 0}
    for instance in instances:
        kinds = [h.kind for h in engine.queries.history(instance).items]
        assert {kind: kinds.count(kind) for kind in expected} == expected
    with engine.database.read() as connection:
        assert history.verify(connection) == []
        assert failures.open_ones(connection) == []


def _login() -> str:
    roster = yaml.safe_load((ROSTERS / "small_community.yaml").read_text("utf8"))
    return next(login_of(p) for p in roster["people"] if p["id"] == PERSON)


def _text(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return str(answer.read(), "utf8")
