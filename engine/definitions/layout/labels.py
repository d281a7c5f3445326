"""Places for the names of flows: beside their own line, over nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from engine.definitions.layout.shapes import Drawing, Point, Rect
from engine.definitions.layout.sizes import label_size

_GAP = 3.0
#: beside a vertical line more: the stroke that marks a default flow crosses it
_BESIDE = 8.0
_FORBIDDEN = 1000.0
#: how far from its line a label may stand, in labels, when nearer places are taken
_RINGS = 3
_CROSSING = 4.0


def place_flow_labels(drawing: Drawing, names: Mapping[str, str]) -> None:
    """Add the labels of the named edges to `drawing`, in order; each avoids shapes, labels and lines that are there."""
    obstacles = list(drawing.shapes.values()) + list(drawing.labels.values())
    segments = [(one, other) for points in drawing.edges.values() for one, other in pairwise(points)]
    frame = Rect(0.0, 0.0, drawing.width, drawing.height)
    for edge, name in names.items():
        points = drawing.edges.get(edge)
        if not name or not points:
            continue
        label = _best(points, label_size(name), obstacles, segments, frame)
        drawing.labels[edge] = label
        obstacles.append(label)


def _best(points: list[Point], size: tuple[float, float], obstacles: list[Rect], segments: list[tuple[Point, Point]], frame: Rect) -> Rect:
    best: tuple[float, Rect] | None = None
    for base, rect in sorted(_candidates(points, size), key=lambda candidate: candidate[0]):
        if best is not None and base >= best[0]:
            break
        cost = base + sum(_FORBIDDEN for obstacle in obstacles if rect.overlaps(obstacle))
        cost += sum(_CROSSING for one, other in segments if rect.crossed_by(one, other))
        cost += 0.0 if rect.inside(frame) else _FORBIDDEN
        if best is None or cost < best[0]:
            best = (cost, rect)
    assert best is not None
    return best[1]


def _candidates(points: list[Point], size: tuple[float, float]) -> Iterator[tuple[float, Rect]]:
    """Boxes beside each piece of the line with how far they are from the start; the beginning is best."""
    width, height = size
    for index, (one, other) in enumerate(pairwise(points)):
        length = abs(other[0] - one[0]) + abs(other[1] - one[1])
        horizontal = one[1] == other[1]
        need = width if horizontal else height
        for step, along in enumerate(_stops(length, need)):
            base = 1.5 * index + 0.15 * step + (1.0 if length < need else 0.0)
            for away in range(_RINGS):
                far = base + 3.0 * away
                if horizontal:
                    forward = 1 if other[0] >= one[0] else -1
                    start = one[0] + forward * along - (0 if forward > 0 else width)
                    yield far, Rect(start, one[1] - (height + _GAP) * (away + 1), width, height)
                    yield far + 0.3, Rect(start, one[1] + _GAP + (height + _GAP) * away, width, height)
                else:
                    forward = 1 if other[1] >= one[1] else -1
                    start = one[1] + forward * along - (0 if forward > 0 else height)
                    yield far + 0.1, Rect(one[0] + _BESIDE + (width + _GAP) * away, start, width, height)
                    yield far + 0.4, Rect(one[0] - _BESIDE - width - (width + _GAP) * away, start, width, height)


def _stops(length: float, need: float) -> Iterator[float]:
    """Distances from the start of a piece at which a label may begin."""
    along = 4.0
    yield along
    while along + 12.0 + need <= length:
        along += 12.0
        yield along
