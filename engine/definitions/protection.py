"""Which classes of data (domain 2.5) protect what a node takes in and hands on. Static: expressions stay text.

What a person hands in at a node has the class of the node (cogov:access) and of the declared data it becomes. What a service or
script makes has the class of the node or, when the node has none of its own, of all protected data that go into it or come out of
it. A class written at the node is the designer's word: it may be weaker than that of the data (a redacted copy, a joint text).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions.model import FEEL, Data, Node, Process
from engine.feel import FeelSyntaxError, compile_expression

#: classes of data (domain 2.5)
ACCESS_CLASSES = ("public", "members", "party", "parties", "reporter_protected", "procurement_sealed", "staff")
#: classes that mean a committee: they need to know which
OF_A_COMMITTEE = ("members", "party")
PUBLIC = "public"
#: nodes at which something comes in from outside
_ENTRANCES = frozenset(
    {"userTask", "manualTask", "receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent", "eventBasedGateway"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A class and who alone may read (None: the class decides). `data`: the declared name it comes from; None: a node or process.
    `chosen`: what gives an instance a class of its own in the place of `access`; null: there is nothing to protect."""

    access: str
    of: FEEL | None = None
    about: FEEL | None = None
    data: str | None = None
    chosen: FEEL | None = None


def rules_of(process: Process, node: Node) -> tuple[Rule, ...]:
    """Everything a reader must satisfy to read what was handed in, or made, at this node. Empty: whoever reads the case."""
    own = Rule(access=node.access, of=node.access_of) if node.access is not None else None
    if own is not None and node.kind not in _ENTRANCES:
        return () if own.access == PUBLIC else (own,)
    names = written(node) if node.kind in _ENTRANCES else {**written(node), **mentioned(node)}
    found = [own] if own is not None and own.access != PUBLIC else []
    bound = node.form or (node.action.form if node.action else None)
    for data in process.data.values():
        if data.name in names or (bound is not None and data.form == bound):
            rule = rule_of(process, data)
            found += [rule] if rule is not None else []
    whole = case_rule(process)
    return tuple(found) if found or whole is None or own is not None else (whole,)


def rule_of(process: Process, data: Data) -> Rule | None:
    """The protection of a declared variable that differs from that of the case; None: whoever reads the case."""
    access = data.access or process.access
    if data.of is None and (access in (process.access, PUBLIC)):
        return None
    return Rule(access=access, of=data.of, about=data.about, data=data.name)


def case_rule(process: Process) -> Rule | None:
    """The class of the case itself where it is kept for some; None: who may open the case reads it."""
    if process.access in OF_A_COMMITTEE or process.access_of is not None or process.access_from is not None:
        return Rule(access=process.access, of=process.access_of, chosen=process.access_from)
    return None


def protected(process: Process) -> dict[str, Rule]:
    """Declared names with a protection of their own."""
    found = {name: rule_of(process, data) for name, data in process.data.items()}
    return {name: rule for name, rule in found.items() if rule is not None}


def written(node: Node) -> dict[str, None]:
    """Variables that the result of the node becomes."""
    names = dict.fromkeys(mapping.target.partition(".")[0] for mapping in node.outputs)
    if node.loop is not None and node.loop.output_collection:
        names[node.loop.output_collection] = None
    if node.result_variable:
        names[node.result_variable] = None
    return names


def mentioned(node: Node) -> dict[str, None]:
    """Variables that the node reads: its inputs, script and message."""
    texts = [mapping.source for mapping in node.inputs] + ([node.script] if node.script else [])
    return dict.fromkeys(name for text in texts for name in names_in(text))


def origins(process: Process, node: str, names: Iterable[str]) -> dict[str, None]:
    """The names with those that inputs and loops of the node and of what is around it made them of."""
    made: dict[str, list[FEEL]] = {}
    at = process.nodes.get(node)
    while at is not None:
        for mapping in at.inputs:
            made.setdefault(mapping.target.partition(".")[0], []).append(mapping.source)
        if at.loop is not None and at.loop.element and at.loop.collection:
            made.setdefault(at.loop.element, []).append(at.loop.collection)
        at = process.nodes.get(at.parent)
    found, pending = dict[str, None](), list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = None
            pending += [read for text in made.get(name, ()) for read in names_in(text)]
    return found


@lru_cache(maxsize=20_000)
def names_in(text: FEEL) -> tuple[str, ...]:
    """Variables an expression reads; none when it does not parse (that is a finding of its own)."""
    try:
        return tuple(sorted(compile_expression(text).names))
    except FeelSyntaxError:
        return ()


def disclosures(process: Process, node: Node) -> Iterator[tuple[str, Rule]]:
    """(input target, rule) for protected data that the node's inputs hand to whoever does it."""
    known = protected(process)
    for mapping in node.inputs:
        for name in names_in(mapping.source):
            if name in known:
                yield mapping.target, known[name]
