"""Services of the directory that a process calls."""

from __future__ import annotations

from typing import Any

from engine.errors import NotFound, ServiceRefused
from engine.services import Call, service
from governance.directory.directory import Directory


@service("directory.members")
def members(call: Call, committee: str, role: str | None = None, voting: bool = False) -> list[dict[str, Any]]:
    """Who sits in `committee` now, frozen into a variable: [{person, name, role, unit, membership, voting, weight}].
    `role` keeps one kind of seat, `voting` only seats with a vote at this instant. Refuses an unknown committee."""
    directory: Directory = call.resources["directory"]
    try:
        found = directory.members(call.connection, committee, call.now, role=role, voting=voting)
    except NotFound as error:
        raise ServiceRefused(error.message, **error.details) from error
    return [
        {
            "person": m.person,
            "name": m.name.zh,
            "role": m.role,
            "unit": m.unit,
            "membership": m.membership,
            "voting": m.voting,
            "weight": m.weight,
        }
        for m in found
    ]


@service("directory.holders")
def holders(call: Call, selectors: list[str]) -> list[dict[str, Any]]:
    """The persons behind these selectors now, the nearest up the tree when vacant: [{person, name}], each once."""
    directory: Directory = call.resources["directory"]
    people = directory.people(call.connection, selectors, call.now)
    names = directory.names(call.connection, people)
    return [{"person": p, "name": names[p].zh if p in names else p} for p in people]
