"""Message flows: each end is routed inside its own pool to the border, then the halves are joined between the pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.definitions.layout.scope import Link
from engine.definitions.layout.shapes import Point, Rect
from engine.definitions.layout.writing import Picture
from engine.definitions.model import Pool, Process
from engine.definitions.reading.document import Element, reference
from engine.definitions.reading.names import bpmn

_SOURCE, _TARGET = "|source", "|target"
_ASIDE = 20.0
_STEP = 6.0

Halves = tuple[list[Point] | None, list[Point] | None]


@dataclass(frozen=True, slots=True)
class MessageFlow:
    id: str
    source: str
    target: str


class Messages:
    """The message flows of a file, between nodes and pools."""

    def __init__(self, root: Element, pools: Sequence[Pool], processes: dict[str, Process]) -> None:
        self._place: dict[str, int] = {}
        for number, pool in enumerate(pools):
            held = processes.get(pool.process or "")
            self._place |= {pool.id: number} | (dict.fromkeys(held.nodes, number) if held is not None else {})
        self._flows = [flow for element in root.iter(bpmn("messageFlow")) if (flow := self._read(element)) is not None]

    def _read(self, element: Element) -> MessageFlow | None:
        """A flow that joins two different pools or nodes in them; anything else cannot be drawn."""
        source, target = reference(element.get("sourceRef")), reference(element.get("targetRef"))
        if not element.get("id") or source not in self._place or target not in self._place:
            return None
        return MessageFlow(element.get("id"), source, target) if self._place[source] != self._place[target] else None

    def halves(self, process: Process) -> dict[Link, bool]:
        """What is to be routed inside `process`; True when the other end lies above."""
        found: dict[Link, bool] = {}
        for flow in self._flows:
            above = self._place[flow.target] < self._place[flow.source]
            if flow.source in process.nodes:
                found[Link(flow.id + _SOURCE, _outermost(process, flow.source), "")] = above
            if flow.target in process.nodes:
                found[Link(flow.id + _TARGET, "", _outermost(process, flow.target))] = not above
        return found

    def join(self, picture: Picture) -> None:
        """Make whole edges of the halves that were drawn."""
        halves = {flow: (picture.edges.pop(flow.id + _SOURCE, None), picture.edges.pop(flow.id + _TARGET, None)) for flow in self._flows}
        ordered = _from_top(halves)
        for number, flow in enumerate(ordered, start=1):
            first, second = halves[flow]
            picture.edges[flow.id] = _joined(picture, flow, first, second, number / (len(ordered) + 1))


def _from_top(halves: dict[MessageFlow, Halves]) -> list[MessageFlow]:
    """In which order their level pieces lie in the gap between two pools: a flow that comes down at some place before one
    that goes on down there, so that the two do not lie on each other."""
    ends = {flow: sorted((p[0][-1][::-1], p[1][0][::-1])) for flow, p in halves.items() if p[0] is not None and p[1] is not None}
    rest, ordered = list(halves), []
    while rest:
        free = (flow for flow in rest if not any(_must_come_before(ends.get(other), ends.get(flow)) for other in rest if other != flow))
        ordered.append(next(free, rest[0]))
        rest.remove(ordered[-1])
    return ordered


def _must_come_before(one: list[Point] | None, other: list[Point] | None) -> bool:
    """`one` and `other`: the upper and the lower end of a flow, each (y, x)."""
    return one is not None and other is not None and abs(one[0][1] - other[1][1]) < _STEP


def _outermost(process: Process, node: str) -> str:
    """The node at the top of the process in which `node` lies."""
    while process.nodes[node].parent != process.id:
        node = process.nodes[node].parent
    return node


def _joined(picture: Picture, flow: MessageFlow, first: list[Point] | None, second: list[Point] | None, share: float) -> list[Point]:
    """`share`: how far down in a gap between pools the flow runs, from 0 to 1."""
    shift = share * _ASIDE
    source, target = picture.pools.get(flow.source), picture.pools.get(flow.target)
    left = min(rect.x for rect in picture.pools.values()) - _ASIDE - shift
    if first is None and second is None:  # two pools: around the left of what lies between
        assert source is not None
        assert target is not None
        from_y, to_y = source.y + source.height * share, target.y + target.height * share
        return [(source.x, from_y), (left, from_y), (left, to_y), (target.x, to_y)]
    if first is None:
        assert second is not None
        assert source is not None
        return _to_pool(picture, second[::-1], source, left, share)[::-1]
    if second is None:
        assert target is not None
        return _to_pool(picture, first, target, left, share)
    (x, y), (other_x, other_y) = first[-1], second[0]
    if _is_free(picture, y, other_y):
        middle = min(y, other_y) + abs(other_y - y) * share
        return [*first[:-1], (x, middle), (other_x, middle), *second[1:]] if x != other_x else [*first[:-1], *second[1:]]
    down = 1 if other_y > y else -1
    near, far = y + down * (_ASIDE / 2 + shift / 2), other_y - down * (_ASIDE / 2 + shift / 2)
    return [*first[:-1], (x, near), (left, near), (left, far), (other_x, far), *second[1:]]


def _to_pool(picture: Picture, points: list[Point], pool: Rect, left: float, share: float) -> list[Point]:
    """Lead a half on to the border of a pool."""
    x, y = points[-1]
    border = pool.bottom if pool.y < y else pool.y
    if _is_free(picture, y, border):
        return [*points[:-1], (x, border)]
    near = y + (1 if border > y else -1) * _ASIDE * (1 + share) / 2
    end = pool.y + pool.height * share
    return [*points[:-1], (x, near), (left, near), (left, end), (pool.x, end)]


def _is_free(picture: Picture, one: float, other: float) -> bool:
    """Whether no pool lies between two heights."""
    top, bottom = sorted((one, other))
    return not any(top < rect.centre[1] < bottom for rect in picture.pools.values())
