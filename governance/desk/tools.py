"""For designers and operators: try an expression, list services, readiness."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from engine import values
from engine.feel import Environment, compile_expression
from governance.application import Application


def evaluate(app: Application, expression: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate FEEL in no case. Raises FeelSyntaxError, UnknownVariable, ExpressionFailed."""
    functions = app.engine.runtime.functions
    compiled = compile_expression(expression, names=[*variables, *functions.names()])
    with app.database.read() as connection:
        now = app.clock.now()
        environment = Environment(now=now, zone=app.zone, functions=functions.bind(connection, None, now))
        found = compiled.evaluate(values.normalise(variables), environment)
    return {"value": values.plain(found), "names": sorted(compiled.names)}


def services(app: Application) -> list[dict[str, Any]]:
    """Every service with its inputs, from its handler's signature."""
    return [
        {
            "name": s.name,
            "inline": s.inline,
            "doc": s.doc,
            "inputs": [
                {"name": p.name, "type": str(p.annotation), "required": p.default is inspect.Parameter.empty}
                for p in list(inspect.signature(s.handler).parameters.values())[1:]
            ],
        }
        for s in sorted(app.services, key=lambda s: s.name)
    ]


def readiness(app: Application) -> dict[str, str]:
    """What must work before traffic comes: the database answers, procedures are deployed."""
    deployed = bool(app.engine.queries.definitions("process"))
    return {"database": "ok", "procedures": "ok" if deployed else "none deployed"}
