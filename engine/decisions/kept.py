"""What is kept of an evaluation, and working it out again from what was kept.

Kept is everything the value hangs on: the inputs the decision looked at, the moment, the zone, and what functions from outside
(settings, calendars) answered. With the file of that version, which is found by its content, the value can be reproduced years later,
whatever the settings are then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from engine import values
from engine.decisions.graph import Decision
from engine.decisions.model import Fired, Outcome
from engine.errors import CogovError, ExpressionFailed
from engine.feel import Environment


class Asked:
    """Passes on what functions from outside are asked, and remembers it."""

    def __init__(self, environment: Environment) -> None:
        self.answers: list[dict[str, Any]] = []
        functions = {name: self._listening(name, function) for name, function in environment.functions.items()}
        self.environment = replace(environment, functions=functions)

    def _listening(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def listening(*arguments: Any, **named: Any) -> Any:
            answer = function(*arguments, **named)
            asked = {"function": name, "arguments": values.normalise([*arguments, *named.values()]), "answer": values.normalise(answer)}
            if asked not in self.answers:
                self.answers.append(asked)
            return answer

        return listening


def kept(decision: Decision, outcome: Outcome, variables: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The evaluation as history keeps it: variable kinds only."""
    now = asked.environment.now
    return {
        "decision": decision.id,
        "inputs": values.normalise({name: variables[name] for name in sorted(decision.reads) if name in variables}),
        "value": values.normalise(outcome.value),
        **_how(outcome),
        "asked": asked.answers,
        "now": now,
        "zone": str(asked.environment.zone),
    }


def _how(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"rules": rules_of(outcome.fired), "tested": values.normalise(dict(outcome.inputs))}
    if outcome.tables:
        found["tables"] = [
            {"table": one.table, "tested": values.normalise(dict(one.inputs)), "rules": rules_of(one.fired)} for one in outcome.tables
        ]
    if outcome.required:
        found["required"] = {
            id_: {"value": values.normalise(required.value), **_how(required)} for id_, required in outcome.required.items()
        }
    return found


def rules_of(fired: Sequence[Fired]) -> list[dict[str, Any]]:
    """Rules as they are kept and shown."""
    return [{"number": rule.number, "id": rule.id, "annotations": dict(rule.annotations)} for rule in fired]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """An evaluation worked out again."""

    same: bool
    value: Any
    rules: Sequence[Mapping[str, Any]]
    #: why there is no value
    error: str = ""


def reproduce(decision: Decision, was: Mapping[str, Any]) -> Reproduced:
    """Work out again what `kept` gave, with the same decision, inputs, moment and answers from outside."""
    environment = Environment(now=was["now"], zone=ZoneInfo(was["zone"]), functions=_answering(was["asked"]))
    try:
        outcome = decision.evaluate(was["inputs"], environment)
    except CogovError as error:
        return Reproduced(same=False, value=None, rules=(), error=error.message)
    value, rules = values.normalise(outcome.value), rules_of(outcome.fired)
    return Reproduced(same=value == was["value"] and rules == list(was["rules"]), value=value, rules=rules)


def _answering(asked: Sequence[Mapping[str, Any]]) -> dict[str, Callable[..., Any]]:
    """Functions that give the answers that were given then."""

    def answering(name: str) -> Callable[..., Any]:
        def answer(*arguments: Any, **named: Any) -> Any:
            given = values.normalise([*arguments, *named.values()])
            for one in asked:
                if one["function"] == name and list(one["arguments"]) == given:
                    return one["answer"]
            raise ExpressionFailed(f"{name}：当时没有这样问过 / {name}: this was not asked then", function=name)

        return answer

    return {name: answering(name) for name in {one["function"] for one in asked}}
