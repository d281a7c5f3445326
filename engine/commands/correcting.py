"""Correcting what was handed in with a completed task: a new version of the submission, and the variables that still hold the old one.

Nothing runs again: conditions evaluated, flows taken, messages sent and documents made stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine import values
from engine.actor import Actor
from engine.commands import opening
from engine.commands.expressions import Evaluator
from engine.commands.runtime import Runtime
from engine.commands.submitting import surroundings
from engine.commands.unit import CommandUnit
from engine.definitions.model import Node
from engine.definitions.protection import names_in
from engine.errors import Conflict, ExpressionFailed, NotFound, UnknownVariable
from engine.events import SubmissionCorrected
from engine.guards import Guard
from engine.history import store as history
from engine.history.submissions import Seen, Version, versions
from engine.runner.variables import with_member
from engine.store import instances, work
from engine.store.guards import FILE
from engine.store.work import TaskRow

Connection = Any


class NothingChanged(Conflict):
    """没有任何改动：与原来提交的内容相同 / Nothing was changed: what you sent is what is on record"""

    code = "nothing_changed"


class NothingToCorrect(Conflict):
    """此处没有提交过表单，或内容已不再保存，无可更正 / No form was handed in here, or it is not kept any more: nothing to correct"""

    code = "nothing_to_correct"


class CorrectedMeanwhile(Conflict):
    """该内容已有新的更正，请按最新版本重新申请 / This was corrected meanwhile; ask again from its newest version"""

    code = "corrected_meanwhile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to be kept of one. `version`: number of the version that it corrects; `by`: who asked for it; `id`: of the request."""

    id: str
    version: int
    form: Mapping[str, Any]
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """`written`: output targets that have the corrected value now; `left`: those that a later step had changed or that are gone."""

    instance: str
    version: int
    written: tuple[str, ...]
    left: tuple[str, ...]
    #: variables that were changed
    names: tuple[str, ...] = ()


def seen(unit: CommandUnit, task: TaskRow) -> dict[str, Any]:
    """What a correction will need of the moment a task is completed (history.submissions)."""
    node = unit.definitions.process(task.process).nodes[task.node]
    scope, many, own = unit.scopes.around(task.token)
    visible = unit.variables(task.token)
    return surroundings(unit, task.process, node, task.form, visible=visible, scope=scope, many=many, own=own)


def propose(
    runtime: Runtime, task_id: str, form: Mapping[str, Any], *, actor: Actor, also: Callable[[Connection, Version, dict[str, Any]], None]
) -> None:
    """Check a corrected submission and keep its new files with the case; see Engine.propose_correction."""

    def command(connection: Connection) -> None:
        unit, done, found = _opened(runtime, connection, task_id, actor)
        last = found[-1]
        accepted, files = _accepted(unit, done, found, form, actor.person, last.form)
        if values.dumps(accepted) == values.dumps(dict(last.form)):
            raise NothingChanged(task=task_id)
        if files and runtime.files is not None:
            runtime.files.attach(connection, files, unit.row.id)
            context = {**sight(unit, found[0]), **accepted, _result(unit, done): {**accepted, **_facts(found[0])}}
            unit.protect(FILE, files, _guards(unit, done, found[0], context, actor.person))
        also(connection, last, accepted)

    opening.run(runtime, command)


def correct(
    runtime: Runtime, task_id: str, correction: Correction, *, actor: Actor, before: Callable[[Connection], None],
    after: Callable[[Connection, Corrected], None],
) -> Corrected:  # fmt: skip
    """Put a corrected submission in the place of the last; see Engine.correct."""

    def command(connection: Connection) -> Corrected:
        unit, done, found = _opened(runtime, connection, task_id, actor)
        before(connection)
        last = found[-1]
        if last.number != correction.version:
            raise CorrectedMeanwhile(task=task_id)
        asked = values.plain(values.normalise(correction.form))
        accepted, _ = _accepted(unit, done, found, asked, correction.by, correction.form)
        result = _write(unit, done, found, accepted, correction)
        unit.finish()
        after(connection, result)
        return result

    return opening.run(runtime, command)


def _opened(runtime: Runtime, connection: Connection, task_id: str, actor: Actor) -> tuple[CommandUnit, Any, list[Version]]:
    """The locked case, the row of what was handed in and its versions. Raises NotFound, NothingToCorrect."""
    done = work.done_by_id(connection, task_id)
    if done is None:
        raise NotFound(f"nothing was handed in as {task_id}", task=task_id)
    row = instances.lock(connection, done.instance)
    found = of_task(connection, done)
    return opening.open_record(runtime, connection, row, actor), done, found


def of_task(connection: Connection, done: Any) -> list[Version]:
    """The versions of what was handed in with a task, at a start event or with an action. Raises NothingToCorrect."""
    if done.outcome not in ("completed", work.HANDED_IN) or done.form is None:
        raise NothingToCorrect(task=done.id)
    found = versions(history.entries(connection, done.instance), done.id)
    if not found:
        raise NothingToCorrect(task=done.id)
    return found


