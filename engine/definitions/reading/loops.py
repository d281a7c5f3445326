"""Multi-instance and standard loops."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.foreign.nodes import read_expression
from engine.definitions.foreign.nodes import read_loop as read_foreign_loop
from engine.definitions.model import FEEL, EventDefinition, Loop, Thrown
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, child, children, extension, reference, text_of
from engine.definitions.reading.events import read_definition, read_events
from engine.definitions.reading.names import zeebe
from engine.definitions.reading.texts import formula
from engine.definitions.reading.truth import truth

_BEHAVIORS = ("All", "None", "One", "Complex")


def read_loop(node: Element, context: Context) -> Loop | None:
    """The loop marker of an activity."""
    if (item := child(node, "multiInstanceLoopCharacteristics")) is not None:
        return _multi_instance(node, item, context)
    if (item := child(node, "standardLoopCharacteristics")) is not None:
        return _standard(node, item, context)
    return None


def _multi_instance(node: Element, item: Element, context: Context) -> Loop:
    own = extension(item, zeebe("loopCharacteristics"))
    get = own.get if own is not None else {}.get
    foreign = read_foreign_loop(node, item, context)
    loop = Loop(
        kind="sequential" if truth(item, "isSequential", False, context) else "parallel",
        collection=formula(get("inputCollection")) or foreign.get("collection") or _data_name(item, "loopDataInputRef", context),
        element=get("inputElement") or _item_name(item, "inputDataItem") or foreign.get("element"),
        output_collection=get("outputCollection") or foreign.get("output_collection") or _data_name(item, "loopDataOutputRef", context),
        output_element=formula(get("outputElement")) or foreign.get("output_element") or _item_name(item, "outputDataItem"),
        cardinality=_expression(item, "loopCardinality", context),
        completion_condition=_expression(item, "completionCondition", context),
    )
    if loop.collection is None and loop.cardinality is None:
        context.add("BPMN-024", node)
    behavior = item.get("behavior", "All")
    if behavior not in _BEHAVIORS:
        context.add("BPMN-028", node, attribute="behavior", value=behavior)
        return loop
    return replace(loop, behavior=behavior, throws=_thrown(node, item, behavior, context))


def _thrown(node: Element, item: Element, behavior: str, context: Context) -> tuple[Thrown, ...]:
    """What the behaviour throws. None and One without an event throw a signal called like the activity (BPMN 2.0, 13.3.7)."""
    if behavior == "All":
        return ()
    if behavior == "Complex":
        return tuple(_complex(node, part, context) for part in children(item, "complexBehaviorDefinition"))
    attribute = f"{behavior.lower()}BehaviorEventRef"
    ref = reference(item.get(attribute))
    target = context.elements.get(ref) if ref else None
    if ref and target is None:
        context.add("BPMN-012", node, attribute=attribute, ref=ref)
    if target is None:
        return (Thrown(events=(EventDefinition(kind="signal", name=node.get("id"), line=item.sourceline),)),)
    return (Thrown(events=(read_definition(node, target, context),)),)


def _complex(node: Element, part: Element, context: Context) -> Thrown:
    event = child(part, "event")
    condition = _expression(part, "condition", context)
    if condition is None:
        context.add("BPMN-025", node)
    return Thrown(events=read_events(event, context) if event is not None else (), condition=condition)


def _standard(node: Element, item: Element, context: Context) -> Loop:
    maximum = item.get("loopMaximum")
    if maximum is not None and not maximum.strip().isdigit():
        context.add("BPMN-028", node, attribute="loopMaximum", value=maximum)
        maximum = None
    condition = _expression(item, "loopCondition", context)
    if condition is None and maximum is None:
        context.add("BPMN-027", node)
    return Loop(
        kind="standard",
        condition=condition,
        maximum=int(maximum) if maximum is not None else None,
        test_before=truth(item, "testBefore", False, context),
    )


def _data_name(item: Element, name: str, context: Context) -> str | None:
    """The name of the data object, data input or variable that a BPMN reference element names."""
    ref = reference(text_of(child(item, name)))
    if ref in context.variables:
        return context.variables[ref]
    target = context.elements.get(ref) if ref else None
    if target is None:
        return ref
    behind = context.elements.get(reference(target.get("dataObjectRef")) or "")
    return (target.get("name") or "").strip() or (behind.get("name") if behind is not None else None) or ref


def _item_name(item: Element, name: str) -> str | None:
    data_item = child(item, name)
    return None if data_item is None else (data_item.get("name") or data_item.get("id"))


def _expression(item: Element, name: str, context: Context) -> FEEL | None:
    return read_expression(item, text_of(child(item, name)), context)
