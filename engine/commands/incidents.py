"""Incidents of a command: tokens that need a person's help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine import values
from engine.commands.agenda import Agenda
from engine.runner.port import Changes
from engine.store import work

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit


def note(unit: CommandUnit, plan: Agenda, changes: Changes) -> None:
    """Close the incidents of tokens that are gone, open those that the run raised."""
    if unit.row.incidents and changes.gone_tokens:
        closed = work.close_incidents_of(unit.connection, changes.gone_tokens, unit.now)
        unit.row = replace(unit.row, incidents=unit.row.incidents - closed)
    gone = set(changes.gone_tokens)
    for incident in plan.incidents:
        if incident.token not in gone:
            node = incident.node.id if incident.node else None
            open_(unit, incident.token, incident.process, node, incident.code, incident.message, incident.details)


def open_(
    unit: CommandUnit, token: str, process: str, node: str | None, code: str, message: str, details: Mapping[str, Any]
) -> None:  # fmt: skip
    """The token needs a person's help."""
    row = {
        "id": unit.runtime.new_id(), "instance": unit.row.id, "token": token, "process": process, "node": node, "code": code,
        "message": message, "details": values.plain(values.normalise(details)), "at": unit.now, "state": "open",
        "closed_at": None, "closed_by": None,
    }  # fmt: skip
    work.add_incidents(unit.connection, [row])
    unit.raised.append(row["id"])
    unit.row = replace(unit.row, incidents=unit.row.incidents + 1)


def close(unit: CommandUnit, incident: str, state: str) -> None:
    """`state`: retried | resolved."""
    work.close_incident(unit.connection, incident, state, unit.now, unit.actor.person)
    unit.row = replace(unit.row, incidents=unit.row.incidents - 1)
