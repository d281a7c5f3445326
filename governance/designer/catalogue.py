"""What the property panels offer: everything a model, a form or a table may refer to by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import values
from engine.decisions import read_dmn
from engine.definitions.model import Label, Process
from engine.definitions.package import Package
from engine.forms.kinds import KINDS
from engine.forms.rules import Rule, RuleRegistry
from governance.application import Application
from governance.directory import store as directory
from governance.directory.catalogue import kinds, roles, seats
from governance.registers.shaping import ACCESS_NAMES

#: a name that is fixed, not computed
_FIXED = re.compile(r"[^=].*")
_LADDER = "ladders."
#: who is told at which step: no ladder
_RECIPIENTS = "ladders.recipients"


Entries = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Lists of what there is; each entry has a code, id, key or name, and texts in both languages."""

    roles: Entries
    seats: Entries
    services: Entries
    forms: Entries
    processes: Entries
    decisions: Entries
    registers: Entries
    codes: Entries
    committees: Entries
    areas: Entries
    unit_kinds: Entries
    ladders: Entries
    settings: Entries
    kinds: Entries
    rules: Entries
    access: Entries
    #: names of messages that some model waits for or sends
    messages: Sequence[str]
    #: FEEL functions besides the standard's
    functions: Sequence[str]


def catalogue(app: Application, connection: Any, files: Mapping[str, bytes]) -> Catalogue:
    """All there is to choose from, with `files` as what is deployed (a draft's files over it)."""
    package = Package.from_files(files)
    at = app.clock.now()
    settings = _settings(app, connection)
    tables = sorted(set(package.decision_files.values()))
    return Catalogue(
        roles=[{"code": r.code, **_label(r.name)} for r in roles().values()],
        seats=[{"code": r.code, **_label(r.name)} for r in seats().values()],
        services=[_service(s) for s in sorted(app.services, key=lambda s: s.name)],
        forms=[_form(key, schema) for key, schema in sorted(package.forms.items())],
        processes=[_process(p) for _, p in sorted(package.processes.items())],
        decisions=[d for path in tables for d in _decisions(package.files[path], path, package.files)],
        registers=[_register(key, declared) for key, declared in sorted(package.registers.items())],
        codes=[{"name": name, "entries": list(entries)} for name, entries in sorted(package.codes.items())],
        committees=[{"id": c.id, "kind": c.kind, **_label(c.name)} for c in directory.all_committees(connection, at)],
        areas=[{"id": a.id, "level": a.kind, "parent": a.parent, **_label(a.name)} for a in directory.all_areas(connection, at)],
        unit_kinds=[{"code": code, **_label(name)} for code, name in kinds("units").items()],
        ladders=[_ladder(e) for e in settings if e["key"].startswith(_LADDER) and e["key"] != _RECIPIENTS],
        settings=[*settings, *_declared(package, {e["key"] for e in settings})],
        kinds=[{"code": code, "types": sorted(kind.types)} for code, kind in sorted(KINDS.items())],
        rules=[_rule(rule) for rule in _rules(app.engine.runtime.library.rules)],
        access=[{"code": code, **_label(name)} for code, name in ACCESS_NAMES.items()],
        messages=sorted({m.name for f in package.bpmn.values() for m in f.messages.values() if _FIXED.fullmatch(m.name)}),
        functions=sorted(app.engine.runtime.functions.names()),
    )


def _settings(app: Application, connection: Any) -> list[dict[str, Any]]:
    return [
        {"key": d.key, "kind": d.kind, "value": values.plain(d.value), "source": d.source, **_label(d.label)}
        for d in app.settings.declared(connection)
    ]


def _ladder(setting: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: setting[name] for name in ("zh", "en", "source")}
    return {"code": setting["key"].removeprefix(_LADDER), "steps": setting["value"], **facts}


def _label(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en or label.zh}


def _service(service: Any) -> dict[str, Any]:
    parameters = list(inspect.signature(service.handler).parameters.values())[1:]
    inputs = [
        {"name": p.name, "type": str(p.annotation), "required": p.default is inspect.Parameter.empty}
        for p in parameters
        if p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    return {"name": service.name, "inline": service.inline, "doc": service.doc, "inputs": inputs}


def _form(key: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    english = ((schema.get("i18n") or {}).get("en") or {}).get("title", "")
    return {"id": key, "title": {"zh": str(schema.get("title", "")), "en": str(english)}, "shared": key.startswith("shared/")}


def _process(process: Process) -> dict[str, Any]:
    """`inputs`: the data it declares, which a call may fill; `callable`: its lanes take their people as inputs."""
    nodes = process.nodes.values()
    return {
        "id": process.id,
        "name": _label(process.name),
        "inputs": [{"name": d.name, "form": d.form} for d in process.data.values()],
        "callable": any(lane.source is not None for lane in process.lanes.values()),
        "errors": sorted(
            {e.code for n in process.nodes.values() if n.kind == "endEvent" for e in n.events if e.kind == "error" and e.code}
        ),
        "deadlines": sorted(n.deadline.id for n in nodes if n.deadline is not None),
    }


def _decisions(content: bytes, path: str, files: Mapping[str, bytes]) -> Iterable[dict[str, Any]]:
    file = read_dmn(content, path, files=files)
    for key, decision in file.items():
        yield {"id": key, "name": _label(decision.label), "inputs": sorted(decision.names)}


def _register(key: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    states = declared.get("states") or {}
    columns = declared.get("columns") or []
    return {
        "key": key,
        "name": dict(declared.get("name") or {}),
        "states": [
            {"code": code, "zh": s.get("zh", ""), "en": s.get("en", ""), "stage": s.get("stage"), "to": list(s.get("to") or ())}
            for code, s in states.items()
            if isinstance(s, Mapping)
        ],
        "columns": [{"key": c.get("key"), "zh": c.get("zh", ""), "en": c.get("en", "")} for c in columns if isinstance(c, Mapping)],
    }


def _declared(package: Package, known: set[str]) -> Iterable[dict[str, Any]]:
    """Settings of the files that are not in force yet."""
    for key, entry in sorted(package.settings.items()):
        if key not in known and isinstance(entry, Mapping):
            yield {"key": key, **{name: entry.get(name) for name in ("kind", "value", "source", "zh", "en")}}


def _rules(registry: RuleRegistry) -> Iterable[type[Rule]]:
    return sorted(registry, key=lambda rule: rule.code)


def _rule(rule: type[Rule]) -> dict[str, Any]:
    return {"code": rule.code, "doc": inspect.getdoc(rule) or ""}
