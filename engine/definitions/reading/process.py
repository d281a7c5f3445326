"""One process element."""

from __future__ import annotations

from engine.definitions.foreign.forms import read_embedded
from engine.definitions.foreign.jbpm import check_process
from engine.definitions.foreign.people import read_starters
from engine.definitions.foreign.reader import Reader
from engine.definitions.model import Node, Process
from engine.definitions.reading import data, links, own
from engine.definitions.reading.context import Context
from engine.definitions.reading.diagram import Bounds, Points
from engine.definitions.reading.document import Element, extension, is_bpmn, local
from engine.definitions.reading.flows import Drafts, join, read_flows
from engine.definitions.reading.lanes import assign_lanes, read_lanes
from engine.definitions.reading.names import DESCRIPTIVE, FLOW_NODES, SCOPES, SILENT, zeebe
from engine.definitions.reading.nodes import read_node
from engine.definitions.reading.texts import documentation_of, name_of
from engine.definitions.reading.truth import truth


def read_process(element: Element, shapes: dict[str, Bounds], edges: dict[str, Points], context: Context) -> Process:
    """The process with every node at every depth. Walks the tree in document order without recursion."""
    drafts = _read_nodes(element, shapes, context)
    flows = read_flows(element, drafts, edges, context)
    join(flows, drafts)
    links.resolve(element, drafts, flows, context)
    lanes = read_lanes(element, context)
    assign_lanes(lanes, drafts, context)
    own.check_own(element, context)
    access, access_of = own.read_access(element)
    read_embedded(element, context)
    check_process(Reader(element, context))
    return Process(
        id=element.get("id"),
        name=name_of(element),
        documentation=documentation_of(element),
        executable=truth(element, "isExecutable", False, context),
        nodes={key: Node(**draft) for key, draft in drafts.items()},
        flows=flows,
        lanes=lanes,
        data=own.read_data(element),
        version_tag=_version_tag(element),
        locals=data.read_locals(element, context),
        stores=data.read_stores(element, context),
        access=access or "staff",
        access_of=access_of,
        access_from=own.read_access_from(element),
        starters=read_starters(Reader(element, context)),
        line=element.sourceline,
    )


def _version_tag(element: Element) -> str | None:
    item = extension(element, zeebe("versionTag"))
    return ((item.get("value") or "").strip() or None) if item is not None else None


def _read_nodes(process: Element, shapes: dict[str, Bounds], context: Context) -> Drafts:
    drafts: Drafts = {}
    for element in process.iter("*"):
        scope = element.getparent()
        kind = local(element)
        if element is process or not is_bpmn(element) or not (is_bpmn(scope) and local(scope) in SCOPES):
            continue
        if kind not in FLOW_NODES:
            _other(element, kind, context)
            continue
        key = element.get("id")
        if not key:
            context.add("BPMN-010", element, kind=kind)
        elif context.elements.get(key) is element and (scope is process or _is_read(scope, drafts, context)):
            drafts[key] = read_node(element, scope.get("id"), context) | {"bounds": shapes.get(key)}
            _describing(element, context)
    return drafts


def _is_read(scope: Element, drafts: Drafts, context: Context) -> bool:
    """A sub-process without an id, or with one that was taken, is left out with all it holds; that was reported."""
    key = scope.get("id")
    return key in drafts and context.elements.get(key) is scope


def _other(element: Element, kind: str, context: Context) -> None:
    if kind in DESCRIPTIVE:
        context.add("BPMN-037", element, names=kind)
    elif kind not in SILENT:
        context.add("BPMN-026", element, kind=kind)


def _describing(element: Element, context: Context) -> None:
    """Parts of a node that other engines run and we do not."""
    names = sorted({local(item) for item in element if is_bpmn(item) and local(item) in DESCRIPTIVE})
    if names and local(element) not in SCOPES and element not in context.described:
        context.add("BPMN-037", element, names=", ".join(names))
