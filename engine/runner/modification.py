"""What an operator changes in a running instance from outside: variables set, element instances taken away, begun elsewhere.

Everything asked for is begun first and taken away afterwards, so that a scope does not end because its last token moved. Then the
instance runs. What cannot be meant raises ModificationRefused, and nothing has changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import NotFound
from engine.events import FlowTaken
from engine.runner.elements.activities import Activity
from engine.runner.elements.ad_hoc import AdHocSubProcess
from engine.runner.elements.base import Element, FlowNode
from engine.runner.elements.boundary import BoundaryEvent
from engine.runner.elements.gateways import EventGateway
from engine.runner.elements.multi_instance import COUNT, Body
from engine.runner.elements.scopes import CANCELLING, EventSubProcess, EventSubProcessStart, Scope, StartEvent
from engine.runner.instance import Instance
from engine.runner.instructions import AFTER, BEFORE, FLOW, Cancel, Instruction, ModificationRefused, Start
from engine.runner.specs import Path, ProcessSpec
from engine.runner.token import ACTIVE, HOST, INSTANCE, OPENING, UNDOING, Token
from engine.runner.variables import check_name, merge
from engine.values import normalise


def assign(instance: Instance, variables: Mapping[tuple[str, str], Any]) -> None:
    """Set variables of live scopes: (token, name) → value. Raises NotFound for a scope that is not live, BadName."""
    for (scope, name), value in variables.items():
        check_name(name)
        token = instance.find(scope)
        if token is None:
            raise NotFound(f"the scope {scope} is not live any more", scope=scope)
        token.data[name] = normalise(value)


def modify(instance: Instance, instructions: Sequence[Instruction]) -> None:
    """Carry the instructions out, before the instance runs. Raises ModificationRefused."""
    if not instructions:
        raise ModificationRefused("没有要做的改动", "There is nothing to do")
    doomed = [token for one in instructions if isinstance(one, Cancel) for token in _meant(instance, one)]
    for one in instructions:
        if isinstance(one, Start):
            _start(instance, one, doomed)
    for token in doomed:
        if token.id in instance.tasks:  # not below one that is gone already
            _cancel(instance, token)


def begin(instance: Instance, process: ProcessSpec, variables: Mapping[str, Any], starts: Sequence[Start]) -> None:
    """A new instance that begins at elements of its own instead of its start event. Raises ModificationRefused."""
    root = instance.spawn(process.start, None)
    for name, value in variables.items():
        check_name(name)
        root.data[name] = normalise(value)
    process.start.begin(root)
    _enter(root)
    for one in starts:
        _start(instance, one, [])


# Taking away -------------------------------------------------------------------------------------------------------


def _meant(instance: Instance, wanted: Cancel) -> list[Token]:
    """The live tokens an instruction names, each checked."""
    if wanted.token is not None:
        token = instance.find(wanted.token)
        if token is None:
            raise ModificationRefused("这个环节已经不在了", "This token is not live any more", token=wanted.token)
        return [_removable(token)]
    process = wanted.process or instance.root.task_spec.process.name
    found = [token for token in _all(instance) if _is(token, process, wanted.element) and HOST not in token.internal_data]
    if not found:
        raise ModificationRefused(f"“{wanted.element}”没有在办的", f"Nothing stands at {wanted.element}", element=wanted.element)
    return [_removable(token) for token in found]


def _is(token: Token, process: str, element: str | None) -> bool:
    """Whether the token is one of the element as a whole: of a multi-instance its body."""
    node = token.task_spec.node
    return node is not None and node.id == element and token.task_spec.process.name == process and INSTANCE not in token.internal_data


def _removable(token: Token) -> Token:
    if token.scope is None:
        raise ModificationRefused("整件事项请用取消", "To end the whole case, cancel it", token=token.id)
    if HOST in token.internal_data:
        raise ModificationRefused(
            "它只是替另一个环节等待，请取消那个环节", "It only waits for another element; cancel that one", token=token.id
        )
    if token.task_spec.is_process:
        return token.scope
    return token


def _cancel(instance: Instance, token: Token) -> None:
    """Cancel it, and the scopes that are empty then: they cannot complete, since what was to be done in them was not."""
    scope = token.scope
    count = scope.internal_data.get(COUNT) if scope is not None and scope.task_spec.is_body else None
    instance.cancel_subtree(token)
    if count is not None:
        count["terminated"] += 1
    if scope is None or instance.live(scope) > 0:
        return
    if scope.task_spec.is_body or isinstance(scope.task_spec, AdHocSubProcess):
        scope.task_spec._update(scope)
    elif scope.scope is None:
        raise ModificationRefused("这样就没有在办的环节了；要结束请用取消", "Nothing would be left; to end the case, cancel it")
    else:
        _cancel(instance, scope)


def _all(instance: Instance) -> list[Token]:
    """Every live token, outer ones first."""
    found, stack = [], [instance.root]
    while stack:
        token = stack.pop()
        found.append(token)
        stack.extend(reversed(instance.children_of(token)))
    return found


# Beginning ---------------------------------------------------------------------------------------------------------


def _start(instance: Instance, wanted: Start, doomed: Sequence[Token]) -> None:
    process = _process(instance, wanted)
    path, spec = _target(process, wanted)
    inside = _scope(instance, process, spec, wanted, doomed)
    variables = {name: normalise(value) for name, value in wanted.variables.items()}
    if inside.task_spec.is_body:
        _another(inside, variables)
        return
    merge(inside, variables)
    if path is not None:
        _take(instance, process.task_specs[process.model.flows[path.id].source], inside, [path])
    elif wanted.where == AFTER:
        _take(instance, spec, inside, None)
    else:
        spec.arrive(inside, None)


def _process(instance: Instance, wanted: Start) -> ProcessSpec:
    """The compiled process in which the element is looked for: that of the scope, else the one named, else the case's own."""
    if wanted.scope is not None:
        scope = instance.find(wanted.scope)
        if scope is None:
            raise ModificationRefused("这个范围已经结束", "This scope has ended", scope=wanted.scope)
        found: ProcessSpec = scope.task_spec.process
        return found
    own: ProcessSpec = instance.root.task_spec.process
    return instance.process_spec(wanted.process) if wanted.process is not None else own


