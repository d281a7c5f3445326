"""Tasks, and what all activities share: boundary events, deadline, multi-instance instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.actor import Actor
from engine.definitions.model import EventDefinition, Node
from engine.errors import Conflict
from engine.events import DecisionEvaluated, TaskCompleted, TaskOffered, TaskWithdrawn
from engine.runner import assignment
from engine.runner.elements import services
from engine.runner.elements.base import set_result
from engine.runner.elements.catching import Catching
from engine.runner.elements.collecting import ARRIVED, Collecting
from engine.runner.elements.compensation import remember
from engine.runner.elements.waiting import bring, choose_event, close_events, close_waits, open_events
from engine.runner.specs import ProcessSpec
from engine.runner.token import ACTIVE, COMPLETING, FACTS, HOST, INSTANCE, UNDOING, WAITS, Token
from engine.runner.variables import visible
from engine.values import normalise

if TYPE_CHECKING:
    from engine.runner.elements.boundary import BoundaryEvent
    from engine.runner.elements.multi_instance import Body


class Activity(Collecting):
    """An activity. As the inner part of a multi-instance it has a body, and neither flows, boundary events nor deadline."""

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.body: Body | None = None
        #: boundary events attached here, in document order
        self.boundaries: Sequence[BoundaryEvent] = ()

    def collects(self) -> bool:
        return self.node.start_quantity > 1

    def has_all(self, join: Token) -> bool:
        """Whether as many tokens have arrived as the start quantity says, on whichever flows."""
        return sum(join.internal_data[ARRIVED].values()) >= self.node.start_quantity

    def taken(self, arrived: dict[str, int]) -> dict[str, int]:
        used, left = {}, self.node.start_quantity
        for flow, count in arrived.items():
            used[flow] = min(count, left)
            left -= used[flow]
        return used

    def open(self, token: Token) -> None:
        instance = token.workflow
        if UNDOING in token.internal_data:
            return
        if self.body is None and self.node.deadline is not None:
            limit: Any = self.node.deadline.limit
            if limit.startswith("="):
                limit = instance.evaluate(limit[1:], visible(token))
            if limit is not None:
                instance.environment.open_deadline(self.node.deadline, limit, self.node, token.id)
        waits = []
        for boundary in self.boundaries:
            if boundary.triggers:
                waiter = instance.spawn(boundary, token.scope, **{HOST: token.id})
                waits.append(waiter.id)
                token.internal_data[WAITS] = waits
                instance.guard(waiter, waiter.task_spec.wait, waiter)

    def boundary(self, token: Token, kind: str, code: str | None, payload: Mapping[str, Any] | None = None) -> BoundaryEvent | None:
        """The boundary event that catches an error or escalation with this code; an exact code before catch-all."""
        fitting = [event for event in self.boundaries if event.catches(token, kind, code, payload)]
        return next((event for event in fitting if event.is_exact(kind, code)), fitting[0] if fitting else None)

    def collect(self, token: Token) -> None:
        if self.body is not None and INSTANCE in token.internal_data and UNDOING not in token.internal_data:
            self.body.gather(token)

    def after(self, token: Token) -> None:
        if self.body is not None and token.scope is not None and UNDOING not in token.internal_data:
            token.workflow.guard(token.scope, self.body.throw_due, token.scope)
        super().after(token)

    def leave(self, token: Token) -> None:
        close_waits(token)
        if UNDOING in token.internal_data:
            return
        if self.body is None and self.node.deadline is not None:
            token.workflow.environment.close_deadline(token.id, True)
        remember(token)

    def withdraw(self, token: Token, by: str | None) -> None:
        close_waits(token)
        if self.body is None and self.node.deadline is not None and token.phase in (ACTIVE, COMPLETING):
            token.workflow.environment.close_deadline(token.id, False)
        super().withdraw(token, by)


class PassTask(Activity):
    """An abstract task: the engine passes through."""


class UserTask(Activity):
    """User and manual tasks: offered to people, completed by an accepted submission."""

    def execute(self, token: Token) -> None:
        offer = assignment.offer(token, self.node, self.process)
        token.workflow.emit(
            TaskOffered, token, selectors=offer.selectors, assignee=offer.assignee, excluded=offer.excluded, form=self.node.form
        )
        token.internal_data["offered"] = True

    def submit(self, token: Token, form: Mapping[str, Any], by: Actor) -> None:
        """A person completed the task with this accepted submission."""
        if not token.internal_data.pop("offered", False):
            raise Conflict(f"the task {self.node.id} is not open", token=token.id)
        instance = token.workflow
        accepted = normalise(form)
        instance.emit(TaskCompleted, token, form=accepted, by=by)
        set_result(token, "form", accepted)
        token.data[FACTS] = {"by": by.author, "at": instance.environment.now}
        token.finish()

    def withdraw(self, token: Token, by: str | None) -> None:
        if token.internal_data.get("offered"):
            token.workflow.emit(TaskWithdrawn, token)
        super().withdraw(token, by)


class ServiceTask(Activity):
    """A service task; also send tasks and business rule tasks that name a service."""

    def execute(self, token: Token) -> bool | None:
        return services.call(token, self.node)


class ScriptTask(Activity):
    """One FEEL expression; the result goes into `result_variable`, or a context's members go out."""

    def execute(self, token: Token) -> bool:
        set_computed(token, self.node, token.workflow.evaluate(self.node.script or "null", visible(token)))
        return True


class RuleTask(Activity):
    """A business rule task: a decision in the version the instance uses."""

    def execute(self, token: Token) -> bool:
        instance = token.workflow
        decision = self.node.decision or ""
        variables = visible(token)
        if decision.startswith("="):
            decision = str(instance.evaluate(decision[1:], variables))
        decided = instance.definitions.decide(decision, variables)
        guards = instance.environment.guards(self.process.name, self.node.id, decided.kept.get("inputs", ()), variables)
        instance.emit(DecisionEvaluated, token, decision=decision, kept={**decided.kept, "guards": guards})
        set_computed(token, self.node, decided.value)
        return True


class SendTask(Activity):
    """A send task: a service if it names one, else its message."""

    def execute(self, token: Token) -> bool | None:
        if self.node.service is not None:
            return services.call(token, self.node)
        services.send_message(token, self.node, self.node.message)
        return True


class ReceiveTask(Catching, Activity):
    """Waits for its message; also as the target of an event-based gateway and as a start that creates instances."""

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.triggers = (EventDefinition(kind="message", message=node.message, line=node.line),)

    def execute(self, token: Token) -> bool | None:
        if token.internal_data.get("fired"):
            return True
        open_events(token, token)
        return None

    def _on_trigger(self, token: Token, index: int, payload: Mapping[str, Any] | None) -> None:
        close_events(token)
        bring(token, {self.triggers[index].kind: payload})
        if not choose_event(token):
            token.finish()

    def submit(self, token: Token, form: Mapping[str, Any], _by: Actor) -> None:
        """Completed by hand, as if the message had come."""
        self._on_trigger(token, 0, form)

    def withdraw(self, token: Token, by: str | None) -> None:
        close_events(token)
        super().withdraw(token, by)


def set_computed(token: Token, node: Node, value: Any) -> None:
    """The result of a script or decision: ``result`` and `result_variable` in the output mappings."""
    if node.outputs and node.result_variable is not None:
        token.data[node.result_variable] = normalise(value)
        set_result(token, "result", value)
    elif node.result_variable is not None:
        set_result(token, "result", {node.result_variable: value})
    else:
        set_result(token, "result", value)