def _accepted(
    unit: CommandUnit, done: Any, found: list[Version], form: Mapping[str, Any], person: str | None, kept: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The corrected submission, read as on the day of the first one: the same form, rules, choices and moment; and the files that are
    new in it. `kept`: a version whose files may stay. Raises FormInvalid."""
    compiled, first = unit.definitions.form(done.form), found[0]
    held = {**compiled.files(found[-1].form), **compiled.files(kept)}
    context = opening.form_context(unit.runtime, unit.connection, unit.instance, unit.actor, sight(unit, first), first.at)
    accepted = opening.read_form(compiled, form, replace(context, person=person, kept_files=held))
    return accepted, [file for file in compiled.file_ids(accepted) if file not in held]


def sight(unit: CommandUnit, first: Version) -> dict[str, Any]:
    """The variables the task saw, as they were; for names nobody thought of then, as they are now."""
    return first.seen.sight(unit.variables(first.seen.scope or unit.row.root))


def _guards(unit: CommandUnit, done: Any, first: Version, seen: Mapping[str, Any], by: str | None) -> tuple[Guard, ...]:
    """Who may read a version: by what the variables say with its outputs; the words are the author's and whose correction it is."""
    evaluator = _evaluator(unit, first.at)
    found = unit.guards(done.process, done.node, lambda text: evaluator(text, seen))
    persons = tuple(dict.fromkeys(p for p in (first.actor, first.author, by) if p))
    return tuple(replace(guard, by=persons) for guard in found)


def _result(unit: CommandUnit, done: Any) -> str:
    """What output mappings call the submission: an action comes as a message."""
    node = unit.definitions.process(done.process).nodes[done.node]
    return "message" if done.outcome == work.HANDED_IN and node.action is not None else "form"


def _facts(first: Version) -> dict[str, Any]:
    return {"by": first.author, "at": first.at}


def _write(unit: CommandUnit, done: Any, found: list[Version], accepted: dict[str, Any], correction: Correction) -> Corrected:
    first, last = found[0], found[-1]
    model = unit.definitions.process(done.process)
    node, seen = model.nodes[done.node], sight(unit, first)
    evaluate, name = _evaluator(unit, first.at), _result(unit, done)
    unknown = first.seen.unknown(unit.variables(first.seen.scope or unit.row.root))
    old, _ = _outputs(node, seen, name, last.form, {**_facts(first), **last.facts}, evaluate, unknown, strict=False)
    facts = {**_facts(first), "corrected_by": correction.by, "corrected_at": unit.now}
    new, context = _outputs(node, seen, name, accepted, facts, evaluate, unknown, strict=True)
    before, written, left = _replace(unit, first.seen, old, new)
    left += [mapping.target for mapping in node.outputs if mapping.target not in new]
    if first.seen.many and node.loop is not None and node.loop.output_collection:
        left.append(node.loop.output_collection)
    content = {
        "task": done.id, "form": accepted, "version": last.number + 1, "reason": correction.reason, "corrected_by": correction.by,
        "request": correction.id, "written": written, "left": left,
    }  # fmt: skip
    guards = _guards(unit, done, first, {**seen, **context, **accepted, name: {**accepted, **facts}}, correction.by)
    records = tuple(record for other in model.nodes.values() for record in other.records)
    scope = first.seen.scope or unit.row.root
    event = SubmissionCorrected(token=scope, scope=None, process=done.process, node=node, before=before, records=records)
    unit.write_correction(event, content, guards)
    return Corrected(
        instance=unit.row.id, version=last.number + 1, written=tuple(written), left=tuple(left),
        names=tuple(dict.fromkeys(target.partition(".")[0] for target in written)),
    )  # fmt: skip


def _replace(unit: CommandUnit, seen: Seen, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], list[str], list[str]]:
    """Write the outputs that differ where the variables still hold what the last version gave.

    → values before by variable, targets written, targets left: changed by a later step since, or gone with their scope.
    """
    before: dict[str, Any] = {}
    written, left = [], []
    for target, value in new.items():
        if target in old and _same(old[target], value):
            continue
        name, *path = target.split(".")
        holder = unit.scopes.holder(seen.scope, name) if seen.scope is not None and name not in seen.own else None
        present = unit.scopes.value(holder, name) if holder is not None else None
        if holder is None or target not in old or not _same(_member(present, path), old[target]):
            left.append(target)
            continue
        before.setdefault(name, present)
        unit.scopes.write(holder, name, with_member(present, path, value))
        written.append(target)
    return before, written, left


def _outputs(
    node: Node,
    seen: Mapping[str, Any],
    name: str,
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    evaluate: Evaluator,
    unknown: frozenset[str],
    *,
    strict: bool,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Output target → value, as `runner.variables.map_outputs` computes them, and the variables as they are after that. `name`: what
    the mappings call the submission.

    Not `strict`: a target whose expression fails is left out, and then nobody can say that it still holds. In both cases one is left out
    that reads what is `unknown` by now, or what such a target gave. Raises UnknownVariable, ExpressionFailed.
    """
    if not node.outputs:
        return dict(form), dict(form)
    found: dict[str, Any] = {}
    pending: dict[str, Any] = {}
    layers = {**seen, **form, name: {**form, **facts}}
    lost = set(unknown)
    for mapping in node.outputs:
        if lost.intersection(names_in(mapping.source)):
            lost.add(mapping.target.partition(".")[0])
            continue
        visible = {**layers, **pending}
        try:
            value = values.normalise(evaluate(mapping.source, visible))
        except (UnknownVariable, ExpressionFailed):
            if strict:
                raise
            continue
        variable, *path = mapping.target.split(".")
        if not path:
            lost.discard(variable)
        pending[variable] = with_member(visible.get(variable), path, value)
        found[mapping.target] = value
    return found, pending


def _evaluator(unit: CommandUnit, at: datetime) -> Evaluator:
    """FEEL at the moment of the submission: ``today()`` in an output mapping is that day."""
    functions = unit.runtime.functions
    return Evaluator(
        now=at, zone=unit.runtime.zone, names=functions.names(),
        functions=lambda: functions.bind(unit.connection, unit.instance, at), codes=unit.definitions.codes,
    )  # fmt: skip


def _member(value: Any, path: list[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _same(one: Any, other: Any) -> bool:
    return one is other or values.dumps(one) == values.dumps(other)
