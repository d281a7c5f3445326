"""Runs of edges and their tracks: in a channel, runs that would lie on each other get tracks beside each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from engine.definitions.layout.routes import Edge, Point

#: how often every run of a channel is put to its best place among the others
_PASSES = 6


@dataclass(slots=True, eq=False)
class Run:
    """A straight piece of an edge. `line` is its lattice coordinate (even: a channel), `low`–`high` its extent along it."""

    edge: Edge
    horizontal: bool
    line: int
    low: int
    high: int
    #: for a run in a channel: at which lattice coordinate it is joined, and from which side (-1 left/top, 1 right/bottom)
    ends: list[tuple[int, int]] = field(default_factory=list)
    track: int = 0
    #: first or last run: it sits on the port's own coordinate
    at_start: bool = False
    at_end: bool = False

    @property
    def in_channel(self) -> bool:
        return self.line % 2 == 0


def runs_of(edge: Edge) -> list[Run]:
    """The edge as alternating horizontal and vertical runs: the first and the last leave and enter the ports at right angles."""
    assert edge.start is not None
    assert edge.end is not None
    first = edge.start.side in ("left", "right")
    last = edge.end.side in ("left", "right")
    points = edge.path
    runs = [_new(edge, first, points[0])]
    for one, other in pairwise(points):
        horizontal = one[1] == other[1]
        if horizontal != runs[-1].horizontal:
            runs.append(_new(edge, horizontal, one))
        _stretch(runs[-1], other)
    if runs[-1].horizontal != last:
        runs.append(_new(edge, last, points[-1]))
    elif len(runs) == 1 and edge.start.boundary is not None:
        runs = _with_jog(runs[0], edge, points[0])
    runs[0].at_start = runs[-1].at_end = True
    _join(runs)
    return runs


def _new(edge: Edge, horizontal: bool, point: Point) -> Run:
    along, line = (point[0], point[1]) if horizontal else (point[1], point[0])
    return Run(edge, horizontal, line, along, along)


def _stretch(run: Run, point: Point) -> None:
    along = point[0] if run.horizontal else point[1]
    run.low, run.high = min(run.low, along), max(run.high, along)


def _with_jog(run: Run, edge: Edge, point: Point) -> list[Run]:
    """Straight down from a boundary event: the event is not above the middle of its target, a step aside is needed."""
    return [_new(edge, False, point), _new(edge, True, point), run]


def _join(runs: list[Run]) -> None:
    """Tell every run from which side its neighbours come."""
    for index, run in enumerate(runs):
        for other in runs[max(0, index - 1) : index] + runs[index + 1 : index + 2]:
            centre = other.low + other.high
            side = 0 if centre == 2 * run.line else (1 if centre > 2 * run.line else -1)
            if side == 0:
                side = _side_of_port(other)
            run.ends.append((other.line, side))


def _side_of_port(other: Run) -> int:
    """A stub of no length lies on the side of the shape it comes from."""
    port = other.edge.start if other.at_start else other.edge.end
    assert port is not None
    return -1 if port.side in ("right", "bottom") else 1


def assign(runs: list[Run]) -> dict[tuple[bool, int], int]:
    """Give every run in a channel its track; the number of tracks by (horizontal, line)."""
    channels: dict[tuple[bool, int], list[Run]] = defaultdict(list)
    for run in runs:
        if run.in_channel:
            channels[(run.horizontal, run.line)].append(run)
    return {channel: _assign_channel(members) for channel, members in channels.items()}


def _assign_channel(runs: list[Run]) -> int:
    order = sorted(runs, key=lambda run: (sum(side for _, side in run.ends), run.low))
    for _ in range(_PASSES):
        before = list(order)
        for run in before:
            order.remove(run)
            order.insert(_best_place(run, order), run)
        if order == before:
            break
    placed: list[Run] = []
    for run in order:
        run.track = 1 + max((earlier.track for earlier in placed if _touch(run, earlier)), default=-1)
        placed.append(run)
    return 1 + max(run.track for run in runs)


def _best_place(run: Run, order: list[Run]) -> int:
    """Where among the others the run costs least; the first such place, so that the search ends."""
    cost = sum(_cost(run, other) for other in order)
    best, place = cost, 0
    for index, other in enumerate(order, start=1):
        cost += _cost(other, run) - _cost(run, other)
        if cost < best:
            best, place = cost, index
    return place


def _touch(one: Run, other: Run) -> bool:
    return one.low <= other.high and other.low <= one.high


def _cost(first: Run, second: Run) -> float:
    """What it costs if `first` lies left of (above) `second`: crossings, and ends that would lie on each other."""
    cost = 0.0
    for at, side in first.ends:
        if side > 0 and second.low <= at <= second.high:
            cost += 1.0
    for at, side in second.ends:
        if side < 0 and first.low <= at <= first.high:
            cost += 1.0
    for at, side in first.ends:
        for other_at, other_side in second.ends:
            if at == other_at and side > 0 and other_side < 0:
                cost += 20.0
    return cost
