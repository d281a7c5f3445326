"""Process model → compiled process: one task spec per element, flows resolved, reachability of joins worked out once."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable

from engine.definitions.model import Flow, Node, Process
from engine.runner.elements import activities, events, gateways, scopes
from engine.runner.elements.ad_hoc import AdHocChoice, AdHocSubProcess
from engine.runner.elements.base import FlowNode
from engine.runner.elements.boundary import BoundaryEvent
from engine.runner.elements.calls import CallActivity
from engine.runner.elements.collecting import Collecting
from engine.runner.elements.complex_gateway import ComplexGateway
from engine.runner.elements.multi_instance import Body
from engine.runner.elements.waiting import OUTSIDE
from engine.runner.failures import CannotRun
from engine.runner.snapshot import CHOICE_SUFFIX, INSTANCE_SUFFIX
from engine.runner.specs import Path, ProcessSpec

Maker = Callable[[ProcessSpec, str, Node], FlowNode]

_KINDS: dict[str, Maker] = {
    "task": activities.PassTask,
    "userTask": activities.UserTask,
    "manualTask": activities.UserTask,
    "serviceTask": activities.ServiceTask,
    "sendTask": activities.SendTask,
    "receiveTask": activities.ReceiveTask,
    "scriptTask": activities.ScriptTask,
    "businessRuleTask": activities.RuleTask,
    "callActivity": CallActivity,
    "subProcess": scopes.SubProcess,
    "transaction": scopes.Transaction,
    "adHocSubProcess": AdHocSubProcess,
    "startEvent": scopes.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "boundaryEvent": BoundaryEvent,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "eventBasedGateway": gateways.EventGateway,
    "complexGateway": ComplexGateway,
}


def compile_process(model: Process) -> ProcessSpec:
    """The compiled process. Raises CannotRun (node, kind, line) for an element that is not executed."""
    process = ProcessSpec(model)
    process.lanes = _lanes(model)
    outer = {node.id: _make(process, node) for node in model.nodes.values()}
    process.start = scopes.ProcessScope(process, "#process", None)
    _link_flows(model, outer)
    _attach_boundaries(outer)
    _link_events(outer)
    for scope_id, nodes in _by_parent(model).items():
        scope = process.start if scope_id == model.id else _scope(outer[scope_id])
        _fill_scope(scope, [outer[node.id] for node in nodes])
    _reachability(model, outer)
    return process


def _make(process: ProcessSpec, node: Node) -> FlowNode:
    """The behaviour of one node; a loop gets a body around the behaviour of an instance."""
    maker = _maker(process.model, node)
    if node.loop is None:
        made = maker(process, node.id, node)
    else:
        body = Body(process, node.id, node, node.loop)
        inner = maker(process, node.id + INSTANCE_SUFFIX, node)
        if not isinstance(inner, activities.Activity):
            raise CannotRun(f"{node.id} has a loop marker but is no activity", node=node.id, kind=node.kind, line=node.line)
        body.inner, inner.body = inner, body
        made = body
    if node.kind in ("startEvent", "intermediateCatchEvent", "boundaryEvent"):
        waits = any(event.kind in OUTSIDE for event in node.events) or (node.parallel_multiple and len(node.events) > 1)
        made.triggers = tuple(node.events) if waits else ()
    return made


def _maker(model: Process, node: Node) -> Maker:
    if node.triggered_by_event:
        return scopes.EventSubProcess
    around = model.nodes.get(node.parent)
    if node.kind == "startEvent" and around is not None and around.triggered_by_event:
        return scopes.EventSubProcessStart
    if node.kind == "intermediateThrowEvent" and any(event.kind == "link" for event in node.events):
        return events.LinkThrow
    if node.kind == "businessRuleTask" and node.decision is None and node.service is not None:
        return activities.ServiceTask
    if node.kind not in _KINDS:
        raise CannotRun(f"{node.id} is a {node.kind}, which is not executed", node=node.id, kind=node.kind, line=node.line)
    return _KINDS[node.kind]


def _link_flows(model: Process, outer: dict[str, FlowNode]) -> None:
    leaving: dict[str, list[Flow]] = defaultdict(list)
    entering: dict[str, list[str]] = defaultdict(list)
    for flow in model.flows.values():
        leaving[flow.source].append(flow)
        entering[flow.target].append(flow.id)
        outer[flow.source].connect(outer[flow.target])
    for node_id, flows in leaving.items():
        default = outer[node_id].node.default
        outer[node_id].paths = tuple(
            Path(flow.id, outer[flow.target], flow.condition if flow.id != default else None, flow.id == default) for flow in flows
        )
    for spec in outer.values():
        if isinstance(spec, Collecting):
            spec.incoming = tuple(entering[spec.node.id])
        if isinstance(spec, gateways.EventGateway) and spec.node.instantiate and not spec.node.incoming:
            for path in spec.paths:
                path.target.created_by = spec


def _attach_boundaries(outer: dict[str, FlowNode]) -> None:
    attached: dict[str, list[BoundaryEvent]] = defaultdict(list)
    for spec in outer.values():
        if not isinstance(spec, BoundaryEvent) or spec.node.attached_to is None:
            continue
        kinds = {event.kind for event in spec.node.events}
        if "compensate" in kinds:
            handler = spec.node.compensation_handler
            outer[spec.node.attached_to].compensation_handler = outer[handler] if handler is not None else None
        if kinds != {"compensate"}:
            attached[spec.node.attached_to].append(spec)
    for node_id, boundaries in attached.items():
        host = outer[node_id]
        if not isinstance(host, activities.Activity):
            raise CannotRun(f"{boundaries[0].node.id} is attached to {node_id}, which is no activity", node=boundaries[0].node.id)
        host.boundaries = tuple(boundaries)


def _link_events(outer: dict[str, FlowNode]) -> None:
    catching = {
        (spec.node.parent, event.name): spec
        for spec in outer.values()
        if spec.node.kind == "intermediateCatchEvent"
        for event in spec.node.events
        if event.kind == "link"
    }
    for spec in outer.values():
        if isinstance(spec, events.LinkThrow):
            name = next(event.name for event in spec.node.events if event.kind == "link")
            target = catching.get((spec.node.parent, name))
            if target is None:
                raise CannotRun(f"no link event in the same scope catches {name!r}", node=spec.node.id, line=spec.node.line)
            spec.catching = target


def _by_parent(model: Process) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = defaultdict(list)
    for node in model.nodes.values():
        found[node.parent].append(node)
    return found


def _scope(spec: FlowNode) -> scopes.Scope:
    inner = spec.inner if isinstance(spec, Body) else spec
    if not isinstance(inner, scopes.Scope):
        raise CannotRun(f"{spec.node.id} holds elements but is a {spec.node.kind}", node=spec.node.id, kind=spec.node.kind)
    return inner


def _fill_scope(scope: scopes.Scope, specs: list[FlowNode]) -> None:
    inside = []
    for spec in specs:
        if isinstance(spec, scopes.EventSubProcess):
            inside.append(spec)
    scope.event_sub_processes = tuple(inside)
    if isinstance(scope, scopes.EventSubProcess):
        scope.event = next(spec for spec in specs if isinstance(spec, scopes.EventSubProcessStart))
        scope.event.sub_process = scope
        return
    if isinstance(scope, AdHocSubProcess):
        _fill_ad_hoc(scope, [spec for spec in specs if _begins(spec, of_process=False)])
        return
    plain = [spec for spec in specs if isinstance(spec, scopes.StartEvent) and not spec.node.events]
    scope.entries = tuple(plain[:1] or (spec for spec in specs if _begins(spec, of_process=scope.is_process)))


def _fill_ad_hoc(scope: AdHocSubProcess, specs: list[FlowNode]) -> None:
    """People start the activities that no flow leads to, and end the whole; events and gateways begin by themselves."""
    activity = [spec for spec in specs if isinstance(spec, activities.Activity)]
    scope.entries = tuple(spec for spec in specs if spec not in activity)
    made = [AdHocChoice(scope.process, spec.node.id + CHOICE_SUFFIX, spec.node, scope, spec) for spec in activity]
    scope.choices = (*made, AdHocChoice(scope.process, scope.node.id + CHOICE_SUFFIX, scope.node, scope, None))


def _begins(spec: FlowNode, *, of_process: bool) -> bool:
    """Whether a scope without a none start event begins here: a node that nothing leads to and that no event starts."""
    if isinstance(spec, (BoundaryEvent, scopes.EventSubProcess, scopes.StartEvent)) or spec.node.for_compensation:
        return False
    if spec.node.instantiate and of_process:
        return False
    return not spec._inputs and not any(event.kind == "link" for event in spec.node.events if spec.node.kind == "intermediateCatchEvent")


def _lanes(model: Process) -> dict[str, str]:
    """Lane of every node: its own, else that of the nearest sub-process around it."""
    found = {node.id: node.lane for node in model.nodes.values() if node.lane is not None}
    for lane in model.lanes.values():
        for node_id in lane.nodes:
            found.setdefault(node_id, lane.id)
    for node in model.nodes.values():
        around: Node | None = node
        while around is not None and around.id not in found:
            around = model.nodes.get(around.parent)
        if around is not None:
            found[node.id] = found[around.id]
    return found


def _reachability(model: Process, outer: dict[str, FlowNode]) -> None:
    """For every inclusive or complex join and each of its incoming flows: the nodes from which a token can still get to that flow."""
    before: dict[str, set[str]] = defaultdict(set)
    for flow in model.flows.values():
        before[flow.target].add(flow.source)
    for spec in outer.values():
        if spec.node.attached_to is not None:
            before[spec.node.id].add(spec.node.attached_to)
        if isinstance(spec, events.LinkThrow):
            before[spec.catching.node.id].add(spec.node.id)
    for spec in outer.values():
        if isinstance(spec, (gateways.InclusiveGateway, ComplexGateway)) and len(spec.incoming) > 1:
            spec.upstream = {flow: _upstream(model.flows[flow].source, spec.node.id, before) for flow in spec.incoming}


def _upstream(start: str, join: str, before: dict[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    queue: deque[str] = deque(_without((start,), join))
    while queue:
        node = queue.popleft()
        if node not in found:
            found.add(node)
            queue.extend(_without(before[node], join))
    return frozenset(found)


def _without(nodes: Iterable[str], join: str) -> Iterable[str]:
    return (node for node in nodes if node != join)
