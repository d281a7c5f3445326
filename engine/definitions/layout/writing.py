"""Writes the diagram part into the text of the file; everything else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from engine.definitions.layout.shapes import Drawing, Point, Rect
from engine.definitions.model import BpmnFile
from engine.definitions.reading.document import Element
from engine.definitions.reading.names import BPMNDI, DC, DI, SUB_PROCESSES

_MORE = {**dict.fromkeys(SUB_PROCESSES, ' isExpanded="true"'), "exclusiveGateway": ' isMarkerVisible="true"'}
_OWN_PREFIXES = {BPMNDI: "bpmndi", DC: "dc", DI: "di"}


@dataclass(slots=True)
class Picture:
    """All shapes and edges in page coordinates."""

    pools: dict[str, Rect] = field(default_factory=dict)
    lanes: dict[str, Rect] = field(default_factory=dict)
    shapes: dict[str, Rect] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Rect] = field(default_factory=dict)

    def take(self, drawing: Drawing, dx: float, dy: float) -> None:
        """Put a drawing onto the page."""
        self.shapes |= {key: rect.moved(dx, dy) for key, rect in drawing.shapes.items()}
        self.labels |= {key: rect.moved(dx, dy) for key, rect in drawing.labels.items()}
        self.edges |= {key: [(x + dx, y + dy) for x, y in points] for key, points in drawing.edges.items()}


def write(data: bytes, root: Element, picture: Picture, file: BpmnFile) -> bytes:
    """`data` with its diagram part replaced by `picture`."""
    encoding = root.getroottree().docinfo.encoding or "utf-8"
    text = data.decode(encoding)
    text = _without_diagrams(text, root)
    end = _closing_tag(text, root)
    return (text[:end].rstrip() + "\n" + "\n".join(_diagram(root, picture, file)) + "\n" + text[end:]).encode(encoding)


def _prefixes(root: Element) -> dict[str, str]:
    return {uri: prefix for prefix, uri in root.nsmap.items() if prefix and uri in _OWN_PREFIXES}


def _without_diagrams(text: str, root: Element) -> str:
    """Old diagrams stand at the top level; their prefix may be any."""
    prefixes = {element.prefix for element in root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")}
    for prefix in prefixes:
        name = f"{re.escape(prefix)}:BPMNDiagram" if prefix else "BPMNDiagram"
        text = re.sub(rf"[ \t]*<{name}\b[^>]*?(?:/>|>.*?</{name}\s*>)[ \t]*\n?", "", text, flags=re.DOTALL)
    return text


def _closing_tag(text: str, root: Element) -> int:
    name = f"{root.prefix}:definitions" if root.prefix else "definitions"
    return text.rindex(f"</{name}")


def _diagram(root: Element, picture: Picture, file: BpmnFile) -> Iterator[str]:
    known = _prefixes(root)
    names = {uri: known.get(uri, own) for uri, own in _OWN_PREFIXES.items()}
    declared = "".join(f' xmlns:{own}="{uri}"' for uri, own in _OWN_PREFIXES.items() if uri not in known)
    b, c, d = names[BPMNDI], names[DC], names[DI]
    plane = _plane_of(root, file)
    yield f'  <{b}:BPMNDiagram id="BPMNDiagram_1"{declared}>'
    yield f'    <{b}:BPMNPlane id="BPMNPlane_1" bpmnElement={quoteattr(plane)}>'
    more = {node.id: _MORE.get(node.kind, "") for process in file.processes for node in process.nodes.values()}
    for key, rect in (picture.pools | picture.lanes).items():
        yield from _shape(b, c, key, rect, None, ' isHorizontal="true"')
    for key, rect in picture.shapes.items():
        yield from _shape(b, c, key, rect, picture.labels.get(key), more.get(key, ""))
    for key, points in picture.edges.items():
        yield f"      <{b}:BPMNEdge id={quoteattr(key + '_di')} bpmnElement={quoteattr(key)}>"
        for x, y in points:
            yield f'        <{d}:waypoint x="{_number(x)}" y="{_number(y)}" />'
        yield from _label(b, c, picture.labels.get(key))
        yield f"      </{b}:BPMNEdge>"
    yield f"    </{b}:BPMNPlane>"
    yield f"  </{b}:BPMNDiagram>"


def _plane_of(root: Element, file: BpmnFile) -> str:
    """The collaboration, else the process."""
    collaboration = root.find("{*}collaboration")
    if collaboration is not None and file.pools and collaboration.get("id"):
        return str(collaboration.get("id"))
    return file.processes[0].id if file.processes else ""


def _shape(b: str, c: str, key: str, rect: Rect, label: Rect | None, more: str) -> Iterator[str]:
    yield f"      <{b}:BPMNShape id={quoteattr(key + '_di')} bpmnElement={quoteattr(key)}{more}>"
    yield f"        {_bounds(c, rect)}"
    yield from _label(b, c, label)
    yield f"      </{b}:BPMNShape>"


def _label(b: str, c: str, label: Rect | None) -> Iterator[str]:
    if label is not None:
        yield f"        <{b}:BPMNLabel>"
        yield f"          {_bounds(c, label)}"
        yield f"        </{b}:BPMNLabel>"


def _bounds(c: str, rect: Rect) -> str:
    return f'<{c}:Bounds x="{_number(rect.x)}" y="{_number(rect.y)}" width="{_number(rect.width)}" height="{_number(rect.height)}" />'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
