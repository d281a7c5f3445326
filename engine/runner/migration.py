"""Live tokens of one version of a process become tokens of another, as a checked plan says. Called processes stay what they are,
unless the plan holds one for them, which is carried out in the same way.

Armed timers keep their time or are worked out anew; subscriptions stay when nothing of them changes; waiting boundary events and
event sub-processes that the new version lacks are closed, those it adds are opened. Nothing runs here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.definitions.migration import KEEP, REARM, Step
from engine.errors import CogovError
from engine.events import ActionClosed, ElementMigrated, SubscriptionClosed, TaskMigrated, TimerArmed, TimerDisarmed
from engine.runner import assignment
from engine.runner.elements.activities import Activity, UserTask
from engine.runner.elements.ad_hoc import QUEUE as STILL
from engine.runner.elements.ad_hoc import AdHocSubProcess
from engine.runner.elements.base import Element, FlowNode
from engine.runner.elements.collecting import ARRIVED, JOINS, Collecting
from engine.runner.elements.compensation import QUEUE, RECORD
from engine.runner.elements.gateways import VIA, EventGateway
from engine.runner.elements.scopes import CANCELLING, Scope
from engine.runner.elements.waiting import _due, _open, address, close_events, open_events, reads_at
from engine.runner.instance import Instance
from engine.runner.snapshot import INSTANCE_SUFFIX
from engine.runner.specs import ProcessSpec
from engine.runner.token import ACTIVE, COMPLETING, HOST, INSTANCE, OPEN, STARTS, UNDOING, WAITS, Token
from engine.runner.variables import has, private, read, visible


class MigrationFailed(CogovError):
    """这件事项不能按方案迁移 / This case cannot be migrated by the plan"""

    code = "migration_failed"

    def __init__(self, zh: str, en: str, **details: Any) -> None:
        super().__init__(f"{zh} / {en}", **details)


def migrate(instance: Instance, target: ProcessSpec, steps: Mapping[str, Step]) -> None:
    """Raises MigrationFailed, which names every element with a token and without a step; then nothing is to be kept."""
    source = instance.process_spec(target.name)
    if source is target:  # only what it calls moves
        return
    tokens = [token for token in _all(instance) if token.task_spec.process is source]
    _check(tokens, steps)
    for token in tokens:
        if HOST not in token.internal_data:
            _carry(instance, token, target, steps)
    left = sorted({t.task_spec.name for t in _all(instance) if t.task_spec.process is source})
    if left:  # something waits in a way that nothing here carries over: better none of it than half
        names = ", ".join(left)
        raise MigrationFailed(f"还有不能迁移的等待：{names}", f"Something waits that cannot be migrated: {names}", elements=left)


def _all(instance: Instance) -> Iterator[Token]:
    """Every live token, outer ones first."""
    stack = [instance.root]
    while stack:
        token = stack.pop()
        yield token
        stack.extend(reversed(instance.children_of(token)))


def _check(tokens: list[Token], steps: Mapping[str, Step]) -> None:
    standing = [t for t in tokens if HOST not in t.internal_data]
    unmapped = sorted({t.task_spec.node.id for t in standing if t.task_spec.node is not None and t.task_spec.node.id not in steps})
    if unmapped:
        names = ", ".join(unmapped)
        raise MigrationFailed(f"停在没有映射的环节：{names}", f"It stands at elements without a step: {names}", elements=unmapped)
    for token in standing:
        if UNDOING in token.internal_data or CANCELLING in token.internal_data or QUEUE in token.internal_data:
            raise MigrationFailed("正在撤销，办完再迁移", "Something is being undone; migrate when that is over", token=token.id)


def _carry(instance: Instance, token: Token, target: ProcessSpec, steps: Mapping[str, Step]) -> None:
    old, step = token.task_spec, None
    new: Element = target.start
    if old.node is not None:
        step = steps[old.node.id]
        new = target.task_specs[step.target + (INSTANCE_SUFFIX if INSTANCE in token.internal_data else "")]
    if isinstance(old, Collecting) and isinstance(new, Collecting):
        _arrivals(token, new)
    offered = isinstance(old, AdHocSubProcess) and old.take_down(token)
    _readdress(token, new, token, rearm=step is not None and step.timers == REARM)
    if isinstance(new, AdHocSubProcess):
        _ad_hoc(token, new, steps, offered=offered)
    if isinstance(new, Scope):
        _joins(token, steps)
        _event_sub_processes(instance, token, new, steps)
    _records(token, steps)
    if new.is_process:
        for name in (*target.model.data, *target.model.locals):
            if not has(token, name):
                token.data[name] = None
        return
    if isinstance(new, Activity) and isinstance(old, Activity):
        _boundaries(instance, token, new, steps)
        _deadline(token, old, new)
    if isinstance(new, EventGateway):
        _gateway(instance, token, new, steps)
    if isinstance(new, UserTask) and token.internal_data.get("offered"):
        offer = assignment.offer(token, new.node, target)
        instance.emit(TaskMigrated, token, selectors=offer.selectors, assignee=offer.assignee, excluded=offer.excluded, form=new.node.form)
    if old.node is not None and new.node is not None:
        instance.emit(ElementMigrated, token, before=old.node)


# What waits --------------------------------------------------------------------------------------------------------


def _readdress(token: Token, new: Element, at: Token, *, rearm: bool) -> None:
    """Give the token its new behaviour; what it waits for stays open where nothing of it changes."""
    old, opened = token.task_spec, token.internal_data.get(OPEN, {})
    moved = old.node is not None and new.node is not None and old.node.id != new.node.id
    again = [key for key in sorted(opened) if _differs(token, old, new, key, at, moved=moved)]
    for key in again:
        _close(token, key)
    token.task_spec = new
    for key in sorted(opened):
        if key != "action" and new.triggers[int(key)].kind == "timer":
            _timer(token, int(key), at, moved=moved, rearm=rearm)
        elif key in again and key != "action":
            opened[key] = _open(token, int(key), new.triggers[int(key)], at)
    if "action" in again:
        del opened["action"]
    if "action" in again or (opened and new.node is not None and new.node.action is not None and "action" not in opened):
        open_events(token, at)


def _differs(token: Token, old: Element, new: Element, key: str, at: Token, *, moved: bool) -> bool:
    """Whether what is open must be closed and opened again. Conditions lie in the token itself."""
    if key == "action":
        return moved or old.node is None or new.node is None or old.node.action != new.node.action or old.node.name != new.node.name
    before, after = old.triggers[int(key)], new.triggers[int(key)]
    if before.kind == "message" and before.message is not None and after.message is not None:
        return moved or address(token, before.message, at) != address(token, after.message, at)
    return moved if before.kind == "timer" else before.kind == "signal" and (moved or before.name != after.name)


def _close(token: Token, key: str) -> None:
    if key == "action":
        token.workflow.emit(ActionClosed, token)
    elif token.task_spec.triggers[int(key)].kind == "timer":
        token.workflow.emit(TimerDisarmed, token, event=int(key))
    else:
        token.workflow.emit(SubscriptionClosed, token, event=int(key))


def _timer(token: Token, index: int, at: Token, *, moved: bool, rearm: bool) -> None:
    """A timer keeps its time unless the plan says otherwise; at another element it is another alarm."""
    entry = token.internal_data[OPEN][str(index)]
    due, rest = datetime.fromisoformat(entry["due"]), entry.get("rest")
    if rearm:
        due, rest = _due(token, token.task_spec.triggers[index], at)
    if not moved and due.isoformat() == entry["due"]:
        return
    generation = 1 if moved else entry["generation"] + 1
    token.internal_data[OPEN][str(index)] = {"due": due.isoformat(), "generation": generation, "rest": rest}
    token.workflow.emit(TimerArmed, token, event=index, due=due, generation=generation)


def _rewait(
    instance: Instance, waiters: list[str], wanted: Mapping[str, FlowNode], steps: Mapping[str, Step]
) -> tuple[list[str], set[str]]:
    """Waiting tokens that go on, with their new behaviour, and the ids of the elements they wait at; the others are closed."""
    kept, covered = list[str](), set[str]()
    for waiter_id in waiters:
        waiter = instance.find(waiter_id)
        if waiter is None:
            continue
        step = steps.get(waiter.task_spec.node.id) if waiter.task_spec.node is not None else None
        if step is None or step.target not in wanted:
            close_events(waiter)
            instance.remove(waiter)
            continue
        host = reads_at(waiter)
        _readdress(waiter, wanted[step.target], host if not isinstance(host.task_spec, EventGateway) else waiter, rearm=step.timers != KEEP)
        kept.append(waiter_id)
        covered.add(step.target)
    return kept, covered


def _boundaries(instance: Instance, token: Token, new: Activity, steps: Mapping[str, Step]) -> None:
    if token.phase not in (ACTIVE, COMPLETING):
        return
    wanted = {boundary.node.id: boundary for boundary in new.boundaries if boundary.triggers}
    kept, covered = _rewait(instance, token.internal_data.pop(WAITS, []), wanted, steps)
    for key, boundary in wanted.items():
        if key not in covered:
            waiter = instance.spawn(boundary, token.scope, **{HOST: token.id})
            kept.append(waiter.id)
            instance.guard(waiter, waiter.task_spec.wait, waiter)
    if kept:
        token.internal_data[WAITS] = kept


def _event_sub_processes(instance: Instance, token: Token, new: Scope, steps: Mapping[str, Step]) -> None:
    if token.phase != ACTIVE or token.internal_data.get("interrupted"):
        return
    wanted = {one.event.node.id: one.event for one in new.event_sub_processes if one.event.triggers}
    kept, covered = _rewait(instance, token.internal_data.get(STARTS, []), wanted, steps)
    for key, event in wanted.items():
        if key not in covered:
            waiter = instance.spawn(event, token, **{HOST: token.id})
            kept.append(waiter.id)
            instance.guard(waiter, waiter.task_spec.wait, waiter)
    if kept or STARTS in token.internal_data:
        token.internal_data[STARTS] = kept


def _gateway(instance: Instance, token: Token, new: EventGateway, steps: Mapping[str, Step]) -> None:
    """The events behind an event-based gateway."""
    ways = {path.target.node.id: path for path in new.paths if path.target.node is not None}
    wanted = {key: path.target for key, path in ways.items()}
    kept, covered = _rewait(instance, token.internal_data.get(WAITS, []), wanted, steps)
    for waiter_id in kept:
        waiter = instance.token(waiter_id)
        waiter.internal_data[VIA] = ways[waiter.task_spec.node.id].id  # type: ignore[union-attr]
    for key, path in ways.items():
        if key not in covered:
            waiter = instance.spawn(path.target, token.scope, **{HOST: token.id, VIA: path.id})
            kept.append(waiter.id)
            instance.guard(waiter, waiter.task_spec.wait, waiter)
    token.internal_data[WAITS] = kept


# What scopes and activities keep -----------------------------------------------------------------------------------


def _arrivals(token: Token, new: Collecting) -> None:
    lost = sorted(set(token.internal_data.get(ARRIVED, {})) - set(new.incoming))
    if lost:
        names = ", ".join(lost)
        raise MigrationFailed(
            f"汇合处已到的连线在新版本里没有：{names}", f"Flows that reached the join are not in the new version: {names}", flows=lost
        )


def _joins(token: Token, steps: Mapping[str, Step]) -> None:
    joins = token.internal_data.get(JOINS)
    if joins:
        token.internal_data[JOINS] = {steps[name].target: join for name, join in joins.items()}
    token.workflow.moved[token.id] = token


def _ad_hoc(token: Token, new: AdHocSubProcess, steps: Mapping[str, Step], *, offered: bool) -> None:
    """What is still to be started, and the buttons."""
    waiting = token.internal_data.get(STILL, [])
    if any(name not in steps for name in waiting):
        names = ", ".join(waiting)
        raise MigrationFailed(f"还要开始的环节没有映射：{names}", f"Still to be started, without a step: {names}", elements=waiting)
    if waiting:
        token.internal_data[STILL] = [steps[name].target for name in waiting]
    if offered:
        new.put_up(token)


def _deadline(token: Token, old: Activity, new: Activity) -> None:
    """One with the same id goes on (the store moves it to the new element); another one ends, or begins now."""
    before, after = old.node.deadline, new.node.deadline
    if new.body is not None or token.phase not in (ACTIVE, COMPLETING) or (before and before.id) == (after and after.id):
        return
    environment = token.workflow.environment
    if before is not None:
        environment.close_deadline(token.id, False)
    if after is not None:
        limit: Any = after.limit
        if limit.startswith("="):
            limit = token.workflow.evaluate(limit[1:], visible(token))
        environment.open_deadline(after, limit, new.node, token.id)


def _records(token: Token, steps: Mapping[str, Step]) -> None:
    """What completed and may still be undone keeps its record, under the new name."""
    for name in private(token, RECORD):
        token.data[name] = _renamed(read(token, name), steps)


def _renamed(record: Mapping[str, Any], steps: Mapping[str, Step]) -> dict[str, Any]:
    key = record["activity"]
    base = key.removesuffix(INSTANCE_SUFFIX)
    if base not in steps:
        raise MigrationFailed(
            f"“{base}”已办完、还可能撤销，但没有映射", f"{base} is done and may still be undone, but has no step", element=base
        )
    inner = {name: _renamed(value, steps) if name.startswith(RECORD) else value for name, value in record["inner"].items()}
    return {**record, "activity": steps[base].target + key[len(base) :], "inner": inner}
