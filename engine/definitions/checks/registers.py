"""Registers (conventions 9): the schema, moves and stages that exist, panels, expressions that compile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.checks.context import Checked, some
from engine.definitions.checks.doubts import nearest_of
from engine.definitions.checks.feel import check_feel
from engine.definitions.positions import Located, Path
from engine.definitions.scope.variables import Seen
from engine.feel.inference import ANY, Shape, join
from engine.schemas.validate import validate

_HANDED_IN = frozenset({"form", "result", "message"})
_HEAD = ("owner", "title", "area", "unit", "due", "score", "parties")


def check_registers(checked: Checked) -> None:
    """Every *.register.yaml of the package, also one whose key could not be read."""
    for path, located in checked.package.located.items():
        if path.endswith(".register.yaml"):
            _check(checked, path, located)


def _check(checked: Checked, path: str, located: Located) -> None:
    key = located.value.get("register")
    element = key if isinstance(key, str) else None
    faults = validate("register", located.value)
    for fault in faults:
        checked.add("REG-002", path, element, located.line(fault.path), where=fault.where, reason=fault.reason)
    if faults:
        return
    _moves(checked, path, located, element)
    _columns(checked, path, located, element)
    for panel in located.value.get("panels") or ():
        kind, _, other = panel.partition(":")
        if kind == "register" and checked.register(other) is None:
            checked.add("REG-008", path, element, located.line(("panels",)), ref=other)
    names = _names(checked, element)
    for place, text in _expressions(located.value):
        line = located.line(place)
        check_feel(lambda code, line=line, **facts: checked.add(code, path, element, line, **facts), ".".join(map(str, place)), text, names)


def _names(checked: Checked, register: str | None) -> Mapping[str, Shape] | None:
    """Names that a row's expressions may use: those of the processes that write the register, one after the other. None where a
    service may write it, too, or a process that declares nothing: any name may be used then."""
    writers = [
        process
        for process in checked.processes.values()
        if any(record.register == register for node in process.nodes.values() for record in node.records)
    ]
    seen = [variables.anywhere() for process in writers if (variables := checked.world.variables(process)) is not None]
    known = [one for one in seen if one is not None]
    if not seen or len(known) < len(seen):
        return None
    names = frozenset().union(*(one.names for one in known), _HANDED_IN)
    return Seen(names, lambda name: join(*(one[name] for one in known if name in one)) if name not in _HANDED_IN else ANY)


def _moves(checked: Checked, path: str, located: Located, element: str | None) -> None:
    states, stages = located.value["states"], located.value.get("stages") or {}
    for name, state in states.items():
        line = located.line(("states", name))
        for target in state.get("to") or ():
            if target not in states:
                checked.add("REG-003", path, element, line, state=name, ref=target, known=some(states))
        stage = state.get("stage")
        if stage is not None and stage not in stages:
            checked.add("REG-004", path, element, line, state=name, ref=stage, known=some(stages))
    used = {target for state in states.values() for target in state.get("to") or ()}
    entered = {
        record.state
        for process in checked.processes.values()
        for node in process.nodes.values()
        for record in node.records
        if record.register == element
    }
    for name in states:
        if name not in used | entered:
            checked.add("REG-006", path, element, located.line(("states", name)), state=name)


def _columns(checked: Checked, path: str, located: Located, element: str | None) -> None:
    seen: set[str] = set()
    for index, column in enumerate(located.value["columns"]):
        line = located.line(("columns", index))
        if column["key"] in seen:
            checked.add("REG-007", path, element, line, key=column["key"])
        seen.add(column["key"])
        codes = column.get("codes")
        if codes is not None and codes not in checked.codes:
            checked.add("FEEL-005", path, element, line, where=f"columns[{index}]", name=codes, near=nearest_of(codes, checked.codes))


def _expressions(register: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for name in _HEAD:
        if isinstance(register.get(name), str):
            yield (name,), register[name]
    for index, column in enumerate(register["columns"]):
        if column.get("from"):
            yield ("columns", index, "from"), column["from"]
