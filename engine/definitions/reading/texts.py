"""Labels in two languages, and text that is FEEL or stands for itself."""

from __future__ import annotations

import json
import re

from engine.definitions.model import FEEL, Label
from engine.definitions.reading.document import Element, child, extensions, text_of
from engine.definitions.reading.names import cogov

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def name_of(element: Element) -> Label:
    """Chinese from ``name``, English from ``cogov:text``."""
    return Label(zh=(element.get("name") or "").strip(), en=_english(element, "name"))


def documentation_of(element: Element) -> Label:
    """Chinese from ``documentation``, English from the text of ``cogov:text``."""
    return Label(zh=text_of(child(element, "documentation")), en=_english(element, None))


def _english(element: Element, attribute: str | None) -> str:
    for item in extensions(element):
        if item.tag == cogov("text") and item.get("lang") == "en":
            return (item.get(attribute) or "").strip() if attribute else text_of(item)
    return ""


def literal(text: str) -> FEEL:
    """Static text as a FEEL string."""
    return json.dumps(text, ensure_ascii=False)


def expression(text: str | None) -> FEEL | None:
    """Zeebe's rule: with a leading ``=`` it is FEEL, else it stands for itself (a number or a string)."""
    if text is None or not text.strip():
        return None
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip()
    return text if _NUMBER.fullmatch(text) else literal(text)


def formula(text: str | None) -> FEEL | None:
    """Text that is always an expression (conditions, collections, scripts); the leading ``=`` is optional."""
    if text is None or not text.strip():
        return None
    return text.strip().removeprefix("=").strip()
