"""Plays a case on the engine, through the store. Before each step, and before each job, there is a new engine that knows nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import events as facts
from engine.actor import Actor
from engine.clock import MovableClock
from engine.engine import Engine
from engine.errors import BpmnError
from engine.events import Event
from engine.jobs.memory import MemoryJobs
from engine.ports import Unit
from engine.queries import TaskLine
from engine.services import Call, Services, service
from engine.store.database import Database
from tests.event_lines import event_line

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
LI = Actor(person="li", name="Li")
_EVERYWHERE = frozenset({"starter", "number", "area"})


@service("reference.double")
def double(call: Call, n: Any) -> Any:
    """Twice a number, inside the transaction."""
    return n * 2


@service("reference.job", inline=False)
def job(call: Call, n: Any) -> Any:
    """Three times a number, by a job."""
    return n * 3


@service("reference.fail")
def fail(call: Call, code: str) -> None:
    """Throws a BPMN error."""
    raise BpmnError(code, {"reason": "asked for"})


class _Enough(Exception):
    """One job has run: the next one gets a new engine."""


class Player:
    """One case: its clock, the jobs that wait, and the instances it has begun. `files` are deployed first."""

    def __init__(self, database: Database, files: Mapping[str, bytes] | None = None) -> None:
        self._database = database
        self._clock = MovableClock(T0)
        self._waiting: list[tuple[str, Mapping[str, Any], datetime, str | None]] = []
        self._jobs = MemoryJobs(self._clock)
        self.instances: list[str] = []
        self._lines: list[str] = []
        if files is not None:
            self.play({"deploy": files})

    def play(self, step: Mapping[str, Any]) -> list[str]:
        """Do a step and the jobs that are due after it; the trace of both."""
        self._lines = []
        data = step.get("with", {})
        match step:
            case {"deploy": files}:
                self._with_engine(lambda engine: engine.deploy(files, actor=LI))
            case {"start": process}:
                self._with_engine(lambda engine: engine.start(process, data, actor=LI))
            case {"complete": node}:
                self._with_engine(lambda engine: self._complete(engine, node, data))
            case {"message": name}:
                self._with_engine(lambda engine: engine.send(name, data, key=step.get("key"), actor=LI))
            case {"signal": name}:
                self._with_engine(lambda engine: engine.signal(name, data, actor=LI))
            case {"press": node}:
                self._with_engine(lambda engine: self._press(engine, node))
            case {"change": changed}:
                self._with_engine(lambda engine: engine.change_variables(self.instances[0], changed, "reference", actor=LI))
            case {"wait": span}:
                self._wait(timedelta(**span))
            case _:
                raise AssertionError(f"unknown step {step}")
        self._run_due()
        return self._lines

    def outcome(self) -> tuple[str, Mapping[str, Any]]:
        """State and variables of the first instance, without those that every instance has."""
        queries = self._engine().queries
        variables = queries.variables(self.instances[0])
        return queries.instance(self.instances[0]).line.state, {k: v for k, v in variables.items() if k not in _EVERYWHERE}

    def still_open(self) -> list[str]:
        """Instances that have not ended."""
        queries = self._engine().queries
        return [one for one in self.instances if queries.instance(one).tokens]

    def _complete(self, engine: Engine, node: str, data: Mapping[str, Any]) -> None:
        """Complete the oldest open task of a node, as the person it is offered to."""
        task = self._open_task(engine, node)
        person = next((s.removeprefix("person:") for s in task.selectors if s.startswith("person:")), LI.person)
        engine.complete(task.id, data, actor=Actor(person=person, name=person))

    def _open_task(self, engine: Engine, node: str) -> TaskLine:
        found = [task for one in self.instances for task in engine.queries.instance(one).tasks if task.node == node]
        assert found, f"there is no open task {node}"
        return min(found, key=lambda task: task.id)

    def _press(self, engine: Engine, node: str) -> None:
        (action,) = [one for one in engine.queries.instance(self.instances[0]).actions if one.node == node]
        engine.act(self.instances[0], action.token, actor=LI)

    def _wait(self, span: timedelta) -> None:
        """Move the clock from due to due, and then to the end."""
        until = self._clock.now() + span
        while (due := min((job[2] for job in self._waiting), default=until)) < until:
            self._clock.move_to(max(due, self._clock.now()))
            self._run_due()
        self._clock.move_to(until)

    def _run_due(self) -> None:
        while any(due <= self._clock.now() for _, _, due, _ in self._waiting):
            self._with_engine(self._run_one)

    def _run_one(self, engine: Engine) -> None:
        try:
            self._jobs.run_due()
        except _Enough:
            return

    def _with_engine(self, act: Callable[[Engine], object]) -> None:
        """`act` on an engine of its own; what waits afterwards is kept as text only."""
        act(self._engine())
        self._waiting = self._jobs.outstanding()

    def _engine(self) -> Engine:
        ran = iter(range(2))

        def before() -> None:
            if next(ran):
                raise _Enough

        self._jobs = MemoryJobs(self._clock, before=before)
        with self._database.write() as connection:
            for name, payload, due, key in self._waiting:
                self._jobs.enqueue(connection, name, json.loads(json.dumps(payload)), at=due, key=key)
        services = Services(double, job, fail)
        return Engine(self._database, clock=self._clock, jobs=self._jobs, services=services, reactions=[self._note])

    def _note(self, unit: Unit, events: Sequence[Event]) -> None:
        if unit.instance.id not in self.instances and any(isinstance(event, facts.ProcessStarted) for event in events):
            self.instances.append(unit.instance.id)
        self._lines += [event_line(event) for event in events]
