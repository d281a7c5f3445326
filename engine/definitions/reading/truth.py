"""Attributes that are true or false."""

from __future__ import annotations

from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element

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
