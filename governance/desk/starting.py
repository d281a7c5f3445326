"""Starting a procedure by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.actor import Actor, Mandate
from engine.commands.starting import of_role
from engine.definitions.model import Label, Process
from engine.errors import NotFound
from engine.queries import DefinitionLine, Startable
from governance.application import Application
from governance.desk import outcomes
from governance.desk.entering import RIGHT, entering, may_enter
from governance.desk.reading import Look, look, require_person
from governance.desk.views import FormView, Outcome, StartOption
from governance.directory import store as directory


def options(app: Application, actor: Actor) -> list[StartOption]:
    """The procedures one's posts may start, then those one may start for others whose words one enters."""
    found = app.engine.queries.startable(require_person(actor))
    mine = {s.process for s in found}
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        others = [_for_others(seen, d.key) for d in _newest(app) if d.key not in mine] if _intake_areas(seen) else []
        return [*(_option(seen, s) for s in found), *(replace(_option(seen, s), **how) for s, how in filter(None, others))]


def form(app: Application, actor: Actor, process: str) -> tuple[StartOption, FormView | None, list[dict[str, str]]]:
    """What the start page shows: the procedure, its form, and the areas to choose from. Raises NotFound."""
    found = next((s for s in app.engine.queries.startable(require_person(actor)) if s.process == process), None)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        how: dict[str, Any] = {}
        if found is None:
            other = _for_others(seen, process) if _intake_areas(seen) else None
            if other is None:
                raise NotFound
            found, how = other
        elif _anybody(app, process) and any(may_enter(seen, area) for area in found.areas or _intake_areas(seen)):
            how = {"behalf": "maybe"}
        rendered = app.engine.queries.start_form(process, actor=actor, area=_area(found))
        places = app.directory.places(connection, found.areas, seen.now)
        areas = [{"id": a, "name": places[a].name.in_(actor.language)} for a in found.areas if a in places]
        return replace(_option(seen, found), **how), FormView(payload=rendered.payload()) if rendered else None, areas


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


def _newest(app: Application) -> list[DefinitionLine]:
    """The newest version of every procedure."""
    return list({d.key: d for d in reversed(app.engine.queries.definitions("process"))}.values())


def _intake_areas(seen: Look) -> list[str]:
    """Areas where the reader may enter for others."""
    return [a for pattern, areas in seen.reach.grants.items() if pattern == RIGHT for a in areas]


def _anybody(app: Application, process: str) -> bool:
    """Whether everybody may start it: no role is asked."""
    return not _roles(app.engine.queries.process(process))


def _roles(process: Process) -> list[str]:
    """The roles that may start it by hand: the lane's, then those of the start event itself."""
    starts = [n for n in process.children(process.id) if n.kind == "startEvent" and not n.events]
    lane = process.lanes.get(starts[0].lane or "") if starts else None
    while lane is not None and lane.role is None and lane.source is None:
        lane = process.lanes.get(lane.parent or "")
    return [lane.role, *starts[0].starters] if lane is not None and lane.role is not None else []


def _for_others(seen: Look, process: str) -> tuple[Startable, dict[str, Any]] | None:
    """A procedure that people of the reader's area may start, who are offered as authors; None: there are none."""
    queries = seen.app.engine.queries
    model = queries.process(process)
    roles = _roles(model) if model.executable else []
    if not roles:
        return None
    posts = [p for role in roles for p in directory.posts_of_role(seen.connection, role, seen.now)]
    places = seen.app.directory.places(seen.connection, [p.of for p in posts], seen.now)
    areas = {key: key if place.sort == "area" else place.area for key, place in places.items()}
    people = list(dict.fromkeys(p.person for p in posts if p.of in areas and may_enter(seen, areas[p.of])))
    names = seen.names(people)
    startable = next((s for s in queries.startable(people[0]) if s.process == process), None) if people else None
    if startable is None:
        return None
    return startable, {"behalf": "only", "authors": [(p, names[p]) for p in people if p in names]}


def _area(found: Startable) -> str | None:
    return found.areas[0] if found.areas else None


def _option(seen: Look, found: Startable) -> StartOption:
    process = seen.app.engine.queries.process(found.process, found.version)
    roles = _roles(process)
    held = [m for s, m in seen.reach.selectors.items() if of_role(s, roles)]
    return StartOption(
        process=found.process, version=found.version, name=found.name, description=found.documentation,
        mandate=held[0] if held else None, has_form=found.form is not None, mandates=held,
    )  # fmt: skip
