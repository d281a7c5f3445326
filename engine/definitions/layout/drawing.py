"""The whole picture: processes scope by scope, pools with lanes, outside parties, message flows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.layout.artifacts import Artifacts
from engine.definitions.layout.messages import Messages
from engine.definitions.layout.scope import Link, Scope, draw
from engine.definitions.layout.shapes import Drawing, Rect
from engine.definitions.layout.sizes import text_width
from engine.definitions.layout.writing import Picture, write
from engine.definitions.model import BpmnFile, Lane, Node, Pool, Process
from engine.definitions.reader import read_bpmn
from engine.definitions.reading.document import Element, parse
from engine.definitions.reading.names import SUB_PROCESSES
from engine.definitions.report import Report
from engine.errors import DeployRefused

_LEFT, _TOP = 160.0, 80.0
_STRIP = 30.0  # the name of a pool or lane
_BAND = 60.0  # an outside party
_BETWEEN = 40.0  # between pools
_LEAST_LANE = 120.0


@dataclass(slots=True)
class _Page:
    """The file being drawn."""

    file: BpmnFile
    root: Element
    picture: Picture = field(default_factory=Picture)


def layout(data: bytes) -> bytes:
    """The file with a diagram part: an old one is replaced, everything else stays byte for byte.

    Raises DeployRefused (findings) when the file cannot be read.
    """
    result = read_bpmn(data, "file.bpmn")
    root = parse(data, Report("file.bpmn"))
    if result.file is None or root is None:
        raise DeployRefused(result.findings)
    page = _Page(result.file, root)
    if result.file.pools:
        _draw_pools(page)
    else:
        _draw_bare(page, _TOP)
    return write(data, root, page.picture, result.file)


def _draw_bare(page: _Page, top: float) -> None:
    """Processes without a pool, one under the other, from `top` down."""
    held = {pool.process for pool in page.file.pools}
    for process in page.file.processes:
        if process.nodes and process.id not in held:
            drawing = _draw_process(process, page, {}, [0.0], {})
            page.picture.take(drawing, _LEFT, top)
            top += drawing.height + _BETWEEN


def _draw_pools(page: _Page) -> None:
    processes = {process.id: process for process in page.file.processes}
    drawn: dict[str, Drawing] = {}
    leaves: dict[str, list[Lane]] = {}
    order = page.file.pools
    messages = Messages(page.root, order, processes)
    for pool in order:
        if not _holds_nodes(pool, processes):
            continue
        process = processes[pool.process or ""]
        leaves[pool.id] = _leaf_lanes(process)
        lane_of = {node: number for number, lane in enumerate(leaves[pool.id]) for node in _nodes_of(lane, process)}
        least = [max(_LEAST_LANE, 1.1 * text_width(lane.name.zh) + 30.0) for lane in leaves[pool.id]] or [_LEAST_LANE]
        drawn[pool.id] = _draw_process(process, page, lane_of, least, messages.halves(process))
    width = max(
        (drawing.width + _indent(processes[pool.process or ""]) for pool in order if (drawing := drawn.get(pool.id))), default=600.0
    )
    top = _TOP
    for pool in order:
        if (drawing := drawn.get(pool.id)) is None:
            page.picture.pools[pool.id] = Rect(_LEFT, top, width, _BAND)
            top += _BAND + _BETWEEN
            continue
        process = processes[pool.process or ""]
        height = max(drawing.height, 1.1 * text_width(pool.name.zh) + 30.0)
        page.picture.pools[pool.id] = Rect(_LEFT, top, width, height)
        _draw_lanes(page, process, leaves[pool.id], drawing, Rect(_LEFT + _STRIP, top, width - _STRIP, height))
        page.picture.take(drawing, _LEFT + _indent(process), top)
        top += height + _BETWEEN
    messages.join(page.picture)
    _draw_bare(page, top)


def _holds_nodes(pool: Pool, processes: dict[str, Process]) -> bool:
    process = processes.get(pool.process or "")
    return process is not None and bool(process.nodes)


def _leaf_lanes(process: Process) -> list[Lane]:
    parents = {lane.parent for lane in process.lanes.values()}
    return [lane for lane in process.lanes.values() if lane.id not in parents]


def _nodes_of(leaf: Lane, process: Process) -> list[str]:
    """Nodes of a leaf lane; what only an outer lane lists goes to its first leaf."""
    own = [node.id for node in process.nodes.values() if node.lane == leaf.id]
    outer = process.lanes.get(leaf.parent or "")
    while outer is not None:
        first = next(lane for lane in _leaf_lanes(process) if _is_within(lane, outer.id, process))
        if first.id == leaf.id:
            own += [node.id for node in process.nodes.values() if node.lane == outer.id]
        outer = process.lanes.get(outer.parent or "")
    return own


def _is_within(lane: Lane, outer: str, process: Process) -> bool:
    at: Lane | None = lane
    while at is not None:
        if at.id == outer:
            return True
        at = process.lanes.get(at.parent or "")
    return False


def _depth(process: Process) -> int:
    """How many lane names stand side by side."""
    deepest = 0
    for lane in process.lanes.values():
        depth, at = 1, process.lanes.get(lane.parent or "")
        while at is not None:
            depth, at = depth + 1, process.lanes.get(at.parent or "")
        deepest = max(deepest, depth)
    return deepest


def _indent(process: Process) -> float:
    return _STRIP * (1 + _depth(process))


def _draw_lanes(page: _Page, process: Process, leaves: list[Lane], drawing: Drawing, area: Rect) -> None:
    borders = [*drawing.lanes[:-1], area.height]
    spans = {lane.id: (borders[index], borders[index + 1]) for index, lane in enumerate(leaves)}
    for lane in process.lanes.values():
        inside = [spans[leaf.id] for leaf in leaves if _is_within(leaf, lane.id, process)]
        depth, at = 0, process.lanes.get(lane.parent or "")
        while at is not None:
            depth, at = depth + 1, process.lanes.get(at.parent or "")
        top, bottom = min(span[0] for span in inside), max(span[1] for span in inside)
        indent = depth * _STRIP
        page.picture.lanes[lane.id] = Rect(area.x + indent, area.y + top, area.width - indent, bottom - top)


def _draw_process(process: Process, page: _Page, lane_of: Mapping[str, int], lanes: list[float], outside: dict[Link, bool]) -> Drawing:
    """Every sub-process before the scope that holds it."""
    members = defaultdict(list)
    for node in process.nodes.values():
        members[node.parent].append(node)
    links = defaultdict(list)
    for flow in process.flows.values():
        links[flow.parent].append(Link(flow.id, flow.source, flow.target, flow.name.zh))
    artifacts = Artifacts(page.root, process)
    for artifact in artifacts.nodes:
        members[artifact.parent].append(artifact)
    for scope, link in artifacts.links:
        links[scope].append(link)
    lane_of = {**lane_of, **{key: lane_of.get(node, 0) for key, node in artifacts.beside.items()}}
    drawn: dict[str, Drawing] = {}
    for node in reversed(list(process.nodes.values())):  # what is inside stands behind its sub-process in document order
        if node.kind in SUB_PROCESSES and members[node.id]:
            drawn[node.id] = draw(Scope(members[node.id], links[node.id], _inner(drawn, members[node.id])))
    inner = _inner(drawn, members[process.id])
    return draw(Scope(members[process.id], links[process.id], inner, lane_of, lanes, outside))


def _inner(drawn: dict[str, Drawing], nodes: list[Node]) -> dict[str, Drawing]:
    return {node.id: drawn[node.id] for node in nodes if node.id in drawn}
