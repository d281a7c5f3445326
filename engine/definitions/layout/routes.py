"""Ways of edges through the channels between cells: a shortest path with few bends.

The lattice has doubled coordinates: an even x is the channel left of column x/2, an odd x the middle of column (x-1)/2; y likewise.
An edge may also run along the middle of empty cells, one edge per cell and direction.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from engine.definitions.layout.grid import Grid

Point = tuple[int, int]
State = tuple[Point, Point]  # where, and in which direction one came there

LEFT, RIGHT, UP, DOWN = (-1, 0), (1, 0), (0, -1), (0, 1)
_SIDES = {"left": LEFT, "right": RIGHT, "top": UP, "bottom": DOWN}
_BEND = 1.2
_STEP = {True: 0.5, False: 0.4}  # horizontal, vertical


@dataclass(frozen=True, slots=True)
class Port:
    """A place on the border of a shape: `point` is the lattice point it opens to."""

    node: str
    side: str
    point: Point
    cost: float = 0.0
    #: boundary event, which has its own place on the border
    boundary: str | None = None


@dataclass(slots=True)
class Edge:
    """An edge to be routed between any of its ports."""

    id: str
    sources: list[Port]
    targets: list[Port]
    path: list[Point] = field(default_factory=list)
    start: Port | None = None
    end: Port | None = None


class Router:
    """Routes edges one after the other; later ones see where earlier ones run."""

    def __init__(self, grid: Grid) -> None:
        self._cells = grid.occupied()
        self._width, self._height = 2 * grid.columns, 2 * grid.rows
        self._middles: set[tuple[Point, bool]] = set()  # cell centre taken, horizontally?
        self._load: dict[tuple[Point, Point], int] = defaultdict(int)
        self._ports: dict[tuple[str, str, Point], dict[str, int]] = defaultdict(lambda: {"in": 0, "out": 0})

    def route(self, edge: Edge) -> None:
        """Find path, start and end of `edge`. The border of the scope is always free, so there is a way."""
        search = _Search()
        for port in edge.sources:
            search.offer((port.point, _SIDES[port.side]), port.cost + self._port_cost(port, "out"), port)
        goals: dict[Point, list[Port]] = defaultdict(list)
        for port in edge.targets:
            goals[port.point].append(port)
        best: tuple[float, State, Port] | None = None
        while (found := search.next()) is not None:
            cost, state = found
            if best is not None and cost >= best[0]:
                break
            for port in goals.get(state[0], ()):
                total = cost + port.cost + self._port_cost(port, "in") + _turn(state[1], port)
                if total < 1e9 and (best is None or total < best[0]):
                    best = (total, state, port)
            self._spread(search, cost, state)
        if best is None:
            raise ValueError(f"no way for the edge {edge.id}")
        self._take(edge, search, best[1], best[2])

    def _spread(self, search: _Search, cost: float, state: State) -> None:
        """Offer the points next to `state`."""
        point, direction = state
        for step in (LEFT, RIGHT, UP, DOWN):
            target = (point[0] + step[0], point[1] + step[1])
            if step == _opposite(direction) or not self._free(point, target, step):
                continue
            bend = _BEND if step != direction else 0.0
            search.offer((target, step), cost + _STEP[step[1] == 0] + bend + 0.05 * self._load[_segment(point, target)], state)

    def _free(self, point: Point, target: Point, step: Point) -> bool:
        x, y = target
        if not (0 <= x <= self._width and 0 <= y <= self._height):
            return False
        horizontal = step[1] == 0
        if x % 2 and y % 2:
            return (x // 2, y // 2) not in self._cells and (target, horizontal) not in self._middles
        if point[0] % 2 and point[1] % 2:
            return True  # out of an empty cell it came into
        if horizontal:  # along a row line: blocked where one shape covers both sides
            column = min(point[0], x) // 2
            return self._open((column, y // 2 - 1), (column, y // 2))
        row = min(point[1], y) // 2
        return self._open((x // 2 - 1, row), (x // 2, row))

    def _open(self, one: Point, other: Point) -> bool:
        return self._cells.get(one) is None or self._cells.get(one) != self._cells.get(other)

    def _port_cost(self, port: Port, way: str) -> float:
        used = self._ports[(port.node, port.side, port.point)]
        shared = (2.2 + 0.3 * used[way] if way == "out" else 0.25 * used[way]) if used[way] else 0.0
        return 3.0 * used["in" if way == "out" else "out"] + shared

    def _take(self, edge: Edge, search: _Search, state: State, end: Port) -> None:
        start, path = search.way_to(state)
        edge.path, edge.start, edge.end = path, start, end
        self._ports[(start.node, start.side, start.point)]["out"] += 1
        self._ports[(end.node, end.side, end.point)]["in"] += 1
        for one, other in pairwise(path):
            self._load[_segment(one, other)] += 1
            for point in (one, other):
                if point[0] % 2 and point[1] % 2:
                    self._middles.add((point, one[1] == other[1]))


class _Search:
    """Dijkstra's bookkeeping: the cheapest open state next, and where each came from."""

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, State]] = []
        self._cost: dict[State, float] = {}
        self._came: dict[State, State | Port] = {}

    def offer(self, state: State, cost: float, came: State | Port) -> None:
        if cost < self._cost.get(state, 1e18):
            self._cost[state], self._came[state] = cost, came
            heapq.heappush(self._queue, (cost, len(self._came), state))

    def next(self) -> tuple[float, State] | None:
        while self._queue:
            cost, _, state = heapq.heappop(self._queue)
            if cost <= self._cost[state]:
                return cost, state
        return None

    def way_to(self, state: State) -> tuple[Port, list[Point]]:
        """The port it began at, and the points from there."""
        path = [state[0]]
        before = self._came[state]
        while not isinstance(before, Port):
            path.append(before[0])
            before = self._came[before]
        return before, path[::-1]


def _opposite(direction: Point) -> Point:
    return -direction[0], -direction[1]


def _turn(direction: Point, port: Port) -> float:
    """What it costs to enter a port coming in that direction; turning back on the spot is out of the question."""
    inward = _opposite(_SIDES[port.side])
    if inward == _opposite(direction):
        return 1e12
    return 0.0 if inward == direction else _BEND


def _segment(one: Point, other: Point) -> tuple[Point, Point]:
    return (one, other) if one <= other else (other, one)
