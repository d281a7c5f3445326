"""A plan that moves running instances from one version of a process to another: made from the two models, edited, checked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Node, Process
from engine.errors import CogovError

#: what becomes of an armed timer: it keeps its time, or is worked out anew by the new model
KEEP, REARM = "keep", "rearm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an element cannot stand for another one."""

    element: str
    zh: str
    en: str


class PlanRefused(CogovError):
    """迁移方案不能使用 / The migration plan cannot be used"""

    code = "plan_refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        zh = "；".join(f"{p.element}：{p.zh}" for p in self.problems)
        en = "; ".join(f"{p.element}: {p.en}" for p in self.problems)
        told = [{"element": p.element, "zh": p.zh, "en": p.en} for p in self.problems]
        super().__init__(f"迁移方案不能使用（{zh}） / The migration plan cannot be used ({en})", problems=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Tokens of element `source` go on as tokens of `target`."""

    source: str
    target: str
    timers: str = KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """From version `before` of a process to version `after`. What has no step must have no token (waiting boundary and start events
    without one are closed; those that are new are opened).

    `called`: plans for procedures that the instance is calling right now, each for those that are called in its `before`; what none of
    them is for stays in its version. They are carried out with this one, all or nothing, and hold no plans themselves.
    """

    process: str
    before: int
    after: int
    steps: tuple[Step, ...]
    called: tuple[Plan, ...] = ()

    def by_source(self) -> dict[str, Step]:
        return {step.source: step for step in self.steps}

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        steps = [{"from": s.source, "to": s.target, **({"timers": s.timers} if s.timers != KEEP else {})} for s in self.steps]
        inner = {"called": [plan.plain() for plan in self.called]} if self.called else {}
        return {"process": self.process, "from": self.before, "to": self.after, "mappings": steps, **inner}

    @staticmethod
    def of_plain(given: Mapping[str, Any]) -> Plan:
        """What `plain` gave, perhaps edited. Raises PlanRefused for another shape."""
        try:
            steps = tuple(_step(one) for one in given["mappings"])
            process, before, after = given["process"], given["from"], given["to"]
            called = tuple(Plan.of_plain(one) for one in given.get("called") or ())
            sound = isinstance(process, str) and all(isinstance(v, int) and not isinstance(v, bool) for v in (before, after))
        except (KeyError, TypeError, AttributeError) as error:
            raise PlanRefused([Problem(element="", zh=f"缺少 {error}", en=f"{error} is missing")]) from error
        if not sound:
            raise PlanRefused([Problem(element="", zh="process、from、to 的类型不对", en="process, from or to is of the wrong kind")])
        if any(one.called for one in called):
            zh, en = "被调用流程的方案不能再带方案，请并列写在一处", "a plan of a called procedure holds no plans; list them side by side"
            raise PlanRefused([Problem(element="", zh=zh, en=en)])
        return Plan(process=process, before=before, after=after, steps=steps, called=called)


def _step(one: Mapping[str, Any]) -> Step:
    timers = one.get("timers", KEEP)
    if timers not in (KEEP, REARM) or set(one) - {"from", "to", "timers"} or not all(isinstance(one[k], str) for k in ("from", "to")):
        text = "写成 {from, to, timers: keep 或 rearm}"
        raise PlanRefused([Problem(element=str(one.get("from", "")), zh=text, en="write {from, to, timers: keep or rearm}")])
    return Step(source=one["from"], target=one["to"], timers=timers)


def generate(source: Process, target: Process, before: int, after: int) -> tuple[Plan, list[Problem]]:
    """Every element goes to the one with its id, if that is of the same kind and lies in the same place; the others are told."""
    same = {node.id: node.id for node in source.nodes.values() if node.id in target.nodes}
    reasons: dict[str, Problem] = {}
    while True:  # an element whose scope fell out falls out, too
        wrong = {key: why for key in same if (why := _why_not(source, target, same, key, key)) is not None}
        if not wrong:
            break
        reasons.update(wrong)
        same = {key: value for key, value in same.items() if key not in wrong}
    missing = [
        reasons.get(node.id) or Problem(element=node.id, zh="新版本里没有", en="is not in the new version")
        for node in source.nodes.values()
        if node.id not in same
    ]
    return Plan(process=source.id, before=before, after=after, steps=tuple(Step(source=k, target=k) for k in same)), missing


def check(source: Process, target: Process, plan: Plan) -> list[Problem]:
    """Everything that keeps the plan from being used."""
    mapped, found = {step.source: step.target for step in plan.steps}, list[Problem]()
    if len(mapped) != len(plan.steps):
        found.append(Problem(element="", zh="同一环节映射了两次", en="an element is mapped twice"))
    taken: dict[str, str] = {}
    for step in plan.steps:
        if step.source not in source.nodes or step.target not in target.nodes:
            gone = step.source if step.source not in source.nodes else step.target
            found.append(Problem(element=gone, zh="没有这个环节", en="there is no such element"))
            continue
        if step.target in taken:
            found.append(
                Problem(element=step.source, zh=f"与 {taken[step.target]} 映射到同一环节", en=f"and {taken[step.target]} go to one element")
            )
        taken[step.target] = step.source
        problem = _why_not(source, target, mapped, step.source, step.target)
        found += [problem] if problem is not None else []
    return found


def _why_not(source: Process, target: Process, mapped: Mapping[str, str], old_id: str, new_id: str) -> Problem | None:
    old, new = source.nodes[old_id], target.nodes[new_id]
    around = target.id if old.parent == source.id else mapped.get(old.parent)
    host = mapped.get(old.attached_to) if old.attached_to is not None else None
    tests = (
        (old.kind != new.kind, f"种类不同（{old.kind}，{new.kind}）", f"is a {old.kind}, not a {new.kind}"),
        (new.parent != around, "不在同一个子流程里", "does not lie in the same sub-process"),
        (_loop(old) != _loop(new), "多实例不同", "has another multi-instance"),
        (_triggers(old) != _triggers(new), "事件不同", "has other events"),
        (old.interrupting != new.interrupting, "一个中断，一个不中断", "interrupts, or does not, unlike the other"),
        (old.triggered_by_event != new.triggered_by_event, "一个由事件引发", "is begun by an event, unlike the other"),
        (old.for_compensation != new.for_compensation, "一个用于撤销", "undoes, unlike the other"),
        (new.attached_to != host, "附在别的环节上", "is attached to another element"),
        (_called(old) != _called(new), "调用的流程不同", "calls another process"),
    )
    return next((Problem(element=old_id, zh=zh, en=en) for holds, zh, en in tests if holds), None)


def _loop(node: Node) -> str | None:
    return node.loop.kind if node.loop is not None else None


def _triggers(node: Node) -> tuple[Any, ...]:
    return (*(event.kind for event in node.events), node.parallel_multiple, node.message is not None)


def _called(node: Node) -> str | None:
    return node.called.process if node.called is not None else None
