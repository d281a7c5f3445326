"""Starting a procedure by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.actor import Actor, Mandate
from engine.commands.starting import of_role
from engine.definitions.model import Label, Process
from engine.errors import NotExecutable, NotFound
from engine.queries import Startable
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
        unasked = [model for model, _ in app.engine.queries.catalogue() if model.id not in mine] if _intake_areas(seen) else []
        return [*(_option(seen, s) for s in found), *(replace(_option(seen, s), **how) for s, how in _for_others(seen, unasked))]


def form(app: Application, actor: Actor, process: str) -> tuple[StartOption, FormView | None, list[dict[str, str]]]:
    """What the start page shows: the procedure, its form, and the areas to choose from. Raises NotFound, NotExecutable."""
    _require_executable(app, actor, process)
    found = next((s for s in app.engine.queries.startable(require_person(actor)) if s.process == process), None)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        how: dict[str, Any] = {}
        if found is None:
            other = _for_others(seen, [app.engine.queries.process(process)]) if _intake_areas(seen) else []
            if not other:
                raise NotFound
            found, how = other[0]
        elif not found.roles and any(may_enter(seen, area) for area in found.areas or _intake_areas(seen)):
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

    Raises NotFound, NotExecutable, NotOffered, Forbidden, FormInvalid."""
    person = require_person(actor)
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, area)
        person = actor.author or person
    elif mandate:
        actor = replace(actor, mandate=Mandate(kind="chosen", selector=mandate))
    _require_executable(app, actor, process)
    found = next((s for s in app.engine.queries.startable(person) if s.process == process), None)
    if found is None:
        raise NotFound
    receipt = app.engine.start(
        process, data, actor=actor, area=area or _area(found), version=version, form=found.form is not None, idempotency_key=key
    )
    if receipt.instance is None:
        raise NotFound
    return outcomes.outcome(app, actor, receipt.instance, Label(f"已发起：{found.name.zh}", f"Started: {found.name.in_('en')}"))


def _require_executable(app: Application, actor: Actor, process: str) -> None:
    """Raises NotExecutable, with the list, for a process of another tool that cannot run here."""
    if process in app.engine.queries.only_shown():
        raise NotExecutable(process, app.engine.queries.cannot_run(process, actor.language))


def _intake_areas(seen: Look) -> list[str]:
    """Areas where the reader may enter for others."""
    return [a for pattern, areas in seen.reach.grants.items() if pattern == RIGHT for a in areas]


def _roles(process: Process) -> list[str]:
    """The roles that may start it by hand: the lane's, then those of the start event itself."""
    starts = [n for n in process.children(process.id) if n.kind == "startEvent" and not n.events]
    lane = process.lanes.get(starts[0].lane or "") if starts else None
    while lane is not None and lane.role is None and lane.source is None:
        lane = process.lanes.get(lane.parent or "")
    return [lane.role, *starts[0].starters] if lane is not None and lane.role is not None else []


def _for_others(seen: Look, models: Sequence[Process]) -> list[tuple[Startable, dict[str, Any]]]:
    """Of these procedures those that people of the reader's area may start, who are offered as authors. What is asked of the
    directory is asked once for all, and once for each different first author."""
    roles = {model.id: _roles(model) for model in models if model.executable}
    held: dict[str, list[directory.Held]] = {}
    for post in directory.posts_of_roles(seen.connection, {role for asked in roles.values() for role in asked}, seen.now):
        held.setdefault(post.role, []).append(post)
    places = seen.app.directory.places(seen.connection, [p.of for posts in held.values() for p in posts], seen.now)
    areas = {key: key if place.sort == "area" else place.area for key, place in places.items()}
    people = {
        key: list(dict.fromkeys(p.person for role in asked for p in held.get(role, ()) if p.of in areas and may_enter(seen, areas[p.of])))
        for key, asked in roles.items()
    }
    names = seen.names({person for found in people.values() for person in found})
    may_start: dict[str, dict[str, Startable]] = {}
    for first in {found[0] for found in people.values() if found}:
        may_start[first] = {s.process: s for s in seen.app.engine.queries.startable(first)}
    return [
        (may_start[found[0]][key], {"behalf": "only", "authors": [(p, names[p]) for p in found if p in names]})
        for key, found in people.items()
        if found and key in may_start[found[0]]
    ]


def _area(found: Startable) -> str | None:
    return found.areas[0] if found.areas else None


def _option(seen: Look, found: Startable) -> StartOption:
    held = [m for s, m in seen.reach.selectors.items() if of_role(s, found.roles)]
    return StartOption(
        process=found.process, version=found.version, name=found.name, description=found.documentation,
        mandate=held[0] if held else None, has_form=found.form is not None, mandates=held,
    )  # fmt: skip
