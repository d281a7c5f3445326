"""Flow nodes: the fields of `model.Node` that the element itself says."""

from __future__ import annotations

from typing import Any

from engine.definitions.foreign.automatic import read_script
from engine.definitions.foreign.forms import form_id
from engine.definitions.foreign.nodes import read_node as read_foreign_node
from engine.definitions.foreign.reader import Reader, foreign_attribute, marked, static_selectors
from engine.definitions.model import AdHoc, Called, Label, Mapping_, Message
from engine.definitions.reading import data, own
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, child, extension, local, reference, text_of
from engine.definitions.reading.events import read_events
from engine.definitions.reading.loops import read_loop
from engine.definitions.reading.names import ACTIVITIES, EVENTS, zeebe
from engine.definitions.reading.texts import documentation_of, expression, formula, name_of
from engine.definitions.reading.truth import truth

#: more tokens at once than any procedure needs: a slip, or an attack
_MOST_TOKENS = 1000
_BINDINGS = {"latest": "latest", "deployment": "start", "versionTag": "pinned", "start": "start", "pinned": "pinned"}


def read_node(element: Element, parent: str, context: Context) -> dict[str, Any]:
    """All fields but incoming, outgoing, lane and compensation handler, which need the whole process."""
    kind = local(element)
    fields: dict[str, Any] = read_foreign_node(element, kind, context)
    name, described = name_of(element), documentation_of(element)
    access, access_of = own.read_access(element)
    fields |= _given(
        id=element.get("id"),
        kind=fields.get("kind", kind),
        name=_both(name, fields.get("name")),
        documentation=_both(described, fields.get("documentation")),
        line=element.sourceline,
        parent=parent,
        default=reference(element.get("default")),
        records=own.read_records(element),
        access=access,
        access_of=access_of,
        deadline=own.read_deadline(element),
        action=own.read_action(element),
        message_ttl=own.read_message_ttl(element, context),
        starters=own.read_starters(element) if local(element) == "startEvent" else (),
        form=_form(element),
        service=_service(element, context),
    )
    fields |= _mappings(element)
    if element not in context.described:  # another tool's data inputs are read with the rest of its element
        fields |= {name: (*moved, *fields.get(name, ())) for name, moved in data.read_associations(element, kind, context).items()}
    fields |= _given(locals=data.read_locals(element, context))
    if kind in EVENTS:
        fields |= _event(element, kind, context)
    if kind in ACTIVITIES:
        fields |= {
            "start_quantity": _quantity(element, "startQuantity", context),
            "completion_quantity": _quantity(element, "completionQuantity", context),
        }
        fields |= _activity(element, kind, context)
    if kind == "eventBasedGateway":
        fields |= _event_gateway(element, context)
    if kind == "complexGateway":
        fields |= _given(activation=formula(text_of(child(element, "activationCondition"))))
    own.check_own(element, context)
    return fields


def _given(**fields: Any) -> dict[str, Any]:
    """Only what says something, so that it does not erase what a foreign attribute gave."""
    return {name: value for name, value in fields.items() if value is not None and value != ()}


def _both(own: Label, foreign: Label | None) -> Label:
    """What BPMN and our own dialect say goes before what another tool does."""
    return own if foreign is None else Label(own.zh or foreign.zh, own.en or foreign.en)


def _form(element: Element) -> str | None:
    item = extension(element, zeebe("formDefinition"))
    key = None if item is None else (item.get("formId") or item.get("formKey") or None)
    return None if key is None else form_id(key, element)


def _service(element: Element, context: Context) -> str | None:
    item = extension(element, zeebe("taskDefinition"))
    if item is None:
        return None
    name = (item.get("type") or "").strip()
    if not name:
        context.add("BPMN-071", element, what="zeebe:taskDefinition type")
    if name.startswith("="):
        context.add("BPMN-030", element, what=f'zeebe:taskDefinition type="{name}"')
    return name or None


def _mappings(element: Element) -> dict[str, Any]:
    item = extension(element, zeebe("ioMapping"))
    if item is None:
        return {}
    found: dict[str, Any] = {}
    for field, name in (("inputs", "input"), ("outputs", "output")):
        pairs = [(expression(m.get("source")), (m.get("target") or "").strip()) for m in item.findall(zeebe(name))]
        found[field] = tuple(Mapping_(source=source or "null", target=target) for source, target in pairs if target)
    return _given(**found)


def _event(element: Element, kind: str, context: Context) -> dict[str, Any]:
    interrupting = True
    if kind == "boundaryEvent":
        interrupting = truth(element, "cancelActivity", True, context)
    elif kind == "startEvent":
        interrupting = truth(element, "isInterrupting", True, context)
    return _given(
        events=read_events(element, context),
        parallel_multiple=truth(element, "parallelMultiple", False, context),
        attached_to=reference(element.get("attachedToRef")),
        interrupting=interrupting,
    )


