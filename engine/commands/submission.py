"""What is handed in at a node: who may read it from now on, and what history keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.actor import Entered
from engine.definitions.protection import protected
from engine.guards import Guard
from engine.history.submissions import SEEN
from engine.store import entries
from engine.store import guards as guard_store

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person or a message hands in at a node. `name`: what output mappings call it (form, message, signal)."""

    process: str
    node: str
    token: str
    name: str
    value: Mapping[str, Any]
    files: Sequence[str] = ()
    #: what a later correction needs to know of this moment (history.submissions)
    seen: Mapping[str, Any] | None = None


def hand_in(unit: CommandUnit, handed: Submission) -> dict[str, Any]:
    """Protect what was handed in, by what the variables say now that its outputs are written. → what history keeps of it."""
    kept = _guarded(unit, handed)
    entered = unit.actor.entered
    if entered is not None:
        kept["entered"] = entered.plain()
        _keep_entry(unit, entered, kept)
    if handed.seen is not None:
        kept[SEEN] = handed.seen
    return kept


def protect_data(unit: CommandUnit, process: str, node_guards: Iterable[Guard]) -> None:
    """Declared data of the process that a guard names is kept for those who satisfy it."""
    own = protected(unit.definitions.process(process))
    for guard in node_guards:
        if guard.data in own:
            unit.protect(guard_store.DATA, [f"{process}/{guard.data}"], [guard])


def _guarded(unit: CommandUnit, handed: Submission) -> dict[str, Any]:
    extra = {handed.name: handed.value}
    found = unit.guards(handed.process, handed.node, lambda text: unit.evaluate(text, handed.token, extra))
    if not found:
        return {}
    unit.protect(guard_store.FILE, handed.files, found)
    protect_data(unit, handed.process, found)
    return {"guards": [guard.plain() for guard in found]}


def _keep_entry(unit: CommandUnit, entered: Entered, kept: Mapping[str, Any]) -> None:
    """The paper belongs to the case, for the readers of what was entered; who entered shares the exclusions of the author."""
    if entered.file is not None and unit.runtime.files is not None:
        unit.runtime.files.attach(unit.connection, [entered.file], unit.row.id)
        unit.protect(guard_store.FILE, [entered.file], [Guard.of_plain(g) for g in kept.get("guards", ())])
    if unit.actor.person is not None:
        entries.add(unit.connection, unit.runtime.new_id(), unit.row.id, unit.actor.person, entered.behalf, unit.now)
        if unit.entered is not None:
            unit.entered.append((unit.actor.person, entered.behalf))
