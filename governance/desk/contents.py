"""What a case holds, as far as one reader may see it: its declared data, and its history with what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.history.record import MORE, OFFERED
from engine.values import plain
from governance.application import Application
from governance.desk import histories
from governance.desk.protection import Sight
from governance.desk.reading import look, require_case

#: names beside the declared ones that every reader of a case may know
_FACTS = ("area", "number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One row of the history. `content` is None where the reader may not see it (then `refused` says why) or where it was erased."""

    seq: int
    at: datetime
    kind: str
    element: str | None
    #: id of the person; None for a person whom the reader must not learn of
    person: str | None
    mandate: Mandate | None
    content: Mapping[str, Any] | None
    refused: Label | None
    digest: str


def variables(app: Application, actor: Actor, instance: str) -> dict[str, Any]:
    """Declared data of a case that the reader may see, by name. Raises NotFound."""
    case = app.engine.queries.instance(instance)
    process = app.engine.queries.process_of(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, process)
        sight = Sight(seen, case)
        hidden = sight.hidden_names() if sight.open_as_a_whole else frozenset(process.data)
        known = app.engine.queries.root_variables(connection, instance)
    names = [name for name in (*_FACTS, *process.data) if name in known and name not in hidden]
    return {name: plain(known[name]) for name in names}


def history(app: Application, actor: Actor, instance: str, *, cursor: str | None = None) -> tuple[list[Passage], str | None]:
    """The history with its content, oldest first, and the cursor of what follows. Raises NotFound, BadCursor."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, app.engine.queries.process_of(instance))
        sight = Sight(seen, case)
        page = app.engine.queries.history(instance, cursor=cursor)
        found = []
        for line in page.items:
            refused = sight.refusal(line.guards)
            secret = sight.hides_person(line.guards) or line.actor in sight.secret_persons
            content = line.content if refused is None and isinstance(line.content, Mapping) else None
            if content is not None:
                content = sight.without_quotes(line.kind, line.element, content)
            if content is not None:
                others = {MORE: [_offered(sight, one) for one in content[MORE]]} if line.kind == OFFERED and MORE in content else {}
                content = {**_offered(sight, content), **others}
            found.append(
                Passage(
                    seq=line.seq, at=line.at, kind=line.kind, element=line.element, person=None if secret else line.actor,
                    mandate=None if secret else histories.mandate_of(line.mandate), refused=refused, digest=line.digest,
                    content={k: v for k, v in plain(content).items() if k != "guards"} if content is not None else None,
                )
            )  # fmt: skip
    return found, page.next


def _offered(sight: Sight, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without whom a task waits for, where that would name somebody the reader must not learn of."""
    if not sight.names_secret(content.get("selectors", ()), content.get("assignee")):
        return content
    return {k: v for k, v in content.items() if k not in ("selectors", "assignee")}
