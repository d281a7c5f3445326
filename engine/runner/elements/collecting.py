"""Elements that need several tokens to start: joins, and activities with a start quantity.

One waiting token per scope counts what arrives on each incoming flow, so it is right inside loops.
"""

from __future__ import annotations

from collections.abc import Sequence

from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import Node
from engine.runner.elements.base import FlowNode
from engine.runner.failures import JoinStuck
from engine.runner.specs import Path, ProcessSpec
from engine.runner.token import ARMED, Token

#: scope internal: element id → id of its waiting token; token internal: flow id → arrivals
JOINS, ARRIVED = "joins", "arrived"


class Collecting(FlowNode):
    """An element that a token does not start by itself."""

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        #: ids of the incoming flows
        self.incoming: Sequence[str] = ()

    def collects(self) -> bool:
        """Whether it needs more than one token."""
        return False

    def arrive(self, scope: Token, path: Path | None) -> None:
        if path is None or not self.collects():
            super().arrive(scope, path)
            return
        joins = scope.internal_data.setdefault(JOINS, {})
        join = scope.workflow.token(joins[self.name]) if self.name in joins else self.wait_for_more(scope, {})
        arrived = join.internal_data[ARRIVED]
        arrived[path.id] = arrived.get(path.id, 0) + 1
        scope.workflow.moved[scope.id] = scope
        self.look(join)

    def look(self, join: Token) -> None:
        """A token has arrived: go on if that is enough."""
        if self.has_all(join):
            self.release(join)

    def has_all(self, join: Token) -> bool:
        """Whether enough tokens have arrived."""
        return True

    def released(self, join: Token) -> bool:
        """Whether the element may go on although tokens are missing: nothing else moves in the instance now."""
        return False

    def taken(self, arrived: dict[str, int]) -> dict[str, int]:
        """How many tokens of each flow one start uses up."""
        return dict.fromkeys(arrived, 1)

    def release(self, join: Token) -> None:
        """One round is complete: the element goes on; surplus arrivals wait for the next round."""
        scope = join.scope
        if scope is None:
            return
        arrived = join.internal_data.pop(ARRIVED)
        used = self.taken(arrived)
        surplus = {flow: count - used.get(flow, 0) for flow, count in arrived.items() if count > used.get(flow, 0)}
        joins = scope.internal_data[JOINS]
        del joins[self.name]
        if surplus:
            self.wait_for_more(scope, surplus)
        elif not joins:
            del scope.internal_data[JOINS]
        join._ready()

    def stuck(self, join: Token) -> None:
        missing = [flow for flow in self.incoming if not join.internal_data[ARRIVED].get(flow)]
        join.workflow.fail(join, JoinStuck(f"{self.name} waits for flows that can no longer come", node=self.name, flows=missing))

    def retry(self, token: Token) -> None:
        if ARRIVED not in token.internal_data:
            super().retry(token)
            return
        token._set_state(TaskState.WAITING)
        if token.scope is not None:
            token.workflow.moved[token.scope.id] = token.scope

    def withdraw(self, token: Token, by: str | None) -> None:
        joins = token.scope.internal_data.get(JOINS, {}) if token.scope is not None else {}
        if joins.get(self.name) == token.id:
            del joins[self.name]
        super().withdraw(token, by)

    def wait_for_more(self, scope: Token, arrived: dict[str, int]) -> Token:
        """The token that counts arrivals from now on."""
        join = scope.workflow.spawn(self, scope, **{ARRIVED: arrived})
        join.phase = ARMED
        join._set_state(TaskState.WAITING)
        scope.internal_data.setdefault(JOINS, {})[self.name] = join.id
        return join
