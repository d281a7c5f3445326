"""Walks a syntax tree with the shapes of its names: what it gives, and what in it can never mean anything.

Generous on purpose: what cannot be known is ANY, and ANY fits everywhere. What is found is certainly wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from engine.feel import nodes
from engine.feel.builtins import BUILTINS
from engine.feel.inference import functions
from engine.feel.inference.doubts import Doubt
from engine.feel.inference.functions import Signature
from engine.feel.inference.literals import wrong_pattern
from engine.feel.inference.samples import combined, comparable, negated, part_of
from engine.feel.inference.scope import Names
from engine.feel.inference.shapes import (
    ANY,
    BOOLEAN,
    NULL,
    NUMBER,
    TEXT,
    Shape,
    context_of,
    join,
    list_of,
    names_of,
    of_type,
    of_value,
)
from engine.feel.inference.spelling import nearest
from engine.feel.parts import PARTS
from engine.feel.temporal import parse_duration

INPUT = "?"
_RANGE_PARTS: dict[str, Callable[[Shape], Shape]] = {
    "start": lambda shape: shape.item or ANY,
    "end": lambda shape: shape.item or ANY,
    "start included": lambda _: BOOLEAN,
    "end included": lambda _: BOOLEAN,
}
#: functions of numbers in a list, and of texts in one: null as soon as the list holds another kind
_OF_NUMBERS = frozenset({"sum", "mean", "product", "median", "stddev", "mode"})
_OF_TEXTS = frozenset({"string join"})


class Inference:
    """One expression. `doubts` are in the order in which they were met."""

    def __init__(self, names: Mapping[str, Shape], own: Mapping[str, Signature]) -> None:
        self._names = Names(names)
        self._own = own
        self._lenient = 0
        self.doubts: list[Doubt] = []

    def of(self, node: nodes.Node) -> Shape:
        """The shape of the node's value."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node) if method is not None else ANY

    def tests(self, tests: nodes.Tests, value: Shape) -> None:
        """Unary tests of a cell whose input has the shape `value`."""
        with self._bound({INPUT: value}):
            for test in tests.tests:
                self._test(test, value)

    def must_be(self, node: nodes.Node, shape: Shape, kinds: Collection[str], kind: str = "result") -> None:
        """Doubt a value of another kind than its place takes."""
        if shape.known and shape.kind not in kinds:
            self._doubt(kind, node, found=shape, wanted=tuple(kinds))

    # --- names

    @contextmanager
    def _bound(self, names: Mapping[str, Shape], *, loose: bool = False) -> Iterator[None]:
        around = self._names
        self._names = Names(names, around, loose=loose)
        yield
        self._names = around

    @contextmanager
    def _unsure(self) -> Iterator[None]:
        """What is found inside is not said: it may never be evaluated."""
        kept = list(self.doubts)
        yield
        self.doubts = kept

    def _doubt(self, kind: str, node: nodes.Node, **facts: Any) -> None:
        self.doubts.append(Doubt(kind, node.position, **facts))

    def _name(self, node: nodes.Name) -> Shape:
        found = self._names.find(node.name)
        if found is None:
            if not self._lenient:
                known = self._names.all()
                self._doubt("name", node, name=node.name, near=tuple(nearest(node.name, known)), known=tuple(sorted(known)))
            return ANY
        return found

    def _path(self, node: nodes.Path) -> Shape:
        return self._part(node, self.of(node.base))

    def _part(self, node: nodes.Path, base: Shape) -> Shape:
        if base.kind == "list":
            return list_of(self._part(node, base.item or ANY))
        if not base.known or base.kind == "function":
            return ANY
        if base.kind == "context":
            found = base.entry(node.name)
        elif base.kind == "range":
            part = _RANGE_PARTS.get(node.name)
            found = part(base) if part else None
        else:
            read = PARTS.get(base.kind, {}).get(node.name)
            found = part_of(base.kind, read) if read else None
        if found is None and self._lenient:
            return ANY
        if found is None:
            entries = tuple(names_of(base)) or tuple(PARTS.get(base.kind, ()))
            self._doubt("path", node, name=node.name, found=base, near=tuple(nearest(node.name, entries)), known=entries)
            return ANY
        return found

    def _filter(self, node: nodes.Filter) -> Shape:
        base = functions.as_list(self.of(node.base))
        item = functions.item_of(base)
        if isinstance(node.condition, nodes.Literal | nodes.Negation):
            index = self.of(node.condition)
            return item if index.kind == "number" else list_of(item)
        entries = dict(item.entries or {}) if item.kind == "context" else {}
        loose = item.kind == "Any" or (item.kind == "context" and (item.entries is None or item.open))
        with self._bound({"item": item, **entries}, loose=loose):
            index = self.of(node.condition)
            self.must_be(node.condition, index, ("boolean", "number"), "condition")
        if index.kind == "number":
            return item
        return list_of(item) if index.kind == "boolean" else ANY

    # --- operators

    def _literal(self, node: nodes.Literal) -> Shape:
        return of_value(node.value)

    def _negation(self, node: nodes.Negation) -> Shape:
        operand = self.of(node.operand)
        found = negated(operand)
        if found is None:
            self._doubt("arithmetic", node, name="-", found=operand)
        return found or ANY

    def _arithmetic(self, node: nodes.Arithmetic) -> Shape:
        left = self.of(node.first)
        for operator, operand in node.rest:
            right = self.of(operand)
            found = combined(operator, left, right)
            if found is None:
                self._doubt("arithmetic", operand, name=operator, found=left, other=right)
            left = found or ANY
        return left

    def _comparison(self, node: nodes.Comparison) -> Shape:
        self._compare(node, node.operator, self.of(node.left), self.of(node.right))
        return BOOLEAN

    def _compare(self, node: nodes.Node, operator: str, left: Shape, right: Shape) -> None:
        if not comparable(operator, left, right):
            self._doubt("compare", node, name=operator, found=left, other=right)

    def _between(self, node: nodes.Between) -> Shape:
        value = self.of(node.value)
        self._compare(node.low, ">=", value, self.of(node.low))
        self._compare(node.high, "<=", value, self.of(node.high))
        return BOOLEAN

    def _logic(self, node: nodes.Logic) -> Shape:
        with self._narrowed(node.operands):
            for operand in node.operands:
                self.must_be(operand, self.of(operand), ("boolean",), "condition")
        return BOOLEAN

    def _in(self, node: nodes.In) -> Shape:
        value = self.of(node.value)
        with self._bound({INPUT: value}):
            for test in node.tests:
                self._test(test, value)
        return BOOLEAN

    def _test(self, test: nodes.Node, value: Shape) -> None:
        wanted = self.of(test)
        if isinstance(test, nodes.RangeOf):
            operator = "=" if test.operator in ("=", "!=") else "<="
            self._compare(test, operator, value, wanted.item or ANY)
        elif wanted.kind not in ("boolean", "list", "range", "function") and value.kind != "list":
            self._compare(test, "=", value, wanted)

    def _instanceof(self, node: nodes.InstanceOf) -> Shape:
        self.of(node.value)
        return BOOLEAN

    # --- control

    def _if(self, node: nodes.If) -> Shape:
        condition = self.of(node.condition)
        self.must_be(node.condition, condition, ("boolean",), "condition")
        with self._narrowed((node.condition,)):
            return join(self.of(node.then), self.of(node.otherwise))

    @contextmanager
    def _narrowed(self, conditions: Sequence[nodes.Node]) -> Iterator[None]:
        """Where a kind is asked for, the rest is for values that have it: the name that was asked about may be anything there."""
        asked = [value for condition in conditions for value in _asked_about(condition)]
        if not asked:
            yield
        elif all(isinstance(value, nodes.Name) for value in asked):
            known = [value.name for value in asked if isinstance(value, nodes.Name) and self._names.find(value.name) is not None]
            with self._bound(dict.fromkeys(known, ANY)):
                yield
        else:
            with self._unsure():
                yield

    @contextmanager
    def _iterated(self, iterators: Sequence[nodes.Iterator], more: Mapping[str, Shape]) -> Iterator[None]:
        before = self._names
        for iterator in iterators:
            self._names = Names({iterator.name: self._round(iterator)}, self._names)
        self._names = Names(more, self._names)
        yield
        self._names = before

    def _round(self, iterator: nodes.Iterator) -> Shape:
        """What the iterator's name is in one round."""
        domain = self.of(iterator.domain)
        if iterator.end is not None:
            end = self.of(iterator.end)
            self.must_be(iterator.domain, domain, ("number", "date"))
            self._compare(iterator.end, "<=", domain, end)
            return domain
        if domain.kind in ("list", "range"):
            return domain.item or ANY
        return domain if domain.known else ANY

    def _for(self, node: nodes.For) -> Shape:
        with self._iterated(node.iterators, {"partial": list_of()}):
            return list_of(self.of(node.body))

    def _quantified(self, node: nodes.Quantified) -> Shape:
        with self._iterated(node.iterators, {}):
            self.must_be(node.condition, self.of(node.condition), ("boolean",), "condition")
        return BOOLEAN

    # --- values made of others

    def _listof(self, node: nodes.ListOf) -> Shape:
        found = [self.of(item) for item in node.items]
        return list_of(join(*found)) if found else list_of()

    def _contextof(self, node: nodes.ContextOf) -> Shape:
        entries: dict[str, Shape] = {}
        with self._bound(entries):
            for name, value in node.entries:
                if isinstance(value, nodes.Function):
                    entries[name] = Shape("function", result=ANY)
                entries[name] = self.of(value)
        return context_of(entries)

    def _rangeof(self, node: nodes.RangeOf) -> Shape:
        start = self.of(node.start) if node.start is not None else NULL
        end = self.of(node.end) if node.end is not None else NULL
        if node.operator is None and node.start is not None and node.end is not None:
            self._compare(node, "<=", start, end)
        found = join(start, end)
        return Shape("range", item=ANY if found.kind == "null" else found)

    def _function(self, node: nodes.Function) -> Shape:
        with self._bound({name: of_type(kind) for name, kind in node.parameters}):
            return Shape("function", result=self.of(node.body))

    # --- calls

    def _call(self, node: nodes.Call) -> Shape:
        if not isinstance(node.function, nodes.Name) or self._names.bound(node.function.name):
            called = self.of(node.function)
            for argument in node.arguments:
                self.of(argument)
            return called.result or ANY if called.kind == "function" else ANY
        name = node.function.name
        if name in ("get or else", "is defined"):
            return self._lenient_call(node, name)
        arguments = [self.of(argument) for argument in node.arguments]
        known = self._names.find(name)
        if known is not None and known.kind == "function":
            return known.result or ANY
        if self._names.given(name):
            return ANY
        if name in BUILTINS:
            return self._builtin_call(node, name, arguments)
        if name in self._own:
            return self._own_call(node, self._own[name], arguments)
        self._doubt("function", node.function, name=name, near=tuple(nearest(name, (*BUILTINS, *self._own))))
        return ANY

    def _lenient_call(self, node: nodes.Call, name: str) -> Shape:
        self._lenient += 1
        value = self.of(node.arguments[0])
        self._lenient -= 1
        if name == "is defined":
            return BOOLEAN
        return join(value, *(self.of(argument) for argument in node.arguments[1:]))

    def _builtin_call(self, node: nodes.Call, name: str, arguments: list[Shape]) -> Shape:
        ways = functions.callable_ways(BUILTINS[name], len(arguments), node.names)
        given = arguments
        if node.names is not None:
            given = [ANY if place is None else arguments[place] for place in (ways[0][1] or [])] if len(ways) == 1 else []
        if node.names is None or len(ways) == 1:
            self._arguments(node, name, [overload.parameters for overload, _ in ways], given)
        self._items(node, name, given)
        if (wrong := wrong_pattern(node, name)) is not None:
            self._doubt("pattern", wrong[0], name=name, parameter=wrong[1])
        entry = self._entry(node, name, given) or self._written_out(node, name)
        return entry or functions.result(BUILTINS[name], [overload for overload, _ in ways], given)

    def _own_call(self, node: nodes.Call, signature: Signature, arguments: list[Shape]) -> Shape:
        if node.names is None:
            if signature.takes(len(arguments)):
                self._arguments(node, signature.name, [signature.parameters], arguments)
            else:
                self._doubt("argument", node, name=signature.name, known=(signature.shown(),))
        return signature.result

    def _arguments(self, node: nodes.Call, name: str, ways: Sequence[tuple[Any, ...]], given: Sequence[Shape]) -> None:
        found = functions.misfit(ways, given)
        if found is not None:
            place = node.arguments[found.index] if node.names is None else node
            wanted = tuple(sorted(found.parameter.kinds))
            self._doubt("argument", place, name=name, parameter=found.parameter.name, found=given[found.index], wanted=wanted)

    def _items(self, node: nodes.Call, name: str, given: Sequence[Shape]) -> None:
        """``sum(names)``: the list is one, what it holds is not."""
        wanted = NUMBER if name in _OF_NUMBERS else TEXT if name in _OF_TEXTS else None
        if wanted is None or not given:
            return
        for place, argument in enumerate(given if wanted is NUMBER else given[:1]):
            item = functions.item_of(argument)
            if item.known and item.kind != wanted.kind and node.names is None:
                self._doubt("argument", node.arguments[place], name=name, parameter="list", found=list_of(item), wanted=(wanted.kind,))

    def _written_out(self, node: nodes.Call, name: str) -> Shape | None:
        """``duration("P14D")``: the text says which of the two kinds it is."""
        if name != "duration" or len(node.arguments) != 1 or not isinstance(node.arguments[0], nodes.Literal):
            return None
        text = node.arguments[0].value
        return of_value(parse_duration(text)) if isinstance(text, str) else None

    def _entry(self, node: nodes.Call, name: str, given: Sequence[Shape]) -> Shape | None:
        """``get value(x, "key")`` and ``context put(x, "key", v)`` where the key is written out."""
        if node.names is not None or len(node.arguments) < 2 or name not in ("get value", "context put"):
            return None
        key = node.arguments[1]
        if not isinstance(key, nodes.Literal) or not isinstance(key.value, str) or given[0].kind != "context":
            return None
        if name == "get value":
            return given[0].entry(key.value) or ANY
        if given[0].entries is None or len(given) < 3:
            return None
        return context_of({**given[0].entries, key.value: given[2]}, open=given[0].open)


def _asked_about(node: nodes.Node) -> list[nodes.Node]:
    """Values of which the condition asks the kind."""
    match node:
        case nodes.InstanceOf(value=value):
            return [value]
        case nodes.Logic(operands=operands):
            return [value for operand in operands for value in _asked_about(operand)]
        case nodes.Call(arguments=arguments):
            return [value for argument in arguments for value in _asked_about(argument)]
    return []