def _activity(element: Element, kind: str, context: Context) -> dict[str, Any]:
    fields = _given(
        loop=read_loop(element, context),
        for_compensation=truth(element, "isForCompensation", False, context),
    )
    if kind in ("userTask", "manualTask"):
        fields |= _work(element)
    if kind == "scriptTask":
        fields |= _script(element, context)
    if kind == "businessRuleTask":
        fields |= _decision(element)
    if kind == "callActivity":
        fields |= _call(element, context)
    if kind in ("sendTask", "receiveTask"):
        fields |= _message(element, kind, context)
    if kind == "adHocSubProcess":
        fields |= _ad_hoc(element, context)
    if kind == "subProcess":
        fields |= _given(triggered_by_event=truth(element, "triggeredByEvent", False, context))
    return fields


def _ad_hoc(element: Element, context: Context) -> dict[str, Any]:
    item = extension(element, zeebe("adHoc"))
    if item is not None and item.get("outputCollection"):
        context.add("BPMN-030", element, what="zeebe:adHoc outputCollection")
    ordering = element.get("ordering", "Parallel")
    if ordering not in ("Parallel", "Sequential"):
        context.add("BPMN-028", element, attribute="ordering", value=ordering)
    rules = AdHoc(
        sequential=ordering == "Sequential",
        cancel_remaining=truth(element, "cancelRemainingInstances", True, context),
        completion_condition=formula(text_of(child(element, "completionCondition"))),
        active=formula(item.get("activeElementsCollection")) if item is not None else None,
    )
    return {"ad_hoc": rules}


def _quantity(element: Element, attribute: str, context: Context) -> int:
    """A number of tokens, at least one."""
    text = (element.get(attribute) or "1").strip()
    if not (text.isdigit() and len(text) < 10 and 1 <= int(text) <= _MOST_TOKENS):
        context.add("BPMN-028", element, attribute=attribute, value=text)
        return 1
    return int(text)


def _work(element: Element) -> dict[str, Any]:
    fields = _given(exclude=own.read_exclude(element))
    item = extension(element, zeebe("assignmentDefinition"))
    if item is None:
        return fields
    groups = _group(item.get("candidateGroups"), "")
    users = _group(item.get("candidateUsers"), "person:")
    candidates = f"concatenate({groups}, {users})" if groups and users else groups or users
    return fields | _given(assignee=expression(item.get("assignee")), candidates=candidates)


def _group(text: str | None, prefix: str) -> str | None:
    if text is None or not text.strip():
        return None
    if not text.strip().startswith("="):
        return static_selectors(text, prefix)
    feel = formula(text)
    return f'for x in ({feel}) return "{prefix}" + x' if prefix else feel


def _script(element: Element, context: Context) -> dict[str, Any]:
    item = extension(element, zeebe("script"))
    if item is not None:
        return _given(script=formula(item.get("expression")), result_variable=item.get("resultVariable"))
    text = text_of(child(element, "script"))
    language = (element.get("scriptFormat") or "").strip()
    if not text or text.startswith("=") or "feel" in language.lower():
        return _given(script=formula(text))
    feel = read_script(Reader(element, context), text, language)
    if feel is None:
        context.add("BPMN-034", element, written_in=language or "?")
    return _given(script=feel or marked(text))


def _decision(element: Element) -> dict[str, Any]:
    item = extension(element, zeebe("calledDecision"))
    if item is None:
        return {}
    return _given(decision=item.get("decisionId"), result_variable=item.get("resultVariable"))


def _call(element: Element, context: Context) -> dict[str, Any]:
    item = extension(element, zeebe("calledElement"))
    if item is None:
        return {}
    if _BINDINGS.get(item.get("bindingType", "start")) == "pinned" and not (item.get("versionTag") or "").strip():
        context.add("BPMN-071", element, what="zeebe:calledElement versionTag")
    process = item.get("processId") or item.get("processIdExpression") or ""
    return _given(
        called=Called(
            process=process.strip(),
            binding=_BINDINGS.get(item.get("bindingType", "start"), "start"),
            version_tag=(item.get("versionTag") or "").strip() or None,
            propagate_parent=item.get("propagateAllParentVariables") == "true",
            propagate_child=item.get("propagateAllChildVariables") == "true",
        )
        if process.strip()
        else None
    )


def _message(element: Element, kind: str, context: Context) -> dict[str, Any]:
    fields = _given(instantiate=truth(element, "instantiate", False, context))
    ref = reference(element.get("messageRef"))
    found: Message | None = context.messages.get(ref) if ref else None
    if ref and found is None:
        context.add("BPMN-012", element, attribute="messageRef", ref=ref)
    if ref is None and (kind == "receiveTask" or not _has_service(element)):
        context.add("BPMN-019", element)
    return fields | _given(message=found)


def _has_service(element: Element) -> bool:
    return extension(element, zeebe("taskDefinition")) is not None or any(
        foreign_attribute(element, name) is not None for name in ("topic", "class", "delegateExpression", "expression", "type", "taskName")
    )


def _event_gateway(element: Element, context: Context) -> dict[str, Any]:
    instantiate = truth(element, "instantiate", False, context)
    parallel = element.get("eventGatewayType", "Exclusive") != "Exclusive"
    if parallel and not instantiate:
        context.add("BPMN-030", element, what="eventGatewayType=Parallel instantiate=false")
    return _given(instantiate=instantiate, parallel_start=parallel and instantiate)