def _target(process: ProcessSpec, wanted: Start) -> tuple[Path | None, FlowNode]:
    """The flow (if one is named) and the element whose scope it is. Raises ModificationRefused for what nothing can begin at."""
    if wanted.where == FLOW:
        flow = process.model.flows.get(wanted.element)
        if flow is None:
            raise ModificationRefused(f"没有连线“{wanted.element}”", f"There is no flow {wanted.element}", element=wanted.element)
        source: FlowNode = process.task_specs[flow.source]
        return next(path for path in source.paths if path.id == flow.id), _sensible(process.task_specs[flow.target], wanted)
    spec = process.task_specs.get(wanted.element)
    if spec is None or wanted.where not in (BEFORE, AFTER):
        raise ModificationRefused(f"没有环节“{wanted.element}”", f"There is no element {wanted.element}", element=wanted.element)
    return None, _sensible(spec, wanted)


def _sensible(spec: FlowNode, wanted: Start) -> FlowNode:
    """Raises ModificationRefused for an element at (or behind) which nothing can begin by hand."""
    key, name, after = spec.node.id, spec.node.name.zh or spec.node.id, wanted.where == AFTER
    reasons = (
        (
            isinstance(spec, BoundaryEvent) and not after,
            "是边界事件；可从它之后开始",
            "is a boundary event; start after it",
        ),
        (isinstance(spec, (EventSubProcess, EventSubProcessStart)), "由事件引发，不能从这里开始", "is begun by its event, not by hand"),
        (spec.node.for_compensation, "只用于撤销，不能从这里开始", "only undoes something; it is not begun by hand"),
        (isinstance(spec, StartEvent) and not after, "是开始事件；请从它之后开始", "is a start event; start after it"),
        (isinstance(spec, EventGateway) and after, "之后由事件决定；请从其中一个事件开始", "is followed by events; start at one of them"),
        (after and not spec.paths, "之后没有环节", "has nothing behind it"),
    )
    for holds, zh, en in reasons:
        if holds:
            raise ModificationRefused(f"“{name}”{zh}", f"{key} {en}", element=key)
    return spec


def _take(instance: Instance, source: FlowNode, scope: Token, paths: Sequence[Path] | None) -> None:
    """Go on behind an element without doing it; without `paths` its flows are chosen as if it had just completed."""
    passed = instance.spawn(source, scope)
    for path in source.choose(passed) if paths is None else paths:
        instance.emit(FlowTaken, passed, flow=path.id)
        path.target.arrive(scope, path)
    instance.remove(passed)


def _another(body: Token, variables: Mapping[str, Any]) -> None:
    """One more instance of a parallel multi-instance, with variables of its own (the input element among them)."""
    spec: Body = body.task_spec
    count, key = body.internal_data[COUNT], spec.node.id
    if spec.loop.kind != "parallel":
        raise ModificationRefused(f"“{key}”逐个进行，不能另加一个", f"{key} goes one by one; none can be added beside", element=key)
    count["total"] += 1
    spec._start(body, count, None)
    for name, value in variables.items():
        check_name(name)
        body.workflow.children_of(body)[-1].data[name] = value


# Scopes ------------------------------------------------------------------------------------------------------------


def _scope(instance: Instance, process: ProcessSpec, spec: FlowNode, wanted: Start, doomed: Sequence[Token]) -> Token:
    """The live scope in which the element begins; scopes around it that are not there are made."""
    at = _around(instance, process, spec, wanted, doomed)
    if isinstance(spec, Body) and at.task_spec is spec:
        return _open_to(at, doomed)
    for outer in _way_down(process, spec, at):
        at = _inside(instance, _open_to(at, doomed), outer, doomed)
    return _open_to(at, doomed)


