"""Syntax tree → closures over a Scope. What can be decided once (names, built-ins, constants) is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from engine.feel import arithmetic, loops, nodes, runtime
from engine.feel.environment import Scope
from engine.feel.errors import FeelSyntaxError
from engine.feel.kinds import ORDER, PLAIN_ORDER, FunctionValue, compare, equal, kind_of, truth_and, truth_or
from engine.feel.limits import LimitReached
from engine.feel.name_compiler import Code, NameCompiler, Names
from engine.feel.notices import no_order
from engine.feel.text_types import type_of_text
from engine.feel.types import converted

#: (scope in which "?" is the value, the value) → passed?
Test = Callable[[Scope, Any], bool | None]

INPUT = "?"


def _comparison(sign: str, left: Code, right: Code, position: int) -> Code:
    ordered = ORDER[sign]

    def comparison(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        kind = type(first)
        if kind is type(second) and kind in PLAIN_ORDER:
            return ordered(first, second)
        result = compare(sign, first, second)
        if result is None:
            no_order(sign, first, second, position, scope.run)
        return result

    return comparison


class Compiler(NameCompiler):
    """Compiles one text."""

    def _literal(self, node: nodes.Literal) -> Code:
        value = node.value
        return lambda _: value

    # --- operators

    def _negation(self, node: nodes.Negation) -> Code:
        if isinstance(node.operand, nodes.Literal):
            value = arithmetic.negate(node.operand.value)
            return lambda _: value
        operand = self.compile(node.operand)
        return lambda scope: arithmetic.negate(operand(scope))

    def _arithmetic(self, node: nodes.Arithmetic) -> Code:
        first = self.compile(node.first)
        rest = tuple((operator, self.compile(operand)) for operator, operand in node.rest)
        apply = arithmetic.apply
        if len(rest) == 1:
            return self._binary(node, first, *rest[0])

        position = node.position

        def chain(scope: Scope) -> Any:
            result = first(scope)
            for operator, operand in rest:
                result = apply(operator, result, operand(scope), scope.run)
            if result is None:
                scope.run.place(position)
            return result

        return self._placed(node, chain)

    @staticmethod
    def _binary(node: nodes.Arithmetic, first: Code, operator: str, second: Code) -> Code:
        apply, position = arithmetic.apply, node.position

        def binary(scope: Scope) -> Any:
            try:
                result = apply(operator, first(scope), second(scope), scope.run)
            except LimitReached as error:
                error.place(position)
                raise
            if result is None:
                scope.run.place(position)
            return result

        return binary

    def _comparison(self, node: nodes.Comparison) -> Code:
        left, right, operator = self.compile(node.left), self.compile(node.right), node.operator
        if operator in ("=", "!="):
            return self._equality(node, left, right)
        return _comparison(operator, left, right, node.position)

    @staticmethod
    def _equality(node: nodes.Comparison, left: Code, right: Code) -> Code:
        position, wanted = node.position, node.operator == "="

        def equality(scope: Scope) -> bool | None:
            try:
                first, second = left(scope), right(scope)
                same = equal(first, second, scope.run)
            except LimitReached as error:
                error.place(position)
                raise
            if same is None:
                no_order("=", first, second, position, scope.run)
                return None
            return same is wanted

        return equality

    def _between(self, node: nodes.Between) -> Code:
        value, low, high = self.compile(node.value), self.compile(node.low), self.compile(node.high)

        def between(scope: Scope) -> bool | None:
            it = value(scope)
            return truth_and((compare(">=", it, low(scope)), compare("<=", it, high(scope))))

        return between

    def _logic(self, node: nodes.Logic) -> Code:
        operands = tuple(self.compile(operand) for operand in node.operands)
        decisive: bool = node.operator == "or"

        def logic(scope: Scope) -> bool | None:
            unknown = False
            for operand in operands:
                value = operand(scope)
                if isinstance(value, bool):
                    if value == decisive:
                        return decisive
                else:
                    unknown = True
            return None if unknown else not decisive

        return logic

    def _in(self, node: nodes.In) -> Code:
        value = self.compile(node.value)
        with self._bound(INPUT):
            tests = tuple(self.test(test) for test in node.tests)

        def within(scope: Scope) -> bool | None:
            it = value(scope)
            inner = Scope({INPUT: it}, scope, scope.run)
            return truth_or([test(inner, it) for test in tests])

        return within

    def _instanceof(self, node: nodes.InstanceOf) -> Code:
        value, kind = self.compile(node.value), node.type
        return lambda scope: kind.has(value(scope), scope.run)

    # --- control

    def _if(self, node: nodes.If) -> Code:
        condition, then, otherwise = self.compile(node.condition), self.compile(node.then), self.compile(node.otherwise)
        position = node.position

        def choice(scope: Scope) -> Any:
            found = condition(scope)
            if found is True:
                return then(scope)
            if found is not False:
                scope.run.note("condition", value=kind_of(found))
                scope.run.place(position)
            return otherwise(scope)

        return choice

    @contextmanager
    def _iterators(self, iterators: Sequence[nodes.Iterator], *more: str) -> Iterator[tuple[list[loops.Binding], Names]]:
        """Each iterator opens a scope, so that later ones see the earlier ones."""
        opened = len(self._scopes)
        bindings: list[loops.Binding] = []
        names = Names(())
        for iterator in iterators:
            domain = self.compile(iterator.domain)
            end = self.compile(iterator.end) if iterator.end else None
            bindings.append(loops.Binding(iterator.name, domain, end))
            names = Names((iterator.name,))
            self._scopes.append(names)
        names.names.update(more)
        yield bindings, names
        del self._scopes[opened:]

    def _for(self, node: nodes.For) -> Code:
        with self._iterators(node.iterators, "partial") as (bindings, names):
            body = self.compile(node.body)
        reads_partial = "partial" in names.read
        return self._placed(node, lambda scope: loops.loop(bindings, body, reads_partial, scope))

    def _quantified(self, node: nodes.Quantified) -> Code:
        with self._iterators(node.iterators) as (bindings, _):
            condition = self.compile(node.condition)
        decisive = node.quantifier == "some"
        return self._placed(node, lambda scope: loops.quantified(bindings, condition, decisive, scope))

    # --- values made of others

    def _listof(self, node: nodes.ListOf) -> Code:
        items = tuple(self.compile(item) for item in node.items)
        return lambda scope: [item(scope) for item in items]

    def _contextof(self, node: nodes.ContextOf) -> Code:
        entries: list[tuple[str, Code]] = []
        with self._bound() as names:
            for name, value in node.entries:
                if isinstance(value, nodes.Function):  # a function may call itself
                    names.names.add(name)
                entries.append((name, self.compile(value)))
                names.names.add(name)

        def context(scope: Scope) -> dict[str, Any]:
            values: dict[str, Any] = {}
            inner = Scope(values, scope, scope.run)
            for name, value in entries:
                values[name] = value(inner)
            return values

        return context

    def _rangeof(self, node: nodes.RangeOf) -> Code:
        start = self.compile(node.start) if node.start else None
        end = self.compile(node.end) if node.end else None
        return lambda scope: runtime.make_range(
            start(scope) if start else None, end(scope) if end else None, node.start_included, node.end_included, node.operator
        )

    def _function(self, node: nodes.Function) -> Code:
        parameters = tuple(name for name, _ in node.parameters)
        kinds = tuple(kind for _, kind in node.parameters)
        if len(set(parameters)) < len(parameters):
            raise FeelSyntaxError(self.text, node.position, "duplicate", found="(…)")
        signature = type_of_text(node)
        with self._bound(*parameters):
            body = self.compile(node.body)

        def function(scope: Scope) -> FunctionValue:
            def invoke(run: Any, arguments: Sequence[Any]) -> Any:
                return body(Scope(dict(zip(parameters, arguments, strict=True)), scope, run))

            return converted(FunctionValue("function", parameters, invoke, signature), kinds)

        return function

    # --- unary tests

    def test(self, node: nodes.Node) -> Test:
        """One test of a value; the innermost bound scope holds `?`."""
        if isinstance(node, nodes.RangeOf) and node.operator in ("<", "<=", ">", ">="):
            operator, limit = node.operator, self.compile(node.end or node.start or node)
            return lambda scope, value: compare(operator, value, limit(scope))
        names = self._scopes[-1]
        already_read = INPUT in names.read
        names.read.discard(INPUT)
        code = self.compile(node)
        uses_input = INPUT in names.read
        if already_read:
            names.read.add(INPUT)
        if uses_input:
            return lambda scope, _value: runtime.truth(code(scope))
        return lambda scope, value: runtime.passes(value, code(scope), scope.run)

    def tests(self, node: nodes.Tests) -> Test:
        """All tests of a cell."""
        with self._bound(INPUT):
            tests = tuple(self.test(test) for test in node.tests)
        if not tests:
            return lambda _scope, _value: True
        if len(tests) == 1 and not node.negated:
            return tests[0]

        def together(scope: Scope, value: Any) -> bool | None:
            passed = truth_or([test(scope, value) for test in tests])
            return passed if not node.negated or passed is None else not passed

        return together
