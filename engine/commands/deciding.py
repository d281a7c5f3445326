"""Decisions outside of cases: listed, evaluated, and evaluations of cases worked out again. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.library import BoundDefinitions, Library, set_digest
from engine.decisions import Decision
from engine.decisions.kept import Asked, Reproduced, kept, reproduce
from engine.errors import NotFound
from engine.feel import Environment
from engine.store import definitions as store

Connection = Any


@dataclass(frozen=True, slots=True)
class Found:
    """A deployed decision in one version."""

    model: Decision
    version: int
    resource: str
    path: str


def newest(library: Library, connection: Connection) -> Iterator[Found]:
    """Every decision in its newest version, by key. Those whose file has errors cannot be deployed, so there are none."""
    bound = library.current(connection)
    for key in sorted(bound.keys("decision")):
        if "key" not in bound.entry("decision", key):
            yield _found(bound, key)


def find(library: Library, connection: Connection, key: str, version: int | None = None) -> Found:
    """The newest version, or this one with the files it was deployed with. Raises NotFound."""
    bound = library.current(connection)
    if version is None or bound.content["definitions"].get("decision", {}).get(key, {}).get("version") == version:
        return _found(bound, key)
    row = store.definition_row(connection, "decision", key, version)
    content = store.set_with(connection, "decision", key, row.id) if row is not None else None
    if content is None:
        raise NotFound(
            f"没有决策 {key} 的第 {version} 版 / there is no version {version} of the decision {key}", decision=key, version=version
        )
    return _found(BoundDefinitions(library, connection, set_digest(content), content), key)


def _found(bound: BoundDefinitions, key: str) -> Found:
    entry = bound.entry("decision", key)
    return Found(bound.decision(key), entry["version"], entry["resource"], entry["path"])


def evaluate(found: Found, variables: Mapping[str, Any], environment: Environment) -> dict[str, Any]:
    """The evaluation as history would keep it. Raises UnknownVariable, ExpressionFailed."""
    asked = Asked(environment)
    outcome = found.model.evaluate(variables, asked.environment)
    return {**kept(found.model, outcome, variables, asked), "version": found.version, "resource": found.resource}


def again(library: Library, connection: Connection, was: Mapping[str, Any]) -> Reproduced:
    """Work out again what a case decided, with the very files it was decided with. Raises NotFound."""
    model = library.decisions(connection, was["resource"], was.get("files", {}))[was["decision"]]
    return reproduce(model, was)
