"""An engine over each database, driven by a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.actor import Actor
from engine.clock import MovableClock
from engine.engine import Engine, Receipt
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
LI, WANG = Actor(person="li", name="Li"), Actor(person="wang", name="Wang")


@dataclass
class Bench:
    """An engine with its clock and jobs, and shortcuts that tests read well with."""

    engine: Engine
    clock: MovableClock
    jobs: MemoryJobs

    def deploy(self, *packages: dict[str, bytes]) -> None:
        for package in packages:
            self.engine.deploy(package, actor=LI)

    def start(self, process: str, variables: dict[str, Any] | None = None, actor: Actor = LI, **more: Any) -> Receipt:
        return self.engine.start(process, variables, actor=actor, **more)

    def state(self, receipt: Receipt) -> str:
        assert receipt.instance is not None
        return self.engine.queries.instance(receipt.instance).line.state

    def waits_at(self, receipt: Receipt) -> list[str]:
        """Node ids of live tokens that stand at an element, sorted."""
        assert receipt.instance is not None
        return sorted(t.element for t in self.engine.queries.instance(receipt.instance).tokens if t.element)

    def tasks(self, receipt: Receipt) -> dict[str, str]:
        """Node → id of the open tasks."""
        assert receipt.instance is not None
        return {t.node: t.id for t in self.engine.queries.instance(receipt.instance).tasks}

    def complete(self, receipt: Receipt, node: str, form: dict[str, Any] | None = None, actor: Actor = LI) -> Receipt:
        return self.engine.complete(self.tasks(receipt)[node], form, actor=actor)

    def variables(self, receipt: Receipt) -> dict[str, Any]:
        assert receipt.instance is not None
        return self.engine.queries.variables(receipt.instance)

    def kinds(self, receipt: Receipt) -> list[str]:
        """Kinds of the history rows, in order."""
        assert receipt.instance is not None
        return [line.kind for line in self.engine.queries.history(receipt.instance, limit=1000).items]

    def wait(self, **delta: float) -> None:
        """Move the clock; what falls due on the way happens in order."""
        self.jobs.run_until(self.clock.now() + timedelta(**delta))

    def run(self) -> None:
        """Run the jobs that are due now."""
        self.jobs.run_due()


MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(database: Database) -> MakeBench:
    """Builds engines over the test's database: keyword arguments go to Engine."""

    def make(**options: Any) -> Bench:
        clock = MovableClock(T0)
        jobs = MemoryJobs(clock)
        return Bench(Engine(database, clock=clock, jobs=jobs, **options), clock, jobs)

    return make


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench()
