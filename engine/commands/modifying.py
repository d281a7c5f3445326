"""An operator moves a case by hand: takes element instances away, begins elsewhere; or first asks what that would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import events as ev
from engine.actor import Actor
from engine.commands import opening, operating
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.unit import CommandUnit
from engine.definitions.protection import protected
from engine.history.record import element
from engine.runner.instructions import PLACES, Cancel, Instruction, ModificationRefused, Start
from engine.store import instances

Connection = Any
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What an act did, or (dry run) would do. Elements as in history; of incidents the element and code, never what they quote."""

    receipt: Receipt
    dry_run: bool
    started: tuple[str, ...]
    completed: tuple[str, ...]
    cancelled: tuple[str, ...]
    flows: tuple[str, ...]
    #: elements whose tasks people are offered
    offered: tuple[str, ...]
    incidents: tuple[tuple[str, str], ...]


def modify(
    runtime: Runtime, instance: str, instructions: Sequence[Instruction], reason: str, *, actor: Actor, dry_run: bool,
    idempotency_key: str | None,
) -> Outlook:  # fmt: skip
    """See Engine.modify."""
    why = operating.needed(reason)
    key = opening.scoped_key("modify", actor, None if dry_run else idempotency_key)

    def command(connection: Connection) -> Outlook:
        row = instances.lock(connection, instance)
        first = opening.repeated(connection, key)
        if first is not None:
            return outlook(first, (), row.process, dry_run=False)
        unit = opening.open_unit(runtime, connection, row, actor)
        for one in instructions:
            if isinstance(one, Start):
                check_variables(unit, one)
        unit.record("modified", None, {"reason": why, "instructions": [_kept(one) for one in instructions]})
        changes = runtime.kernel.modify(unit.definitions, unit.snapshot, unit.environment, instructions)
        happened = tuple(changes.events)
        unit.apply(changes)
        receipt = unit.finish()
        opening.remember(connection, key, receipt, unit.now)
        return outlook(receipt, happened, row.process, dry_run=dry_run)

    return operating.run(runtime, command, dry_run=dry_run)


def outlook(receipt: Receipt, events: Sequence[ev.Event], process: str, *, dry_run: bool) -> Outlook:
    """What the events of a command say."""

    def names(kind: type[ev.Event]) -> tuple[str, ...]:
        return tuple(element(e, process) or process for e in events if isinstance(e, kind))

    return Outlook(
        receipt=receipt, dry_run=dry_run, started=names(ev.ElementStarted), completed=names(ev.ElementCompleted),
        cancelled=names(ev.ElementCancelled), offered=names(ev.TaskOffered),
        flows=tuple(e.flow if e.process == process else f"{e.process}/{e.flow}" for e in events if isinstance(e, ev.FlowTaken)),
        incidents=tuple((element(e, process) or process, e.code) for e in events if isinstance(e, ev.IncidentRaised)),
    )  # fmt: skip


def check_variables(unit: CommandUnit, start: Start) -> None:
    """Raises ModificationRefused for variables nobody declared, and for protected ones: these are changed by themselves."""
    at = start.scope or unit.row.root
    model = unit.definitions.process(start.process or (unit.process_of(at) if start.scope else unit.row.process))
    closed = protected(model)
    known = set(model.data) | set(unit.variables(at)) if unit.row.root else set(model.data)
    for name in start.variables:
        if name in closed:
            raise ModificationRefused(f"“{name}”受保护，请先单独修改", f"{name} is protected; change it by itself first", name=name)
        if model.data and name not in known:
            raise ModificationRefused(f"流程没有声明“{name}”", f"The process does not declare {name}", name=name)


def _kept(one: Instruction) -> dict[str, Any]:
    """An instruction as the history keeps it: of variables their names."""
    found: dict[str, Any]
    if isinstance(one, Cancel):
        found = {"do": "cancel", "token": one.token, "element": one.element, "process": one.process}
    else:
        found = {
            "do": "start", "element": one.element, "where": one.where, "scope": one.scope, "process": one.process,
            "variables": sorted(one.variables) or None,
        }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def instructions_of(given: Iterable[Mapping[str, Any]]) -> list[Instruction]:
    """Instructions from JSON: ``{"do": "cancel", "token" | "element"}``, ``{"do": "start", "element", "where", "scope", "variables"}``,
    ``{"do": "move", "token" | "from", "to", …}``. Raises ModificationRefused, which says what is wrong."""
    found: list[Instruction] = []
    for number, one in enumerate(given, start=1):
        found += _read(number, one)
    if len(found) > _MOST:
        raise ModificationRefused(f"一次最多 {_MOST} 步", f"At most {_MOST} steps at once")
    return found


_FIELDS = {
    "cancel": {"do", "token", "element", "process"},
    "start": {"do", "element", "where", "scope", "process", "variables"},
    "move": {"do", "token", "from", "to", "where", "scope", "process", "variables"},
}


def _read(number: int, one: Mapping[str, Any]) -> list[Instruction]:
    do = one.get("do")
    fields = _FIELDS.get(do) if isinstance(do, str) else None
    if fields is None:
        raise ModificationRefused(f"第 {number} 步：do 应为 cancel、start 或 move", f"Step {number}: do is cancel, start or move")
    unknown = sorted(set(one) - fields)
    if unknown:
        raise ModificationRefused(f"第 {number} 步：不认识 {unknown[0]}", f"Step {number}: {unknown[0]} is unknown", step=number)
    wrong = [k for k in fields - {"variables"} if not isinstance(one.get(k), str | None)]
    if wrong or not isinstance(one.get("variables") or {}, Mapping):
        raise ModificationRefused(f"第 {number} 步：值的类型不对", f"Step {number}: a value is of the wrong kind", step=number)
    where = one.get("where") or PLACES[0]
    if where not in PLACES:
        raise ModificationRefused(f"第 {number} 步：where 应为 {'、'.join(PLACES)}", f"Step {number}: where is one of {', '.join(PLACES)}")
    source, target = one.get("element" if do == "cancel" else "from"), one.get("to" if do == "move" else "element")
    if do != "start" and (one.get("token") is None) == (source is None):
        zh, en = f"第 {number} 步：指明 token 或环节，二者之一", f"Step {number}: name a token or an element, one of the two"
        raise ModificationRefused(zh, en, step=number)
    if do != "cancel" and not target:
        raise ModificationRefused(f"第 {number} 步：没有说从哪里开始", f"Step {number}: where it begins is missing", step=number)
    steps: list[Instruction] = []
    if do != "start":
        steps.append(Cancel(token=one.get("token"), element=source, process=one.get("process")))
    if do != "cancel":
        begins = Start(
            element=str(target), where=where, scope=one.get("scope"), process=one.get("process"), variables=one.get("variables") or {}
        )
        steps.append(begins)
    return steps
