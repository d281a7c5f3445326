"""Random models for the token game: nested blocks, and graphs whose flows go anywhere; and their XML.

Every cycle passes a user task, so that no model turns for ever by itself. Conditions read the one variable n, which people set.
"""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis.strategies import DrawFn
from scenario import boundary, bpmn, end, error, many, node, sequence, timer
from token_game import Model, Node

from engine.definitions.model import Process

KINDS = {
    "pass": "task", "exclusive": "exclusiveGateway", "parallel": "parallelGateway", "inclusive": "inclusiveGateway",
    "gate": "eventBasedGateway", "start": "startEvent",
}  # fmt: skip


def process(model: Model) -> Process:
    return bpmn(_scope(model, ""), top='<bpmn:error id="err1" errorCode="E1"/>')


def _scope(model: Model, scope: str) -> str:
    inside = [one for one in model.nodes.values() if one.scope == scope]
    names = {one.id for one in inside}
    lines = [
        f"{flow.source} > {flow.target}" + (f": =modulo(n + {flow.even}, 2) = 0" if flow.even is not None else "")
        for flow in model.flows.values()
        if flow.source in names
    ]
    return "".join(_node(model, one) for one in inside) + sequence("\n".join(lines))


def _node(model: Model, one: Node) -> str:
    default = [flow.id for flow in model.out(one.id) if flow.default]
    marks = {"default": default[0]} if default else {}
    marks |= {"startQuantity": str(one.needs)} if one.needs > 1 else {}
    marks |= {"completionQuantity": str(one.gives)} if one.gives > 1 else {}
    loop = many(f"=[{','.join(map(str, range(one.loop[1])))}]", sequential=one.loop[0]) if one.loop is not None else ""
    match one.kind:
        case "user":
            return node("userTask", one.id, loop, ext="<zeebe:userTask/>", **marks)
        case "sub":
            return node("subProcess", one.id, loop + _scope(model, one.id), **marks)
        case "esp":
            return node("subProcess", one.id, _scope(model, one.id), triggeredByEvent="true")
        case "caught_start":
            return node("startEvent", one.id, timer("PT1H"), isInterrupting=str(one.interrupting).lower())
        case "catch":
            return node("intermediateCatchEvent", one.id, timer("PT1H"))
        case "late":
            return boundary(one.id, one.host, timer("PT1H"), interrupting=one.interrupting)
        case "caught":
            return boundary(one.id, one.host, error("err1"))
        case "complex":
            wanted = (
                f'<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">=activationCount >= {one.some}</bpmn:activationCondition>'
            )
            return node("complexGateway", one.id, wanted, **marks)
        case "end":
            return end(one.id)
        case "terminate":
            return node("endEvent", one.id, "<bpmn:terminateEventDefinition/>")
        case "fail":
            return node("endEvent", one.id, error("err1"))
    return node(KINDS[one.kind], one.id, **marks)


# Nested blocks --------------------------------------------------------------------------------------------------------

#: a block's way in and way out
Ends = tuple[str, str]


