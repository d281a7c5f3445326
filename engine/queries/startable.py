"""Which processes a person may start by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from engine.actor import Mandate
from engine.commands import blocked, starting
from engine.commands.library import BoundDefinitions
from engine.definitions.model import Label, Process
from engine.errors import NotFound
from engine.queries.reader import Reader
from engine.store import definitions as sets

#: in the selectors of those who may start a process (engine.definitions.foreign.people)
_STARTER_ROLE = re.compile(r'role\("([^"]+)", area\)')
_STARTER_PERSON = re.compile(r'"(person:[^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    """A process a person may start by hand. `areas` are those his roles name; empty = any."""

    process: str
    version: int
    name: Label
    documentation: Label
    form: str | None
    areas: tuple[str, ...]
    #: the roles that may start it; empty: anybody
    roles: tuple[str, ...] = ()


class StartQueries(Reader):
    """Starts by hand."""

    def startable(self, person: str) -> tuple[Startable, ...]:
        """Processes the person may start by hand, by the role of the start event's lane and those of the start event itself."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            if digest is None:
                return ()
            now = self._runtime.clock.now()
            held = self._runtime.directory.selectors_of(connection, person, now)
            definitions = self._runtime.library.bound(connection, digest)
            keys = [key for key in sorted(definitions.keys("process")) if not definitions.entry("process", key).get(blocked.CANNOT_RUN)]
            models = [(definitions.process(key), definitions.version("process", key)) for key in keys]
            area_of = partial(self._runtime.directory.area_path, connection, at=now)
            found = [_startable(model, version, held, area_of, definitions) for model, version in models if model.executable]
        return tuple(s for s in found if s is not None)


def _startable(
    model: Process, version: int, held: Mapping[str, Mandate], area_of: Callable[[str], Sequence[str]], definitions: BoundDefinitions
) -> Startable | None:
    try:
        node = starting.none_start(model)
    except NotFound:
        return None
    lane = model.lanes.get(node.lane or "") if node is not None else None
    while lane is not None and lane.role is None and lane.source is None:
        lane = model.lanes.get(lane.parent or "")
    areas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    if model.starters is not None:
        roles = tuple(_STARTER_ROLE.findall(model.starters))
        areas = tuple(sorted({of for s in held if (of := starting.of_role(s, roles))}))
        if not areas and "public" not in held and not set(_STARTER_PERSON.findall(model.starters)) & set(held):
            return None
    elif lane is not None:
        if lane.role is None:
            return None  # started with selectors as input: not by hand
        roles = (lane.role, *(node.starters if node is not None else ()))
        own = sorted(of for s in held if (of := starting.of_role(s, (lane.role,))))
        others = sorted(a for s in held if node is not None and (of := starting.of_role(s, node.starters)) for a in area_of(of)[:1])
        areas = tuple(dict.fromkeys([*own, *others]))
        if not areas and "public" not in held:
            return None
    form = definitions.form_of(node)
    return Startable(
        process=model.id, version=version, name=model.name, documentation=model.documentation, form=form, areas=areas, roles=roles
    )  # fmt: skip
