"""Scopes: processes, embedded sub-processes, event sub-processes, call activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.events import ProcessEnded, ProcessStarted
from engine.runner.elements.activities import Activity
from engine.runner.elements.base import Element, FlowNode, set_result
from engine.runner.elements.collecting import JOINS, Collecting
from engine.runner.elements.compensation import remember_call, undo_inside
from engine.runner.elements.events import CatchEvent
from engine.runner.elements.hosted import HostedEvent
from engine.runner.elements.waiting import Brought, bring, close_events, fire
from engine.runner.failures import CannotRun
from engine.runner.specs import ProcessSpec
from engine.runner.token import CHOICES, COMPLETING, FACTS, HOST, RESULT, STARTS, UNDOING, Token
from engine.runner.variables import has, own, read

if TYPE_CHECKING:
    from engine.runner.elements.boundary import BoundaryEvent

#: internal of a running event sub-process: name of the variable with what its event brought
CAME_WITH = "came_with"
#: internal of a transaction: what completed inside is being undone
CANCELLING = "cancelling"


class Scope(Element):
    """Something that holds flow nodes. It completes when no token inside keeps it open."""

    waiting_state = TaskState.STARTED

    def __init__(self, process: ProcessSpec, name: str, node: Any) -> None:
        super().__init__(process, name, node)
        #: where tokens begin: the none start event, else every node without incoming flows
        self.entries: Sequence[FlowNode] = ()
        self.event_sub_processes: Sequence[EventSubProcess] = ()

    def enter(self, token: Token) -> bool | None:
        """Put tokens at the entries. True when there is nothing inside."""
        if self.is_process and not self.entries and self.process.model.nodes:
            raise CannotRun(f"{self.process.name} is started by events only and cannot be called", process=self.process.name)
        if not any(isinstance(entry, StartEvent) for entry in self.entries):
            self.open_event_sub_processes(token)
        for entry in self.entries:
            entry.arrive(token, None)
        return None if self.entries else True

    def _update_hook(self, token: Token) -> bool:
        if token._state != TaskState.STARTED or token.workflow.live(token) > 0:
            return False
        token.phase = COMPLETING
        return True

    def open_event_sub_processes(self, token: Token) -> None:
        """Let the start events of the event sub-processes wait: after the scope's start event has mapped its outputs,
        so that a correlation key may use what the start brought."""
        if not self.event_sub_processes:
            return
        starts = token.internal_data[STARTS] = []
        for sub_process in self.event_sub_processes:
            if sub_process.event.triggers:
                waiter = token.workflow.spawn(sub_process.event, token, **{HOST: token.id})
                starts.append(waiter.id)
                token.workflow.guard(waiter, waiter.task_spec.wait, waiter)

    def close_event_sub_processes(self, token: Token) -> None:
        for waiter_id in token.internal_data.get(STARTS, ()):
            waiter = token.workflow.find(waiter_id)
            if waiter is not None:
                close_events(waiter)
                token.workflow.remove(waiter)
        token.internal_data[STARTS] = []

    def event_sub_process(
        self, token: Token, kind: str, code: str | None, payload: Mapping[str, Any] | None = None
    ) -> EventSubProcess | None:
        fitting = [one for one in self.event_sub_processes if one.event.catches(token, kind, code, payload)]
        return next((one for one in fitting if one.event.is_exact(kind, code)), fitting[0] if fitting else None)

    def settle(self, token: Token) -> None:
        """Release an inclusive join that nothing can reach any more; joins that can never complete become incidents."""
        joins = sorted((token.workflow.token(one) for one in token.internal_data.get(JOINS, {}).values()), key=lambda join: join.seq)
        waiting: list[Token] = [join for join in joins if join._state == TaskState.WAITING]
        for join in waiting:
            if token.workflow.guard(join, _go_on, join):
                return
        waiting = [join for join in waiting if join._state == TaskState.WAITING]
        if waiting and len(joins) == token.workflow.live(token) and not token.internal_data.get(CHOICES):
            for join in waiting:
                join.task_spec.stuck(join)


def _go_on(join: Token) -> bool:
    """Release a join for which nothing can come any more; whether it was."""
    spec: Collecting = join.task_spec
    if not spec.released(join):
        return False
    spec.release(join)
    return True


class ProcessScope(Scope):
    """A process: that of the instance, or a called one."""

    is_process = True

    def begin(self, token: Token) -> None:
        for name in (*self.process.model.data, *self.process.model.locals):
            if not has(token, name):
                token.data[name] = None
        token.workflow.emit(ProcessStarted, token)

    def execute(self, token: Token) -> bool | None:
        if UNDOING in token.internal_data:
            return undo_inside(token)
        begin_at = token.internal_data.pop("begin_at", None)
        if begin_at is None:
            return self.enter(token)
        entry = self.process.task_specs[begin_at]
        if not isinstance(entry, StartEvent):
            self.open_event_sub_processes(token)
        started = token.workflow.spawn(entry, token)
        index, payload = token.workflow.start_trigger
        brought = fire(started, index, payload) if entry.triggers else {}
        if brought is not None:
            bring(started, brought)
            started.internal_data["fired"] = True
        if entry.created_by is None:
            started._ready()
        else:
            entry.created_by.create(started)
        return None

    def _on_complete_hook(self, token: Token) -> None:
        self.close_event_sub_processes(token)
        token.workflow.emit(ProcessEnded, token, outcome="completed", ends=tuple(token.internal_data.get("ends", ())))
        if token.scope is None:
            token.workflow.outcome = "completed"
        elif UNDOING not in token.internal_data:
            set_result(token.scope, "result", own(token))
            remember_call(token)

    def withdraw(self, token: Token, by: str | None) -> None:
        self.close_event_sub_processes(token)
        token.workflow.emit(ProcessEnded, token, outcome="cancelled", ends=tuple(token.internal_data.get("ends", ())))


class SubProcess(Scope, Activity):
    """An embedded sub-process."""

    holds_records = True

    def execute(self, token: Token) -> bool | None:
        return self.enter(token) if UNDOING not in token.internal_data else undo_inside(token)

    def leave(self, token: Token) -> None:
        self.close_event_sub_processes(token)
        super().leave(token)

    def withdraw(self, token: Token, by: str | None) -> None:
        self.close_event_sub_processes(token)
        Activity.withdraw(self, token, by)


class Transaction(SubProcess):
    """A sub-process that can be cancelled: what completed inside is undone, then its cancel boundary event goes on."""

    def execute(self, token: Token) -> bool | None:
        if CANCELLING not in token.internal_data:
            return super().execute(token)
        host, boundary = self._cancelled_at(token)
        if undo_inside(token) and boundary is not None:
            boundary.catch(host, "cancel", {})
        return None

    def cancel(self, token: Token, by: str) -> None:
        """A cancel end event was reached inside. Raises CannotRun without a cancel boundary event: there is no way to go on."""
        if self._cancelled_at(token)[1] is None:
            raise CannotRun(f"the transaction {self.node.id} is cancelled but has no cancel boundary event", node=self.node.id)
        self.close_event_sub_processes(token)
        token.workflow.cancel_inside(token, by)
        token.internal_data[CANCELLING] = True
        token._ready()

    def _cancelled_at(self, token: Token) -> tuple[Token, BoundaryEvent | None]:
        """The cancel boundary event and the activity it stands on: of an instance of a multi-instance, the whole."""
        host = token.scope if self.body is not None and token.scope is not None else token
        return host, host.task_spec.boundary(host, "cancel", None)


class EventSubProcess(SubProcess):
    """A sub-process that an event starts, inside the scope that it may interrupt."""

    is_event_sub_process = True
    event: EventSubProcessStart

    def enter(self, token: Token) -> bool | None:
        start = token.workflow.spawn(self.event, token, fired=True)
        start._ready()
        return None

    def catch(self, scope: Token, kind: str, payload: Mapping[str, Any] | None) -> None:
        """An error, escalation or compensation reached the scope."""
        self.event.catch(scope, kind, payload)

    def begin_in(self, scope: Token, brought: Brought) -> None:
        """The event happened in `scope`: interrupt what is inside, if it does, and run."""
        running = scope.workflow.spawn(self, scope)
        bring(running, brought)
        if RESULT in running.internal_data:
            name = running.internal_data[CAME_WITH] = running.internal_data.pop(RESULT)
            running.data[name] = {**running.data[name], **running.data.get(FACTS, {})}
        if self.event.node.interrupting:
            scope.internal_data["interrupted"] = True
            scope.task_spec.close_event_sub_processes(scope)
            scope.workflow.cancel_inside(scope, self.event.node.id, keep=(running,))
        running._ready()


class StartEvent(CatchEvent):
    """A start event of a process or embedded sub-process.

    A parallel multiple one creates its instance when the first of its events comes, and waits there for the others.
    """

    def leave(self, token: Token) -> None:
        if token.scope is not None:
            token.scope.task_spec.open_event_sub_processes(token.scope)


class EventSubProcessStart(HostedEvent, StartEvent):
    """The start event of an event sub-process: it waits in the scope around, and begins inside the sub-process."""

    waits = STARTS
    sub_process: EventSubProcess

    def occur(self, host: Token, brought: Brought) -> None:
        self.sub_process.begin_in(host, brought)

    def begin(self, token: Token) -> None:
        super().begin(token)
        around = token.scope
        if around is not None and CAME_WITH in around.internal_data:
            name = around.internal_data[CAME_WITH]
            facts = read(around, FACTS, {})
            set_result(token, name, {key: value for key, value in read(around, name).items() if key not in facts})
            token.data[FACTS] = facts
