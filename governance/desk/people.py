"""Pickers and one's own mandates."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor, Mandate
from engine.feel import Environment, compile_expression
from governance.application import Application
from governance.desk.reading import look, require_person

_KINDS = ("person", "unit", "area", "committee", "post")


def mandates(app: Application, actor: Actor) -> list[Mandate]:
    """Posts, seats and delegations one may act under now."""
    require_person(actor)
    with app.database.read() as connection:
        held = look(app, actor, connection).reach.selectors
    named = [m for m in held.values() if m.kind not in ("assignment", "person") and (m.zh or m.en)]
    return list({m.zh: m for m in named}.values())


def lookup(app: Application, actor: Actor, kind: str, query: str, condition: str | None, chosen: list[str]) -> list[dict[str, Any]]:
    """At most 20 entries whose name holds `query`, fitting the field's FEEL `condition`; with `chosen`, just these by id."""
    require_person(actor)
    if kind not in _KINDS:
        return []
    now = app.clock.now()
    with app.database.read() as connection:
        if chosen:
            described = [(ref, app.directory.describe(connection, kind, ref, now)) for ref in chosen[:50]]
            return [{"value": ref, "label": (d.get(actor.language) or d.get("zh") or ref), "hint": ""} for ref, d in described if d]
        found = app.directory.lookup(connection, kind, query, now, limit=200 if condition else 20)
        if condition:
            test, environment = compile_expression(condition), Environment(now=now, zone=app.zone)
            facts = {c.value: app.directory.describe(connection, kind, c.value, now) or {} for c in found}
            found = [c for c in found if test.evaluate({**dict.fromkeys(test.names), **facts[c.value]}, environment) is True][:20]
    return [{"value": c.value, "label": c.label.in_(actor.language), "hint": c.hint.in_(actor.language)} for c in found]
