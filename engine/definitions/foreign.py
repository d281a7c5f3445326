"""What other tools write beside BPMN (camunda:, flowable:, activiti:, spiffworkflow:), mapped where a meaning exists.

Nothing is dropped silently: what is read gives the info BPMN-032, what has no meaning here the warning BPMN-031.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from engine.definitions.juel import to_feel
from engine.definitions.model import FEEL, Called, Mapping_
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, extensions, local, namespace, text_of
from engine.definitions.reading.names import COGOV, COSMETIC, FOREIGN, ZEEBE, bpmn
from engine.definitions.reading.texts import expression, formula, literal

_ZEEBE_READ = frozenset(
    {
        "userTask",
        "formDefinition",
        "assignmentDefinition",
        "ioMapping",
        "taskDefinition",
        "script",
        "calledDecision",
        "calledElement",
        "subscription",
        "loopCharacteristics",
    }
)
_FORM_PREFIX = re.compile(r"^(camunda-forms:)?(deployment|classpath|app|embedded:app|embedded:deployment|bpmn):(forms/)?")


def translate(text: str, initiators: frozenset[str]) -> FEEL | None:
    """FEEL for a simple ``${…}`` expression, None if it cannot be said in FEEL."""
    return to_feel(text, initiators)


def foreign_attribute(element: Element, name: str) -> str | None:
    """The attribute `name` of any known foreign namespace."""
    for uri in FOREIGN:
        value: str | None = element.get(f"{{{uri}}}{name}")
        if value is not None and value.strip():
            return value.strip()
    return None


def initiators(root: Element) -> frozenset[str]:
    """Names under which ``camunda:initiator`` puts the starter."""
    return frozenset(value for start in root.iter(bpmn("startEvent")) if (value := foreign_attribute(start, "initiator")))


def read_value(element: Element, text: str | None, context: Context) -> FEEL | None:
    """A foreign attribute value: ``${…}`` translated (else BPMN-033), anything else stands for itself."""
    if text is None or not text.strip():
        return None
    if not text.strip().startswith(("${", "#{")):
        return expression(text)
    feel = to_feel(text, context.initiators)
    if feel is None:
        context.add("BPMN-033", element, text=text.strip())
    return feel


def read_condition(element: Element, text: str, context: Context) -> FEEL | None:
    """The condition of a flow: FEEL, ``${…}``, or the Python-like text of SpiffWorkflow's own modeler."""
    looks_foreign = text.startswith(("${", "#{")) or (not text.startswith("=") and re.search(r"==|&&|\|\|", text) is not None)
    if not looks_foreign:
        return formula(text)
    feel = to_feel(text, context.initiators)
    if feel is None:
        context.add("BPMN-033", element, text=text)
    return feel or text


class Reader:
    """Reads the foreign attributes and extension elements of one BPMN element, and reports the rest at the end."""

    def __init__(self, element: Element, context: Context) -> None:
        self.element = element
        self.context = context
        self._taken: set[str] = set()

    def attribute(self, name: str, target: str) -> str | None:
        """The attribute, noted as read into our `target`."""
        value = foreign_attribute(self.element, name)
        if value is not None:
            self._note(name, target)
        return value

    def items(self, name: str, target: str) -> list[Element]:
        """Foreign extension elements of that name."""
        found = [item for item in extensions(self.element) if namespace(item) in FOREIGN and local(item) == name]
        if found:
            self._note(name, target)
        return found

    def _note(self, name: str, target: str) -> None:
        if name not in self._taken:
            self._taken.add(name)
            self.context.add("BPMN-032", self.element, source=self._prefixed(name), target=target)

    def _prefixed(self, name: str) -> str:
        for uri, prefix in FOREIGN.items():
            if self.element.get(f"{{{uri}}}{name}") is not None:
                return f"{prefix}:{name}"
            if any(item.tag == f"{{{uri}}}{name}" for item in extensions(self.element)):
                return f"{prefix}:{name}"
        return name

    def report_rest(self) -> None:
        """BPMN-031 for everything that was not read."""
        names = sorted({*self._unread_attributes(), *self._unread_elements()})
        if names:
            self.context.leave_out(", ".join(names), self.element)

    def _unread_attributes(self) -> Iterable[str]:
        for key in self.element.attrib:
            name = etree.QName(key)
            if name.namespace and name.namespace not in COSMETIC | {ZEEBE} and name.localname not in self._taken:
                yield f"{_prefix(self.element, name.namespace)}:{name.localname}"

    def _unread_elements(self) -> Iterable[str]:
        for item in extensions(self.element):
            uri, name = namespace(item), local(item)
            if uri in COSMETIC or uri == COGOV or (uri == ZEEBE and name in _ZEEBE_READ) or name in self._taken:
                continue
            yield f"{_prefix(item, uri)}:{name}"


