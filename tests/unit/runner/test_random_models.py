"""Random block-structured models: every one ends, nothing leaks, whatever the order in which people and timers act.

The driver checks after every command that no token lacks its scope, nothing stays ready, and all that was opened was closed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from scenario import Scenario, boundary, bpmn, end, many, node, script, sequence, start, timer, user


@dataclass
class Block:
    """XML of a piece of a model with one way in and one way out."""

    first: str
    last: str
    body: str
    flows: list[str] = field(default_factory=list)


class Writer:
    """Turns a drawn tree into XML with fresh ids."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def write(self, tree) -> Block:
        kind, *parts = tree
        return getattr(self, kind)(*parts)

    def task(self) -> Block:
        name = self.id("task")
        return Block(name, name, user(name))

    def script(self) -> Block:
        name = self.id("script")
        return Block(name, name, script(name, "=n + 1", "n"))

    def row(self, trees) -> Block:
        blocks = [self.write(tree) for tree in trees]
        links = [f"{a.last} > {b.first}" for a, b in itertools.pairwise(blocks)]
        return Block(blocks[0].first, blocks[-1].last, "".join(b.body for b in blocks), [f for b in blocks for f in b.flows] + links)

    def split(self, kind: str, trees) -> Block:
        """Parallel, inclusive (every second condition holds, always one) or exclusive (the last is the default)."""
        fork, join = self.id("fork"), self.id("join")
        blocks = [self.write(tree) for tree in trees]
        default = f"{fork}_{blocks[-1].first}"
        body = node(kind, fork) if kind == "parallelGateway" else node(kind, fork, default=default)
        body += node(kind, join) + "".join(b.body for b in blocks)
        flows = [flow for b in blocks for flow in b.flows] + [f"{b.last} > {join}" for b in blocks]
        for number, block in enumerate(blocks):
            conditional = kind != "parallelGateway" and number < len(blocks) - 1
            flows.append(f"{fork} > {block.first}" + (f": =modulo(n + {number}, 2) = 0" if conditional else ""))
        return Block(fork, join, body, flows)

    def tokens(self, tree, number: int) -> Block:
        """As many tokens through the block as the quantities say, gathered again behind it."""
        first, last = self.id("many"), self.id("gather")
        inner = self.write(tree)
        body = user(first).replace("<bpmn:userTask", f'<bpmn:userTask completionQuantity="{number}"')
        body += inner.body + user(last).replace("<bpmn:userTask", f'<bpmn:userTask startQuantity="{number}"')
        return Block(first, last, body, [*inner.flows, f"{first} > {inner.first}", f"{inner.last} > {last}"])

    def some(self, trees, number: int) -> Block:
        """Goes on when so many of the blocks are done; the others end in the same gateway."""
        fork, join = self.id("fork"), self.id("some")
        blocks = [self.write(tree) for tree in trees]
        condition = f'<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">=activationCount >= {number}</bpmn:activationCondition>'
        body = node("parallelGateway", fork) + node("complexGateway", join, condition) + "".join(b.body for b in blocks)
        flows = [flow for b in blocks for flow in b.flows] + [f"{fork} > {b.first}" for b in blocks]
        return Block(fork, join, body, flows + [f"{b.last} > {join}" for b in blocks])

    def loop(self, tree, rounds: int) -> Block:
        """The block once, then again until a counter of its own has run out."""
        begin, check, counter = self.id("merge"), self.id("check"), self.id("count")
        name = f"i{counter}"
        inner = self.write(tree)
        body = node("exclusiveGateway", begin) + inner.body + script(counter, f"=get or else({name}, 0) + 1", name)
        body += node("exclusiveGateway", check, default=f"{check}_{begin}") + (last := self.task()).body
        flows = [*inner.flows, f"{begin} > {inner.first}", f"{inner.last} > {counter} > {check} > {begin}"]
        return Block(begin, last.last, body, [*flows, f"{check} > {last.first}: ={name} &gt;= {rounds}"])

    def sub(self, tree, interrupting: bool) -> Block:
        """A sub-process with a timer on its edge that leads to a task of its own, which joins the main line."""
        name, late, after, merge = self.id("sub"), self.id("late"), self.task(), self.id("merge")
        inner = self.write(tree)
        begin, done = self.id("begin"), self.id("done")
        inside = (
            start(begin)
            + inner.body
            + end(done)
            + sequence("\n".join([*inner.flows, f"{begin} > {inner.first}", f"{inner.last} > {done}"]))
        )
        body = node("subProcess", name, inside) + boundary(late, name, timer("PT1H"), interrupting=interrupting) + after.body
        if interrupting:
            return Block(name, merge, body + node("exclusiveGateway", merge), [f"{name} > {merge}", f"{late} > {after.first} > {merge}"])
        stop = self.id("end")
        return Block(name, name, body + end(stop), [f"{late} > {after.first} > {stop}"])

    def each(self, tree, sequential: bool) -> Block:
        """The block for each of three, as a multi-instance sub-process."""
        name, begin, done = self.id("each"), self.id("begin"), self.id("done")
        inner = self.write(tree)
        inside = (
            start(begin)
            + inner.body
            + end(done)
            + sequence("\n".join([*inner.flows, f"{begin} > {inner.first}", f"{inner.last} > {done}"]))
        )
        marker = many("=[1, 2, 3]", sequential=sequential, inputElement="item", outputCollection=f"out{name}", outputElement="=item")
        return Block(name, name, node("subProcess", name, marker + inside))


