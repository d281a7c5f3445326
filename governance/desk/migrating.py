"""A migration plan as a table: every element of the old version, where it goes, and what to know about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.actor import Actor
from engine.definitions.migration import KEEP, Plan, Problem
from engine.definitions.model import Label, Node, Process
from governance.application import Application
from governance.desk import powers
from governance.desk.operator_case import label_of

#: kinds at which a token never stands: they need no row of their own to be filled in
_PASSED = ("startEvent", "endEvent", "exclusiveGateway", "intermediateThrowEvent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element of the old version. `target`: "" when tokens at it are not moved. `options`: what it may go to."""

    source: str
    name: Label
    kind: str
    target: str
    timed: bool
    timers: str
    options: Sequence[tuple[str, Label]]
    note: Label
    #: live tokens at it, of the case or of all cases of the version
    standing: int
    #: tokens pass it without ever standing at it
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    process: str
    name: Label
    before: int
    after: int
    versions: Sequence[int]
    rows: Sequence[Row]
    #: elements of the new version that nothing goes to
    new: Sequence[Label]
    #: what keeps the plan from being used and belongs to no row
    problems: Sequence[Problem]

    @property
    def sound(self) -> bool:
        return not self.problems and not any(row.note.zh and row.target for row in self.rows)


def table(
    app: Application, actor: Actor, process: str, before: int, after: int, *, case: str | None = None,
    typed: Mapping[str, tuple[str, str]] | None = None,
) -> Table:  # fmt: skip
    """The generated plan, or (`typed`: source → target, timers) the edited one with what is wrong with it. `case`: only for this case.
    Raises NotFound, Forbidden."""
    _require(app, actor, case)
    old, new = app.engine.queries.process(process, before), app.engine.queries.process(process, after)
    draft = app.engine.migration_plan(process, before, after)
    steps = {s.source: (s.target, s.timers) for s in draft.plan.steps} if typed is None else {k: v for k, v in typed.items() if v[0]}
    wrong = app.engine.check_migration(Plan.of_plain(plain(process, before, after, steps)))
    notes = {p.element: p for p in (draft.unmapped if typed is None else ())} | {p.element: p for p in wrong}
    standing = _standing(app, case)
    targets = {target for target, _ in steps.values()}
    return Table(
        process=process, name=new.name, before=before, after=after,
        versions=[line.version for line in app.engine.queries.definitions("process", process)],
        rows=[_row(node, new, steps.get(node.id), notes.get(node.id), standing.get(node.id, 0)) for node in old.nodes.values()],
        new=[label_of(node) for node in new.nodes.values() if node.id not in targets],
        problems=[p for p in wrong if p.element not in old.nodes],
    )  # fmt: skip


def plain(process: str, before: int, after: int, steps: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The plan as the API takes it."""
    mappings = [
        {"from": source, "to": target, **({"timers": timers} if timers != KEEP else {})} for source, (target, timers) in steps.items()
    ]
    return {"process": process, "from": before, "to": after, "mappings": mappings}


def _require(app: Application, actor: Actor, case: str | None) -> None:
    if case is None:
        powers.administering(app, actor, "migrate", None)
    else:
        powers.of_case(app, actor, "migrate", case)


def _row(node: Node, new: Process, step: tuple[str, str] | None, problem: Problem | None, standing: int) -> Row:
    alike = [(other.id, label_of(other)) for other in new.nodes.values() if other.kind == node.kind]
    return Row(
        source=node.id, name=label_of(node), kind=node.kind, target=step[0] if step else "",
        timed=any(event.kind == "timer" for event in node.events), timers=step[1] if step else KEEP, options=alike,
        note=Label(problem.zh, problem.en) if problem is not None else Label(), standing=standing,
        passed=node.kind in _PASSED and not any(event.kind == "timer" for event in node.events),
    )  # fmt: skip


def _standing(app: Application, case: str | None) -> dict[str, int]:
    """Element → live tokens of the case at it. Over many cases that is not counted: the dry run tells."""
    found: dict[str, int] = {}
    if case is not None:
        details = app.engine.queries.instance(case)
        for token in details.tokens:
            if token.node is not None and token.process == details.line.process:
                found[token.node] = found.get(token.node, 0) + 1
    return found
