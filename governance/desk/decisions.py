"""Decisions for designers and operators, and what a case decided for those who may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import values
from engine.actor import Actor
from engine.commands import deciding
from engine.decisions import Decision
from engine.definitions.model import Label
from engine.errors import Forbidden, NotFound
from engine.feel import Environment
from engine.history import installation
from engine.queries import HistoryLine
from governance.application import Application
from governance.desk.designing.rights import require_designer
from governance.desk.evaluations import KIND
from governance.desk.protection import Sight
from governance.desk.reading import look, require_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation of a case, with what working it out again gives."""

    seq: int
    at: datetime
    element: str
    #: what history keeps (engine.decisions.kept)
    kept: Mapping[str, Any]
    name: Label
    labels: Mapping[str, Label]
    same: bool | None = None
    value: Any = None
    error: str = ""


def listed(app: Application) -> list[dict[str, Any]]:
    """Every deployed decision in its newest version."""
    with app.database.read() as connection:
        return [_line(found) for found in deciding.newest(app.engine.runtime.library, connection)]


def _line(found: deciding.Found) -> dict[str, Any]:
    model, table = found.model, found.model.table
    return {
        "key": model.id,
        "version": found.version,
        "file": found.path,
        "name": {"zh": model.label.zh, "en": model.label.en or model.label.zh},
        "hit_policy": table.policy if table else None,
        "inputs": sorted(model.names),
        "outputs": [column.name for column in table.outputs] if table else [],
    }


def evaluate(
    app: Application, actor: Actor, key: str, variables: Mapping[str, Any], *, version: int | None = None, keep: bool = False
) -> dict[str, Any]:
    """The value with the rules that gave it. Nothing is written unless `keep`, which designers may ask for.

    Raises NotFound, UnknownVariable (an input is missing), ExpressionFailed, Forbidden.
    """
    if keep:
        require_designer(app, actor)
    given = values.normalise(variables)
    with app.database.write() if keep else app.database.read() as connection:
        made = evaluated(app, connection, key, given, version=version)
        if keep:
            installation.log(connection, KIND, key, actor=actor, at=app.clock.now(), content=made)
    return shown(made)


def evaluated(app: Application, connection: Any, key: str, variables: Mapping[str, Any], *, version: int | None = None) -> dict[str, Any]:
    """The evaluation as history would keep it. Raises NotFound, UnknownVariable, ExpressionFailed."""
    found = deciding.find(app.engine.runtime.library, connection, key, version)
    return deciding.evaluate(found, variables, _environment(app, connection))


def shown(made: Mapping[str, Any]) -> dict[str, Any]:
    """An evaluation as JSON: what was asked, what came out and why."""
    plain = values.plain({name: value for name, value in made.items() if name not in ("guards", "path", "files", "zone")})
    return dict(plain)


def _environment(app: Application, connection: Any) -> Environment:
    now = app.clock.now()
    return Environment(now=now, zone=app.zone, functions=app.engine.runtime.functions.bind(connection, None, now))


def of_case(app: Application, actor: Actor, instance: str, seq: int, *, again: bool = False) -> Evaluation:
    """One evaluation of a case; with `again` worked out anew by the version it was made with.

    Raises NotFound (also for who may not open the case, and when its content was removed), Forbidden (what it rests on is protected).
    """
    case = app.engine.queries.instance(instance)
    process = app.engine.queries.process_of(instance)
    line = _line_of(app, instance, seq)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, process)
        refused = Sight(seen, case).refusal(line.guards)
        if refused is not None:
            raise Forbidden(f"{refused.zh} / {refused.en}")
        was: Mapping[str, Any] = line.content or {}
        library = app.engine.runtime.library
        model = library.decisions(connection, was["resource"], was.get("files", {}))[was["decision"]]
        facts: dict[str, Any] = {"seq": seq, "at": line.at, "element": line.element or "", "kept": was}
        facts |= {"name": model.label, "labels": labels_of(model)}
        if not again:
            return Evaluation(**facts)
        found = deciding.again(library, connection, was)
    return Evaluation(**facts, same=found.same, value=found.value, error=found.error)


def _line_of(app: Application, instance: str, seq: int) -> HistoryLine:
    line = app.engine.queries.history_line(instance, seq)
    if line.kind != KIND or not line.content:
        raise NotFound(f"这里没有决策记录 {seq} / there is no evaluation {seq} here")
    return line


def labels_of(model: Decision) -> dict[str, Label]:
    """Expression of an input, or name of an output → its label."""
    if model.table is None:
        return {}
    inputs = {column.expression.text: column.label for column in model.table.inputs}
    return {**inputs, **{column.name: column.label for column in model.table.outputs}}