class Blocks:
    """Draws blocks with one way in and one way out."""

    def __init__(self, draw: DrawFn, model: Model) -> None:
        self.draw, self.model = draw, model
        self.left = 9

    def scope(self, scope: str, *, failing: bool = False) -> None:
        begin, done = self.model.add("start", scope), self.model.add("end", scope)
        first, last = self.block(scope, failing)
        self.model.link(begin, first)
        self.model.link(last, done)
        if scope and self.left > 0 and self.draw(st.integers(0, 3)) == 0:
            self.event_sub_process(scope, failing)

    def block(self, scope: str, failing: bool) -> Ends:
        self.left -= 1
        kinds = ["user", "user", "passing", "many_users"]
        if self.left > 0:
            kinds += ["row", "row", "split", "split", "loop", "tokens", "some", "events", "sub", "sub", "many_subs", "late_task", "stop"]
        kind: str = self.draw(st.sampled_from(kinds))
        made: Ends = getattr(self, kind)(scope, failing)
        return made

    def user(self, scope: str, _failing: bool) -> Ends:
        name = self.model.add("user", scope)
        return name, name

    def many_users(self, scope: str, _failing: bool) -> Ends:
        name = self.model.add("user", scope, loop=self.draw(st.tuples(st.booleans(), st.integers(1, 3))))
        return name, name

    def row(self, scope: str, failing: bool) -> Ends:
        first, second = self.block(scope, failing), self.block(scope, failing)
        self.model.link(first[1], second[0])
        return first[0], second[1]

    def split(self, scope: str, failing: bool) -> Ends:
        kind: str = self.draw(st.sampled_from(["parallel", "inclusive", "exclusive"]))
        fork, join = self.model.add(kind, scope), self.model.add(kind, scope)
        number = self.draw(st.integers(2, 3))
        for index in range(number):
            first, last = self.block(scope, failing)
            plain = kind == "parallel" or index == number - 1
            self.model.link(fork, first, None if plain else index, default=plain and kind != "parallel")
            self.model.link(last, join)
        return fork, join

    def loop(self, scope: str, failing: bool) -> Ends:
        merge, check, wait = self.model.add("exclusive", scope), self.model.add("exclusive", scope), self.model.add("user", scope)
        first, last = self.block(scope, failing)
        after = self.model.add("pass", scope)
        for source, target in ((merge, first), (last, wait), (wait, check)):
            self.model.link(source, target)
        self.model.link(check, merge, 1)
        self.model.link(check, after, default=True)
        return merge, after

    def tokens(self, scope: str, failing: bool) -> Ends:
        number = self.draw(st.integers(2, 3))
        first, last = self.model.add("user", scope, gives=number), self.model.add("user", scope, needs=number)
        inner: Ends = self.draw(st.sampled_from([self.user, self.passing]))(scope, failing)
        self.model.link(first, inner[0])
        self.model.link(inner[1], last)
        return first, last

    def passing(self, scope: str, _failing: bool) -> Ends:
        name = self.model.add("pass", scope)
        return name, name

    def some(self, scope: str, failing: bool) -> Ends:
        number = self.draw(st.integers(2, 3))
        fork, join = self.model.add("parallel", scope), self.model.add("complex", scope, some=self.draw(st.integers(1, number)))
        for _ in range(number):
            first, last = self.block(scope, failing)
            self.model.link(fork, first)
            self.model.link(last, join)
        return fork, join

    def events(self, scope: str, failing: bool) -> Ends:
        gate, merge = self.model.add("gate", scope), self.model.add("exclusive", scope)
        for _ in range(2):
            event = self.model.add("catch", scope)
            first, last = self.block(scope, failing)
            self.model.link(gate, event)
            self.model.link(event, first)
            self.model.link(last, merge)
        return gate, merge

    def late_task(self, scope: str, failing: bool) -> Ends:
        return self._hosting(self.model.add("user", scope), scope, failing)

    def sub(self, scope: str, failing: bool) -> Ends:
        return self._filled(self.model.add("sub", scope), scope, failing)

    def many_subs(self, scope: str, failing: bool) -> Ends:
        loop = self.draw(st.tuples(st.booleans(), st.integers(1, 3)))
        return self._filled(self.model.add("sub", scope, loop=loop), scope, failing)

    def stop(self, scope: str, failing: bool) -> Ends:
        """One way of an exclusive gateway ends the scope: terminate, or an error where something around catches it."""
        fork = self.model.add("exclusive", scope)
        stop = self.model.add(self.draw(st.sampled_from(["terminate", "fail"])) if failing else "terminate", scope)
        first, last = self.block(scope, failing)
        self.model.link(fork, stop, 0)
        self.model.link(fork, first, default=True)
        return fork, last

    def event_sub_process(self, scope: str, failing: bool) -> None:
        sub = self.model.add("esp", scope)
        begin = self.model.add("caught_start", sub, interrupting=self.draw(st.booleans()))
        first, last = self.block(sub, failing)
        done = self.model.add("end", sub)
        self.model.link(begin, first)
        self.model.link(last, done)

    def _pass_after(self, scope: str, events: list[str], host: str) -> Ends:
        merge = self.model.add("exclusive", scope)
        for source in (host, *events):
            self.model.link(source, merge)
        return host, merge

    def _filled(self, host: str, scope: str, failing: bool) -> Ends:
        catches = self.draw(st.booleans())
        self.scope(host, failing=failing or catches)
        events = [self.model.add("caught", scope, host=host)] if catches else []
        return self._pass_after(scope, events + self._late(host, scope), host)

    def _hosting(self, host: str, scope: str, _failing: bool) -> Ends:
        return self._pass_after(scope, self._late(host, scope), host)

    def _late(self, host: str, scope: str) -> list[str]:
        return [
            self.model.add("late", scope, host=host, interrupting=self.draw(st.booleans())) for _ in range(self.draw(st.integers(0, 2)))
        ]


