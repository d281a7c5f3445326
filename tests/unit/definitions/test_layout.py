"""Pictures: no overlap, no edge through a shape, every node in its lane, names beside everything; the file is untouched otherwise."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from lxml import etree

from engine.definitions.layout import layout
from engine.definitions.layout.shapes import Rect
from engine.definitions.model import Process
from engine.definitions.reader import read_bpmn
from engine.errors import DeployRefused

ROOT = Path(__file__).parents[3]
BUNDLED = sorted((ROOT / "processes").rglob("*.bpmn"))
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="definitions">'
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def flows(*pairs):
    return "".join(f'<sequenceFlow id="f{i}_{a}_{b}" name="条件{i}" sourceRef="{a}" targetRef="{b}"/>' for i, (a, b) in enumerate(pairs))


def tasks(*names):
    return "".join(f'<task id="{name}" name="任务{name}"/>' for name in names)


def bare(body):
    return f'{HEAD}<process id="p" isExecutable="true">{body}</process></definitions>'


def pooled(body, lanes, around=""):
    sets = "".join(
        f'<lane id="lane_{i}" name="一条名字很长很长的泳道">' + "".join(f"<flowNodeRef>{n}</flowNodeRef>" for n in names) + "</lane>"
        for i, names in enumerate(lanes)
    )
    return (
        f'{HEAD}<collaboration id="collaboration"><participant id="before" name="外部"/><participant id="pool" name="池" processRef="p"/><participant id="after" name="公众"/>{around}</collaboration>'
        f'<process id="p" isExecutable="true"><laneSet id="ls">{sets}</laneSet>{body}</process></definitions>'
    )


def gateway(name):
    return f'<exclusiveGateway id="{name}" name="怎么办呢?"/>'


def boundary(name, host):
    return f'<boundaryEvent id="{name}" name="超过期限没有办理" attachedToRef="{host}">{TIMER}</boundaryEvent>'


MADE = {
    "a line": bare('<startEvent id="s" name="开始"/>' + tasks("a", "b") + '<endEvent id="e" name="结束"/>' + flows(("s", "a"), ("a", "b"), ("b", "e"))),
    "no flows at all": bare(tasks("a", "b", "c")),
    "a loop": bare(tasks("a", "b") + gateway("g") + flows(("a", "b"), ("b", "g"), ("g", "a"), ("g", "b"))),
    "to itself": bare(tasks("a") + flows(("a", "a"))),
    "many branches": bare(gateway("split") + tasks(*"abcdefg") + gateway("join") + flows(*[("split", x) for x in "abcdefg"], *[(x, "join") for x in "abcdefg"])),
    "everything with everything": bare(tasks(*"abcde") + flows(*itertools.permutations("abcde", 2))),
    "twice the same way": bare(tasks("a", "b") + flows(("a", "b"), ("a", "b"), ("b", "a"))),
    "boundary events": bare(
        tasks("a", "b", "c", "d") + boundary("x", "a") + boundary("y", "a") + boundary("z", "a") + flows(("a", "b"), ("x", "c"), ("y", "d"), ("z", "a"))
    ),
    "sub-processes in sub-processes": bare(
        '<subProcess id="s1" name="外"><subProcess id="s2" name="内">' + tasks("a", "b") + flows(("a", "b")) + "</subProcess>" + tasks("c")
        + '<sequenceFlow id="x" sourceRef="s2" targetRef="c"/></subProcess>' + boundary("late", "s1") + tasks("d", "e")
        + flows(("s1", "d"), ("late", "e"), ("e", "s1"))
    ),
    "event sub-processes": bare(
        tasks("a", "b") + flows(("a", "b"))
        + "".join(
            f'<subProcess id="es{i}" name="撤回" triggeredByEvent="true"><startEvent id="st{i}">{TIMER}</startEvent><task id="et{i}"/><sequenceFlow id="ef{i}" sourceRef="st{i}" targetRef="et{i}"/></subProcess>'
            for i in range(5)
        )
    ),
    "compensation": bare(
        tasks("a", "b") + '<boundaryEvent id="undo" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><task id="h" isForCompensation="true"/>'
        '<association id="as" sourceRef="undo" targetRef="h"/>' + flows(("a", "b"))
    ),
    "annotations and data": bare(
        '<dataObject id="o"/><dataObjectReference id="data" dataObjectRef="o" name="一份很重要的材料"/><dataStoreReference id="store" name="库"/>'
        '<textAnnotation id="note"><text>这一步很重要,请仔细看看,不要弄错了</text></textAnnotation><textAnnotation id="alone"><text>单独的</text></textAnnotation>'
        '<task id="a"><dataInputAssociation id="in"><sourceRef>data</sourceRef></dataInputAssociation></task>'
        '<task id="b"><dataOutputAssociation id="out"><targetRef>store</targetRef></dataOutputAssociation></task>'
        '<association id="said" sourceRef="a" targetRef="note"/><association id="lost" sourceRef="f0_a_b" targetRef="alone"/>' + flows(("a", "b"))
    ),
    "lanes to and fro": pooled(tasks(*"abcdef") + flows(*itertools.pairwise("abcdef"), ("f", "a"), ("d", "b")), ["ace", "bf", "d"]),
    "an empty lane": pooled(tasks("a"), ["a", ""]),
    "message flows": pooled(
        tasks("a", "b", "c") + flows(("a", "b"), ("b", "c")), ["ac", "b"],
        '<messageFlow id="m1" sourceRef="before" targetRef="b"/><messageFlow id="m2" sourceRef="c" targetRef="after"/><messageFlow id="m3" sourceRef="after" targetRef="before"/>',
    ),
    "message flows between two pools with nodes": (
        f'{HEAD}<collaboration id="collaboration"><participant id="one" name="甲" processRef="p"/><participant id="between" name="丙"/>'
        '<participant id="two" name="乙" processRef="q"/><messageFlow id="m1" sourceRef="a" targetRef="x"/><messageFlow id="m2" sourceRef="y" targetRef="b"/>'
        '<messageFlow id="m3" sourceRef="c" targetRef="between"/><messageFlow id="m4" sourceRef="z" targetRef="one"/></collaboration>'
        '<process id="p" isExecutable="true">' + tasks("a", "b", "c") + flows(("a", "b"), ("b", "c")) + '</process><process id="q">'
        + tasks("x", "y", "z") + '<sequenceFlow id="q1" sourceRef="x" targetRef="y"/><sequenceFlow id="q2" sourceRef="y" targetRef="z"/></process></definitions>'
    ),
    "neighbouring pools": (
        f'{HEAD}<collaboration id="collaboration"><participant id="one" name="甲" processRef="p"/><participant id="two" name="乙" processRef="q"/>'
        '<messageFlow id="m1" sourceRef="b" targetRef="x"/><messageFlow id="m2" sourceRef="x" targetRef="b"/><messageFlow id="m3" sourceRef="y" targetRef="a"/></collaboration>'
        '<process id="p" isExecutable="true">' + tasks("a", "b") + flows(("a", "b")) + '</process><process id="q">'
        + tasks("x", "y") + '<sequenceFlow id="q1" sourceRef="x" targetRef="y"/></process></definitions>'
    ),
    "a long row": bare(tasks(*(f"t{i}" for i in range(300))) + flows(*itertools.pairwise(f"t{i}" for i in range(300)))),
}  # fmt: skip
CASES = {**{name: xml.encode() for name, xml in MADE.items()}, **{path.stem: path.read_bytes() for path in BUNDLED}}


@pytest.mark.parametrize("xml", MADE.values(), ids=MADE.keys())
def test_the_examples_themselves_are_right(xml):
    assert [f.code for f in read_bpmn(xml.encode(), "x").findings if f.severity == "error"] == []


class Seen:
    """The picture as a viewer reads it."""

    def __init__(self, data: bytes) -> None:
        root = etree.fromstring(data)
        di = {
            "b": "http://www.omg.org/spec/BPMN/20100524/DI",
            "c": "http://www.omg.org/spec/DD/20100524/DC",
            "d": "http://www.omg.org/spec/DD/20100524/DI",
        }
        self.shapes = {s.get("bpmnElement"): rect(s.find("c:Bounds", di)) for s in root.iterfind(".//b:BPMNShape", di)}
        self.edges = {
            e.get("bpmnElement"): [(float(w.get("x")), float(w.get("y"))) for w in e.iterfind("d:waypoint", di)]
            for e in root.iterfind(".//b:BPMNEdge", di)
        }
        self.labels = {x.getparent().getparent().get("bpmnElement"): rect(x) for x in root.iterfind(".//b:BPMNLabel/c:Bounds", di)}
        result = read_bpmn(data, "x.bpmn")
        self.file = result.file
        self.processes: list[Process] = [p for p in result.file.processes if p.nodes]
        self.nodes = {key: node for process in self.processes for key, node in process.nodes.items()}
        self.ends = {key: (flow.source, flow.target) for process in self.processes for key, flow in process.flows.items()}
        for element in root.iter("{*}association", "{*}messageFlow"):
            self._add(element, element.get("sourceRef"), element.get("targetRef"))
        for element in root.iter("{*}dataInputAssociation"):
            self._add(element, element.findtext("{*}sourceRef"), element.getparent().get("id"))
        for element in root.iter("{*}dataOutputAssociation"):
            self._add(element, element.getparent().get("id"), element.findtext("{*}targetRef"))

    def _add(self, element, source: str, target: str) -> None:
        if element.get("id") in self.edges:
            self.ends[element.get("id")] = (source.rpartition(":")[2], target.rpartition(":")[2])

    def around(self, node: str) -> set[str]:
        """The sub-processes and the process that hold a node."""
        found = set()
        while node in self.nodes:
            node = self.nodes[node].parent
            found.add(node)
        return found

    def host(self, node: str) -> str | None:
        return self.nodes[node].attached_to if node in self.nodes else None


def rect(bounds) -> Rect:
    return Rect(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES.keys())
def seen(request) -> Seen:
    return Seen(layout(request.param))


def test_everything_is_drawn(seen):
    assert seen.nodes.keys() <= seen.shapes.keys()
    assert seen.ends.keys() == seen.edges.keys()
    for process in seen.processes:
        assert process.flows.keys() <= seen.edges.keys()
        if seen.file.pools:
            assert process.lanes.keys() <= seen.shapes.keys()
    assert {pool.id for pool in seen.file.pools} <= seen.shapes.keys()


def test_shapes_of_one_level_do_not_overlap(seen):
    for one, other in itertools.combinations(seen.nodes.values(), 2):
        if one.parent == other.parent and one.id != other.attached_to and other.id != one.attached_to:
            assert not seen.shapes[one.id].overlaps(seen.shapes[other.id]), f"{one.id} lies on {other.id}"


def test_pools_do_not_overlap(seen):
    for one, other in itertools.combinations(seen.file.pools, 2):
        assert not seen.shapes[one.id].overlaps(seen.shapes[other.id])


def test_every_node_lies_inside_its_sub_process_or_lane(seen):
    for process in seen.processes:
        for node in process.nodes.values():
            if node.parent != process.id:
                assert seen.shapes[node.id].inside(seen.shapes[node.parent]), node.id
            elif seen.file.pools and node.lane:
                lane = process.nodes[node.attached_to].lane if node.attached_to else node.lane
                assert seen.shapes[node.id].inside(seen.shapes[lane]), node.id


def test_lanes_fill_their_pool(seen):
    for pool in seen.file.pools:
        for process in seen.processes:
            if pool.process != process.id:
                continue
            area = seen.shapes[pool.id]
            assert all(seen.shapes[lane].inside(area) for lane in process.lanes)
            leaves = [lane.id for lane in process.lanes.values() if lane.id not in {inner.parent for inner in process.lanes.values()}]
            assert not leaves or sum(seen.shapes[lane].height for lane in leaves) == pytest.approx(area.height)


def test_edges_run_straight_or_turn_at_right_angles(seen):
    for key, points in seen.edges.items():
        assert len(points) >= 2
        for one, other in itertools.pairwise(points):
            assert one != other, key
            assert one[0] == other[0] or one[1] == other[1], key


def test_edges_begin_and_end_on_the_border_of_their_shapes(seen):
    for key, points in seen.edges.items():
        for node, (x, y) in zip(seen.ends[key], (points[0], points[-1]), strict=True):
            shape = seen.shapes[node]
            on_side = x in (shape.x, shape.right) and shape.y <= y <= shape.bottom
            on_top = y in (shape.y, shape.bottom) and shape.x <= x <= shape.right
            assert on_side or on_top, f"{key} at {node}"


def test_edges_of_events_and_gateways_begin_at_their_corners(seen):
    for key, points in seen.edges.items():
        for node, (x, y) in zip(seen.ends[key], (points[0], points[-1]), strict=True):
            if node in seen.nodes and seen.nodes[node].kind.endswith(("Event", "Gateway")):
                middle = seen.shapes[node].centre
                assert x == pytest.approx(middle[0]) or y == pytest.approx(middle[1]), f"{key} at {node}"


def test_no_edge_runs_through_a_shape(seen):
    for key, points in seen.edges.items():
        source, target = seen.ends[key]
        passable = seen.around(source) | seen.around(target) | {pool.id for pool in seen.file.pools}
        passable |= {lane for process in seen.processes for lane in process.lanes}
        for one, other in itertools.pairwise(points):
            for node, shape in seen.shapes.items():
                if node in passable or seen.host(node) in (source, target) or seen.around(node) & {source, target}:
                    continue
                assert not shape.crossed_by(one, other), f"{key} runs through {node}"


def test_edges_do_not_lie_on_each_other(seen):
    pieces = [(key, *sorted(pair)) for key, points in seen.edges.items() for pair in itertools.pairwise(points)]
    for (key, a, b), (other, c, d) in itertools.combinations(pieces, 2):
        if key == other or seen.ends[key][0] == seen.ends[other][0] or seen.ends[key][1] == seen.ends[other][1]:
            continue
        for along, across in ((0, 1), (1, 0)):
            if a[across] == b[across] == c[across] == d[across]:
                assert min(b[along], d[along]) - max(a[along], c[along]) < 1, f"{key} lies on {other}"


def test_labels_lie_beside_all_shapes_and_other_labels(seen):
    names = {lane for process in seen.processes for lane in process.lanes} | {pool.id for pool in seen.file.pools}
    for key, label in seen.labels.items():
        around = set().union(*(seen.around(node) for node in seen.ends.get(key, (key,))))
        for node, shape in seen.shapes.items():
            if node not in names and node not in around:
                assert not label.overlaps(shape), f"label of {key} on {node}"
    for (key, one), (other, two) in itertools.combinations(seen.labels.items(), 2):
        assert not one.overlaps(two), f"labels of {key} and {other}"


def without_diagram(text: str) -> str:
    return re.sub(r"\s*<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>\s*", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("data", CASES.values(), ids=CASES.keys())
def test_nothing_but_the_diagram_changes_and_a_second_run_changes_nothing(data):
    drawn = layout(data)
    assert re.sub(r"\s*</(\w+:)?definitions>", r"</\1definitions>", without_diagram(drawn.decode())) == re.sub(
        r"\s*</(\w+:)?definitions>", r"</\1definitions>", without_diagram(data.decode())
    )
    assert layout(drawn) == drawn


def test_annotations_and_data_are_drawn_with_their_lines():
    drawn = Seen(layout(CASES["annotations and data"]))
    assert {"data", "store", "note", "alone"} <= drawn.shapes.keys()
    assert {"in", "out", "said"} <= drawn.edges.keys()
    assert "lost" not in drawn.edges


def test_shapes_of_annotations_and_data_do_not_overlap_anything():
    drawn = Seen(layout(CASES["annotations and data"]))
    for (key, one), (other, two) in itertools.combinations(drawn.shapes.items(), 2):
        assert not one.overlaps(two), f"{key} lies on {other}"


def test_prefixes_comments_and_quotes_stay():
    text = """<?xml version='1.0' encoding='UTF-8'?>
