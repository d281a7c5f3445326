"""Sizes of shapes and texts, as bpmn-js draws them (pixels)."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from engine.definitions.model import Node
from engine.definitions.reading.names import EVENTS, GATEWAYS

TASK = (100.0, 80.0)
EVENT = (36.0, 36.0)
GATEWAY = (50.0, 50.0)
#: of the first boundary event, from the left of its host
BOUNDARY_INSET = 28.0

#: drawn beside the flow, without meaning for a run
DATA = {"dataObjectReference": (36.0, 50.0), "dataStoreReference": (50.0, 50.0)}
ANNOTATION = "textAnnotation"
_ANNOTATION_WIDTH = 120.0

LABEL_WIDTH = 90.0
_LINE = 14.0
_WIDE, _NARROW = 11.0, 6.0


def text_width(text: str) -> float:
    """Width of one line at the size of outside labels (11 px); Chinese characters are square."""
    return sum(_WIDE if unicodedata.east_asian_width(ch) in "WFA" else _NARROW for ch in text)


def label_size(text: str) -> tuple[float, float]:
    """Box of an outside label; bpmn-js breaks it at 90 px. (0, 0) without a text."""
    if not text:
        return 0.0, 0.0
    width = text_width(text)
    lines = math.ceil(width / (LABEL_WIDTH - 4))
    return min(width + 4, LABEL_WIDTH), lines * _LINE


def has_outside_label(node: Node) -> bool:
    return node.kind in GATEWAYS or labelled_below(node)


def labelled_below(node: Node) -> bool:
    """Its name stands under it, so edges leave it at the other sides."""
    return node.kind in EVENTS or node.kind in DATA


def boundary_places(boundaries: Sequence[Node]) -> list[float]:
    """Middles of boundary events, from the left of their host; the name of each stands right of it."""
    places, at = [], BOUNDARY_INSET
    for node in boundaries:
        places.append(at)
        at += max(EVENT[0] + 12.0, EVENT[0] + 8.0 + label_size(node.name.zh)[0])
    return places


def node_size(node: Node, boundaries: Sequence[Node] = ()) -> tuple[float, float]:
    """Width and height of a node that is not an expanded sub-process; it has room for its boundary events."""
    if node.kind in EVENTS:
        return EVENT
    if node.kind in GATEWAYS:
        return GATEWAY
    if node.kind in DATA:
        return DATA[node.kind]
    if node.kind == ANNOTATION:
        lines = math.ceil(text_width(node.name.zh) / (_ANNOTATION_WIDTH - 16))
        return _ANNOTATION_WIDTH, max(30.0, 10.0 + lines * _LINE)
    width, height = TASK
    last = boundary_places(boundaries)[-1] if boundaries else 0.0
    return max(width, last + BOUNDARY_INSET), height
