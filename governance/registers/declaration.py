"""A register as its YAML file declares it (conventions 9): columns, states with their moves, stages, number, access class."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.definitions.model import Label
from engine.definitions.protection import ACCESS_CLASSES
from engine.errors import CogovError

#: panels of a record page that are no other register
PANELS = ("facts", "columns", "parties", "documents", "signing", "publicity", "scores", "timeline")
DEFAULT_PANELS = ("facts", "columns", "parties", "documents", "timeline")
#: fields of a row's head that a column of the same key fills, unless the file says otherwise
HEAD_FIELDS = ("title", "area", "unit", "due", "score", "opened", "moved")


class RegisterInvalid(CogovError):
    """The register file has an error."""

    code = "register_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    key: str
    #: text number money score date moment phone person unit area committee code case flag …
    kind: str
    name: Label
    #: FEEL without the leading ``=``; None: only written by cogov:record values or ``registers.move``
    source: str | None = None
    #: shown in tables and on cards
    listed: bool = False
    #: stricter class than the row's
    access: str | None = None
    #: code list that translates a value of kind ``code``
    codes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    key: str
    name: Label
    stage: str | None = None
    #: states that may follow
    to: tuple[str, ...] = ()
    #: class of the row while it is here
    access: str | None = None
    #: now | ok | warn | bad | plain; None: decided by the page
    tone: str | None = None

    @property
    def final(self) -> bool:
        """Nothing may follow: the row is closed."""
        return not self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    key: str
    name: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """How a register stands in the side menu: a short name and an icon of the sprite."""

    name: Label
    icon: str = "table-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    key: str
    name: Label
    columns: Mapping[str, Column]
    states: Mapping[str, State]
    stages: Mapping[str, Stage]
    number: str | None = None
    many: bool = False
    #: FEEL giving the organisation, area or committee that keeps the register
    owner: str | None = None
    access: str = "staff"
    #: FEEL giving a class in place of `access` for this row (a meeting of a party branch); null: `access`
    access_from: str | None = None
    panels: tuple[str, ...] = DEFAULT_PANELS
    #: FEEL of the head's fields, over the columns of the same key; `opened`: since when the row counts, `moved`: since when
    #: it stands where it is created (a case from before)
    head: Mapping[str, str] = field(default_factory=dict)
    #: FEEL giving a list of units and persons that are the parties, besides columns of kind unit and person
    parties: str | None = None
    #: names of the flags that ``registers.flag`` sets
    flags: Mapping[str, Label] = field(default_factory=dict)
    #: heading under which the index lists it; None: the rest
    group: Label | None = None
    #: place among the registers, smaller first
    order: int = 100
    #: None: only in the index, as registers of shared sub-processes
    menu: MenuItem | None = None

    def access_of(self, state: str | None) -> str:
        """Class of a row in that state."""
        found = self.states.get(state or "")
        return (found.access if found else None) or self.access

    def stage_of(self, state: str | None) -> str | None:
        found = self.states.get(state or "")
        return found.stage if found else None

    def allows(self, before: str | None, after: str) -> bool:
        """Whether a row may go from one state to the other; a new row (before None) may begin anywhere, staying is no move."""
        if after not in self.states:
            return False
        return before is None or before == after or after in self.states[before].to


def read_register(text: str | bytes, file: str = "") -> Declaration:
    """Read one ``*.register.yaml``. Raises RegisterInvalid naming file and place."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise RegisterInvalid(f"{file}: not YAML: {problem}", file=file) from problem
    return from_data(data, file)


def from_data(data: Any, file: str = "") -> Declaration:
    """A Declaration from parsed YAML; checks what a JSON Schema cannot: moves, stages, number pattern, panels."""
    try:
        declaration = _declaration(data)
    except (KeyError, TypeError, AttributeError) as problem:
        raise RegisterInvalid(f"{file}: missing or misplaced {problem}", file=file) from problem
    problems = list(_problems(declaration))
    if problems:
        raise RegisterInvalid(f"{file or declaration.key}: " + "; ".join(problems), file=file, register=declaration.key, problems=problems)
    return declaration


