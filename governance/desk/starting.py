"""Starting a procedure by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.errors import NotFound
from engine.queries import Startable
from governance.application import Application
from governance.desk import outcomes
from governance.desk.entering import entering
from governance.desk.reading import Look, look, require_person
from governance.desk.views import FormView, Outcome, StartOption


def options(app: Application, actor: Actor) -> list[StartOption]:
    """The procedures one's posts may start."""
    found = app.engine.queries.startable(require_person(actor))
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        return [_option(seen, s) for s in found]


def form(app: Application, actor: Actor, process: str) -> tuple[StartOption, FormView | None, list[dict[str, str]]]:
    """What the start page shows: the procedure, its form, and the areas to choose from. Raises NotFound."""
    found = next((s for s in app.engine.queries.startable(require_person(actor)) if s.process == process), None)
    if found is None:
        raise NotFound
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        rendered = app.engine.queries.start_form(process, actor=actor, area=_area(found))
        places = app.directory.places(connection, found.areas, seen.now)
        areas = [{"id": a, "name": places[a].name.in_(actor.language)} for a in found.areas if a in places]
        return _option(seen, found), FormView(payload=rendered.payload()) if rendered else None, areas


def start(
    app: Application, actor: Actor, process: str, data: Mapping[str, Any], *, area: str | None = None, version: int | None = None,
    key: str | None = None, mandate: str | None = None, on_behalf_of: Mapping[str, Any] | None = None,
) -> Outcome:  # fmt: skip
    """Start it, under the mandate the person chose, or on behalf of another who may start it (desk.entering).

    Raises NotFound, NotOffered, Forbidden, FormInvalid."""
    person = require_person(actor)
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, area)
        person = actor.author or person
    elif mandate:
        actor = replace(actor, mandate=Mandate(kind="chosen", selector=mandate))
    found = next((s for s in app.engine.queries.startable(person) if s.process == process), None)
    if found is None:
        raise NotFound
    receipt = app.engine.start(
        process, data, actor=actor, area=area or _area(found), version=version, form=found.form is not None, idempotency_key=key
    )
    if receipt.instance is None:
        raise NotFound
    return outcomes.outcome(app, actor, receipt.instance, Label(f"已发起：{found.name.zh}", f"Started: {found.name.in_('en')}"))


def _area(found: Startable) -> str | None:
    return found.areas[0] if found.areas else None


def _option(seen: Look, found: Startable) -> StartOption:
    process = seen.app.engine.queries.process(found.process, found.version)
    starts = [n for n in process.children(process.id) if n.kind == "startEvent" and not n.events]
    lane = process.lanes.get(starts[0].lane or "") if starts else None
    held = [m for s, m in seen.reach.selectors.items() if lane and lane.role and s.startswith(f"role:{lane.role}@")]
    return StartOption(
        process=found.process, version=found.version, name=found.name, description=found.documentation,
        mandate=held[0] if held else None, has_form=found.form is not None, mandates=held,
    )  # fmt: skip
