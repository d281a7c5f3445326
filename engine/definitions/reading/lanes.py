"""Lanes, nested ones too, and which lane a node belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.definitions.model import Lane
from engine.definitions.reading import own
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, children, local, text_of
from engine.definitions.reading.names import bpmn
from engine.definitions.reading.texts import name_of


def read_lanes(process: Element, context: Context) -> dict[str, Lane]:
    """The lanes of a process by id, outer before inner; a lane without a role takes that of the lane around it."""
    lanes: dict[str, Lane] = {}
    for element in process.iter(bpmn("lane")):
        key = element.get("id")
        if not key:
            context.add("BPMN-010", element, kind="lane")
            continue
        if key in lanes:
            continue  # BPMN-011 was given by the index of ids
        lane = _lane(element, lanes)
        outer = lanes.get(lane.parent or "")
        if outer is not None and lane.role is None and lane.source is None:
            lane = replace(lane, role=outer.role, of=outer.of, source=outer.source)
        lanes[key] = lane
        own.check_own(element, context)
    return lanes


def _lane(element: Element, lanes: dict[str, Lane]) -> Lane:
    role, of, source = own.read_role(element)
    parent = next((above.get("id") for above in element.iterancestors() if local(above) == "lane"), None)
    nodes = tuple(text_of(item) for item in children(element, "flowNodeRef"))
    return Lane(
        id=element.get("id"),
        name=name_of(element),
        parent=parent if parent in lanes else None,
        role=role,
        of=of,
        source=source,
        nodes=nodes,
        line=element.sourceline,
    )


def assign_lanes(lanes: dict[str, Lane], drafts: dict[str, dict[str, Any]], context: Context) -> None:
    """Give every node its lane: the innermost that lists it, else its host's (boundary), else its sub-process's."""
    for lane in lanes.values():  # inner lanes come later and win
        for ref in lane.nodes:
            if ref in drafts:
                drafts[ref]["lane"] = lane.id
            else:
                context.report.add("BPMN-018", lane.id, lane.line, ref=ref)
    for draft in drafts.values():  # document order: a sub-process comes before what it holds
        if draft.get("lane") is None:
            draft["lane"] = drafts.get(draft["parent"], {}).get("lane")
    for draft in drafts.values():
        host = drafts.get(draft.get("attached_to") or "")
        if draft.get("lane") is None and host is not None:
            draft["lane"] = host.get("lane")
