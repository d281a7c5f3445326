"""All families of rules, and every rule by its code."""

from __future__ import annotations

from engine.definitions.rules import (
    activities,
    associations,
    boundaries,
    collaboration,
    compensation,
    connections,
    correlation,
    data,
    diagram,
    events,
    gateways,
    loops,
    message_flows,
    places,
    positions,
    reach,
    references,
    resources,
    structure,
    values,
)
from engine.definitions.rules.rule import Family, Rule

FAMILIES: tuple[Family, ...] = (
    structure.family,
    places.family,
    values.family,
    references.family,
    connections.family,
    reach.family,
    events.family,
    positions.family,
    boundaries.family,
    gateways.family,
    activities.family,
    compensation.family,
    loops.family,
    data.family,
    associations.family,
    resources.family,
    collaboration.family,
    message_flows.family,
    correlation.family,
    diagram.family,
)
RULES: dict[str, Rule] = {rule.code: rule for family in FAMILIES for rule in family.rules}
