"""Forms of other tools: references to form files, and fields written into the model, which become a form of our own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from engine.definitions.foreign import juel
from engine.definitions.foreign.reader import Reader
from engine.definitions.foreign.rows import CODE
from engine.definitions.model import Label, Mapping_
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, extensions, local, text_of
from engine.definitions.reading.names import zeebe
from engine.forms import form_findings
from engine.schemas.validate import validate

_PREFIX = re.compile(r"^(camunda-forms:)?(deployment|classpath|app|embedded:app|embedded:deployment|bpmn):(forms/)?")
_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "textfield"},
    "long": {"type": "number", "decimalDigits": 0},
    "integer": {"type": "number", "decimalDigits": 0},
    "int": {"type": "number", "decimalDigits": 0},
    "double": {"type": "number"},
    "boolean": {"type": "checkbox"},
    "date": {"type": "datetime", "subtype": "date"},
    "enum": {"type": "select"},
}
_LIMITS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "minlength": ("minLength", int),
    "maxlength": ("maxLength", int),
    "min": ("min", float),
    "max": ("max", float),
}
_TEXTS = ("label", "dateLabel", "timeLabel", "text", "description")
_OURS = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
#: of a form-js file, about the tool that drew it
_TOOL_KEYS = frozenset({"exporter", "executionPlatform", "executionPlatformVersion"})
_OTHER_FORM = Label(zh="表单里有这里没有的写法，请在设计器里重画", en="the form has parts that forms here do not have; draw it anew")
_UNTYPED = Label(zh="不认识的字段类型，先用文本框", en="an unknown kind of field; it is a text field here")
_COMPUTED = Label(zh="默认值不能是表达式", en="a default cannot be an expression")


def read_form(reader: Reader) -> dict[str, Any]:
    """The form a task or start event refers to, or the one made of the fields in the model."""
    key = reader.attribute("formKey", "formId") or reader.attribute("formRef", "formId")
    if key is not None:
        return {"form": form_id(key, reader.element)}
    fields = _camunda_fields(reader) or _properties(reader)
    if not fields:
        return {}
    form = form_id(str(reader.element.get("id")), reader.element)
    name = (reader.element.get("name") or reader.element.get("id") or "").strip()
    components = [field for _, field in fields]
    reader.context.forms[form] = {
        "type": "default", "id": form, "schemaVersion": 19, "title": name, "i18n": {"en": {"title": name}}, "components": components,
    }  # fmt: skip
    reader.context.add("FOREIGN-003", reader.element, form=form, count=len(fields))
    renamed = any(variable != field["key"] for variable, field in fields)
    outputs = [_output(reader, variable, field["key"]) for variable, field in fields if not field.get("readonly")]
    return {"form": form, "outputs": tuple(outputs) if renamed else ()}


def _output(reader: Reader, variable: str, key: str) -> Mapping_:
    """A field into its variable. A process started without its form (by a program) keeps the variables it was given."""
    submitted = f"form.{key}"
    if local(reader.element) == "startEvent":
        submitted = f"if is defined(form) then {submitted} else if is defined({variable}) then {variable} else null"
    return Mapping_(source=submitted, target=variable)


def form_id(key: str, element: Element) -> str:
    """``embedded:app:forms/reviewForm.html`` is the form ``<process>/review_form``; an id of ours stays as it is."""
    if _OURS.fullmatch(key):
        return key
    name = re.sub(r"\.(form|html|json)$", "", _PREFIX.sub("", key).removesuffix("-schema.json"))
    process = next((above.get("id") for above in (element, *element.iterancestors()) if local(above) == "process"), None)
    folder, _, last = name.rpartition("/")
    return f"{snake(folder.rpartition('/')[2] or process or 'forms')}/{snake(last)}"


def snake(name: str) -> str:
    """``StartEvent_1`` is ``start_event_1``: forms and their fields have such names here."""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    return words if words[:1].isalpha() else f"f_{words}".rstrip("_")


def read_embedded(process: Element, context: Context) -> None:
    """``zeebe:userTaskForm``: form-js schemas written into a process of Camunda 8."""
    for item in extensions(process):
        if item.tag != zeebe("userTaskForm") or not item.get("id"):
            continue
        try:
            schema = json.loads(text_of(item))
        except ValueError:
            schema = None
        form = form_id(item.get("id"), process)
        made = _completed(schema if isinstance(schema, dict) else {}, form, item.get("id"))
        if validate("form", made) or any(f.severity == "error" for f in form_findings(form, made, {}, {}, form)):
            for attribute in (None, "id"):
                context.ledger.without_meaning(item, attribute, _OTHER_FORM)
            continue
        for attribute in (None, "id"):
            context.ledger.take(item, attribute, f"form {form}")
        context.forms[form] = made
        context.add("FOREIGN-003", process, form=form, count=len(made["components"]))


def _completed(schema: dict[str, Any], form: str, name: str) -> dict[str, Any]:
    """A form-js schema with what ours have besides."""
    components = [_both(part) for part in schema.get("components", ()) if isinstance(part, dict)]
    title = str(schema.get("title") or name)
    plain = {key: value for key, value in schema.items() if key not in _TOOL_KEYS}
    named = {"type": "default", "schemaVersion": 19, "title": title, "i18n": {"en": {"title": title}}}
    return {**named, **plain, "id": form, "components": components}


def _both(component: dict[str, Any]) -> dict[str, Any]:
    """A label in one language is that of both until somebody translates it."""
    texts = {
        name: component[name] for name in ("label", "dateLabel", "timeLabel", "text", "description") if isinstance(component.get(name), str)
    }
    inner = [_both(part) for part in component.get("components", ()) if isinstance(part, dict)]
    return {"i18n": {"en": texts}, **component, **({"components": inner} if inner else {})}


def _camunda_fields(reader: Reader) -> list[tuple[str, dict[str, Any]]]:
    """(variable, field)."""
    found = []
    for data in reader.elements("formData", "form"):
        for item in data:
            if local(item) == "formField" and item.get("id"):
                found.append((item.get("id"), _camunda_field(reader, item)))
    return found


def _camunda_field(reader: Reader, item: Element) -> dict[str, Any]:
    reader.take(item, "field")
    field = _field(reader, item, "label", "defaultValue")
    checks: dict[str, Any] = {}
    for part in item:
        if local(part) == "validation":
            reader.take(part, "validate")
            for constraint in part:
                if local(constraint) == "constraint":
                    _constraint(reader, constraint, field, checks)
    if checks:
        field["validate"] = checks
    return field


def _constraint(reader: Reader, item: Element, field: dict[str, Any], checks: dict[str, Any]) -> None:
    name, config = item.get("name") or "", item.get("config")
    if name == "required":
        checks["required"] = True
    elif name == "readonly":
        field["readonly"] = True
    elif name in _LIMITS and re.fullmatch(r"-?\d+(\.\d+)?", config or ""):
        ours, convert = _LIMITS[name]
        checks[ours] = convert(str(config))
    else:
        for attribute in (None, *item.attrib):
            reader.cannot(item, attribute, CODE)
        return
    reader.take(item, "validate")
    reader.part(item, "name", "validate")
    reader.part(item, "config", "validate")


def _properties(reader: Reader) -> list[tuple[str, dict[str, Any]]]:
    """(variable, field) of ``flowable:formProperty``."""
    found = []
    for item in reader.find("formProperty"):
        if not item.get("id"):
            continue
        reader.take(item, "field")
        field = _field(reader, item, "name", "default")
        if (reader.part(item, "required", "required") or "") == "true":
            field["validate"] = {"required": True}
        if (reader.part(item, "writable", "readonly") or "") == "false":
            field["readonly"] = True
        if (reader.part(item, "readable", "hidden") or "") == "false":
            continue
        found.append((reader.part(item, "variable", "output target") or item.get("id"), field))
    return found


def _field(reader: Reader, item: Element, label: str, default: str) -> dict[str, Any]:
    """What both ways of writing a field share."""
    key = reader.part(item, "id", "key") or ""
    text = reader.part(item, label, "label") or key
    kind = (reader.part(item, "type", "type") or "string").lower()
    if kind not in _TYPES:
        reader.context.ledger.without_meaning(item, "type", _UNTYPED)
    named = {"id": f"f_{snake(key)}", "key": snake(key), "label": text, "i18n": {"en": {"label": text}}}
    field: dict[str, Any] = {**_TYPES.get(kind, _TYPES["string"]), **named}
    if field["type"] == "datetime":
        field["dateLabel"] = text
        field["i18n"] = {"en": {"label": text, "dateLabel": text}}
    options = [_option(reader, part) for part in item if local(part) == "value"]
    if field["type"] == "select":
        field["values"] = options
    given = item.get(default)
    if given and juel.is_marked(given):
        reader.context.ledger.without_meaning(item, default, _COMPUTED)
    elif given is not None:
        reader.part(item, default, "defaultValue")
        if given:
            field["defaultValue"] = _typed(field["type"], given)
    return field


def _option(reader: Reader, item: Element) -> dict[str, Any]:
    reader.take(item, "value")
    value = reader.part(item, "id", "value") or ""
    text = reader.part(item, "name", "label") or value
    return {"value": value, "label": text, "i18n": {"en": {"label": text}}}


def _typed(kind: str, text: str) -> Any:
    if kind == "checkbox":
        return text == "true"
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text
