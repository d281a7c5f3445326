"""The real workload: agreements (P02) that stand at ``settle_terms``; completing it leads on to the review with its deadline and moves the
row of the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bench.installation import PERSON, Installation
from engine.actor import Actor

NAME = "real: settle_terms of the five-step agreement"
#: a third person's act in the preparation
_PARTNER = Actor(person="unit_liaison_lin", name="unit_liaison_lin", channel="bench")


def ready(installation: Installation) -> str:
    """The id of an open task: start, draft of the intention, acceptance and answer of the unit, through the engine."""
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


def terms(installation: Installation) -> dict[str, Any]:
    """What is handed in: two commitments, as in the example run of the procedure."""
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


def _task(installation: Installation, instance: str, node: str) -> str:
    return next(t.id for t in installation.world.app.engine.queries.instance(instance).tasks if t.node == node)


def _day(installation: Installation, days: int) -> str:
    app = installation.world.app
    return (app.clock.now().astimezone(app.zone).date() + timedelta(days=days)).isoformat()
