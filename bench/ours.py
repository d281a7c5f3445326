"""The workloads on our engine: forms, permissions, history and database included."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bench import models
from bench.measure import Meter
from cogov.cases.files import read_cases
from cogov.cases.run import CaseRun
from cogov.cases.world import World
from cogov.settings import ROOT
from engine.actor import Actor
from engine.clock import MovableClock
from engine.engine import Engine
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database

LI = Actor(person="li")
FORM = {"a": 1, "b": "text", "c": True}
_REAL_TASK = "settle_terms"


def engine_on(database: Database, **options: Any) -> Engine:
    clock = MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    return Engine(database, clock=clock, jobs=MemoryJobs(clock), **options)


def bare(database: Database, count: int) -> Meter:
    """One task with a form of three fields, in each of `count` instances."""
    engine, meter = engine_on(database), Meter()
    engine.deploy(models.BARE, actor=LI)
    tasks = [engine.start("bare", actor=LI).tasks[0] for _ in range(count)]
    for one in tasks:
        with meter.of_one(database):
            engine.complete(one, FORM, actor=LI)
    return meter


def rounds(database: Database, count: int) -> Meter:
    """A loop of `count` rounds in one instance."""
    engine, meter = engine_on(database), Meter()
    engine.deploy(models.ROUNDS, actor=LI)
    tasks = engine.start("rounds", {"a": True}, actor=LI).tasks
    for number in range(count):
        with meter.of_one(database):
            tasks = engine.complete(tasks[0], {"a": number + 1 < count}, actor=LI).tasks
    return meter


def participants(database: Database, count: int) -> Meter:
    """`count` participants of one multi-instance task."""
    engine, meter = engine_on(database), Meter()
    engine.deploy(models.PARTICIPANTS, actor=LI)
    tasks = engine.start("participants", {"people": list(range(count))}, actor=LI).tasks
    for number, one in enumerate(tasks):
        with meter.of_one(database):
            engine.complete(one, {"a": number}, actor=LI)
    return meter


class _Reached(Exception):
    """The task that is measured is done; the rest of the run is of no interest."""


def real(database: Database, count: int, folder: Path) -> Meter:
    """P02 settle_terms as its first example run fills it in: form with rows and conditions, deadline with ladder, register row.

    Everything of governance takes part; `count` agreements are led up to that task.
    """
    case = read_cases(ROOT / "processes/agreement_five_steps/cases.yaml").cases[0]
    case = replace(case, steps=[step for step in case.steps if not {"expect", "refuse"} & step.keys()])
    world, meter = World(database, case.clock, folder), Meter()
    roster = yaml.safe_load((ROOT / "tests/rosters" / f"{case.roster}.yaml").read_text("utf8"))
    world.prepare(roster, settings=case.settings, area=case.area)
    engine = world.app.engine
    complete = engine.complete

    def measured(one: str, form: Any = None, **options: Any) -> Any:
        if engine.queries.task(one).line.node != _REAL_TASK or not form or not form.get("clauses"):
            return complete(one, form, **options)
        with meter.of_one(database):
            complete(one, form, **options)
        raise _Reached

    engine.complete = measured  # type: ignore[method-assign, assignment]
    for _ in range(count):
        try:
            CaseRun(world, case).run()
        except _Reached:
            world.jobs.run_due()
    return meter
