"""Fifty people complete fifty parallel tasks of one case at the same moment, over HTTP: all succeed, nobody sees a lock or an error."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine.actor import Actor
from engine.engine import Engine
from engine.history import store as history
from engine.jobs.memory import MemoryJobs
from tests.faults.machines import Machines
from tests.faults.soak.installation import environment, prepare
from tests.integration.engine.models import end, extensions, model, start, user

CROWD = 50
PEOPLE = [f"resident_{n}" for n in range(CROWD)]
_LOOP = '<zeebe:loopCharacteristics inputCollection="=seats" inputElement="seat" outputCollection="votes" outputElement="=form.vote"/>'
_EACH = f"<bpmn:multiInstanceLoopCharacteristics>{extensions(_LOOP)}</bpmn:multiInstanceLoopCharacteristics>"
WIDE = model(
    "crowd",
    start() + user("vote", assignee="seat", body=_EACH)
    + end(),
    "begin vote\nvote done",
)  # fmt: skip


class Served:
    """Web processes that count their statements (`bench.server`), and what they were asked."""

    def __init__(self, machines: Machines, count: int, tokens: Mapping[str, str]) -> None:
        self._tokens = tokens
        for _ in range(count):
            machines.start(module="bench.server")
        self._ports: list[int] = []

        def all_listen() -> bool:
            told = [machines.log(n).read_text("utf8").split() for n in range(count)]
            self._ports = [int(words[words.index("ready") + 1]) for words in told if "ready" in words[:-1]]
            return len(self._ports) == count

        machines.until(all_listen, "every web process listens")

    def statements(self) -> int:
        return sum(int(self._ask("GET", port, "/bench/costs", PEOPLE[0])[1]["statements"]) for port in self._ports)

    def complete(self, number: int, task: str, barrier: threading.Barrier) -> tuple[int, dict[str, Any]]:
        port = self._ports[number % len(self._ports)]
        barrier.wait()
        return self._ask("POST", port, f"/api/v1/tasks/{task}/complete", PEOPLE[number], {"form": {"vote": number}})

    def _ask(self, method: str, port: int, path: str, person: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {self._tokens[person]}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return int(answer.status), json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())


@pytest.mark.long
def test_fifty_people_complete_fifty_parallel_tasks_at_once_on_sqlite(tmp_path: Path) -> None:
    _all_at_once(f"sqlite:///{tmp_path / 'cogov.sqlite'}", tmp_path, web=1)


@pytest.mark.long
@pytest.mark.postgres
def test_fifty_people_complete_fifty_parallel_tasks_at_once_over_two_web_processes(postgres_url: str, tmp_path: Path) -> None:
    _all_at_once(postgres_url, tmp_path, web=2)


def _all_at_once(url: str, folder: Path, web: int) -> None:
    installation = prepare(url, folder, PEOPLE, WIDE, {})
    machines = Machines(folder, environment(url, folder, "tests.faults.flaky:flaky", COGOV_THREADS="8"))
    engine = installation.engine
    try:
        served = Served(machines, web, installation.tokens)
        few = _complete_all(engine, served, 10)
        many = _complete_all(engine, served, CROWD)
        # a heart that beats meanwhile is a statement, too
        assert many / CROWD <= few / 10 + 1, f"{few / 10} statements a completion with 10 people, {many / CROWD} with {CROWD}"
    finally:
        machines.end()
        engine.database.dispose()


def _complete_all(engine: Engine, served: Served, crowd: int) -> int:
    """So many at once on a case of their own; how many statements that took."""
    instance, tasks = _case(engine, crowd)
    barrier = threading.Barrier(crowd)
    before = served.statements()
    with ThreadPoolExecutor(crowd) as pool:
        answers = list(pool.map(lambda n: served.complete(n, tasks[n], barrier), range(crowd)))
    spent = served.statements() - before
    assert [status for status, _ in answers] == [200] * crowd, [answer for answer in answers if answer[0] != 200]
    assert sum(bool(answer["ended"]) for _, answer in answers) == 1
    details = engine.queries.instance(instance)
    assert (details.line.state, details.completed["vote"], details.completed["done"]) == ("completed", crowd + 1, 1)
    assert [int(vote) for vote in engine.queries.variables(instance)["votes"]] == list(range(crowd))
    with engine.database.read() as connection:
        assert history.verify(connection, instance) == []
    return spent


def _case(engine: Engine, crowd: int) -> tuple[str, Sequence[str]]:
    quiet = Engine(engine.database, clock=engine.runtime.clock, jobs=MemoryJobs(engine.runtime.clock))
    receipt = quiet.start("crowd", {"seats": PEOPLE[:crowd]}, actor=Actor(person=PEOPLE[0]))
    found = {task.assignee: task.id for task in engine.queries.instance(str(receipt.instance)).tasks}
    return str(receipt.instance), [found[person] for person in PEOPLE[:crowd]]
