"""Variables of a case for its administrator: what there is and of what kind; the values only for who may read the case."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.actor import Actor
from engine.commands.changing import kind_of
from engine.commands.receipt import Receipt
from engine.definitions.model import Label
from engine.errors import FieldError, FormInvalid, NotFound
from engine.runner.variables import INSTANCE_FACTS
from governance.application import Application
from governance.desk import powers
from governance.desk.protection import Sight
from governance.desk.reading import look, require_case

#: marks a FEEL expression
_FEEL = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """`shown`: the reader may read the value; `present` is used to read what is typed in its kind, and never displayed by itself."""

    name: str
    kind: Label
    shown: bool
    present: Any


def rows(app: Application, actor: Actor, instance: str, scope: str | None) -> list[Variable]:
    """The variables of a scope (None: the outermost), those the system sets left out. Raises NotFound, Forbidden."""
    powers.of_case(app, actor, "change", instance)
    queries = app.engine.queries
    case, process = queries.instance(instance), queries.process_of(instance)
    at = scope or case.root
    token = next((t for t in case.tokens if t.id == at), None)
    if token is None and case.tokens:
        raise NotFound(f"the scope {at} is not live any more", scope=at)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        try:
            require_case(seen, case, process)
            sight = Sight(seen, case)
            hidden = sight.hidden_names()
            if token is not None and at != case.root:
                hidden |= sight.hidden_names(at) | sight.hidden_names(token.parent)
            # what an inner scope took in may be protected data under another name
            opens = at == case.root or not hidden
        except NotFound:
            hidden, opens = frozenset(), False
        values = app.engine.oversight.own_variables(connection, instance, at)
    known = dict.fromkeys([*(process.data if at == case.root else ()), *sorted(values)])
    return [
        Variable(
            name=name, kind=Label(*kind_of(values.get(name))), shown=opens and name not in hidden, present=values.get(name)
        )
        for name in known
        if name not in INSTANCE_FACTS
    ]  # fmt: skip


def change(
    app: Application, actor: Actor, instance: str, variables: Sequence[Variable], typed: Mapping[str, str], reason: str, *,
    scope: str | None, key: str | None,
) -> Receipt:  # fmt: skip
    """Change what was typed: text as the kind the variable has now, or FEEL behind ``=``. Raises FormInvalid and what
    `powers.change_variables` raises."""
    present = {one.name: one.present for one in variables}
    expressions = {name: text.strip()[1:] for name, text in typed.items() if text.strip().startswith(_FEEL)}
    errors: list[FieldError] = []
    values: dict[str, Any] = {}
    for name, text in typed.items():
        if name in expressions:
            continue
        try:
            values[name] = _read(present.get(name), text)
        except ValueError:
            zh, en = '写成 JSON，例如 [1, 2] 或 {"a": 1}', 'write JSON, e.g. [1, 2] or {"a": 1}'
            errors.append(FieldError(pointer=f"/{name}", code="V-TYPE", message=en if actor.language == "en" else zh))
    if errors:
        raise FormInvalid(errors)
    return powers.change_variables(app, actor, instance, values, reason, expressions=expressions, scope=scope, key=key)


_WORDS = {"true": True, "false": False, "是": True, "否": False, "yes": True, "no": False}


def _read(present: Any, text: str) -> Any:
    """What was typed, as far as its kind is not read by the engine itself. Raises ValueError."""
    if isinstance(present, bool):
        return _WORDS.get(text.strip().lower(), text)
    if isinstance(present, (list, dict)):
        return json.loads(text)
    return text