@st.composite
def structured(draw: DrawFn) -> Model:
    model = Model()
    Blocks(draw, model).scope("")
    return model


# Any flows ------------------------------------------------------------------------------------------------------------


@st.composite
def unstructured(draw: DrawFn) -> Model:
    """Nodes in a row, flows forwards to any of them and backwards to user tasks."""
    model = Model()
    begin = model.add("start")
    kinds = st.sampled_from(
        ["user", "user", "user", "pass", "exclusive", "parallel", "inclusive", "inclusive", "complex", "sub", "late_user"]
    )
    drawn: list[str] = [draw(kinds) for _ in range(draw(st.integers(3, 9)))]
    names = [_add(draw, model, kind) for kind in drawn]
    done = model.add(draw(st.sampled_from(["end", "end", "end", "terminate"])))
    ways: dict[str, list[str]] = {name: [] for name in names}
    for index, name in enumerate(names[1:], start=1):
        ways[names[draw(st.integers(0, index - 1))]].append(name)
    for index, name in enumerate(names):
        users = [other for other in names[: index + 1] if model.nodes[other].kind == "user"]
        for target in draw(st.lists(st.sampled_from([*names[index + 1 :], *users, done]), max_size=2)):
            if target not in ways[name]:
                ways[name].append(target)
        ways[name] = ways[name] or [done]
    model.link(begin, names[0])
    for name in names:
        _leave(draw, model, name, ways[name], names, done)
    _settle_complex(draw, model)
    return model


def _add(draw: DrawFn, model: Model, kind: str) -> str:
    if kind == "late_user":
        kind = "user"
        name = model.add(kind)
        model.add("late", host=name, interrupting=draw(st.booleans()))
        return name
    name = model.add(kind, gives=2 if kind == "user" and draw(st.integers(0, 9)) == 0 else 1)
    if kind == "sub":
        start, work, stop = model.add("start", name), model.add("user", name), model.add("end", name)
        model.link(start, work)
        model.link(work, stop)
        model.add("late", host=name, interrupting=draw(st.booleans()))
    return name


def _leave(draw: DrawFn, model: Model, name: str, targets: list[str], names: list[str], done: str) -> None:
    kind = model.nodes[name].kind
    conditional = len(targets) > 1 and (kind in ("exclusive", "inclusive") or (kind == "user" and draw(st.booleans())))
    for index, target in enumerate(targets):
        last = index == len(targets) - 1
        model.link(name, target, index if conditional and not last else None, default=conditional and last)
    for event in model.boundaries(name):
        later = names[names.index(name) + 1 :]
        model.link(str(event), draw(st.sampled_from([*later, done])))


def _settle_complex(draw: DrawFn, model: Model) -> None:
    """A complex gateway wants some of its flows; one with a single way in is a parallel gateway."""
    for one in list(model.nodes.values()):
        if one.kind == "complex":
            ways = len(model.into(one.id))
            kind, some = ("complex", draw(st.integers(1, ways))) if ways > 1 else ("parallel", 0)
            model.nodes[one.id] = Node(one.id, kind, some=some)


def describe(model: Model) -> Any:
    """For the failure text."""
    return [*model.nodes.values(), *model.flows.values()]
