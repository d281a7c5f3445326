"""Ad-hoc sub-processes: people choose what is done and when, or the model names what is started (BPMN 2.0, 13.3.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import AdHoc, EventDefinition, Label, Node
from engine.errors import ExpressionFailed
from engine.events import ActionOpened
from engine.runner import assignment
from engine.runner.elements.base import FlowNode, holds
from engine.runner.elements.scopes import SubProcess
from engine.runner.elements.waiting import close_events
from engine.runner.specs import ProcessSpec
from engine.runner.token import ARMED, CHOICE, CHOICES, HOST, OPEN, UNDOING, Token
from engine.runner.variables import visible

#: internal of an ad-hoc sub-process: it has begun · ids still to be started, one by one · it ends as soon as nothing runs
ENTERED, QUEUE, CLOSING = "entered", "queue", "closing"


class AdHocSubProcess(SubProcess):
    """Nothing inside starts by itself but events. Each activity that no flow leads to is a button for those who may do it, as often as
    they like; ``sequential`` allows one at a time.

    It ends when its completion condition holds after something inside has ended. Without a condition it ends when all that
    ``activeElementsCollection`` named has ended; without that, too, when somebody presses its own button.
    """

    #: what people may start; the last one ends the sub-process
    choices: Sequence[AdHocChoice] = ()

    @property
    def rules(self) -> AdHoc:
        return self.node.ad_hoc or AdHoc()

    def execute(self, token: Token) -> bool | None:
        if UNDOING in token.internal_data:
            return super().execute(token)
        if ENTERED in token.internal_data:
            return self._decide(token)
        named = self._named(token)
        token.internal_data[ENTERED] = True
        self.open_event_sub_processes(token)
        for entry in self.entries:
            entry.arrive(token, None)
        if named is None:
            self._offer(token)
            return None
        token.internal_data[QUEUE] = named
        nothing = not named and not self.entries
        self._start_named(token)
        return nothing or None

    def choose_one(self, token: Token, spec: FlowNode | None) -> None:
        """Somebody started an activity, or (None) ended the whole."""
        if spec is not None:
            spec.arrive(token, None)
            if self.rules.sequential:
                self._close_choices(token)
            return
        token.internal_data[CLOSING] = True
        self._close_choices(token)
        if self.rules.cancel_remaining:
            token.workflow.cancel_inside(token, self.node.id)
        self._update(token)

    def enter_beside(self, token: Token) -> None:
        """Begun by hand at something inside: what the model would start first is not started, people may choose the rest."""
        token.internal_data[ENTERED] = True
        if self.rules.active is None:
            self._offer(token)

    def take_down(self, token: Token) -> bool:
        """Close the buttons; whether there were any."""
        offered = CHOICES in token.internal_data
        self._close_choices(token)
        return offered

    def put_up(self, token: Token) -> None:
        """Offer the buttons that may be pressed now."""
        self._offer(token)

    def leave(self, token: Token) -> None:
        self._close_choices(token)
        super().leave(token)

    def withdraw(self, token: Token, by: str | None) -> None:
        self._close_choices(token)
        super().withdraw(token, by)

    def _update_hook(self, token: Token) -> bool:
        """Decide before anything that the ended activity led to begins."""
        if UNDOING in token.internal_data:
            return super()._update_hook(token)
        if token._state == TaskState.STARTED:
            token.workflow.run_first(token)
        return False

    def _named(self, token: Token) -> list[str] | None:
        if self.rules.active is None:
            return None
        names = token.workflow.evaluate(self.rules.active, visible(token))
        known = {choice.node.id for choice in self.choices if choice.starts is not None}
        if not isinstance(names, list) or not all(isinstance(name, str) and name in known for name in names):
            raise ExpressionFailed(
                f"{self.rules.active!r} of {self.node.id} must give a list of activities inside that no flow leads to",
                expression=self.rules.active,
                known=sorted(known),
            )
        return list(names)

    def _decide(self, token: Token) -> bool | None:
        """Something inside has ended."""
        live, rules = token.workflow.live(token), self.rules
        closing = token.internal_data.get(CLOSING) or "interrupted" in token.internal_data
        if not closing and rules.completion_condition is not None and holds(token, rules.completion_condition, at=token):
            closing = token.internal_data[CLOSING] = True
            self._close_choices(token)
            if rules.cancel_remaining:
                token.workflow.cancel_inside(token, self.node.id)
                return True
        if closing:
            return live == 0 or None
        self._start_named(token)
        if token.workflow.live(token) == 0 and rules.active is not None and rules.completion_condition is None:
            return True
        if rules.active is None or token.workflow.live(token) == 0:
            self._offer(token)
        return None

    def _start_named(self, token: Token) -> None:
        queue = token.internal_data.get(QUEUE, [])
        while queue and not (self.rules.sequential and token.workflow.live(token) > 0):
            name = queue.pop(0)
            next(choice.starts for choice in self.choices if choice.starts is not None and choice.node.id == name).arrive(token, None)

    def _offer(self, token: Token) -> None:
        """Open the buttons, unless they are or nothing may be started now."""
        if token.internal_data.get(CHOICES) or (self.rules.sequential and token.workflow.live(token) > 0):
            return
        opened = token.internal_data[CHOICES] = []
        for choice in self.choices:
            if choice.starts is None and self.rules.completion_condition is not None:
                continue
            waiter = token.workflow.spawn(choice, token, **{HOST: token.id, CHOICE: True})
            opened.append(waiter.id)
            token.workflow.guard(waiter, choice.wait, waiter)

    def _close_choices(self, token: Token) -> None:
        for waiter_id in token.internal_data.pop(CHOICES, ()):
            waiter = token.workflow.find(waiter_id)
            if waiter is not None:
                close_events(waiter)
                token.workflow.remove(waiter)


class AdHocChoice(FlowNode):
    """The button that starts one activity of an ad-hoc sub-process (`starts`), or ends the sub-process itself (None)."""

    triggers = (EventDefinition(kind="choice"),)

    def __init__(self, process: ProcessSpec, name: str, node: Node, around: AdHocSubProcess, starts: FlowNode | None) -> None:
        super().__init__(process, name, node)
        self.around = around
        self.starts = starts

    def wait(self, token: Token) -> None:
        """Those who may do the activity may start it; those of its lane may end the sub-process."""
        token.phase = ARMED
        if OPEN not in token.internal_data:
            offer = assignment.offer(token, self.node, self.process)
            name = self.node.name
            label = Label(zh=f"结束：{name.zh}", en=f"Finish: {name.in_('en')}") if self.starts is None else name
            token.workflow.emit(ActionOpened, token, selectors=offer.selectors, message="", key=None, form=None, label=label)
            token.internal_data[OPEN] = {"0": {}, "action": {}}
        token._set_state(TaskState.WAITING)

    def _run_hook(self, token: Token) -> bool | None:
        self.wait(token)
        return None

    def _on_trigger(self, token: Token, index: int, payload: Mapping[str, Any] | None) -> None:
        self.around.choose_one(token.workflow.token(token.internal_data[HOST]), self.starts)

    def withdraw(self, token: Token, by: str | None) -> None:
        close_events(token)
        super().withdraw(token, by)
