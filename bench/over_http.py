"""The workloads of design 13 over HTTP: what one completed task costs in the server's process and in PostgreSQL's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from bench.installation import PERSON, Client, Installation, Usage
from engine.actor import Actor

#: a third person's act in the preparation of the real workload
_PARTNER = Actor(person="unit_liaison_lin", name="unit_liaison_lin", channel="bench")
_FORM = {"note": "已经办好", "amount": 3, "more": False}
#: completed before anything is measured: connections, compiled forms and statements
_WARM = 10
#: the whole is measured in so many parts, the first and the last of which are compared
_PARTS = 10

#: one task to complete
Step = Callable[[Client], None]


@dataclass(frozen=True)
class Measured:
    """Costs of a workload, per task: milliseconds of CPU, statements, commits; `growth` is last tenth / first tenth."""

    workload: str
    count: int
    cpu: float
    database_cpu: float
    statements: float
    commits: float
    growth: float


def measure(workload: str, client: Client, steps: Sequence[Step]) -> Measured:
    """Runs the steps one after another and takes the usage at the end of every tenth."""
    each = max(1, len(steps) // _PARTS)
    parts = [steps[n : n + each] for n in range(0, len(steps) - len(steps) % each, each)]
    usages = [client.usage()]
    for part in parts:
        for step in part:
            step(client)
        usages.append(client.usage())
    count = each * len(parts)
    spent = [after.since(before) for before, after in pairwise(usages)]
    whole = usages[-1].since(usages[0])
    return Measured(
        workload=workload,
        count=count,
        cpu=1000 * whole.cpu / count,
        database_cpu=1000 * whole.database_cpu / count,
        statements=whole.statements / count,
        commits=whole.commits / count,
        growth=_all(spent[-1]) / _all(spent[0]),
    )


def _all(usage: Usage) -> float:
    return usage.cpu + usage.database_cpu


class Chain:
    """Tasks of one person, one after another: each step completes the task the last one offered."""

    def __init__(self, first: str, forms: Sequence[Mapping[str, Any]]) -> None:
        self.task, self.forms = first, forms

    def steps(self) -> list[Step]:
        return [partial(self._step, form) for form in self.forms]

    def _step(self, form: Mapping[str, Any], client: Client) -> None:
        answer = client.complete(self.task, form)
        self.task = next(iter(answer["tasks"]), "")


def bare(installation: Installation, count: int) -> list[Step]:
    """Instances of twenty tasks in a row, 3 fields each, no condition, no deadline."""
    installation.now_is()
    engine = installation.world.app.engine
    starts = [engine.start("bench_bare", {}, actor=installation.actor).tasks[0] for _ in range(-(-count // 20))]
    return [step for first in starts for step in Chain(first, [_FORM] * 20).steps()][:count]


def rounds(installation: Installation, count: int) -> list[Step]:
    """One instance that goes round a loop with one task."""
    installation.now_is()
    first = installation.world.app.engine.start("bench_rounds", {}, actor=installation.actor).tasks[0]
    return Chain(first, [{**_FORM, "more": n + 1 < count} for n in range(count)]).steps()


def participants(installation: Installation, count: int) -> list[Step]:
    """One instance with so many parallel participants, and what they answer is one list in the end."""
    installation.now_is()
    people = [f"p{n}" for n in range(count)]
    receipt = installation.world.app.engine.start("bench_participants", {"people": people}, actor=installation.actor)
    return [partial(_complete, task, _FORM) for task in receipt.tasks]


def settle_terms(installation: Installation, count: int) -> list[Step]:
    """Agreements (P02) that stand at settle_terms; completing it leads on to the review with its deadline and moves the register row."""
    installation.now_is()
    tasks, terms = [_at_settle_terms(installation) for _ in range(count)], _terms(installation)
    return [partial(_complete, task, terms) for task in tasks]


def _complete(task: str, form: Mapping[str, Any], client: Client) -> None:
    client.complete(task, form)


def _at_settle_terms(installation: Installation) -> str:
    """Start, draft of the intention, acceptance and answer of the unit, through the engine."""
    world, engine = installation.world, installation.world.app.engine
    start = {"unit": "ent_haina", "category": "culture"}
    instance = engine.start("agreement_five_steps", start, actor=installation.actor, area="yunqiao", form=True).instance
    assert instance is not None
    world.jobs.run_due()
    intention = {
        **start, "needs": [{"need": "周末亲子活动"}], "resources": [{"name": "社区活动室"}], "term_from": _day(installation, 30),
        "term_to": _day(installation, 300), "reason": "共享文化设施，丰富居民周末生活",
    }  # fmt: skip
    engine.complete(_task(installation, instance, "draft_intention"), intention, actor=installation.actor)
    world.jobs.run_due()
    button = next(a for a in engine.queries.instance(instance).actions if a.node == "accepted")
    engine.act(instance, button.token, {}, actor=_PARTNER)
    world.jobs.run_due()
    counter = {"clause_replies": [{"clause": "周末亲子活动", "accept": "accept"}], "unit_needs": "希望社区协助组织报名"}
    engine.complete(_task(installation, instance, "counter_proposal"), counter, actor=_PARTNER)
    world.jobs.run_due()
    return _task(installation, instance, "settle_terms")


def _task(installation: Installation, instance: str, node: str) -> str:
    return next(t.id for t in installation.world.app.engine.queries.instance(instance).tasks if t.node == node)


def _terms(installation: Installation) -> dict[str, Any]:
    """Two commitments, as in the example run of the procedure."""
    ours = {
        "no": 1, "party": "unit", "title": "每月两次亲子读书会", "owner_unit": "ent_haina", "owner_person": "unit_liaison_lin",
        "due_at": _day(installation, 90), "deliverable": "活动记录和照片", "acceptance": "每场不少于十个家庭", "quantity": 12,
        "quantity_unit": "场", "weight": 60,
    }  # fmt: skip
    theirs = {
        "no": 2, "party": "community", "title": "提供活动室并组织报名", "owner_unit": "community_org", "owner_person": "worker_sun",
        "due_at": _day(installation, 200), "deliverable": "场地使用登记", "acceptance": "按约提供场地", "weight": 40,
    }  # fmt: skip
    return {
        "agreed": "agreed", "clauses": [ours, theirs], "resources": [{"name": "社区活动室"}], "contact_a": PERSON,
        "contact_b": "unit_liaison_lin", "exit_clause": "任何一方可提前三十日书面提出退出。",
    }  # fmt: skip


def _day(installation: Installation, days: int) -> str:
    app = installation.world.app
    return (app.clock.now().astimezone(app.zone).date() + timedelta(days=days)).isoformat()


def warm(installation: Installation, client: Client) -> None:
    for step in [*bare(installation, _WARM), *settle_terms(installation, 2)]:
        step(client)
