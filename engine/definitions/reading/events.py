"""Event definitions, inline and referenced, with the messages, errors, escalations and signals they name."""

from __future__ import annotations

from engine.definitions.foreign.nodes import read_condition, read_timer
from engine.definitions.model import EventDefinition, Message
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, child, children, extension, is_bpmn, local, reference, text_of
from engine.definitions.reading.names import THROWING, zeebe
from engine.definitions.reading.texts import expression
from engine.definitions.reading.truth import truth

_SUFFIX = "EventDefinition"
_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def read_messages(root: Element) -> dict[str, Message]:
    """The messages of the file by id. A message without a name is called by its id."""
    found = {}
    for element in children(root, "message"):
        if not (key := element.get("id")):
            continue
        subscription = extension(element, zeebe("subscription"))
        correlation = expression(subscription.get("correlationKey")) if subscription is not None else None
        found[key] = Message(id=key, name=(element.get("name") or "").strip() or key, correlation_key=correlation)
    return found


def read_events(node: Element, context: Context) -> tuple[EventDefinition, ...]:
    """The event definitions of an event, in document order."""
    found = []
    for item in node:
        if not is_bpmn(item):
            continue
        name = local(item)
        if name == "eventDefinitionRef":
            target = context.elements.get(reference(text_of(item)) or "")
            if target is None:
                context.add("BPMN-012", node, attribute=name, ref=text_of(item))
                continue
            item, name = target, local(target)
        if name.endswith(_SUFFIX):
            found.append(_definition(node, item, name.removesuffix(_SUFFIX), context))
    return tuple(found)


def read_definition(node: Element, item: Element, context: Context) -> EventDefinition:
    """An event definition that `node` refers to."""
    return _definition(node, item, local(item).removesuffix(_SUFFIX), context)


def _definition(node: Element, item: Element, kind: str, context: Context) -> EventDefinition:
    line = item.sourceline
    if kind == "message":
        return EventDefinition(kind=kind, message=_message(node, item, context), line=line)
    if kind in ("error", "escalation"):
        return EventDefinition(kind=kind, code=_code(node, item, kind, context), line=line)
    if kind == "signal":
        return EventDefinition(kind=kind, name=_signal(node, item, context), line=line)
    if kind == "timer":
        timer_kind, timer = _timer(node, item, context)
        return EventDefinition(kind=kind, timer_kind=timer_kind, timer=timer, line=line)
    if kind == "conditional":
        return EventDefinition(kind=kind, condition=_condition(node, item, context), line=line)
    if kind == "compensate":
        waits = truth(item, "waitForCompletion", True, context)
        return EventDefinition(kind=kind, activity_ref=_activity(node, item, context), waits=waits, line=line)
    if kind == "link":
        return EventDefinition(kind=kind, name=_link(node, item, context), line=line)
    return EventDefinition(kind=kind, line=line)


def _message(node: Element, item: Element, context: Context) -> Message | None:
    ref = reference(item.get("messageRef"))
    if ref is None:
        serves = local(node) in THROWING and extension(node, zeebe("taskDefinition")) is not None
        if not serves:
            context.add("BPMN-019", node)
        return None
    if ref not in context.messages:
        context.add("BPMN-012", node, attribute="messageRef", ref=ref)
    return context.messages.get(ref)


def _code(node: Element, item: Element, kind: str, context: Context) -> str | None:
    """The code of an error or escalation; None catches everything, and may not be thrown."""
    throws = local(node) in THROWING
    inline = _inline_code(node, item, kind, context)
    if inline is not None:
        return inline
    target = _target(node, item, f"{kind}Ref", context)
    if target is None:
        if throws and not item.get(f"{kind}Ref"):
            context.add("BPMN-021", node, kind=kind, what=f"{kind}Ref")
        return None
    code = (target.get(f"{kind}Code") or "").strip()
    if not code:
        context.add("BPMN-021", target, kind=kind, what=f"{kind}Code")
    return code or target.get("name") or target.get("id")


def _inline_code(node: Element, item: Element, kind: str, context: Context) -> str | None:
    """Other tools let the reference itself be the code when the file holds no such error or escalation."""
    ref = (item.get(f"{kind}Ref") or "").strip()
    if not ref or not context.report.foreign or reference(ref) in context.elements:
        return None
    context.add("BPMN-032", node, source=f'{kind}Ref="{ref}"', target=f"{kind}Code")
    return ref


def _signal(node: Element, item: Element, context: Context) -> str | None:
    target = _target(node, item, "signalRef", context)
    if target is not None:
        return (target.get("name") or "").strip() or target.get("id")
    if not item.get("signalRef"):
        context.add("BPMN-021", node, kind="signal", what="signalRef")
    return None


def _timer(node: Element, item: Element, context: Context) -> tuple[str | None, str | None]:
    given = [(kind, text_of(child(item, name))) for name, kind in _TIMERS.items() if text_of(child(item, name))]
    if len(given) != 1:
        context.add("BPMN-020", node)
        return None, None
    kind, text = given[0]
    return kind, read_timer(node, text, context)


def _condition(node: Element, item: Element, context: Context) -> str | None:
    text = text_of(child(item, "condition"))
    if not text:
        context.add("BPMN-025", node)
        return None
    return read_condition(node, text, context)


def _activity(node: Element, item: Element, context: Context) -> str | None:
    target = _target(node, item, "activityRef", context)
    return None if target is None else target.get("id")


def _link(node: Element, item: Element, context: Context) -> str | None:
    name = (item.get("name") or node.get("name") or "").strip()
    if not name:
        context.add("BPMN-021", node, kind="link", what="name")
    return name or None


def _target(node: Element, item: Element, attribute: str, context: Context) -> Element | None:
    ref = reference(item.get(attribute))
    if ref is None:
        return None
    if ref not in context.elements:
        context.add("BPMN-012", node, attribute=attribute, ref=ref)
    return context.elements.get(ref)
