"""The kernel: commands of `engine.runner.port.Kernel` on SpiffWorkflow's tasks and specs with our behaviours."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.definitions.migration import Plan
from engine.definitions.model import Process
from engine.errors import Conflict, NotFound
from engine.runner import migration, modification
from engine.runner import snapshot as rows
from engine.runner.compiler import compile_process
from engine.runner.elements import services
from engine.runner.elements.base import set_result
from engine.runner.elements.waiting import is_open, reads_at, rearm
from engine.runner.instance import Instance
from engine.runner.instructions import Instruction, Start
from engine.runner.port import REQUESTED, Changes, Definitions, Environment, Kernel, Snapshot
from engine.runner.specs import ProcessSpec
from engine.runner.token import ACTIVE, OPEN, Token
from engine.runner.variables import check_name
from engine.values import normalise

EMPTY = Snapshot()


class SpiffKernel(Kernel):
    """Runs tokens until nothing is ready. Stateless but for the compiled processes; safe to share between threads."""

    def __init__(self, *, step_limit: int = 10_000, compiled_processes: int = 512) -> None:
        """`step_limit`: element activations per command before it counts as an endless loop. `compiled_processes`: kept ready."""
        self._step_limit = step_limit
        self._capacity = compiled_processes
        self._compiled: OrderedDict[int, tuple[Process, ProcessSpec]] = OrderedDict()
        self._lock = Lock()

    def start(
        self, definitions: Definitions, process: str, environment: Environment, *,
        variables: Mapping[str, Any], start_event: str | None = None, message: Mapping[str, Any] | None = None, event: int = 0,
    ) -> Changes:  # fmt: skip
        """Open the process scope and run. Raises NotFound for an unknown process or start event, and for a process that only events
        start; BadName for a variable."""
        instance = self._instance(definitions, environment, EMPTY)
        spec = instance.process_spec(process)
        root = instance.spawn(spec.start, None)
        for name, value in variables.items():
            check_name(name)
            root.data[name] = normalise(value)
        if start_event is not None:
            if start_event not in spec.task_specs:
                raise NotFound(f"the process {process} has no element {start_event}", process=process, element=start_event)
            root.internal_data["begin_at"] = start_event
            instance.start_trigger = event, message
        elif not spec.start.entries and spec.model.nodes:
            raise NotFound(f"the process {process} is started by events only", process=process)
        root._ready()
        return self._done(instance)

    def complete(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, token: str, form: Mapping[str, Any]
    ) -> Changes:
        """Complete a waiting user, manual or receive task. Raises NotFound or Conflict when it does not wait."""
        instance = self._instance(definitions, environment, snapshot)
        task = self._waiting(instance, token)
        submit = getattr(task.task_spec, "submit", None)
        if submit is None:
            raise Conflict(f"{task.task_spec.name} is not completed by a person", token=token)
        submit(task, form, environment.actor)
        return self._done(instance)

    def trigger(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, token: str, event: int,
        payload: Mapping[str, Any] | None = None,
    ) -> Changes:  # fmt: skip
        """A timer is due or a message arrived; no-op Changes when the token no longer waits for it."""
        instance = self._instance(definitions, environment, snapshot)
        task = instance.find(token)
        if task is not None and is_open(task, event):
            instance.guard(task, task.trigger, event, payload)
        return self._done(instance)

    def service_done(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, token: str, result: Any = None,
        error: tuple[str, Mapping[str, Any]] | None = None,
    ) -> Changes:  # fmt: skip
        """Result, or BPMN error code and data, of a service that ran as a job; no-op Changes when it is not awaited any more."""
        instance = self._instance(definitions, environment, snapshot)
        task = instance.find(token)
        if task is not None and task.internal_data.pop(REQUESTED, None) is not None:
            if error is not None:
                instance.guard(task, services.raise_error, task, *error)
            else:
                set_result(task, "result", result)
                task.finish()
        return self._done(instance)

    def retry(self, definitions: Definitions, snapshot: Snapshot, environment: Environment, token: str) -> Changes:
        """Run a token again that stands in an incident; a service that is still awaited is requested again."""
        instance = self._instance(definitions, environment, snapshot)
        task = instance.find(token)
        if task is None:
            raise NotFound("the token is not live any more", token=token)
        if task._state != TaskState.ERROR and REQUESTED not in task.internal_data:
            raise Conflict(f"{task.task_spec.name} stands in no incident", token=token)
        task.task_spec.retry(task)
        return self._done(instance)

    def cancel(self, definitions: Definitions, snapshot: Snapshot, environment: Environment) -> Changes:
        """Cancel the whole instance; nothing of it stays live."""
        instance = self._instance(definitions, environment, snapshot)
        instance.root.cancel()
        instance.outcome = "cancelled"
        return rows.changes(instance)

    def rearm(self, definitions: Definitions, snapshot: Snapshot, environment: Environment) -> Changes:
        """Evaluate every armed timer again whose expression depends on a deadline."""
        instance = self._instance(definitions, environment, snapshot)
        for row in snapshot.tokens:
            if row.internal.get(OPEN):
                waiter = instance.token(row.id)
                instance.guard(waiter, rearm, waiter, reads_at(waiter))
        return self._done(instance)

    def assign(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, variables: Mapping[tuple[str, str], Any], *, run: bool
    ) -> Changes:
        """Set variables of live scopes. Raises NotFound for a scope that is not live, BadName."""
        instance = self._instance(definitions, environment, snapshot)
        modification.assign(instance, variables)
        return self._done(instance) if run else rows.changes(instance)

    def modify(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, instructions: Sequence[Instruction]
    ) -> Changes:
        """Take element instances away and begin others, then run. Raises ModificationRefused."""
        instance = self._instance(definitions, environment, snapshot)
        modification.modify(instance, instructions)
        return self._done(instance)

    def begin(
        self, definitions: Definitions, process: str, environment: Environment, *, variables: Mapping[str, Any], starts: Sequence[Start]
    ) -> Changes:
        """Open the process scope and run from these elements. Raises ModificationRefused, BadName, NotFound."""
        instance = self._instance(definitions, environment, EMPTY)
        modification.begin(instance, instance.process_spec(process), variables, starts)
        return self._done(instance)

    def migrate(
        self, definitions: Definitions, target: Definitions, snapshot: Snapshot, environment: Environment, plan: Plan, *, run: bool
    ) -> Changes:
        """Live tokens become tokens of another version. Raises MigrationFailed."""
        instance = self._instance(definitions, environment, snapshot)
        specs = []
        for one in (plan, *plan.called):
            spec = self._compile(target.process(one.process))
            migration.migrate(instance, spec, one.by_source())
            specs.append(spec)
        instance.bind(target, *specs)
        return self._done(instance) if run else rows.changes(instance)

    def _instance(self, definitions: Definitions, environment: Environment, snapshot: Snapshot) -> Instance:
        return Instance(definitions, environment, self._compile, snapshot, step_limit=self._step_limit)

    def _done(self, instance: Instance) -> Changes:
        instance.run()
        return rows.changes(instance)

    def _waiting(self, instance: Instance, token: str) -> Token:
        task = instance.find(token)
        if task is None:
            raise NotFound("the task is not open any more", token=token)
        if task._state != TaskState.WAITING or task.phase != ACTIVE:
            raise Conflict(f"{task.task_spec.name} does not wait for a person", token=token)
        return task

    def _compile(self, model: Process) -> ProcessSpec:
        """The compiled process, from the cache: by identity of the model, which the cache keeps alive."""
        with self._lock:
            known = self._compiled.get(id(model))
            if known is not None:
                self._compiled.move_to_end(id(model))
                return known[1]
        spec = compile_process(model)
        with self._lock:
            self._compiled[id(model)] = model, spec
            while len(self._compiled) > self._capacity:
                self._compiled.popitem(last=False)
        return spec
