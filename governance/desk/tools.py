"""For designers and operators: try an expression, list services, readiness."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine import values
from engine.feel import Environment, compile_expression
from governance.application import Application

log = logging.getLogger(__name__)


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


def readiness(app: Application, *, beat_within: int = 0) -> dict[str, str]:
    """What must work before traffic comes: the database answers, procedures are deployed, and, unless `beat_within` is 0, a worker
    has beaten within so many seconds. A check that is not met says what is missing."""
    try:
        deployed = bool(app.engine.queries.definitions("process"))
    except Exception as error:  # noqa: BLE001  whatever the database says, it does not answer
        log.warning("the database does not answer: %r", error)
        return {"database": "does not answer"}
    checks = {"database": "ok", "procedures": "ok" if deployed else "none deployed"}
    if beat_within:
        since = app.clock.now() - timedelta(seconds=beat_within)
        alive = any(at >= since for at in app.jobs.figures().beats.values())
        checks["workers"] = "ok" if alive else f"no worker has beaten for {beat_within} s"
    return checks
