"""Everything of BPMN that runs, entry by entry, and which nodes and flows of a model show an entry.

The entries are those of `engine.definitions.support` and what elements can do besides (`FEATURES`). A case claims an entry as
``{element: userTask}``, ``{element: timer, position: boundary, interrupting: false}``, ``{loop: parallel}`` or ``{feature: data_store}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Flow, Label, Node, Process
from engine.definitions.reading.global_tasks import SUFFIX
from engine.definitions.support import EVENTS, LOOPS, NODES, POSITIONS, position

#: events with several definitions, as kinds of their own
MULTIPLE = {
    "multiple": POSITIONS,
    "parallelMultiple": tuple(place for place in POSITIONS if place not in ("throw", "end")),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """What an element can do besides being there; `nodes` and `flows` say which of a model show it."""

    label: Label
    nodes: Callable[[Node, Process], bool] = lambda _node, _process: False
    flows: Callable[[Flow, Process], bool] = lambda _flow, _process: False


def _plain(node: Node) -> bool:
    return not node.kind.endswith("Gateway")


def _behavior(name: str) -> Callable[[Node, Process], bool]:
    return lambda node, _: node.loop is not None and node.loop.behavior == name


FEATURES: dict[str, Feature] = {
    "conditional_flow": Feature(Label("条件连线", "conditional flow"), flows=lambda flow, _: flow.condition is not None),
    "default_flow": Feature(Label("默认连线", "default flow"), flows=lambda flow, process: process.nodes[flow.source].default == flow.id),
    "implicit_split": Feature(
        Label("活动或事件有几条出线", "several flows out of an activity or event"), lambda node, _: _plain(node) and len(node.outgoing) > 1
    ),
    "implicit_merge": Feature(
        Label("活动或事件有几条入线", "several flows into an activity or event"), lambda node, _: _plain(node) and len(node.incoming) > 1
    ),
    "no_start_event": Feature(
        Label("没有开始事件的流程或子流程", "a process or sub-process without a start event"),
        lambda node, process: (
            not node.incoming and _plain(node) and not node.kind.endswith("Event") and not node.instantiate
            and not any(other.kind == "startEvent" for other in process.children(node.parent)) and not node.for_compensation
        ),
    ),
    "no_end_event": Feature(
        Label("没有结束事件的路径", "a path without an end event"),
        lambda node, _: not node.outgoing and not node.kind.endswith("Event") and not node.for_compensation,
    ),
    "start_quantity": Feature(Label("startQuantity", "startQuantity"), lambda node, _: node.start_quantity > 1),
    "completion_quantity": Feature(Label("completionQuantity", "completionQuantity"), lambda node, _: node.completion_quantity > 1),
    "loop_cardinality": Feature(
        Label("多实例按数目", "multi-instance by number"), lambda node, _: node.loop is not None and node.loop.cardinality is not None
    ),
    "loop_condition": Feature(
        Label("多实例的完成条件", "completion condition of a multi-instance"),
        lambda node, _: node.loop is not None and node.loop.completion_condition is not None,
    ),
    "behavior_none": Feature(Label("多实例 behavior=None", "multi-instance, behavior None"), _behavior("None")),
    "behavior_one": Feature(Label("多实例 behavior=One", "multi-instance, behavior One"), _behavior("One")),
    "behavior_complex": Feature(Label("多实例 behavior=Complex", "multi-instance, behavior Complex"), _behavior("Complex")),
    "instantiating_receive": Feature(
        Label("创建实例的接收任务", "instantiating receive task"), lambda node, _: node.kind == "receiveTask" and node.instantiate
    ),
    "instantiating_gateway": Feature(
        Label("创建实例的事件网关", "instantiating event-based gateway"),
        lambda node, _: node.kind == "eventBasedGateway" and node.instantiate and not node.parallel_start,
    ),
    "instantiating_gateway_parallel": Feature(
        Label("创建实例并等齐的事件网关", "instantiating parallel event-based gateway"),
        lambda node, _: node.kind == "eventBasedGateway" and node.parallel_start,
    ),
    "event_sub_process": Feature(Label("事件子流程", "event sub-process"), lambda node, _: node.triggered_by_event),
    "compensation_handler": Feature(Label("补偿处理", "compensation handler"), lambda node, _: node.for_compensation),
    "mappings": Feature(Label("输入输出映射", "input and output mappings"), lambda node, _: bool(node.inputs or node.outputs)),
    "properties": Feature(Label("属性与子流程的数据对象", "properties, data objects of a sub-process"), lambda node, _: bool(node.locals)),
    "data_object": Feature(
        Label("流程的数据对象与数据关联", "data object of the process, data association"),
        lambda node, process: bool(process.locals and node.outputs),
    ),
    "data_store": Feature(Label("数据存储", "data store"), lambda node, process: bool(process.stores) and node.parent == process.id),
    "global_task": Feature(Label("全局任务", "global task"), lambda node, process: node.id == process.id + SUFFIX),
    "binding_latest": Feature(
        Label("调用最新版本", "call of the newest version"), lambda node, _: node.called is not None and node.called.binding == "latest"
    ),
    "binding_pinned": Feature(
        Label("按版本标签调用", "call by version tag"), lambda node, _: node.called is not None and node.called.binding == "pinned"
    ),
}  # fmt: skip


def entries() -> Iterator[str]:
    """Names of everything that runs."""
    yield from (kind for kind, run in NODES.items() if run)
    yield from (f"{kind} loop" for kind, run in LOOPS.items() if run)
    for kind, places in [*EVENTS.items(), *MULTIPLE.items()]:
        yield from (f"{kind} {place}" for place in POSITIONS if place in places)
    yield from FEATURES


def entry_of(claim: Mapping[str, Any]) -> str:
    """The entry that a case claims. Raises KeyError for a claim of something that is none."""
    if "feature" in claim:
        return str(claim["feature"])
    if "loop" in claim:
        return f"{claim['loop']} loop"
    if "position" not in claim:
        return str(claim["element"])
    return f"{claim['element']} {claim['position']}" + ("" if claim.get("interrupting", True) else "_non")


def shown_by(entry: str, process: Process) -> set[str]:
    """Ids of the nodes and flows of a model that show an entry."""
    found = {_visible(node) for node in process.nodes.values() if _shows(entry, node, process)}
    if entry in FEATURES:
        found |= {flow.id for flow in process.flows.values() if FEATURES[entry].flows(flow, process)}
    return found


def _visible(node: Node) -> str:
    """A compensation boundary event is never entered: its handler is."""
    return node.compensation_handler or node.id


def _shows(entry: str, node: Node, process: Process) -> bool:
    if entry in FEATURES:
        return FEATURES[entry].nodes(node, process)
    if entry.endswith(" loop"):
        return node.loop is not None and entry == f"{node.loop.kind} loop"
    if not node.kind.endswith("Event"):
        return node.kind == entry
    return entry == f"{_kind(node)} {position(node, process)}"


def _kind(node: Node) -> str:
    if len(node.events) > 1:
        return "parallelMultiple" if node.parallel_multiple else "multiple"
    return node.events[0].kind if node.events else "none"
