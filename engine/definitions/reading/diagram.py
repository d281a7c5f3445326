"""Bounds and waypoints of the diagram part, by the id of the element they draw."""

from __future__ import annotations

from engine.definitions.reading.document import Element
from engine.definitions.reading.names import BPMNDI, DC, DI

Bounds = tuple[float, float, float, float]
Points = tuple[tuple[float, float], ...]


def read_diagram(root: Element) -> tuple[dict[str, Bounds], dict[str, Points]]:
    """Shapes and edges. A drawing with broken numbers counts as not drawn: it has no meaning for a run."""
    shapes: dict[str, Bounds] = {}
    edges: dict[str, Points] = {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        numbers = None if bounds is None else _numbers(bounds, ("x", "y", "width", "height"))
        if numbers is not None and shape.get("bpmnElement"):
            shapes.setdefault(shape.get("bpmnElement"), (numbers[0], numbers[1], numbers[2], numbers[3]))
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        points = [_numbers(point, ("x", "y")) for point in edge.findall(f"{{{DI}}}waypoint")]
        if edge.get("bpmnElement") and points and all(p is not None for p in points):
            edges.setdefault(edge.get("bpmnElement"), tuple((p[0], p[1]) for p in points if p is not None))
    return shapes, edges


def _numbers(element: Element, names: tuple[str, ...]) -> list[float] | None:
    try:
        return [float(element.get(name, "")) for name in names]
    except ValueError:
        return None
