"""Sequence flows, and incoming and outgoing flows of nodes (from the flows, not from the child elements)."""

from __future__ import annotations

from typing import Any

from engine.definitions.foreign.nodes import read_condition
from engine.definitions.model import Flow
from engine.definitions.reading import own
from engine.definitions.reading.context import Context
from engine.definitions.reading.diagram import Points
from engine.definitions.reading.document import Element, child, local, reference, text_of
from engine.definitions.reading.names import FLOW_NODES, SCOPES, bpmn
from engine.definitions.reading.texts import name_of

Drafts = dict[str, dict[str, Any]]


def read_flows(process: Element, drafts: Drafts, edges: dict[str, Points], context: Context) -> dict[str, Flow]:
    """The flows that join two nodes of one scope, in document order. A flow without an id gets ``flow_<source>_<target>``."""
    flows: dict[str, Flow] = {}
    for element in process.iter(bpmn("sequenceFlow")):
        scope = element.getparent()
        if local(scope) not in SCOPES or not _is_first(element, context):
            continue
        source, target = reference(element.get("sourceRef")), reference(element.get("targetRef"))
        if not _ends_are_right(element, source, target, scope.get("id"), drafts, context):
            continue
        key = element.get("id") or _free(f"flow_{source}_{target}", flows, context)
        flows[key] = Flow(
            id=key,
            source=str(source),
            target=str(target),
            name=name_of(element),
            condition=_condition(element, context),
            parent=scope.get("id"),
            line=element.sourceline,
            waypoints=edges.get(key, ()),
        )
        own.check_own(element, context)
    return flows


def _is_first(element: Element, context: Context) -> bool:
    key = element.get("id")
    return key is None or context.elements.get(key) is element


def _free(name: str, flows: dict[str, Flow], context: Context) -> str:
    """`name`, or `name` with the first free number."""
    number, candidate = 1, name
    while candidate in flows or candidate in context.elements:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _ends_are_right(element: Element, source: str | None, target: str | None, scope: str, drafts: Drafts, context: Context) -> bool:
    strays = [(code, ref) for code, ref in (("BPMN-013", source), ("BPMN-014", target)) if ref is None or ref not in drafts]
    for code, ref in strays:
        _report_stray(code, ref, element, context)
    if strays:
        return False
    if any(drafts[str(ref)]["parent"] != scope for ref in (source, target)):
        context.add("BPMN-015", element, source=source, target=target)
        return False
    return True


def _report_stray(code: str, ref: str | None, element: Element, context: Context) -> None:
    """An end that is no node of this process: it is in another one, or it is something else, or it does not exist."""
    found = context.elements.get(ref or "")
    if found is not None and local(found) not in FLOW_NODES:
        context.add("BPMN-131", element, ref=ref, kind=local(found))
    elif found is not None and _process(found) is not _process(element):
        context.add("BPMN-130", element, ref=ref)
    else:
        context.add(code, element, ref=ref or "?")


def _process(element: Element) -> Element | None:
    return next(element.iterancestors(bpmn("process")), None)


def _condition(element: Element, context: Context) -> str | None:
    item = child(element, "conditionExpression")
    text = text_of(item)
    return read_condition(element, text, context) if text else None


def join(flows: dict[str, Flow], drafts: Drafts) -> None:
    """Write incoming and outgoing into the drafts, in document order of the flows."""
    for flow in flows.values():
        drafts[flow.source].setdefault("outgoing", []).append(flow.id)
        drafts[flow.target].setdefault("incoming", []).append(flow.id)
    for draft in drafts.values():
        for side in ("outgoing", "incoming"):
            draft[side] = tuple(draft.get(side, ()))
