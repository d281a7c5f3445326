"""Multi-instance and standard loops."""

from __future__ import annotations

from engine.definitions.foreign.nodes import read_expression
from engine.definitions.foreign.nodes import read_loop as read_foreign_loop
from engine.definitions.model import FEEL, Loop
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, child, extension, reference, text_of
from engine.definitions.reading.names import zeebe
from engine.definitions.reading.texts import formula

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def truth(element: Element, attribute: str, default: bool, context: Context) -> bool:
    """An xsd:boolean attribute."""
    value = element.get(attribute)
    if value is None:
        return default
    if value.strip() not in _TRUTH:
        context.add("BPMN-028", element, attribute=attribute, value=value)
        return default
    return _TRUTH[value.strip()]


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
    if item.get("behavior", "All") != "All":
        context.add("BPMN-030", node, what=f"multiInstance behavior={item.get('behavior')}")
    return loop


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