def read_node(reader: Reader, kind: str) -> dict[str, Any]:
    """Fields of `model.Node` that foreign attributes of a node of that kind give."""
    fields: dict[str, Any] = {}
    if kind in ("userTask", "manualTask"):
        fields |= _work(reader)
    elif kind in ("serviceTask", "sendTask", "businessRuleTask", "scriptTask"):
        fields |= _automatic(reader)
    elif kind == "callActivity":
        fields |= _call(reader)
    elif kind == "startEvent":
        reader.attribute("initiator", "starter")
        fields |= _form(reader)
    fields |= _parameters(reader)
    return {name: value for name, value in fields.items() if value}


def _work(reader: Reader) -> dict[str, Any]:
    context, element = reader.context, reader.element
    groups = _selectors(reader.attribute("candidateGroups", "candidateGroups"), "", reader)
    users = _selectors(reader.attribute("candidateUsers", "candidateGroups"), "person:", reader)
    candidates = f"concatenate({groups}, {users})" if groups and users else groups or users
    assignee = read_value(element, reader.attribute("assignee", "assignee"), context)
    return {"assignee": assignee, "candidates": candidates} | _form(reader)


def _form(reader: Reader) -> dict[str, Any]:
    form = reader.attribute("formKey", "formId") or reader.attribute("formRef", "formId")
    if form is None:
        return {}
    return {"form": _FORM_PREFIX.sub("", form).removesuffix(".form")}


def _selectors(text: str | None, prefix: str, reader: Reader) -> FEEL | None:
    """A comma separated list of names, or one expression giving them."""
    if text is None:
        return None
    if text.startswith(("${", "#{")):
        feel = read_value(reader.element, text, reader.context)
        return f'for x in {feel} return "{prefix}" + x' if feel and prefix else feel
    return static_selectors(text, prefix)


def static_selectors(text: str, prefix: str = "") -> FEEL:
    """``a, b`` as a FEEL list of strings."""
    return "[" + ", ".join(literal(prefix + part.strip()) for part in text.split(",") if part.strip()) + "]"


def _automatic(reader: Reader) -> dict[str, Any]:
    fields: dict[str, Any] = {"service": reader.attribute("topic", "taskDefinition type")}
    if fields["service"]:
        reader.attribute("type", "taskDefinition")
    fields["decision"] = reader.attribute("decisionRef", "decisionId")
    for item in reader.items("calledDecisionId", "decisionId"):
        fields["decision"] = text_of(item) or None
    fields["result_variable"] = reader.attribute("resultVariable", "resultVariable")
    return fields


def _call(reader: Reader) -> dict[str, Any]:
    process = (reader.element.get("calledElement") or "").strip()
    binding = reader.attribute("calledElementBinding", "bindingType")
    inputs, all_in = _passed(reader, "in")
    outputs, all_out = _passed(reader, "out")
    if not process:
        return {"inputs": inputs, "outputs": outputs}
    target = f"={feel}" if process.startswith(("${", "#{")) and (feel := read_value(reader.element, process, reader.context)) else process
    called = Called(
        process=target,
        binding="latest" if binding == "latest" else "start",
        propagate_parent=all_in,
        propagate_child=all_out,
    )
    return {"called": called, "inputs": inputs, "outputs": outputs}


def _passed(reader: Reader, name: str) -> tuple[tuple[Mapping_, ...], bool]:
    """``camunda:in`` or ``camunda:out``: mappings, and whether all variables pass."""
    mappings, everything = [], False
    for item in reader.items(name, "input" if name == "in" else "output"):
        if item.get("variables") == "all":
            everything = True
            continue
        source = item.get("source") or read_value(reader.element, item.get("sourceExpression"), reader.context)
        if source and item.get("target"):
            mappings.append(Mapping_(source=source, target=item.get("target")))
        else:
            reader.context.leave_out(f"{name} {dict(item.attrib)}", reader.element)
    return tuple(mappings), everything


def _parameters(reader: Reader) -> dict[str, Any]:
    """``camunda:inputOutput`` with plain text parameters."""
    found: dict[str, list[Mapping_]] = {"inputs": [], "outputs": []}
    for item in reader.items("inputOutput", "ioMapping"):
        for parameter in item:
            field = {"inputParameter": "inputs", "outputParameter": "outputs"}.get(local(parameter))
            if field is None:
                continue
            source = None if len(parameter) else read_value(reader.element, text_of(parameter), reader.context)
            if source is None:
                reader.context.leave_out(f"{local(parameter)} {parameter.get('name')}", reader.element)
                continue
            found[field].append(Mapping_(source=source, target=parameter.get("name")))
    return {name: tuple(mappings) for name, mappings in found.items() if mappings}


def _prefix(element: Element, uri: str) -> str:
    return FOREIGN.get(uri) or next((prefix for prefix, known in element.nsmap.items() if known == uri and prefix), uri)
