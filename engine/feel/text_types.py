"""The type that the text of an expression alone tells."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.kinds import kind_of
from engine.feel.types import ANY, Type

#: contexts and lists inside each other that are looked into
_DEEPEST = 10


def type_of_text(node: nodes.Node, nesting: int = 0) -> Type | None:
    """The type of a literal, a list, context or function of such; None when it is only known when it runs."""
    if nesting > _DEEPEST:
        return None
    if isinstance(node, nodes.Literal):
        return Type(kind_of(node.value))
    if isinstance(node, nodes.ContextOf):
        return Type("context", entries=tuple((name, type_of_text(value, nesting + 1) or ANY) for name, value in node.entries))
    if isinstance(node, nodes.ListOf):
        kinds = {type_of_text(item, nesting + 1) or ANY for item in node.items}
        return Type("list", item=kinds.pop() if len(kinds) == 1 else ANY)
    if isinstance(node, nodes.Function):
        return Type("function", parameters=tuple(kind for _, kind in node.parameters), result=type_of_text(node.body, nesting + 1))
    return None
