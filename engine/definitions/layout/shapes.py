"""Plain geometry: rectangles, polylines, and the drawing of a scope."""

from __future__ import annotations

from dataclasses import dataclass, field

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Rect:
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def overlaps(self, other: Rect) -> bool:
        """True when they share more than a border."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def inside(self, other: Rect) -> bool:
        return other.x <= self.x and self.right <= other.right and other.y <= self.y and self.bottom <= other.bottom

    def crossed_by(self, one: Point, other: Point) -> bool:
        """Whether a horizontal or vertical segment runs through the interior."""
        left, right = sorted((one[0], other[0]))
        top, bottom = sorted((one[1], other[1]))
        return left < self.right and right > self.x and top < self.bottom and bottom > self.y


@dataclass(slots=True)
class Drawing:
    """A drawn scope, relative to its own upper left corner."""

    width: float
    height: float
    shapes: dict[str, Rect] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Rect] = field(default_factory=dict)
    #: y of the borders between lanes, first 0, last the height
    lanes: list[float] = field(default_factory=list)

    def take(self, other: Drawing, dx: float, dy: float) -> None:
        """Put another drawing into this one at that place."""
        self.shapes |= {key: rect.moved(dx, dy) for key, rect in other.shapes.items()}
        self.labels |= {key: rect.moved(dx, dy) for key, rect in other.labels.items()}
        self.edges |= {key: [(x + dx, y + dy) for x, y in points] for key, points in other.edges.items()}
