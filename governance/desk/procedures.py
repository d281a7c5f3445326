"""The library of procedures, deployments and definitions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.actor import Actor
from engine.definitions.archive import unzip
from engine.definitions.model import Label, Node, Process
from engine.engine import Change
from engine.errors import Finding
from governance.application import Application
from governance.desk.drawing import drawn
from governance.desk.histories import require
from governance.desk.reading import look
from governance.directory.may import Scope, decide
from governance.reference import store as reference

#: settings that procedures declare are reference data: what is remembered of them in any process holds no more
AS_REFERENCE = Change(done=lambda connection, _deployment: reference.renew(connection))
_TASKS = ("userTask", "manualTask")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One human task of a procedure."""

    name: Label
    description: Label
    lane: Label
    limit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    key: str
    version: int
    name: Label
    description: Label
    active: int = 0
    #: only called by others
    shared: bool = False
    #: it has parts that cannot run here: it is looked at, not started
    only_shown: bool = False
    cannot_run: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()


def library(app: Application) -> list[Procedure]:
    """Newest version of every procedure, those people start first."""
    models = app.engine.queries.catalogue()
    running = app.engine.queries.running([model.id for model, _ in models])
    only_shown = app.engine.queries.only_shown()
    found = (_procedure(model, version, running, only_shown) for model, version in models)
    return sorted(found, key=lambda p: p.shared)


def procedure(app: Application, process: str, language: str = "zh") -> Procedure:
    """One procedure with its tasks, and what of it cannot run, in `language`. Raises NotFound."""
    model = app.engine.queries.process(process)
    queries = app.engine.queries
    shown = _procedure(model, _newest(app).get(process, 0), queries.running([process]), queries.only_shown())
    cannot_run = queries.cannot_run(process, language) if shown.only_shown else ()
    tasks = [n for n in model.nodes.values() if n.kind in _TASKS]
    return Procedure(
        key=shown.key, version=shown.version, name=shown.name, description=shown.description, active=shown.active,
        only_shown=shown.only_shown, cannot_run=cannot_run, steps=tuple(_step(model, n) for n in tasks),
    )  # fmt: skip


def diagram(app: Application, process: str) -> bytes:
    return drawn(app.engine.queries.definition_xml(process))


def definition(app: Application, process: str, language: str) -> dict[str, Any]:
    """The newest version of a process, whether it can be started, and what of it cannot run. Raises NotFound."""
    found = procedure(app, process, language)
    return {
        "kind": "process", "key": process, "version": found.version, "name": found.name, "executable": not found.cannot_run,
        "cannot_run": found.cannot_run, "steps": [{"name": s.name, "lane": s.lane, "limit": s.limit} for s in found.steps],
    }  # fmt: skip


def definitions(app: Application) -> list[dict[str, Any]]:
    """Newest version of every definition of every kind."""
    only_shown = app.engine.queries.only_shown()
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for line in app.engine.queries.definitions(kind=None):
        seen.setdefault(
            (line.kind, line.key),
            {
                "kind": line.kind,
                "key": line.key,
                "version": line.version,
                "name": line.name,
                "changed": False,
                "executable": line.kind != "process" or line.key not in only_shown,
            },
        )
    return list(seen.values())


def deploy(app: Application, actor: Actor, files: Mapping[str, bytes], *, dry_run: bool = False) -> dict[str, Any]:
    """Deploy one zip or single files. Raises Forbidden, DeployRefused."""
    with app.database.read() as connection:
        require(decide(look(app, actor, connection).reach, "admin.deploy", Scope(area=None)))
    (first, *rest) = files.items() or [("", b"")]
    package = unzip(first[1]) if not rest and first[0].endswith(".zip") else dict(files)
    done = app.engine.deploy(package, actor=actor, dry_run=dry_run, language=actor.language, change=AS_REFERENCE)
    return {
        "id": done.id,
        "digest": done.digest,
        "created": done.created,
        "definitions": [{"kind": d.kind, "key": d.key, "version": d.version, "changed": d.changed} for d in done.definitions],
        "report": done.report,
    }


def _newest(app: Application) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in app.engine.queries.definitions("process"):
        found.setdefault(line.key, line.version)
    return found


def _procedure(model: Process, version: int, running: Mapping[str, int], only_shown: Collection[str]) -> Procedure:
    return Procedure(
        key=model.id, version=version, name=model.name, description=model.documentation, active=running.get(model.id, 0),
        shared=_is_shared(model), only_shown=model.id in only_shown,
    )  # fmt: skip


def _is_shared(model: Process) -> bool:
    """A procedure whose lanes take their roles as inputs is only called by others."""
    return any(lane.source is not None for lane in model.lanes.values())


def _step(model: Process, node: Node) -> Step:
    lane = model.lanes.get(node.lane or "")
    limit = node.deadline.limit if node.deadline else None
    return Step(name=node.name, description=node.documentation, lane=lane.name if lane else Label(), limit=limit)