def _around(instance: Instance, process: ProcessSpec, spec: FlowNode, wanted: Start, doomed: Sequence[Token]) -> Token:
    """The scope the search begins at: the one named, else the only live one of the process."""
    if wanted.scope is not None:
        return _named(process, spec, instance.token(wanted.scope))
    if process is instance.root.task_spec.process:
        return instance.root
    found = [t for t in _all(instance) if t.task_spec is process.start and not _dies(t, doomed)]
    if len(found) != 1:
        zh = "没有在办的" if not found else "有几个在办的，请指明范围"
        en = "is not running here" if not found else "runs several times here; say in which scope"
        raise ModificationRefused(f"“{process.name}”{zh}", f"{process.name} {en}", process=process.name)
    return found[0]


def _named(process: ProcessSpec, spec: FlowNode, scope: Token) -> Token:
    if isinstance(spec, Body) and scope.task_spec is spec:
        return scope
    if not isinstance(scope.task_spec, Scope) or HOST in scope.internal_data:
        raise ModificationRefused("指明的不是一个范围", "What is named is no scope", scope=scope.id)
    own = scope.task_spec.node
    if own is not None and own.id not in _parents(process, spec):
        raise ModificationRefused(
            f"“{spec.node.id}”不在“{own.id}”里面", f"{spec.node.id} does not lie in {own.id}", element=spec.node.id, scope=scope.id
        )
    return scope


def _parents(process: ProcessSpec, spec: FlowNode) -> list[str]:
    """Ids of the sub-processes around an element, the outermost first."""
    found: list[str] = []
    parent = spec.node.parent
    while parent in process.model.nodes:
        found.insert(0, parent)
        parent = process.model.nodes[parent].parent
    return found


def _way_down(process: ProcessSpec, spec: FlowNode, at: Token) -> list[str]:
    """The sub-processes between a scope and the element."""
    around = _parents(process, spec)
    own = at.task_spec.node
    return around[around.index(own.id) + 1 :] if own is not None else around


def _inside(instance: Instance, scope: Token, name: str, doomed: Sequence[Token]) -> Token:
    """The live scope of a sub-process in another scope; it is made when there is none."""
    spec = scope.task_spec.process.task_specs[name]
    live = [t for t in instance.children_of(scope) if t.task_spec is spec and not _dies(t, doomed)]
    if isinstance(spec, Body):
        live = [t for body in live for t in instance.children_of(body) if t.task_spec is spec.inner and not _dies(t, doomed)]
        if not live:
            zh, en = "按份进行，现在没有在办的；请从它本身开始", "has instances, none of them live; start it itself"
            raise ModificationRefused(f"“{name}”{zh}", f"{name} {en}", scope=name)
    if len(live) > 1:
        raise ModificationRefused(f"“{name}”有几个在办的，请指明范围", f"{name} is live several times; say in which scope", scope=name)
    return live[0] if live else _make(instance, scope, spec)


def _dies(token: Token, doomed: Sequence[Token]) -> bool:
    """Whether it, or a scope around it, is taken away by the same act."""
    ids = {one.id for one in doomed}
    at: Token | None = token
    while at is not None:
        if at.id in ids:
            return True
        at = at.scope
    return False


def _open_to(scope: Token, doomed: Sequence[Token]) -> Token:
    """Raises ModificationRefused for a scope in which nothing may begin any more."""
    internal = scope.internal_data
    if _dies(scope, doomed):
        raise ModificationRefused("这个范围在同一次改动里被取消", "This scope is taken away by the same act", scope=scope.id)
    if internal.get("interrupted") or UNDOING in internal or CANCELLING in internal:
        raise ModificationRefused("这个范围已被中断或正在撤销", "This scope was interrupted, or is being undone", scope=scope.id)
    return scope


def _make(instance: Instance, scope: Token, spec: Element) -> Token:
    """Enter a sub-process without beginning anything in it. Raises what its input mappings raise."""
    if isinstance(spec, EventSubProcess) or not isinstance(spec, Activity) or spec.node is None or spec.node.for_compensation:
        name = spec.node.id if spec.node is not None else ""
        raise ModificationRefused(f"“{name}”现在没有在办", f"{name} is not live now, and begins by its event only", scope=name)
    token = instance.spawn(spec, scope)
    spec.begin(token)
    token.phase = OPENING
    spec.open(token)
    _enter(token)
    if isinstance(spec, AdHocSubProcess):
        spec.enter_beside(token)
    return token


def _enter(scope: Token) -> None:
    """The scope is active, and its event sub-processes wait."""
    scope.phase = ACTIVE
    scope._set_state(scope.task_spec.waiting_state)
    scope.task_spec.open_event_sub_processes(scope)