<!-- ours --><m:definitions xmlns:m="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:drawn="http://www.omg.org/spec/BPMN/20100524/DI"
   xmlns:x='urn:x'><m:process id="p" isExecutable="true"><m:task id="t" name='a "b"'><m:extensionElements><x:y z='&apos;'/>
   </m:extensionElements></m:task></m:process><drawn:BPMNDiagram><drawn:BPMNPlane/></drawn:BPMNDiagram></m:definitions>"""
    drawn = layout(text.encode()).decode()
    assert drawn.startswith(text[: text.index("<drawn:BPMNDiagram")])
    assert drawn.count("<drawn:BPMNDiagram") == 1
    assert "xmlns:bpmndi" not in drawn


def test_other_encodings_are_kept():
    text = '<?xml version="1.0" encoding="gb18030"?>' + bare('<task id="t" name="任务"/>')
    drawn = layout(text.encode("gb18030"))
    assert read_bpmn(drawn, "x").file.processes[0].nodes["t"].bounds is not None
    assert "任务" in drawn.decode("gb18030")


def test_a_file_that_cannot_be_read_is_refused_with_its_findings():
    with pytest.raises(DeployRefused) as caught:
        layout(b"<html/>")
    assert [finding.code for finding in caught.value.report] == ["BPMN-004"]


def test_rectangles_that_only_touch_do_not_overlap():
    one = Rect(0, 0, 10, 10)
    assert not one.overlaps(Rect(10, 0, 10, 10))
    assert one.overlaps(Rect(9, 9, 10, 10))
    assert one.crossed_by((5, -5), (5, 50))
    assert not one.crossed_by((10, -5), (10, 50))
