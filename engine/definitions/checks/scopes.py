"""Which variable names an expression may use at each place (conventions 3).

Generous on purpose: an output of any node of the scope counts, whether or not it ran before. What is reported is certainly wrong.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from engine.definitions.model import Node, Process

#: set by the engine, or reserved (conventions 3.4)
ROOT_NAMES = frozenset({"starter", "number", "area", "codes"})
#: of the body of a multi-instance or loop
LOOP_NAMES = frozenset(
    {"loopCounter", "numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances", "numberOfTerminatedInstances"}
)
#: of a complex gateway, beside the ids of its incoming flows
GATEWAY_NAMES = frozenset({"activationCount", "waitingForStart"})
_PAYLOADS = frozenset({"message", "signal", "error", "escalation"})


def first(target: str) -> str:
    """The variable of a dotted target."""
    return target.partition(".")[0]


@dataclass(slots=True)
class Scopes:
    """Names by place of one process. `open_names` is True when names can come from anywhere: then none is wrong."""

    process: Process
    root: frozenset[str]
    open_names: bool
    _inside: dict[str, frozenset[str]] = field(default_factory=dict)
    _written: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, process: Process) -> Scopes:
        """A process that declares no data (files of other tools) takes any variable."""
        written: dict[str, set[str]] = defaultdict(set)
        for node in process.nodes.values():
            written[node.parent] |= _writes(node)
        root = ROOT_NAMES | process.data.keys() | set(process.locals) | process.stores.keys() | written[process.id]
        for scope, names in written.items():  # what no inner scope declares goes up to the process
            if scope != process.id:
                root |= names
        scopes = cls(process, frozenset(root), open_names=not process.data)
        scopes._written = written
        return scopes

    def around(self, node: Node) -> frozenset[str]:
        """Names visible where the node stands."""
        return self.inside(node.parent)

    def inside(self, scope: str) -> frozenset[str]:
        """Names visible inside the process or sub-process `scope`."""
        if scope == self.process.id:
            return self.root
        if scope not in self._inside:
            chain = []
            at = scope
            while at != self.process.id and at not in self._inside:
                chain.append(self.process.nodes[at])
                at = self.process.nodes[at].parent
            names = self._inside.get(at, self.root)
            for node in reversed(chain):
                names = names | _locals(node) | self._written.get(node.id, set())
                self._inside[node.id] = names
        return self._inside[scope]

    def of_node(self, node: Node) -> frozenset[str]:
        """Names visible to the node itself: assignment, script, deadline, records."""
        host = self.process.nodes.get(node.attached_to or "")
        return self.around(node) | _locals(node) | (_locals(host) if host is not None else frozenset())

    def of_inputs(self, node: Node) -> frozenset[str]:
        """Inputs are evaluated in order; each may use the ones before it."""
        return self.of_node(node)

    def of_outputs(self, node: Node, called: Scopes | None) -> frozenset[str]:
        """Output mappings also see what the node brought: form, result, message, the variables of a called process."""
        names = self.of_node(node) | {"form", "result"} | _PAYLOADS
        if node.result_variable:
            names |= {node.result_variable}
        if node.id in {child.parent for child in self.process.nodes.values()}:
            names |= self.inside(node.id)
        return names | called.root if called is not None else names


def _locals(node: Node) -> frozenset[str]:
    names = {first(mapping.target) for mapping in node.inputs} | set(node.locals)
    if node.loop is not None:
        names |= LOOP_NAMES
        if node.loop.element:
            names.add(node.loop.element)
    return frozenset(names)


def _writes(node: Node) -> set[str]:
    """Names that the node writes into the scope around it."""
    names = {first(mapping.target) for mapping in node.outputs}
    if node.loop is not None and node.loop.output_collection:
        names.add(node.loop.output_collection)
    if node.result_variable and not node.outputs:
        names.add(node.result_variable)
    return names
