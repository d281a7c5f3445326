"""Reads foreign attributes and extension elements of one BPMN element, and notes each in the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from engine.definitions.foreign import juel, python_text
from engine.definitions.model import FEEL, Label
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, extensions, local, namespace
from engine.definitions.reading.names import BPMN, FOREIGN, SPIFF, bpmn
from engine.definitions.reading.texts import expression, literal

UNTRANSLATED = Label(zh="这个表达式不能换成 FEEL", en="this expression cannot be turned into FEEL")
_ONE_EXPRESSION = re.compile(r"[$#]\{(?:[^{}'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*\}")


def foreign_attribute(element: Element, name: str) -> str | None:
    """The attribute `name` of any known foreign namespace."""
    key = key_of(element, name)
    return None if key is None else element.get(key).strip()


def key_of(element: Element, name: str) -> str | None:
    """The qualified name of the attribute `name` in a known foreign namespace, if the element has it."""
    for uri in FOREIGN:
        key = f"{{{uri}}}{name}"
        if (element.get(key) or "").strip():
            return key
    return None


def initiators(root: Element) -> frozenset[str]:
    """Names under which ``camunda:initiator`` puts the starter."""
    return frozenset(value for start in root.iter(bpmn("startEvent")) if (value := foreign_attribute(start, "initiator")))


def tools_of(root: Element) -> frozenset[str]:
    """Namespaces of other tools that the file uses, not only declares."""
    used = {namespace(element) for element in root.iter("*")}
    used |= {etree.QName(key).namespace or "" for element in root.iter("*") for key in element.attrib}
    return frozenset(used & FOREIGN.keys())


def has_spiff(context: Context) -> bool:
    """Whether the file is of SpiffWorkflow's modeler, whose expressions are Python."""
    return SPIFF in context.tools


def static_selectors(text: str, prefix: str = "") -> FEEL:
    """``a, b`` as a FEEL list of strings."""
    return "[" + ", ".join(literal(prefix + part.strip()) for part in text.split(",") if part.strip()) + "]"


def marked(text: str) -> str:
    """Text that could not be translated, so that the checks see that it was reported and is no FEEL."""
    return text if text.startswith(("${", "#{")) else f"${{{text}}}"


def names_of(feel: FEEL, prefix: str = "") -> FEEL:
    """A FEEL list of the names in a text (``a, b``) or list that is only known when it runs."""
    parts = f'for given in flatten([{feel}])[item != null] return if given instance of string then split(given, ",") else given'
    return f"for name in flatten({parts}) return {literal(prefix)} + trim(name)"


def translate(text: str, context: Context) -> FEEL | None:
    """FEEL of a text that is an expression in the language of the file's tool; None where it cannot be said."""
    if juel.is_marked(text):
        return juel.to_feel(text, context.initiators)
    return python_text.to_feel(text) if has_spiff(context) else juel.to_feel(text, context.initiators)


def is_one_expression(text: str) -> bool:
    """``${…}`` and nothing around it."""
    return _ONE_EXPRESSION.fullmatch(text) is not None


class Reader:
    """One BPMN element. What it gives is noted as read; what could not be translated as not to be run."""

    def __init__(self, element: Element, context: Context) -> None:
        self.element = element
        self.context = context

    def attribute(self, name: str, ours: str) -> str | None:
        """The foreign attribute of the BPMN element, noted as read into `ours`."""
        key = key_of(self.element, name)
        if key is None:
            return None
        self.context.ledger.take(self.element, key, ours)
        value: str = self.element.get(key).strip()
        return value

    def elements(self, name: str, ours: str) -> list[Element]:
        """Foreign extension elements of that name, noted as read."""
        found = self.find(name)
        for item in found:
            self.context.ledger.take(item, None, ours)
        return found

    def find(self, name: str) -> list[Element]:
        """Foreign extension elements of that name, not noted."""
        return [item for item in extensions(self.element) if namespace(item) in FOREIGN and local(item) == name]

    def part(self, item: Element, name: str, ours: str) -> str | None:
        """An attribute of an extension element, noted as read when it is there."""
        value = item.get(name)
        if value is None:
            return None
        self.context.ledger.take(item, name, ours)
        return str(value).strip() or None

    def take(self, item: Element, ours: str) -> Element:
        self.context.ledger.take(item, None, ours)
        return item

    def feel(self, text: str | None, name: str) -> FEEL | None:
        """The value of the foreign attribute `name` of the BPMN element: ``${…}`` translated, anything else stands for itself."""
        return self.value(text, self.element, key_of(self.element, name))

    def value(self, text: str | None, item: Element, attribute: str | None) -> FEEL | None:
        """A text with ``${…}`` as FEEL; other text stands for itself; what cannot be said is BPMN-033."""
        if text is None or not text.strip():
            return None
        if not juel.is_marked(text):
            return expression(text)
        return self.translated(text, item, attribute, lambda t: juel.to_feel(t, self.context.initiators))

    def translated(self, text: str, item: Element, attribute: str | None, to_feel: Callable[[str], FEEL | None]) -> FEEL | None:
        feel = to_feel(text)
        if feel is None:
            self.cannot_say(text, item, attribute)
        return feel

    def cannot_say(self, text: str, item: Element, attribute: str | None) -> None:
        """BPMN-033: the text cannot be said in FEEL."""
        name = etree.QName(attribute).localname if attribute else local(item)
        where = f"{local(item)}@{name}" if attribute and namespace(item) != BPMN else name
        self.context.add("BPMN-033", item, text=f"{where}: {text.strip()}"[:500])
        if attribute is not None or namespace(item) != BPMN:
            self.context.ledger.cannot(item, attribute, UNTRANSLATED, said=True)

    def cannot(self, item: Element, attribute: str | None, why: Label) -> None:
        self.context.ledger.cannot(item, attribute, why)
