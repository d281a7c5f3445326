"""Eight clients send everything twice while web and worker processes are killed with -9 at random; in the end all is as it should be.

In CI with a fixed seed and few cases; `make soak` sets COGOV_SOAK and takes 200 cases with several seeds of its own (COGOV_SOAK_SEEDS)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.machines import ROOT, Machines, answers_ready, free_port
from tests.faults.soak.chaos import Chaos, Slot
from tests.faults.soak.checks import found_wrong
from tests.faults.soak.clients import Client, Told
from tests.faults.soak.installation import environment, prepare
from tests.faults.soak.model import SERVICE, soak

PEOPLE = (
    "liaison_wang", "worker_sun", "secretary_chen", "legal_zhao", "finance_qian", "mediator_zhou", "advisor_wu", "office_xu",
)  # fmt: skip
LONG = bool(os.environ.get("COGOV_SOAK"))
SEEDS = (
    [int(s) for s in os.environ["COGOV_SOAK_SEEDS"].split(",")] if "COGOV_SOAK_SEEDS" in os.environ
    else [random.randrange(10**6) for _ in range(3)] if LONG
    else [20261122]
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How many cases, how often a call may fail, seconds between two kills, seconds everything may take."""

    cases: int
    failures: int
    pause: tuple[float, float]
    patience: float


MANY = Size(200, 3, (6, 12), 1800) if LONG else Size(24, 2, (4, 7), 300)
ONE = MANY if LONG else Size(12, 2, (4, 7), 300)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("seed", SEEDS)
def test_web_and_workers_killed_at_random_lose_and_double_nothing(postgres_url: str, tmp_path: Path, seed: int) -> None:
    ports = [free_port(), free_port()]
    web = [Slot(("serve",), ports[0]), Slot(("serve", "--server", "waitress"), ports[1])]
    _soak(postgres_url, tmp_path, ports, [*web, Slot(("worker",)), Slot(("worker",))], seed, MANY)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_one_embedded_process_on_sqlite_killed_at_random_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    port = free_port()
    url = f"sqlite:///{tmp_path / 'cogov.sqlite'}"
    _soak(url, tmp_path, [port], [Slot(("serve", "--embedded"), port)], seed, ONE)


def _soak(url: str, folder: Path, ports: list[int], slots: list[Slot], seed: int, size: Size) -> None:
    installation = prepare(url, folder, PEOPLE, soak(), {SERVICE: {}})
    machines = Machines(
        folder,
        environment(
            url, folder, "tests.faults.soak.service:unsteady", COGOV_TEST_SEED=str(seed), COGOV_TEST_FAILURES=str(size.failures)
        ),
        patience=size.patience,
    )  # fmt: skip
    told, stop = Told(), threading.Event()
    clients = [Client(n, PEOPLE, installation.tokens[person], ports, told, seed) for n, person in enumerate(PEOPLE)]
    engine = installation.engine

    def all_ended() -> bool:
        return len(told.started) == size.cases and not engine.queries.instances(state="running", limit=1).items

    try:
        for slot in slots:
            slot.start(machines)
        for port in ports:
            machines.until(lambda p=port: answers_ready(p), "every web process is ready")
        with ThreadPoolExecutor(len(clients)) as pool:
            work = [pool.submit(c.run, range(n, size.cases, len(clients)), stop) for n, c in enumerate(clients)]
            try:
                with Chaos(machines, slots, seed, size.pause) as chaos:
                    machines.until(lambda: all_ended() or any(w.done() for w in work), f"every case ends (seed {seed})")
            finally:
                stop.set()
            for one in work:
                one.result()
        machines.until(lambda: _quiet(engine), "the last jobs end")
        problems = found_wrong(engine, told, folder / "calls")
        assert not problems, _report(problems, chaos, told, machines)
        assert chaos.killed
        assert told.statuses[200] > size.cases
        audit = subprocess.run(
            [sys.executable, "-m", "cogov", "audit", "verify"],
            cwd=ROOT,
            env=machines.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert audit.returncode == 0, audit.stdout + audit.stderr
    finally:
        machines.end()
        engine.database.dispose()


def _quiet(engine: object) -> bool:
    """No job is due and none runs."""
    figures = engine.runtime.jobs.figures()  # type: ignore[attr-defined]
    return not figures.due and not figures.running


def _report(problems: list[str], chaos: Chaos, told: Told, machines: Machines) -> str:
    parts = ["", *problems[:40], f"killed: {chaos.killed}", f"statuses: {dict(told.statuses)}", machines.printed()]
    return "\n".join(parts)
