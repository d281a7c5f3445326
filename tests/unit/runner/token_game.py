"""A reference token game: BPMN 2.0.2, chapter 13, as rewriting of a marking. Nothing of the engine is used here, nor is it built like it.

A marking is one term, a sorted tuple of items; a scope is an item that holds a marking:

    ("flow", f)                        a token on a sequence flow
    ("begin", node)                    a start event, caught error, complex gateway or instance of a loop that begins next
    ("work", node, armed)              a task that waits for a person; `armed`: boundary timers that have not fired
    ("catch", node), ("gate", node)    an event, or an event-based gateway
    ("in", node, marking, armed)       a running sub-process or event sub-process
    ("many", node, items, left, armed) a multi-instance activity; `left`: instances of a sequential one still to come
    ("armed", start)                   the timer start event of an event sub-process; keeps no scope open
    ("reset", gateway, flows)          a complex gateway that has fired and used a token of these flows

`after` gives every marking the standard allows once nothing moves, each with what happened on the way. Where the standard leaves the
moment open we take the engine's documented choice: an inclusive join looks, and a complex gateway is reset, when nothing else moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

Item = tuple[Any, ...]
Marking = tuple[Item, ...]
Log = tuple[tuple[str, str], ...]
#: instead of a marking: an error leaves the scope
THROWN: Marking = (("thrown",),)
#: which moves go first: a complex gateway at once, others, then what looks only when nothing else moves
AT_ONCE, NORMAL, LATE = range(3)
#: a marking it gives up on: too many orders are possible
LIMIT = 3000


class TooManyOrders(Exception):
    """The model is too parallel to try every order."""


@dataclass(frozen=True)
class Node:
    id: str
    kind: str
    #: id of the sub-process around, "" for the process
    scope: str = ""
    #: of a boundary event: its activity
    host: str = ""
    interrupting: bool = True
    #: start and completion quantity
    needs: int = 1
    gives: int = 1
    #: (sequential, number of instances)
    loop: tuple[bool, int] | None = None
    #: of a complex gateway: the number of tokens it wants
    some: int = 0


@dataclass(frozen=True)
class Flow:
    source: str
    target: str
    #: holds when (n + this) is even
    even: int | None = None
    default: bool = False

    @property
    def id(self) -> str:
        return f"{self.source}_{self.target}"


@dataclass
class Model:
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def add(self, kind: str, scope: str = "", **marks: Any) -> str:
        node = Node(f"{kind}{len(self.nodes)}", kind, scope, **marks)
        self.nodes[node.id] = node
        return node.id

    def link(self, source: str, target: str, even: int | None = None, *, default: bool = False) -> None:
        flow = Flow(source, target, even, default)
        self.flows[flow.id] = flow

    def out(self, node: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.source == node]

    def into(self, node: str) -> list[str]:
        return [flow.id for flow in self.flows.values() if flow.target == node]

    def boundaries(self, host: str, kind: str = "late") -> Marking:
        return tuple(sorted(node.id for node in self.nodes.values() if node.host == host and node.kind == kind))  # type: ignore[misc]

    def inside(self, scope: str, kind: str) -> list[str]:
        return [node.id for node in self.nodes.values() if node.scope == scope and node.kind == kind]


def marking(items: Iterable[Item]) -> Marking:
    return tuple(sorted(items, key=repr))


def without(where: Marking, *items: Item) -> Marking:
    left = list(where)
    for item in items:
        left.remove(item)
    return tuple(left)


def keepers(where: Marking) -> Marking:
    return tuple(item for item in where if item[0] != "armed")


Step = tuple[int, Marking, Log]
Rule = Callable[[Marking, str], Iterable[Step]]


class Game:
    """The rules for one model; `n` is the one variable that conditions read."""

    def __init__(self, model: Model) -> None:
        self.model = model
        kinds = {node.kind for node in model.nodes.values()}
        #: whether the order of moves cannot matter, so that one order stands for all
        self.confluent = not kinds & {"terminate", "fail", "complex"} and all(node.needs == 1 for node in model.nodes.values())

    # From outside -----------------------------------------------------------------------------------------------------

    def begin(self, n: int) -> set[tuple[Marking, Log]]:
        return self._run([(marking(self._entered("")), ())], n)

    def after(self, where: Marking, act: str, node: str, n: int) -> set[tuple[Marking, Log]]:
        """Somebody completes the task `node` ("complete"), or its timer is due ("fire"); at any of the places where it waits."""
        rule = self._completed if act == "complete" else self._fired
        found = [(new, log) for _, new, log in self._everywhere(where, "", lambda here, _: rule(here, node, n))]
        return self._run(found, n)

    def dead(self, where: Marking) -> bool:
        """Whether in some scope all that is left waits for tokens that cannot come."""
        live = keepers(where)
        if live and all(item[0] in ("flow", "reset") for item in live):
            return True
        inner = [item for one in live for item in ([one] if one[0] == "in" else one[2] if one[0] == "many" else ()) if item[0] == "in"]
        return any(self.dead(item[2]) for item in inner)

    # Moving -----------------------------------------------------------------------------------------------------------

    def _run(self, begin: Iterable[tuple[Marking, Log]], n: int) -> set[tuple[Marking, Log]]:
        """All that can be reached from here once nothing moves."""
        todo = [(where, tuple(sorted(log))) for where, log in begin]
        seen, still = set(todo), set()
        while todo:
            where, log = todo.pop()
            steps = list(self._everywhere(where, "", lambda here, _: self._moves(here, n)))
            if not steps:
                still.add((where, log))
            first = min((step[0] for step in steps), default=NORMAL)
            allowed = [step for step in steps if step[0] == first]
            for _, new, more in allowed[:1] if self.confluent and first == NORMAL else allowed:
                reached = new, tuple(sorted(log + more))
                if reached not in seen:
                    seen.add(reached)
                    todo.append(reached)
            if len(seen) > LIMIT:
                raise TooManyOrders
        return still

    def _everywhere(self, where: Marking, scope: str, rule: Rule) -> Iterator[Step]:
        """Apply a rule for the items of one scope to every scope; what happens inside one rewrites the item around it."""
        yield from rule(where, scope)
        for item in dict.fromkeys(where):
            rest = without(where, item)
            if item[0] == "in":
                yield from self._inside(item, rest, lambda new, old=item: (*old[:2], new, old[3]), item, rule)
            elif item[0] == "many":
                for one in dict.fromkeys(one for one in item[2] if one[0] == "in"):
                    others = without(item[2], one)
                    whole = lambda new, old=item, one=one, others=others: (  # noqa: E731
                        *old[:2], marking((*others, (*one[:2], new, one[3]))), *old[3:]
                    )  # fmt: skip
                    yield from self._inside(one, rest, whole, item, rule)

    def _inside(
        self,
        scope: Item,
        rest: Marking,
        around: Callable[[Marking], Item],
        host: Item,
        rule: Rule,
    ) -> Iterator[Step]:
        for urgency, new, log in self._everywhere(scope[2], scope[1], rule):
            if new != THROWN:
                yield urgency, marking((*rest, around(new))), log
                continue
            caught = self.model.boundaries(scope[1], "caught")
            if caught:
                yield urgency, marking((*rest, ("begin", caught[0]))), log + self._cancelled(host)
            else:
                yield urgency, THROWN, log

    def _moves(self, here: Marking, n: int) -> Iterator[Step]:
        for item in dict.fromkeys(here):
            rest = without(here, item)
            if (item[0] == "in" and not keepers(item[2])) or item[0] == "begin":
                items, log = self._left(item[1], n)
                yield NORMAL, marking((*rest, *items)), log
            elif item[0] == "many":
                yield from self._loops(item, rest, n)
            elif item[0] == "reset":
                yield from self._resets(here, item)
            elif item[0] == "flow":
                yield from self._arrives(here, self.model.nodes[self.model.flows[item[1]].target], item[1], n)

    def _loops(self, item: Item, rest: Marking, n: int) -> Iterator[Step]:
        """An instance begins or ends; the body starts the next one or ends."""
        kind, node, items, left, armed = item
        for one in dict.fromkeys(items):
            others = without(items, one)
            if one[0] == "begin":
                begun = marking((*others, self._one(self.model.nodes[node], ())))
                yield NORMAL, marking((*rest, (kind, node, begun, left, armed))), ()
            elif one[0] == "in" and not keepers(one[2]):
                yield NORMAL, marking((*rest, (kind, node, others, left, armed))), (("end", node),)
        if not items and left:
            yield NORMAL, marking((*rest, (kind, node, (("begin", node),), left - 1, armed))), ()
        elif not items:
            flows, log = self._left(node, n)
            yield NORMAL, marking((*rest, *flows)), log

    def _arrives(self, here: Marking, node: Node, flow: str, n: int) -> Iterator[Step]:
        into = self.model.into(node.id)
        waiting = [item for item in here if item[0] == "flow" and item[1] in into]
        full = list(dict.fromkeys(waiting))
        if node.kind in ("parallel", "inclusive") and len(into) > 1:
            ready = len(full) == len(into) if node.kind == "parallel" else not self._on_the_way(here, node.id, {item[1] for item in full})
            if ready and flow == full[0][1]:
                yield self._through(here, full, node, n, NORMAL if node.kind == "parallel" else LATE)
        elif node.kind == "complex":
            if len(waiting) >= node.some and flow == full[0][1] and not any(item[:2] == ("reset", node.id) for item in here):
                reset = ("reset", node.id, tuple(sorted(item[1] for item in full)))
                yield AT_ONCE, marking((*without(here, *full), reset, ("begin", node.id))), ()
        elif len(waiting) >= node.needs and flow == full[0][1]:
            for used in dict.fromkeys(combinations(waiting, node.needs)):
                if node.kind == "fail":
                    yield NORMAL, THROWN, (("end", node.id),)
                else:
                    yield self._through(here, used, node, n, NORMAL)

    def _through(self, here: Marking, used: Iterable[Item], node: Node, n: int, urgency: int) -> Step:
        """The element takes these tokens and begins."""
        rest = without(here, *used)
        if node.kind == "terminate":
            return urgency, (), (("end", node.id), *self._all_cancelled(rest))
        items, log = self._begun(node, n)
        return urgency, marking((*rest, *items)), log

    def _resets(self, here: Marking, item: Item) -> Iterator[Step]:
        into = [flow for flow in self.model.into(item[1]) if flow not in item[2]]
        come = [("flow", flow) for flow in into if ("flow", flow) in here]
        here_or_used = {flow for flow in self.model.into(item[1]) if flow in item[2] or ("flow", flow) in here}
        if len(come) == len(into) or not self._on_the_way(here, item[1], here_or_used):
            yield LATE, without(here, item, *come), ()

    def _on_the_way(self, here: Marking, gateway: str, full: set[str]) -> bool:
        """13.4.3: a token has a path to an empty incoming flow that does not visit the gateway, and none to one that has a token."""
        for item in here:
            if item[0] in ("armed", "reset"):
                continue
            begin = self.model.flows[item[1]].target if item[0] == "flow" else item[1]
            reached = self._ahead(begin, gateway)
            if reached - full and not reached & full:
                return True
        return False

    def _ahead(self, begin: str, gateway: str) -> set[str]:
        """Incoming flows of the gateway to which a path leads from a node, without visiting the gateway."""
        seen: set[str] = set()
        found: set[str] = set()
        todo = [begin] if begin != gateway else []
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            todo += [other.id for other in self.model.nodes.values() if other.host == node]
            for flow in self.model.out(node):
                if flow.target == gateway:
                    found.add(flow.id)
                else:
                    todo.append(flow.target)
        return found

    # Elements ---------------------------------------------------------------------------------------------------------

    def _begun(self, node: Node, n: int) -> tuple[Marking, Log]:
        """What stands in the marking when a node begins; automatic ones have ended at once."""
        armed = self.model.boundaries(node.id)
        if node.loop is not None:
            sequential, number = node.loop
            items = (("begin", node.id),) * (0 if sequential else number)
            return (("many", node.id, items, number if sequential else 0, armed),), ()
        if node.kind in ("user", "sub"):
            return (self._one(node, armed),), ()
        if node.kind in ("catch", "gate"):
            return ((node.kind, node.id),), ()
        return self._left(node.id, n)

    def _one(self, node: Node, armed: Marking) -> Item:
        if node.kind == "user":
            return ("work", node.id, armed)
        return ("in", node.id, marking(self._entered(node.id)), armed)

    def _entered(self, scope: str) -> Marking:
        """A scope begins: its event sub-processes wait, its start event happens next."""
        armed = [("armed", one) for sub in self.model.inside(scope, "esp") for one in self.model.inside(sub, "caught_start")]
        (start,) = self.model.inside(scope, "start") or self.model.inside(scope, "caught_start")
        return (*armed, ("begin", start))

    def _left(self, node_id: str, n: int) -> tuple[Marking, Log]:
        """A node ends: tokens on the flows it takes."""
        node, out = self.model.nodes[node_id], self.model.out(node_id)
        taken = [flow for flow in out if not flow.default and (flow.even is None or (n + flow.even) % 2 == 0)]
        if node.kind == "exclusive":
            taken = taken[:1]
        taken = taken or [flow for flow in out if flow.default]
        flows = [flow.id for flow in taken for _ in range(node.gives)]
        return tuple(("flow", flow) for flow in flows), (("end", node_id), *(("take", flow) for flow in flows))

    # What comes from outside ------------------------------------------------------------------------------------------

    def _completed(self, here: Marking, node: str, n: int) -> Iterator[Step]:
        for item in dict.fromkeys(here):
            if item[:2] == ("work", node):
                items, log = self._left(node, n)
            elif item[0] == "many" and (ones := [one for one in item[2] if one[:2] == ("work", node)]):
                items, log = ((*item[:2], without(item[2], ones[0]), *item[3:]),), (("end", node),)
            else:
                continue
            yield NORMAL, marking((*without(here, item), *items)), log

    def _fired(self, here: Marking, node: str, n: int) -> Iterator[Step]:
        event = self.model.nodes[node]
        for item in dict.fromkeys(here):
            rest = without(here, item)
            items, log = self._left(node, n)
            if item == ("catch", node):
                yield NORMAL, marking((*rest, *items)), log
            elif item[0] == "gate" and f"{item[1]}_{node}" in self.model.flows:
                yield NORMAL, marking((*rest, *items)), (("end", item[1]), ("take", f"{item[1]}_{node}"), *log)
            elif item[0] in ("work", "in", "many") and node in item[-1]:
                if event.interrupting:
                    yield NORMAL, marking((*rest, *items)), log + self._cancelled(item)
                else:
                    still = (*item[:-1], tuple(one for one in item[-1] if one != node))
                    yield NORMAL, marking((*rest, still, *items)), log
            elif item == ("armed", node):
                running = ("in", event.scope, marking(self._entered(event.scope)), ())
                if event.interrupting:
                    yield NORMAL, (running,), self._all_cancelled(rest)
                else:
                    yield NORMAL, marking((*rest, running)), ()

    def _all_cancelled(self, where: Marking) -> Log:
        return tuple(one for item in where for one in self._cancelled(item))

    def _cancelled(self, item: Item) -> Log:
        """Everything that had begun is cancelled with what is inside."""
        if item[0] in ("flow", "armed", "reset", "begin"):
            return ()
        inner = self._all_cancelled(item[2]) if item[0] in ("in", "many") else ()
        return (("cancel", item[1]), *inner)
