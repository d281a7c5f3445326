"""Gateways. A join is one waiting token per scope that counts arrivals per incoming flow, so it is right inside loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import Node
from engine.events import ElementCompleted, FlowTaken
from engine.runner.elements.base import FlowNode, holds
from engine.runner.elements.waiting import CHOSEN, close_waits
from engine.runner.failures import JoinStuck
from engine.runner.specs import Path, ProcessSpec
from engine.runner.token import ARMED, HOST, WAITS, Token

#: scope internal: gateway id → id of its waiting token; token internal: flow id → arrivals; flow by which a target was reached
JOINS, ARRIVED, VIA = "joins", "arrived", "via"


class Join(FlowNode):
    """A parallel or inclusive gateway; with one incoming flow it only splits."""

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        #: ids of the incoming flows
        self.incoming: Sequence[str] = ()

    def arrive(self, scope: Token, path: Path | None) -> None:
        if path is None or len(self.incoming) < 2:
            super().arrive(scope, path)
            return
        joins = scope.internal_data.setdefault(JOINS, {})
        join = scope.workflow.token(joins[self.name]) if self.name in joins else self._wait(scope, {})
        arrived = join.internal_data[ARRIVED]
        arrived[path.id] = arrived.get(path.id, 0) + 1
        scope.workflow.moved[scope.id] = scope
        if self.has_all(join):
            self.release(join)

    def has_all(self, join: Token) -> bool:
        """Whether every incoming flow has brought a token."""
        arrived = join.internal_data[ARRIVED]
        return all(arrived.get(flow, 0) > 0 for flow in self.incoming)

    def released(self, join: Token) -> bool:
        """Whether the join may go on although flows are missing: nothing else moves in the instance now."""
        return False

    def release(self, join: Token) -> None:
        """One round is complete: the gateway goes on; surplus arrivals wait for the next round."""
        scope = join.scope
        if scope is None:
            return
        surplus = {flow: count - 1 for flow, count in join.internal_data.pop(ARRIVED).items() if count > 1}
        joins = scope.internal_data[JOINS]
        del joins[self.name]
        if surplus:
            self._wait(scope, surplus)
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

    def _wait(self, scope: Token, arrived: dict[str, int]) -> Token:
        join = scope.workflow.spawn(self, scope, **{ARRIVED: arrived})
        join.phase = ARMED
        join._set_state(TaskState.WAITING)
        scope.internal_data.setdefault(JOINS, {})[self.name] = join.id
        return join


class ParallelGateway(Join):
    """Takes every outgoing flow."""

    def choose(self, token: Token) -> Sequence[Path]:
        return self.paths


class InclusiveGateway(Join):
    """Takes every outgoing flow whose condition holds; joins as soon as no token can reach an empty incoming flow."""

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        #: incoming flow → nodes from which it can be reached without passing this gateway
        self.upstream: Mapping[str, frozenset[str]] = {}

    def has_all(self, join: Token) -> bool:
        return False  # looked at when nothing is ready any more: a token may still be on its way to an arrived flow

    def released(self, join: Token) -> bool:
        """BPMN 2.0, 13.4.3: no token lies upstream of an empty incoming flow unless it also lies upstream of one that has a token."""
        arrived = join.internal_data[ARRIVED]
        empty = frozenset[str]().union(*(self.upstream[flow] for flow in self.incoming if not arrived.get(flow)))
        full = frozenset[str]().union(*(self.upstream[flow] for flow in self.incoming if arrived.get(flow)))
        awaited = empty - full
        if not awaited or join.scope is None:
            return True
        inside = join.workflow.inside(join.scope)
        return not any(node in awaited and HOST not in internal for token, node, internal in inside if token != join.id)


class ExclusiveGateway(FlowNode):
    """Takes the first flow whose condition holds, else the default flow."""

    def choose(self, token: Token) -> Sequence[Path]:
        for path in self.paths:
            if not path.default and (path.condition is None or holds(token, path.condition)):
                return (path,)
        return self.default_path()


class EventGateway(FlowNode):
    """Waits for the first of the events behind it. Each of them waits in a token of its own."""

    def execute(self, token: Token) -> None:
        instance = token.workflow
        waits = token.internal_data.setdefault(WAITS, [])
        for path in self.paths[len(waits) :]:
            waiter = instance.spawn(path.target, token.scope, **{HOST: token.id, VIA: path.id})
            waits.append(waiter.id)
            instance.guard(waiter, waiter.task_spec.wait, waiter)

    def _on_complete_hook(self, token: Token) -> None:
        chosen = token.workflow.token(token.internal_data[CHOSEN])
        close_waits(token, keep=chosen.id)
        token.workflow.emit(ElementCompleted, token)
        token.workflow.emit(FlowTaken, token, flow=chosen.internal_data.pop(VIA))
        token.workflow.promote(chosen)
        chosen.internal_data["fired"] = True
        chosen._ready()

    def withdraw(self, token: Token, by: str | None) -> None:
        close_waits(token)
        super().withdraw(token, by)
