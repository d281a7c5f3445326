"""Every place of a process where FEEL stands: which names it sees, and which kinds of values it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.checks.scopes import GATEWAY_NAMES, LOOP_NAMES
from engine.definitions.model import Lane, Message, Node
from engine.definitions.scope.variables import Seen, Variables
from engine.definitions.scope.world import World
from engine.feel.inference import ANY, NUMBER, Shape

_TRUTH = ("boolean",)
_SCALAR = ("string", "number", "boolean", "date", "date and time", "time")
_PEOPLE = ("string", "list")
_HANDED_IN = frozenset({"form", "message", "signal"})
_ENDING = frozenset({"form", "result", "message"})
_TIMER: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "date and time", "days and time duration", "years and months duration", "string"),
    "duration": ("days and time duration", "years and months duration", "string", "date", "date and time"),
    "cycle": ("string", "days and time duration", "years and months duration"),
}
_LIMIT = ("string", "days and time duration", "years and months duration")


@dataclass(frozen=True, slots=True)
class Place:
    """`what` names the place, `text` is its FEEL without the mark. `names` None: any name may be used.

    `wanted`: the kinds it takes, none for any. `target`: the variable that a mapping writes.
    """

    element: str
    line: int
    what: str
    text: str
    names: Seen | None
    wanted: tuple[str, ...] = ()
    target: str = ""


class Places:
    """The places of one process."""

    def __init__(self, world: World, variables: Variables) -> None:
        self._world = world
        self._variables = variables
        self._scopes = variables.scopes
        self._process = variables.process
        self._parents = {node.parent for node in self._process.nodes.values()}

    def all(self) -> Iterator[Place]:
        """In the order of the file: nodes, flows, access, lanes."""
        for node in self._process.nodes.values():
            yield from self.of_node(node)
        for flow in self._process.flows.values():
            yield from self._of_flow(flow.id)
        yield from self._of_process()
        for lane in self._process.lanes.values():
            yield from self._of_lane(lane)

    def of_element(self, element: str) -> Iterator[Place]:
        """The places of one element: node, flow, lane, or the process itself."""
        if element in self._process.nodes:
            yield from self.of_node(self._process.nodes[element])
        elif element in self._process.flows:
            yield from self._of_flow(element)
        elif element in self._process.lanes:
            yield from self._of_lane(self._process.lanes[element])
        else:
            yield from self._of_process()

    # --- nodes

    def of_node(self, node: Node) -> Iterator[Place]:
        here = self._here(node)
        yield from self._mappings(node)
        yield from self._one(node, "assignee", node.assignee, here, _PEOPLE)
        yield from self._one(node, "candidateGroups", node.candidates, here, _PEOPLE)
        yield from self._one(node, "exclude", node.exclude, here, _PEOPLE)
        yield from self._one(node, "script", node.script, here)
        gateway = self._seen(node, self._scopes.around(node) | GATEWAY_NAMES | set(node.incoming), counted=True)
        yield from self._one(node, "activationCondition", node.activation, gateway, _TRUTH)
        if node.ad_hoc is not None:
            inside = self._seen(node, self._scopes.inside(node.id))
            yield from self._one(node, "completionCondition", node.ad_hoc.completion_condition, inside, _TRUTH)
            yield from self._one(node, "activeElementsCollection", node.ad_hoc.active, here, ("list", "string"))
        yield from self._one(node, "processId", _marked(node.called.process) if node.called else None, here, ("string",))
        yield from self._one(node, "deadline", _marked(node.deadline.limit) if node.deadline else None, here, _LIMIT)
        yield from self._one(node, "action", node.action.role if node.action else None, here, _PEOPLE)
        ending = self._seen(node, self._scopes.of_node(node) | _ENDING, outputs=True)
        for record in node.records:
            yield from self._one(node, "record key", record.key, ending, _SCALAR)
            yield from self._one(node, "record values", record.values, ending, ("context",))
            yield from self._one(node, "record number", record.number, ending, ("string",))
        yield from self._of_events(node, here)
        yield from self._of_loop(node)

    def _mappings(self, node: Node) -> Iterator[Place]:
        for index, mapping in enumerate(node.inputs):
            seen = None if self._scopes.open_names else self._variables.at_input(index, node)
            yield Place(node.id, node.line, f"input {mapping.target}", mapping.source, seen, target=mapping.target)
        after = self._after(node)
        for mapping in node.outputs:
            yield Place(node.id, node.line, f"output {mapping.target}", mapping.source, after, target=mapping.target)

    def _of_events(self, node: Node, here: Seen | None) -> Iterator[Place]:
        """A message that starts an instance has no scope yet: its key is not evaluated."""
        starts = node.kind == "startEvent" and node.parent == self._process.id
        for event in node.events:
            yield from self._one(node, "timer", _marked(event.timer), here, _TIMER.get(event.timer_kind or "", ()))
            yield from self._one(node, "condition", event.condition, here, _TRUTH)
        messages: list[Message] = [event.message for event in node.events if event.message] + ([node.message] if node.message else [])
        for message in messages:
            if not starts:
                yield from self._one(node, "correlationKey", message.correlation_key, here, _SCALAR)
            yield from self._one(node, "message name", _marked(message.name), here, ("string",))

    def _of_loop(self, node: Node) -> Iterator[Place]:
        loop = node.loop
        if loop is None:
            return
        outside = self._process.nodes.get(node.parent)
        around, after = self._seen(outside, self._scopes.around(node)), self._after(node)
        counted = self._after(node, LOOP_NAMES)
        yield from self._one(node, "inputCollection", loop.collection, around, ("list",))
        yield from self._one(node, "loopCardinality", loop.cardinality, around, ("number",))
        yield from self._one(node, "completionCondition", loop.completion_condition, counted, _TRUTH)
        yield from self._one(node, "outputElement", loop.output_element, after)
        for thrown in loop.throws:
            yield from self._one(node, "complexBehaviorDefinition", thrown.condition, counted, _TRUTH)
        yield from self._one(node, "loopCondition", loop.condition, after, _TRUTH)

    # --- flows, lanes, access

    def _of_flow(self, identity: str) -> Iterator[Place]:
        flow = self._process.flows[identity]
        if flow.condition is None:
            return
        source, names = self._process.nodes[flow.source], self._scopes.inside(flow.parent)
        counted = source.kind == "complexGateway"
        if counted:
            names |= GATEWAY_NAMES | set(source.incoming)
        seen = self._seen(self._process.nodes.get(flow.parent), names, counted=counted)
        yield Place(flow.id, flow.line, "conditionExpression", flow.condition, seen, _TRUTH)

    def _of_process(self) -> Iterator[Place]:
        """Who may read a datum is asked wherever it is handed in."""
        process, scopes = self._process, self._scopes
        anywhere = frozenset().union(scopes.root, *(scopes.of_node(node) for node in process.nodes.values())) | _HANDED_IN
        loose = None if scopes.open_names else Seen(anywhere, lambda _: ANY)
        root = self._seen(None, scopes.root)
        asked = [(process.id, process.line, "access of", process.access_of, root)]
        asked += [(process.id, process.line, "access from", process.access_from, root)]
        asked += [(process.id, data.line, f"{data.name} of", data.of, loose) for data in process.data.values()]
        asked += [(process.id, data.line, f"{data.name} about", data.about, loose) for data in process.data.values()]
        for node in process.nodes.values():
            seen = self._seen(node, scopes.of_node(node) | _HANDED_IN)
            asked.append((node.id, node.line, "access of", node.access_of, seen))
        for element, line, what, text, names in asked:
            if text is not None:
                yield Place(element, line, what, text, names)

    def _of_lane(self, lane: Lane) -> Iterator[Place]:
        """A lane's role is asked where its nodes stand."""
        names = self._scopes.root.union(*(self._scopes.of_node(n) for n in self._process.nodes.values() if n.lane == lane.id))
        root = self._scopes.root
        seen = None if self._scopes.open_names else Seen(names, lambda name: self._variables.of(name) if name in root else ANY)
        for what, text in (("role of", lane.of), ("role from", lane.source)):
            if text is not None:
                yield Place(lane.id, lane.line, what, text, seen)

    # --- names

    def _one(self, node: Node, what: str, text: str | None, names: Seen | None, wanted: tuple[str, ...] = ()) -> Iterator[Place]:
        if text is not None:
            yield Place(node.id, node.line, what, text, names, wanted)

    def _here(self, node: Node) -> Seen | None:
        return self._seen(node, self._scopes.of_node(node))

    def _seen(self, node: Node | None, names: frozenset[str], *, counted: bool = False, outputs: bool = False) -> Seen | None:
        if self._scopes.open_names:
            return None
        look = self._variables.in_outputs if outputs else self._variables.of

        def shape(name: str) -> Shape:
            if counted and node is not None and name in node.incoming:
                return NUMBER
            if counted and name in GATEWAY_NAMES:
                return ANY
            return look(name, node) if node is not None else self._variables.of(name)

        return Seen(names, shape)

    def _after(self, node: Node, more: frozenset[str] = frozenset()) -> Seen | None:
        """What output mappings see. A call of who knows what may bring any name."""
        called = self._world.variables(node.called.process) if node.called is not None else None
        unknown = node.called is not None and (called is None or not called.process.data)
        if self._scopes.open_names or unknown:
            return None
        names = self._scopes.of_outputs(node, called.scopes if called is not None else None) | more
        inside = node.id in self._parents

        def shape(name: str) -> Shape:
            if inside and name not in self._scopes.of_node(node):
                return self._variables.outermost(name)
            return self._variables.in_outputs(name, node)

        return Seen(names, shape)


def _marked(text: str | None) -> str | None:
    """The FEEL of a text that is FEEL only with a leading ``=``."""
    return text[1:] if text is not None and text.startswith("=") else None
