"""The diagram part. It has no meaning for a run: whoever breaks one of these rules is warned only."""

from __future__ import annotations

from engine.definitions.reading.names import BPMNDI, DC, DI
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, kind

family = Family("图", "Diagram")

_EDGES = frozenset({"sequenceFlow", "messageFlow", "association", "dataInputAssociation", "dataOutputAssociation", "conversationLink"})
_PLANES = frozenset(
    {"process", "collaboration", "choreography", "globalConversation", "subProcess", "transaction", "adHocSubProcess", "subChoreography"}
)


@family.rule(
    "BPMN-300",
    "BPMNShape BPMNEdge BPMNPlane",
    "12.2.3",
    "图形画的“{ref}”不存在",
    "the drawing is of “{ref}”, which does not exist",
    "删除该图形，或整理图面",
    "Delete it or tidy up the diagram.",
    severity="warning",
)
def drawings_are_of_something(drawing: Element, look: Look) -> Faults:
    ref = look.key(drawing, "bpmnElement")
    if ref and ref not in look.by_id:
        yield at(drawing, ref=ref)


@family.rule(
    "BPMN-301",
    "BPMNShape",
    "12.2.3",
    "图形没有位置和大小",
    "the shape has no bounds",
    "补上 dc:Bounds，或整理图面",
    "Add dc:Bounds or tidy up the diagram.",
    severity="warning",
)
def shapes_have_bounds(shape: Element, look: Look) -> Faults:
    if shape.find(f"{{{DC}}}Bounds") is None:
        yield at(shape)


@family.rule(
    "BPMN-302",
    "BPMNEdge",
    "12.2.3",
    "连线图形只有 {count} 个点，至少要两个",
    "the edge has {count} waypoints, it needs two",
    "补上 di:waypoint，或整理图面",
    "Add di:waypoints or tidy up the diagram.",
    severity="warning",
)
def edges_have_two_points(edge: Element, look: Look) -> Faults:
    count = len(edge.findall(f"{{{DI}}}waypoint"))
    if count < 2:
        yield at(edge, count=count)


@family.rule(
    "BPMN-303",
    "BPMNShape",
    "12.2.3",
    "{kind} 应画成线，却画成了图形",
    "a {kind} is drawn as an edge, not as a shape",
    "整理图面",
    "Tidy up the diagram.",
    severity="warning",
)
def flows_are_edges(shape: Element, look: Look) -> Faults:
    drawn = look.target(shape, "bpmnElement")
    if drawn is not None and kind(drawn) in _EDGES:
        yield at(shape, kind=kind(drawn))


@family.rule(
    "BPMN-304",
    "BPMNEdge",
    "12.2.3",
    "{kind} 应画成图形，却画成了线",
    "a {kind} is drawn as a shape, not as an edge",
    "整理图面",
    "Tidy up the diagram.",
    severity="warning",
)
def nodes_are_shapes(edge: Element, look: Look) -> Faults:
    drawn = look.target(edge, "bpmnElement")
    if drawn is not None and kind(drawn) not in _EDGES:
        yield at(edge, kind=kind(drawn))


@family.rule(
    "BPMN-305",
    "BPMNPlane",
    "12.2.3",
    "图面画的是 {kind}，应是流程、协作或子流程",
    "the plane is of a {kind}; it has to be a process, collaboration or sub-process",
    "改正 bpmnElement",
    "Correct bpmnElement.",
    severity="warning",
)
def planes_are_of_a_whole(plane: Element, look: Look) -> Faults:
    drawn = look.target(plane, "bpmnElement")
    if drawn is not None and kind(drawn) not in _PLANES:
        yield at(plane, kind=kind(drawn))


@family.rule(
    "BPMN-306",
    "BPMNPlane",
    "12.2.3",
    "“{ref}”在同一图面里画了两次",
    "“{ref}” is drawn twice on one plane",
    "删除一个图形",
    "Delete one of the drawings.",
    severity="warning",
)
def drawn_once(plane: Element, look: Look) -> Faults:
    seen: set[str] = set()
    for drawing in plane.iterchildren(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        ref = look.key(drawing, "bpmnElement")
        if ref and ref in seen:
            yield at(drawing, ref=ref)
        seen.add(ref)
