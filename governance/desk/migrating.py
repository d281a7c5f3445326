"""A migration plan as tables: every element of the old version, where it goes, and what to know about it; one table for the procedure,
one for each that its cases call now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.actor import Actor
from engine.definitions.migration import KEEP, Plan, Problem, Step
from engine.definitions.model import Label, Node, Process
from governance.application import Application
from governance.desk import powers
from governance.desk.operator_case import label_of

#: kinds at which a token never stands: they need no row of their own to be filled in
_PASSED = ("startEvent", "endEvent", "exclusiveGateway", "intermediateThrowEvent")
#: (process, old version, new version)
Versions = tuple[str, int, int]
#: what was typed: source → (target, timers)
Typed = Mapping[str, tuple[str, str]]


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
    #: live tokens at it; of many cases they are not counted: the dry run tells
    standing: int
    #: tokens pass it without ever standing at it
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The plan of one procedure. `key` names it among those of one form."""

    key: str
    process: str
    name: Label
    before: int
    after: int
    rows: Sequence[Row]
    #: elements of the new version that nothing goes to
    new: Sequence[Label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    process: str
    name: Label
    before: int
    after: int
    versions: Sequence[int]
    #: the procedure itself, then those it calls
    parts: Sequence[Part]
    #: what keeps the plan from being used and belongs to no row
    problems: Sequence[Problem]
    plan: Plan


def table(app: Application, actor: Actor, wanted: Versions, *, case: str | None = None, typed: Mapping[str, Typed] | None = None) -> Table:
    """The generated plan, or (`typed`: key of a part → what was typed there) the edited one with what is wrong with it. `case`: only
    for this case. Raises NotFound, Forbidden."""
    if case is None:
        powers.administering(app, actor, "migrate", None)
    else:
        powers.of_case(app, actor, "migrate", case)
    process, before, after = wanted
    called = _called(app, process, before, case)
    draft = app.engine.migration_plan(process, before, after, called)
    plan = draft.plan if typed is None else _edited(draft.plan, typed)
    wrong = app.engine.check_migration(plan)
    notes = {p.element: p for p in (draft.unmapped if typed is None else ())} | {p.element: p for p in wrong}
    standing = _standing(app, case)
    parts = [_part(app, one, "" if one is plan else f"{one.process}/", notes, standing) for one in (plan, *plan.called)]
    sources = {row.source if part.key == key_of(plan) else f"{part.process}/{row.source}" for part in parts for row in part.rows}
    return Table(
        process=process, name=parts[0].name, before=before, after=after,
        versions=[line.version for line in app.engine.queries.definitions("process", process)],
        parts=parts, problems=[p for p in wrong if p.element not in sources], plan=plan,
    )  # fmt: skip


def key_of(plan: Plan) -> str:
    """The name of a procedure's plan among those of one form."""
    return f"{plan.process}@{plan.before}"


def _called(app: Application, process: str, before: int, case: str | None) -> list[Versions]:
    """Procedures that are called now in a version that is not their newest: they are to go there."""
    newest = {model.id: version for model, version in app.engine.queries.catalogue()}
    live = app.engine.oversight.called(process, before, case)
    return [(key, version, newest[key]) for key, version in live if key in newest and newest[key] != version]


def _edited(plan: Plan, typed: Mapping[str, Typed]) -> Plan:
    """The plan with what was typed, as far as it was."""

    def steps(one: Plan) -> tuple[Step, ...]:
        given = typed.get(key_of(one))
        if given is None:
            return one.steps
        return tuple(Step(source=source, target=target, timers=timers) for source, (target, timers) in given.items() if target)

    called = tuple(Plan(process=one.process, before=one.before, after=one.after, steps=steps(one)) for one in plan.called)
    return Plan(process=plan.process, before=plan.before, after=plan.after, steps=steps(plan), called=called)


def _part(app: Application, plan: Plan, prefix: str, notes: Mapping[str, Problem], standing: Mapping[tuple[str, str], int]) -> Part:
    old, new = app.engine.queries.process(plan.process, plan.before), app.engine.queries.process(plan.process, plan.after)
    steps, targets = plan.by_source(), {step.target for step in plan.steps}
    return Part(
        key=key_of(plan), process=plan.process, name=new.name, before=plan.before, after=plan.after,
        rows=[
            _row(node, new, steps.get(node.id), notes.get(prefix + node.id), standing.get((plan.process, node.id), 0))
            for node in old.nodes.values()
        ],
        new=[label_of(node) for node in new.nodes.values() if node.id not in targets],
    )  # fmt: skip


def _row(node: Node, new: Process, step: Step | None, problem: Problem | None, standing: int) -> Row:
    timed = any(event.kind == "timer" for event in node.events)
    alike = [(other.id, label_of(other)) for other in new.nodes.values() if other.kind == node.kind]
    return Row(
        source=node.id, name=label_of(node), kind=node.kind, target=step.target if step else "", timed=timed,
        timers=step.timers if step else KEEP, options=alike, standing=standing, passed=node.kind in _PASSED and not timed,
        note=Label(problem.zh, problem.en) if problem is not None else Label(),
    )  # fmt: skip


def _standing(app: Application, case: str | None) -> dict[tuple[str, str], int]:
    """(process, element) → live tokens of the case at it."""
    found: dict[tuple[str, str], int] = {}
    tokens: Sequence[Any] = app.engine.queries.instance(case).tokens if case is not None else ()
    for token in tokens:
        if token.node is not None:
            found[token.process, token.node] = found.get((token.process, token.node), 0) + 1
    return found
