"""The shapes of a process's variables: what all who write a name agree upon, else any.

A variable has the shape of its writers: output mappings, results, loops, forms of steps that map nothing. Where something may write
it that nothing is known of (a message without mappings, a call that hands back everything), it may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.definitions.checks.scopes import LOOP_NAMES, Scopes, first
from engine.definitions.model import FEEL, Node, Process
from engine.definitions.scope.forms import FACTS
from engine.definitions.scope.functions import OWN_FUNCTIONS
from engine.feel import FeelSyntaxError
from engine.feel.inference import ANY, NUMBER, TEXT, Shape, context_of, infer, join, list_of

if TYPE_CHECKING:
    from engine.definitions.scope.world import World

Writer = Callable[[], Shape]

_FACTS: Mapping[str, Shape] = {"starter": TEXT, "number": TEXT, "area": TEXT}
_BRINGS = frozenset({"message", "signal", "error", "escalation"})


class Seen(Mapping[str, Shape]):
    """Names in scope at one place; a shape is worked out when it is asked for."""

    def __init__(self, names: frozenset[str], shape: Callable[[str], Shape]) -> None:
        self.names = names
        self._shape = shape

    def __getitem__(self, name: str) -> Shape:
        if name not in self.names:
            raise KeyError(name)
        return self._shape(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Variables:
    """Shapes of one process. Ask `seen` for the names at a place."""

    def __init__(self, world: World, process: Process) -> None:
        self.process = process
        self.scopes = Scopes.of(process)
        self._world = world
        self._memo: dict[str, Shape] = {}
        self._busy: set[str] = set()
        self._anything = False
        self._writers: dict[str, list[Writer]] = {}
        for node in process.nodes.values():
            self._read(node)

    def seen(self, node: Node | None, names: frozenset[str]) -> Seen:
        """`names` as they are where the node stands; None: in the outermost scope."""
        return Seen(names, lambda name: self.of(name, node))

    def anywhere(self) -> Seen | None:
        """Names that exist at some place of the process; None: any name may."""
        if self.scopes.open_names:
            return None
        names = self.scopes.root.union(*(self.scopes.of_node(node) for node in self.process.nodes.values()))
        local = {first(mapping.target) for node in self.process.nodes.values() for mapping in node.inputs}
        elements = {node.loop.element for node in self.process.nodes.values() if node.loop is not None}
        return Seen(names, lambda name: self.outermost(name) if name not in local | elements | LOOP_NAMES else ANY)

    def of(self, name: str, node: Node | None = None) -> Shape:
        """The shape of a name at a node."""
        if node is not None:
            payload = self._payload(name, node)
            if payload is not None:
                return payload
            local = self._local(name, node)
            if local is not None:
                return join(local, self.outermost(name)) if name in self._writers else local
        return self.outermost(name)

    def outermost(self, name: str) -> Shape:
        if name in _FACTS:
            return _FACTS[name]
        if name == "codes":
            return self._world.codes
        if name not in self._memo:
            if name in self._busy:
                return ANY
            self._busy.add(name)
            self._memo[name] = self._joined(name)
            self._busy.discard(name)
        return self._memo[name]

    def _joined(self, name: str) -> Shape:
        """A declared form says what a datum is, also where it comes from outside; who writes something else widens it."""
        declared = self._declared(name)
        if name in self.process.stores or name in self.process.locals or (self._anything and declared is None):
            return ANY
        found = [*([declared] if declared is not None else []), *(writer() for writer in self._writers.get(name, ()))]
        return join(*found) if found else ANY

    def _declared(self, name: str) -> Shape | None:
        data = self.process.data.get(name)
        found = self._world.submission(data.form) if data is not None and data.form else ANY
        return found if found.known else None

    # --- who writes what

    def _read(self, node: Node) -> None:
        for mapping in node.outputs:
            self._write(mapping.target, lambda mapping=mapping: self._of_output(mapping.source, node))  # type: ignore[misc]
        if node.result_variable and not node.outputs:
            self._write(node.result_variable, lambda: self.result(node))
        loop = node.loop
        if loop is not None and loop.output_collection:
            self._write(loop.output_collection, lambda: list_of(self._of_output(loop.output_element, node)))
        if not node.outputs:
            self._spilled(node)

    def _write(self, target: str, writer: Writer) -> None:
        name, *path = target.split(".")
        self._writers.setdefault(name, []).append(_inside(path, writer))

    def _spilled(self, node: Node) -> None:
        """What a node brings without mapping it: a form its fields, anything else who knows what."""
        starts = node.kind == "startEvent" and (not node.events or bool(_BRINGS & {event.kind for event in node.events}))
        if starts and node.parent != self.process.id and not node.events:
            return
        catches = node.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask") and (
            node.message is not None or bool(_BRINGS & {event.kind for event in node.events})
        )
        calls = node.called is not None and node.called.propagate_child
        if node.kind == "userTask" or starts:
            shape = self._world.form(node.form)
            if shape is not None and shape.entries is not None:
                for name, entry in shape.entries.items():
                    self._writers.setdefault(name, []).append(lambda entry=entry: entry)  # type: ignore[misc]
                return
            # a start by hand gives what is declared; a datum that the process writes itself is given as it writes it
            self._anything = self._anything or node.kind == "userTask" or bool(node.events)
        elif catches or calls:
            self._anything = True

    def _of_output(self, source: FEEL | None, node: Node) -> Shape:
        called = self._world.variables(node.called.process) if node.called is not None else None
        names = self.scopes.of_outputs(node, called.scopes if called is not None else None)
        return self._inferred(source, Seen(names, lambda name: self.in_outputs(name, node)))

    def _inferred(self, source: FEEL | None, seen: Mapping[str, Shape]) -> Shape:
        if source is None or source.startswith(("${", "#{")):
            return ANY
        try:
            return infer(source, seen, functions=OWN_FUNCTIONS).shape
        except (FeelSyntaxError, RecursionError):  # said elsewhere
            return ANY

    # --- what a node sees that others do not

    def in_outputs(self, name: str, node: Node) -> Shape:
        """As `of`, for output mappings: what the node brought, and the variables of what it called."""
        if name == "result" or name == node.result_variable:
            return self.result(node)
        if node.called is not None and name not in self.scopes.of_node(node):
            called = self._world.variables(node.called.process)
            return called.outermost(name) if called is not None and name in called.scopes.root else ANY
        return self.of(name, node)

    def result(self, node: Node) -> Shape:
        """What a script, decision or service gives."""
        if node.script is not None:
            return self._inferred(node.script, self.seen(node, self.scopes.of_node(node)))
        if node.decision is not None:
            return self._world.decision(node.decision)
        service = self._world.services.get(node.service or "")
        return service.result if service is not None else ANY

    def _payload(self, name: str, node: Node) -> Shape | None:
        if name == "form":
            return self._world.submission(node.form)
        if name == "message" and node.action is not None and node.action.form is not None:
            found = self._world.submission(node.action.form)
            return context_of(found.entries, open=True)  # a machine may send more (conventions 2)
        return ANY if name in _BRINGS or name == "result" else None

    def _local(self, name: str, node: Node) -> Shape | None:
        """Of the nearest scope around the node that has the name of its own: inputs, the element of a loop."""
        here: Node | None = node
        while here is not None:
            found = self._own(name, here)
            if found is not None:
                return found
            here = self.process.nodes.get(here.attached_to or here.parent)
        return None

    def _own(self, name: str, node: Node) -> Shape | None:
        if any(first(mapping.target) == name for mapping in node.inputs):
            return self._of_inputs(name, node)
        return self._of_loop(name, node)

    def _of_loop(self, name: str, node: Node) -> Shape | None:
        if node.loop is not None and name == node.loop.element:
            collection = self._inferred(node.loop.collection, self.seen(self._outside(node), self.scopes.around(node)))
            return (collection.item or ANY) if collection.kind == "list" else ANY
        if node.loop is not None and name in LOOP_NAMES:
            return NUMBER
        return ANY if name in node.locals else None

    def _of_inputs(self, name: str, node: Node) -> Shape:
        key = f"{node.id} {name}"
        if key not in self._memo:
            if key in self._busy:
                return ANY
            self._busy.add(key)
            found = [self._input(at, node) for at, mapping in enumerate(node.inputs) if first(mapping.target) == name]
            self._memo[key] = join(*found)
            self._busy.discard(key)
        return self._memo[key]

    def _input(self, index: int, node: Node) -> Shape:
        mapping = node.inputs[index]
        return _inside(mapping.target.split(".")[1:], lambda: self._inferred(mapping.source, self.at_input(index, node)))()

    def at_input(self, index: int, node: Node) -> Seen:
        """Inputs are evaluated in order: what no earlier one made is what it is outside, ``clauses`` in ``source="=clauses"`` too."""
        made = {first(mapping.target) for mapping in node.inputs[:index]}
        return Seen(self.scopes.of_inputs(node), lambda name: self.of(name, node) if name in made else self._before_inputs(name, node))

    def _before_inputs(self, name: str, node: Node) -> Shape:
        found = self._of_loop(name, node)
        if found is not None:
            return found
        outside = self._outside(node)
        return self.of(name, outside) if outside is not None else self.outermost(name)

    def _outside(self, node: Node) -> Node | None:
        return self.process.nodes.get(node.attached_to or node.parent)


def _inside(path: list[str], writer: Writer) -> Writer:
    """A write to a member makes a context that may have others."""
    if not path:
        return writer

    def written() -> Shape:
        shape = writer()
        for name in reversed(path):
            shape = context_of({name: shape}, open=True)
        return shape

    return written


def submission(form: Shape | None) -> Shape:
    """A submission with who handed it in."""
    return ANY if form is None or form.entries is None else context_of({**form.entries, **FACTS})
