"""References between nodes: boundary hosts, default flows, compensation handlers, link partners."""

from __future__ import annotations

from collections import defaultdict

from engine.definitions.model import Flow, Label
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, reference
from engine.definitions.reading.flows import Drafts
from engine.definitions.reading.names import ACTIVITIES, SUB_PROCESSES, bpmn

_NOT_ONE_CATCH = Label(zh="没有唯一的接收事件", en="has not exactly one catching event")
_NEVER_THROWN = Label(zh="没有发出事件", en="is never thrown")


def resolve(process: Element, drafts: Drafts, flows: dict[str, Flow], context: Context) -> None:
    """Check and complete what one node says about another."""
    _boundaries(drafts, context)
    _defaults(drafts, flows, context)
    _compensation(process, drafts, context)
    _links(drafts, context)
    _empty_sub_processes(drafts, context)


def _boundaries(drafts: Drafts, context: Context) -> None:
    for draft in drafts.values():
        if draft["kind"] != "boundaryEvent":
            continue
        host = drafts.get(draft.get("attached_to") or "")
        if host is None or host["kind"] not in ACTIVITIES or host["parent"] != draft["parent"]:
            context.report.add("BPMN-016", draft["id"], draft["line"], ref=draft.get("attached_to") or "?")
            draft["attached_to"] = None


def _defaults(drafts: Drafts, flows: dict[str, Flow], context: Context) -> None:
    for draft in drafts.values():
        default = draft.get("default")
        if default is None:
            continue
        if default not in draft["outgoing"]:
            context.report.add("BPMN-017", draft["id"], draft["line"], ref=default)
            draft["default"] = None
        elif flows[default].condition is not None:
            context.report.add("BPMN-059", default, flows[default].line)


def _compensation(process: Element, drafts: Drafts, context: Context) -> None:
    targets = {reference(a.get("sourceRef")): reference(a.get("targetRef")) for a in process.iter(bpmn("association"))}
    for draft in drafts.values():
        if draft["kind"] != "boundaryEvent" or not any(event.kind == "compensate" for event in draft.get("events", ())):
            continue
        handler = drafts.get(targets.get(draft["id"]) or "")
        if handler is None or not handler.get("for_compensation") or handler["parent"] != draft["parent"]:
            context.report.add("BPMN-023", draft["id"], draft["line"])
            continue
        draft["compensation_handler"] = handler["id"]


def _links(drafts: Drafts, context: Context) -> None:
    throws: dict[tuple[str, str], list[str]] = defaultdict(list)
    catches: dict[tuple[str, str], list[str]] = defaultdict(list)
    for draft in drafts.values():
        for event in draft.get("events", ()):
            if event.kind == "link" and event.name:
                side = throws if draft["kind"] == "intermediateThrowEvent" else catches
                side[(draft["parent"], event.name)].append(draft["id"])
    for key, nodes in throws.items():
        if len(catches.get(key, [])) != 1:
            context.report.add("BPMN-022", nodes[0], drafts[nodes[0]]["line"], name=key[1], reason=_NOT_ONE_CATCH)
    for key, nodes in catches.items():
        if key not in throws:
            context.report.add("BPMN-022", nodes[0], drafts[nodes[0]]["line"], name=key[1], reason=_NEVER_THROWN)


def _empty_sub_processes(drafts: Drafts, context: Context) -> None:
    parents = {draft["parent"] for draft in drafts.values()}
    for draft in drafts.values():
        if draft["kind"] in SUB_PROCESSES and draft["id"] not in parents:
            context.report.add("BPMN-029", draft["id"], draft["line"], id=draft["id"])
