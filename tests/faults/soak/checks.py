"""What must hold when everything has ended: nothing lost, nothing doubled, history equals state, the chain verifies, no job is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from engine.engine import Engine
from engine.history import store as history
from engine.queries import InstanceDetails
from tests.faults.soak.clients import Told
from tests.faults.soak.model import IGNORED, THINGS, wrong
from tests.faults.soak.service import done_calls

#: done inside a sub-process that may be cut off after the call was made and before its result came
_MAY_BE_CUT = "after"


def found_wrong(engine: Engine, told: Told, calls: Path) -> list[str]:
    """Every place where the database, the outside world and what the clients were told do not agree; empty when all is well."""
    outside = Counter(done_calls(calls))
    problems = list(told.wrong)
    with engine.database.read() as connection:
        problems += [f"history: {p}" for p in history.verify(connection)]
    everywhere = _instances(engine)
    if everywhere != set(told.started):
        problems.append(f"cases that nobody was told of, or that are gone: {everywhere ^ set(told.started)}")
    acknowledged: set[str] = set()
    for instance in sorted(everywhere):
        details = engine.queries.instance(instance)
        done = {t.id for t in details.done if t.outcome == "completed"}
        acknowledged |= done
        problems += [f"{instance}: {text}" for text in _of_case(engine, details, outside)]
        if done - told.completed:
            problems.append(f"{instance}: done, and nobody was told: {done - told.completed}")
    if told.completed - acknowledged:
        problems.append(f"acknowledged and lost: {told.completed - acknowledged}")
    unknown = {instance for instance, _ in outside} - everywhere
    return [*problems, *([f"calls for no case: {unknown}"] if unknown else []), *_of_jobs(engine)]


def _instances(engine: Engine) -> set[str]:
    found, cursor = set(), None
    while True:
        page = engine.queries.instances(limit=200, cursor=cursor)
        found |= {line.id for line in page.items}
        if (cursor := page.next) is None:
            return found


def _of_case(engine: Engine, details: InstanceDetails, outside: Counter[tuple[str, str]]) -> Iterable[str]:
    instance = details.line.id
    if details.line.state != "completed":
        yield f"is {details.line.state}, waits at {[t.element for t in details.tokens]}"
        return
    yield from wrong(details.completed)
    if details.tokens or details.tasks or details.timers or details.actions or details.line.incidents:
        yield f"something stayed open: {details}"
    facts = Counter((line.kind, line.element) for line in engine.queries.history(instance, limit=1000).items)
    yield from _history_equals_state(details, facts)
    yield from _data(engine, instance)
    for kind, element in facts:
        if kind == "service_requested":
            asked, told, made = facts[kind, element], facts["service_done", element], outside[instance, str(element)]
            unused = facts["service_unused", element]
            if not (told == made == asked or (element == _MAY_BE_CUT and told + unused <= made <= asked)):
                yield f"{element}: asked {asked} times, done outside for {made} keys, results {told} and {unused} unused"


def _history_equals_state(details: InstanceDetails, facts: Counter[tuple[str, str | None]]) -> Iterable[str]:
    """The rows of facts, the path in the same history, and the list of done tasks tell the same."""
    several = {"answer", "count"}  # a multi-instance activity completes once more, for itself
    for (kind, element), count in facts.items():
        if kind in ("task_completed", "timer_fired", "service_done"):
            completed = details.completed.get(str(element), 0) - (element in several)
            if completed != count:
                yield f"{kind} of {element}: {count} rows, completed {completed} times"
    rows = Counter((t.node, t.outcome) for t in details.done)
    told = Counter({(str(e), "completed"): n for (kind, e), n in facts.items() if kind == "task_completed"})
    told += Counter({(str(e), "withdrawn"): n for (kind, e), n in facts.items() if kind == "task_withdrawn"})
    if rows != told:
        yield f"done tasks {rows}, history {told}"
    if told[IGNORED, "withdrawn"] != 1 or facts["started", None] != 1 or facts["ended", None] != 1:
        yield f"begin, end or the ignored task: {facts}"


def _data(engine: Engine, instance: str) -> Iterable[str]:
    found = engine.queries.variables(instance)
    if found.get("answers") != found["people"] or found.get("counted") != THINGS:
        yield f"results are not what was handed in, in order: {found}"
    if not found.get("asked") or not found.get("told"):
        yield f"a result of a service is missing: {found}"


def _of_jobs(engine: Engine) -> Iterable[str]:
    figures = engine.runtime.jobs.figures()
    if figures.due or figures.running or figures.failed or figures.trying:
        yield f"jobs that never ended: {figures}"