def _declaration(data: Mapping[str, Any]) -> Declaration:
    head = {key: _feel(data[key]) for key in HEAD_FIELDS if data.get(key)}
    return Declaration(
        key=data["register"],
        name=_label(data["name"]),
        columns={c["key"]: _column(c) for c in data.get("columns", ())},
        states={key: _state(key, s) for key, s in data["states"].items()},
        stages={key: Stage(key=key, name=_label(s)) for key, s in (data.get("stages") or {}).items()},
        number=data.get("number"),
        many=data.get("row", "one_per_instance") == "many",
        owner=_feel(data["owner"]) if data.get("owner") else None,
        access=data.get("access", "staff"),
        access_from=_feel(data["access_from"]) if data.get("access_from") else None,
        panels=tuple(data.get("panels") or DEFAULT_PANELS),
        head=head,
        parties=_feel(data["parties"]) if data.get("parties") else None,
        flags={key: _label(f) for key, f in (data.get("flags") or {}).items()},
        group=_label(data["group"]) if data.get("group") else None,
        order=int(data.get("order", 100)),
        menu=_menu(data["menu"]) if data.get("menu") else None,
    )


def _menu(data: Mapping[str, Any]) -> MenuItem:
    return MenuItem(name=_label(data), icon=data.get("icon", "table-2"))


def _column(data: Mapping[str, Any]) -> Column:
    source = data.get("from")
    return Column(
        key=data["key"],
        kind=data.get("kind", "text"),
        name=_label(data),
        source=_feel(source) if source else None,
        listed=bool(data.get("list", False)),
        access=data.get("access"),
        codes=data.get("codes"),
    )


def _state(key: str, data: Mapping[str, Any]) -> State:
    return State(
        key=key,
        name=_label(data),
        stage=data.get("stage"),
        to=tuple(data.get("to") or ()),
        access=data.get("access"),
        tone=data.get("tone"),
    )


def _label(data: Mapping[str, Any]) -> Label:
    return Label(zh=str(data["zh"]), en=str(data.get("en", "")))


def _feel(text: Any) -> str:
    return str(text).removeprefix("=").strip()


_PLACE = re.compile(r"\{(area|year|month|seq(?::\d+)?)\}")


def _problems(declaration: Declaration) -> Sequence[str]:
    found: list[str] = []
    for state in declaration.states.values():
        found += [f"state {state.key}: may go to {target}, which is no state" for target in state.to if target not in declaration.states]
        if state.stage is not None and state.stage not in declaration.stages:
            found.append(f"state {state.key}: stage {state.stage} is not declared")
    classes = [declaration.access, *(s.access for s in declaration.states.values()), *(c.access for c in declaration.columns.values())]
    found += [f"access class {cls} does not exist" for cls in classes if cls is not None and cls not in ACCESS_CLASSES]
    found += [f"panel {p} does not exist" for p in declaration.panels if p not in PANELS and not p.startswith("register:")]
    if declaration.number is not None:
        rest = _PLACE.sub("", declaration.number)
        if "{seq" not in declaration.number or "{" in rest or "}" in rest:
            found.append(f"number {declaration.number}: may use {{area}}, {{year}}, {{month}} and needs {{seq}} or {{seq:digits}}")
    return found


def counted_by_month(pattern: str) -> bool:
    """Whether the pattern counts anew each month."""
    return "{month}" in pattern


def format_number(pattern: str, area: str, year: int, seq: int, month: int = 1) -> str:
    """The number for a pattern such as ``GJ-{area}-{year}-{seq:4}``; `area` is the area's code, `month` 1–12, two digits."""

    def fill(match: re.Match[str]) -> str:
        name, _, width = match.group(1).partition(":")
        if name == "seq":
            return str(seq).zfill(int(width or 0))
        return {"area": area, "year": str(year), "month": f"{month:02}"}[name]

    return _PLACE.sub(fill, pattern)
