"""One scope (process or sub-process) drawn: grid, routes, tracks, coordinates, labels."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.layout.frame import Frame
from engine.definitions.layout.grid import Grid, Item, place
from engine.definitions.layout.labels import place_flow_labels
from engine.definitions.layout.routes import Edge, Port, Router
from engine.definitions.layout.shapes import Drawing, Point, Rect
from engine.definitions.layout.sizes import (
    EVENT,
    boundary_places,
    has_outside_label,
    label_size,
    labelled_below,
    node_size,
)
from engine.definitions.layout.tracks import Run, assign, runs_of
from engine.definitions.model import Node
from engine.definitions.reading.names import GATEWAYS

_COLUMN, _ROW = 150.0, 130.0  # what a cell takes, roughly: how many cells an expanded sub-process gets
_PADDING = (20.0, 34.0, 20.0, 20.0)  # inside a sub-process: left, top (its name), right, bottom
_RADIUS = EVENT[0] / 2
_OFFSET = 15.0


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of a scope: sequence flow, association to a compensation handler, or message flow to the outside."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(slots=True)
class Scope:
    """What is drawn inside one process or sub-process."""

    nodes: list[Node]
    links: list[Link]
    #: drawings of the sub-processes among the nodes
    inner: Mapping[str, Drawing]
    #: lane index of each node, and the least height of each lane
    lane_of: Mapping[str, int] = field(default_factory=dict)
    lanes: list[float] = field(default_factory=lambda: [0.0])
    #: message flows: link → True when the outside lies above
    outside: dict[Link, bool] = field(default_factory=dict)


def draw(scope: Scope) -> Drawing:
    """Draw a scope; sub-processes have been drawn before."""
    return _Scope(scope).draw()


class _Scope:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._nodes = {node.id: node for node in scope.nodes}
        self._boundaries: dict[str, list[Node]] = defaultdict(list)
        for node in scope.nodes:
            if node.kind == "boundaryEvent":
                self._boundaries[node.attached_to or ""].append(node)
        self._drawing = Drawing(0.0, 0.0)
        self._edges: list[Edge] = []
        self._runs: dict[str, list[Run]] = {}
        self._offsets: dict[tuple[str, bool], float] = {}  # (edge, at its start?) → shift along the border

    def draw(self) -> Drawing:
        links = [(self._body(link.source), self._body(link.target)) for link in self._scope.links]
        self._grid: Grid = place(self._items(), links, len(self._scope.lanes))
        self._route()
        tracks = assign([run for runs in self._runs.values() for run in runs])
        self._frame = Frame(self._grid, tracks)
        self._needs()
        self._frame.settle()
        self._shapes()
        for edge in self._edges:
            self._drawing.edges[edge.id] = self._points(edge)
        self._drawing.width, self._drawing.height = self._frame.width, self._frame.height
        self._drawing.lanes = self._frame.lane_borders()
        place_flow_labels(self._drawing, {link.id: link.name for link in self._scope.links})
        for key, drawing in self._scope.inner.items():
            self._put_inside(key, drawing)
        return self._drawing

    def _body(self, node: str) -> str:
        """The node itself, or the host of a boundary event."""
        found = self._nodes[node]
        return found.attached_to or node if found.kind == "boundaryEvent" else node

    def _items(self) -> list[Item]:
        linked = {end for link in self._scope.links for end in (self._body(link.source), self._body(link.target))}
        items = []
        for node in self._scope.nodes:
            if node.kind == "boundaryEvent" and node.attached_to:
                continue
            width, height = self._size(node)
            columns, rows = 1, 1
            if node.id in self._scope.inner:
                columns, rows = max(1, math.ceil(width / _COLUMN)), max(1, round(height / _ROW))
            loose = node.triggered_by_event or (node.id not in linked and bool(linked))
            items.append(Item(node.id, self._scope.lane_of.get(node.id, 0), columns, rows, loose=loose))
        return items

    def _size(self, node: Node) -> tuple[float, float]:
        inner = self._scope.inner.get(node.id)
        if inner is None:
            return node_size(node, self._boundaries[node.id])
        left, top, right, bottom = _PADDING
        least = node_size(node, self._boundaries[node.id])[0]
        return max(inner.width + left + right, least), max(inner.height + top + bottom, 100.0)

    # --- edges

    def _route(self) -> None:
        router = Router(self._grid)
        self._edges = [Edge(link.id, self._ports(link.source, "out"), self._ports(link.target, "in")) for link in self._scope.links]
        for link, above in self._scope.outside.items():
            inside_is_source = link.source in self._nodes
            ends = self._outer_ports(above)
            inner = self._ports(link.source if inside_is_source else link.target, "out" if inside_is_source else "in")
            self._edges.append(Edge(link.id, inner if inside_is_source else ends, ends if inside_is_source else inner))
        for edge in sorted(self._edges, key=_distance):
            router.route(edge)
        self._runs = {edge.id: runs_of(edge) for edge in self._edges}
        self._spread_ports()

    def _outer_ports(self, above: bool) -> list[Port]:
        """Anywhere on the upper or lower border of the scope."""
        y = 0 if above else 2 * self._grid.rows
        return [Port("", "bottom" if above else "top", (2 * column, y)) for column in range(self._grid.columns + 1)]

    def _ports(self, node: str, way: str) -> list[Port]:
        found = self._nodes[node]
        if found.kind == "boundaryEvent" and found.attached_to:
            return [self._boundary_port(found)]
        item = self._grid.items[node]
        left, right = 2 * item.column, 2 * (item.column + item.columns)
        top, bottom = 2 * item.row, 2 * (item.row + item.rows)
        cost = (
            {"right": 0.0, "left": 4.0, "top": 1.0, "bottom": 1.0}
            if way == "out"
            else {"left": 0.0, "right": 6.0, "top": 1.0, "bottom": 1.0}
        )
        ports = []
        middle = item.row + item.rows // 2
        for row in range(item.row, item.row + item.rows):
            aside = 0.3 * abs(row - middle)
            ports.append(Port(node, "left", (left, 2 * row + 1), cost["left"] + aside))
            ports.append(Port(node, "right", (right, 2 * row + 1), cost["right"] + aside))
        for column in range(item.column, item.column + item.columns):
            ports.append(Port(node, "top", (2 * column + 1, top), cost["top"]))
            if not self._boundaries[node] and not labelled_below(found):
                ports.append(Port(node, "bottom", (2 * column + 1, bottom), cost["bottom"]))
        return ports

    def _boundary_port(self, node: Node) -> Port:
        host = self._grid.items[node.attached_to or ""]
        index = self._boundaries[host.id].index(node)
        column = self._boundary_column(host, index)
        return Port(host.id, "bottom", (2 * column + 1, 2 * (host.row + host.rows)), boundary=node.id)

    def _boundary_column(self, host: Item, index: int) -> int:
        """Under which column of its host a boundary event sits: every second one if there are enough."""
        step = 2 if host.columns >= 2 * len(self._boundaries[host.id]) else 1
        return host.column + min(index * step, host.columns - 1)

    def _spread_ports(self) -> None:
        """Edges at the same place of a task or sub-process get places beside each other; straight ones keep the middle."""
        groups: dict[tuple[str, str, tuple[int, int]], list[tuple[Edge, bool, int]]] = defaultdict(list)
        for edge in self._edges:
            runs = self._runs[edge.id]
            for port, at_start in ((edge.start, True), (edge.end, False)):
                if port is None or not port.node or port.boundary or has_outside_label(self._nodes[port.node]):
                    continue
                groups[(port.node, port.side, port.point)].append((edge, at_start, _direction(runs, at_start)))
        for members in groups.values():
            straight = [member for member in members if member[2] == 0]
            before = [member for member in members if member[2] < 0]
            after = [member for member in members if member[2] > 0]
            if len(members) == 1:
                continue
            taken = 1 if straight else 0
            if not straight and len(members) % 2 == 0 and len(before) == len(after):
                self._offset(before, -0.5, after, 0.5)
                continue
            if not straight:  # the smaller side gives its place in the middle to the larger one
                larger = after if len(after) >= len(before) else before
                taken = 1
                self._offsets[(larger[0][0].id, larger[0][1])] = 0.0
                larger.pop(0)
            self._offset(before, -float(taken), after, float(taken))

    def _offset(
        self, before: list[tuple[Edge, bool, int]], first_before: float, after: list[tuple[Edge, bool, int]], first_after: float
    ) -> None:
        step = min(_OFFSET, 32.0 / max(len(before), len(after), 1))
        for index, (edge, at_start, _) in enumerate(before):
            self._offsets[(edge.id, at_start)] = (first_before - index) * step
        for index, (edge, at_start, _) in enumerate(after):
            self._offsets[(edge.id, at_start)] = (first_after + index) * step

    # --- sizes

    def _needs(self) -> None:
        frame = self._frame
        top_used = {port.node for edge in self._edges for port in (edge.start, edge.end) if port is not None and port.side == "top"}
        bottom_used = {port.node for edge in self._edges for port in (edge.start, edge.end) if port is not None and port.side == "bottom"}
        self._label_below = {key for key in self._nodes if key in top_used and key not in bottom_used}
        self._label_aside = {key for key in self._nodes if key in top_used and key in bottom_used}
        several = []
        for item in self._grid.items.values():
            node = self._nodes[item.id]
            if item.id in self._scope.inner:
                several.append(item)
            else:
                frame.need_width(item.column, self._width_with_label(node))
                frame.need_height(item.row, *self._heights(node))
        self._need_names()
        for lane, height in enumerate(self._scope.lanes):
            frame.need_lane(lane, height)
        for item in sorted(several, key=lambda item: item.columns * item.rows):
            width, height = self._size(self._nodes[item.id])
            frame.need_area(item, width, height + self._below(item.id))

    def _need_names(self) -> None:
        """Room for the names of flows where they leave their source."""
        edges = {edge.id: edge for edge in self._edges}
        for link in self._scope.links:
            port = edges[link.id].start
            if not link.name or port is None:
                continue
            width, height = label_size(link.name)
            if port.side in ("left", "right"):
                self._frame.need_column_channel(port.point[0] // 2, width + 8)
            else:
                self._frame.need_row_channel(port.point[1] // 2, height + 8)

    def _width_with_label(self, node: Node) -> float:
        width = self._size(node)[0]
        if has_outside_label(node):
            label = label_size(node.name.zh)[0]
            return max(width, 2 * label + 14) if node.id in self._label_aside else max(width, label)
        boundaries = self._boundaries[node.id]
        if boundaries:
            last = boundary_places(boundaries)[-1] + _RADIUS + 4 + label_size(boundaries[-1].name.zh)[0]
            return width + 2 * max(0.0, last - width)
        return width

    def _heights(self, node: Node) -> tuple[float, float]:
        """Above and below the middle line of the row."""
        half = self._size(node)[1] / 2
        label = label_size(node.name.zh)[1]
        if labelled_below(node):
            return half, half + 4 + label
        if node.kind in GATEWAYS:
            below = node.id in self._label_below
            return half + (0 if below else label + 4), half + (label + 4 if below else 0)
        return half, half + self._below(node.id)

    def _below(self, host: str) -> float:
        """What boundary events and their names need under their host."""
        return max((max(_RADIUS, label_size(node.name.zh)[1] + 2) + 4 for node in self._boundaries[host]), default=0.0)

    # --- coordinates

    def _shapes(self) -> None:
        for item in self._grid.items.values():
            node = self._nodes[item.id]
            rect = self._area(item) if item.id in self._scope.inner else self._single(item, node)
            self._drawing.shapes[item.id] = rect
            if has_outside_label(node) and node.name.zh:
                self._drawing.labels[item.id] = self._node_label(node, rect)
            self._boundary_shapes(item, rect)

    def _single(self, item: Item, node: Node) -> Rect:
        width, height = self._size(node)
        x, y = self._frame.column_middle(item.column), self._frame.row_middle(item.row)
        return Rect(x - width / 2, y - height / 2, width, height)

    def _area(self, item: Item) -> Rect:
        frame, last = self._frame, item.column + item.columns - 1
        bottom = frame.row_start(item.row + item.rows) - self._below(item.id)
        left, top = frame.lefts[item.column], frame.tops[item.row]
        return Rect(left, top, frame.lefts[last] + frame.widths[last] - left, bottom - top)

    def _node_label(self, node: Node, rect: Rect) -> Rect:
        width, height = label_size(node.name.zh)
        x, _ = rect.centre
        if labelled_below(node) or node.id in self._label_below:
            return Rect(x - width / 2, rect.bottom + 4, width, height)
        if node.id in self._label_aside:
            return Rect(x - width - 6, rect.y - height - 4, width, height)
        return Rect(x - width / 2, rect.y - height - 4, width, height)

    def _boundary_shapes(self, item: Item, host: Rect) -> None:
        boundaries = self._boundaries[item.id]
        by_columns = item.columns > 1 and item.columns >= len(boundaries)
        for index, (node, inset) in enumerate(zip(boundaries, boundary_places(boundaries), strict=True)):
            x = self._frame.column_middle(self._boundary_column(item, index)) if by_columns else host.x + inset
            self._drawing.shapes[node.id] = Rect(x - _RADIUS, host.bottom - _RADIUS, *EVENT)
            width, height = label_size(node.name.zh)
            if width:
                self._drawing.labels[node.id] = Rect(x + _RADIUS + 3, host.bottom + 3, width, height)

    def _put_inside(self, key: str, inner: Drawing) -> None:
        outer = self._drawing.shapes[key]
        left, top, right, bottom = _PADDING
        dx = left + max(0.0, (outer.width - left - right - inner.width) // 2)
        dy = top + max(0.0, (outer.height - top - bottom - inner.height) // 2)
        self._drawing.take(inner, outer.x + dx, outer.y + dy)

    def _points(self, edge: Edge) -> list[Point]:
        runs = self._runs[edge.id]
        assert edge.start is not None
        assert edge.end is not None
        lines = [self._coordinate(run) for run in runs]
        points = [self._dock(edge.start, lines[0])]
        for run, line, other_line in zip(runs, lines, lines[1:], strict=False):
            points.append((other_line, line) if run.horizontal else (line, other_line))
        points.append(self._dock(edge.end, lines[-1]))
        return _without_repeats(points)

    def _coordinate(self, run: Run) -> float:
        frame = self._frame
        if run.in_channel:
            return frame.row_track(run.line, run.track) if run.horizontal else frame.column_track(run.line, run.track)
        if run.at_start and run.edge.start is not None and run.edge.start.boundary:
            return self._drawing.shapes[run.edge.start.boundary].centre[0]
        middle = frame.row_middle(run.line // 2) if run.horizontal else frame.column_middle(run.line // 2)
        if run.at_start and run.at_end:
            return middle
        if run.at_start or run.at_end:
            return middle + self._offsets.get((run.edge.id, run.at_start), 0.0)
        return middle

    def _dock(self, port: Port, line: float) -> Point:
        if not port.node:
            return (line, 0.0 if port.side == "bottom" else self._frame.height)
        rect = self._drawing.shapes[port.boundary or port.node]
        if port.side in ("left", "right"):
            return (rect.x if port.side == "left" else rect.right, line)
        return (line, rect.y if port.side == "top" else rect.bottom)


def _distance(edge: Edge) -> tuple[bool, int]:
    """Short edges first; those to the left last."""
    pairs = ((source.point, target.point) for source in edge.sources for target in edge.targets)
    nearest = min(abs(s[0] - t[0]) + abs(s[1] - t[1]) for s, t in pairs)
    back = min(port.point[0] for port in edge.targets) < min(port.point[0] for port in edge.sources)
    return back, nearest


def _direction(runs: list[Run], at_start: bool) -> int:
    """-1 when the edge turns up or left at that end, 1 down or right, 0 when it goes straight on."""
    if len(runs) == 1:
        return 0
    port_run, turn = (runs[0], runs[1]) if at_start else (runs[-1], runs[-2])
    return 1 if turn.low + turn.high > 2 * port_run.line else -1


def _without_repeats(points: list[Point]) -> list[Point]:
    """Without points that do not turn."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.01 and abs(kept[-1][1] - point[1]) < 0.01:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
            continue
        kept.append(point)
    return kept