leaves = st.sampled_from([("task",), ("script",)])
gateways = st.sampled_from(["parallelGateway", "inclusiveGateway", "exclusiveGateway"])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("row"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("split"), gateways, st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("tokens"), st.sampled_from([("task",), ("script",)]), st.integers(2, 3)),
        st.tuples(st.just("some"), st.lists(inner, min_size=2, max_size=3), st.integers(1, 2)),
        st.tuples(st.just("loop"), inner, st.integers(1, 2)),
        st.tuples(st.just("sub"), inner, st.booleans()),
        st.tuples(st.just("each"), inner, st.booleans()),
    ),
    max_leaves=10,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=trees, choices=st.lists(st.integers(0, 1000), min_size=1, max_size=40), restored=st.booleans())
def test_every_random_model_ends_and_leaks_nothing(tree, choices, restored):
    block = Writer().write(tree)
    model = bpmn(start() + block.body + end(), flows="\n".join([*block.flows, f"begin > {block.first}", f"{block.last} > done"]))
    case = Scenario(model, restored=restored)
    case.start({"starter": "wang", "n": 0})
    for step in range(3000):
        if case.outcome is not None:
            break
        case._run(*_act(case, choices[step % len(choices)]))
    assert case.outcome == "completed"
    assert case.open == {}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=trees, choices=st.lists(st.integers(0, 1000), max_size=10))
def test_every_random_model_can_be_cancelled_at_any_time(tree, choices):
    block = Writer().write(tree)
    model = bpmn(start() + block.body + end(), flows="\n".join([*block.flows, f"begin > {block.first}", f"{block.last} > done"]))
    case = Scenario(model)
    case.start({"starter": "wang", "n": 0})
    for choice in choices:
        if case.outcome is None:
            case._run(*_act(case, choice))
    if case.outcome is None:
        case.cancel()
    assert case.rows == {}
    assert case.open == {}


def _act(case: Scenario, choice: int):
    """One thing that can happen now: a task is completed or (one time in four) a timer fires."""
    tasks = sorted(row.id for row in case.rows.values() if row.internal.get("offered"))
    timers = sorted(row.id for row in case.rows.values() if row.internal.get("open"))
    if timers and (not tasks or choice % 4 == 0):
        return case.kernel.trigger, timers[choice % len(timers)], 0
    return case.kernel.complete, tasks[choice % len(tasks)], {}
