"""Gateways. A join is one waiting token per scope that counts arrivals per incoming flow, so it is right inside loops."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.definitions.model import Node
from engine.events import ElementCompleted, FlowTaken
from engine.runner.elements.base import FlowNode, holds
from engine.runner.elements.collecting import ARRIVED, Collecting
from engine.runner.elements.waiting import CHOSEN, close_waits
from engine.runner.specs import Path, ProcessSpec
from engine.runner.token import HOST, WAITS, Token

#: internal of an event that waits behind an event-based gateway: the flow that leads to it
VIA = "via"


class Join(Collecting):
    """A parallel or inclusive gateway; with one incoming flow it only splits."""

    def collects(self) -> bool:
        return len(self.incoming) > 1

    def has_all(self, join: Token) -> bool:
        """Whether every incoming flow has brought a token."""
        arrived = join.internal_data[ARRIVED]
        return all(arrived.get(flow, 0) > 0 for flow in self.incoming)


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
        return nothing_comes(join, self.upstream, {flow for flow in self.incoming if join.internal_data[ARRIVED].get(flow)})


def nothing_comes(join: Token, upstream: Mapping[str, frozenset[str]], full: Collection[str]) -> bool:
    """BPMN 2.0, 13.4.3: no token lies upstream of an empty incoming flow unless it also lies upstream of one that has a token."""
    awaited = frozenset[str]().union(*(nodes for flow, nodes in upstream.items() if flow not in full))
    awaited -= frozenset[str]().union(*(nodes for flow, nodes in upstream.items() if flow in full))
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

    def create(self, event: Token) -> None:
        """The event created the instance: the gateway goes on with it at once. A parallel one then waits for its other events too."""
        path = next(path for path in self.paths if path.target is event.task_spec)
        gateway = event.workflow.spawn(self, event.scope, **{CHOSEN: event.id})
        event.workflow.host(event, gateway)
        event.internal_data[VIA] = path.id
        gateway._ready()

    def execute(self, token: Token) -> bool | None:
        if CHOSEN in token.internal_data:
            return True
        instance = token.workflow
        waits = token.internal_data.setdefault(WAITS, [])
        for path in self.paths[len(waits) :]:
            waiter = instance.spawn(path.target, token.scope, **{HOST: token.id, VIA: path.id})
            waits.append(waiter.id)
            instance.guard(waiter, waiter.task_spec.wait, waiter)
        return None

    def _on_complete_hook(self, token: Token) -> None:
        chosen = token.workflow.token(token.internal_data[CHOSEN])
        close_waits(token, keep=chosen.id)
        token.workflow.emit(ElementCompleted, token)
        via = chosen.internal_data.pop(VIA)
        token.workflow.emit(FlowTaken, token, flow=via)
        token.workflow.promote(chosen)
        chosen.internal_data["fired"] = True
        chosen._ready()
        for path in self.paths if self.node.parallel_start else ():
            if path.id != via and token.scope is not None:
                token.workflow.emit(FlowTaken, token, flow=path.id)
                path.target.arrive(token.scope, path)

    def withdraw(self, token: Token, by: str | None) -> None:
        close_waits(token)
        super().withdraw(token, by)
