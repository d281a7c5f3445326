"""Parentheses, lists, ranges, contexts, and the tests of a cell or after `in`."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.scanner import NAME, KnownNames, Token, scan
from engine.feel.tokens import TokenReader

# binding powers: an operator is taken when its power is at least the one asked for
OR, AND, COMPARE, ADD, MULTIPLY, POWER, INSTANCE, TIGHT = range(1, 9)

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Brackets(TokenReader):
    """The part of the parser that reads what stands in brackets."""

    def _parenthesis(self, token: Token) -> nodes.Node:
        comparison = scan(self._text, token.end, self._known)
        if comparison.kind == "operator" and comparison.value in COMPARISONS:
            return self._comparison_range(token)
        self._advance()
        with self._brackets(False):
            inner = self._expression()
        if self._is(".."):
            return self._range(token, inner)
        self._expect(")")
        return inner

    def _comparison_range(self, token: Token) -> nodes.Node:
        self._advance()
        with self._brackets(False):
            node = self._comparison_test()
        self._expect(")")
        return nodes.RangeOf(token.start, node.start, node.end, node.start_included, node.end_included, node.operator)

    def _comparison_test(self) -> nodes.RangeOf:
        """`< 5` and its like as a range that is open at one end."""
        token = self._advance()
        operator, limit = str(token.value), self._expression(ADD)
        if operator in ("<", "<="):
            return nodes.RangeOf(token.start, None, limit, False, operator == "<=", operator)
        if operator in (">", ">="):
            return nodes.RangeOf(token.start, limit, None, operator == ">=", False, operator)
        return nodes.RangeOf(token.start, limit, limit, operator == "=", operator == "=", operator)

    def _list_or_range(self, token: Token) -> nodes.Node:
        self._advance()
        items: list[nodes.Node] = []
        with self._brackets(False):
            while not self._is("]"):
                if items:
                    self._expect(",")
                items.append(self._test())
                if self._is("..") and len(items) == 1:
                    return self._range(token, items[0])
        self._advance()
        return nodes.ListOf(token.start, tuple(items))

    def _open_range(self, token: Token) -> nodes.Node:
        self._advance()
        with self._brackets(False):
            start = self._expression(ADD)
        return self._range(token, start)

    def _range(self, token: Token, start: nodes.Node) -> nodes.Node:
        """The rest of a range that began with the bracket `token`; the two dots are ahead."""
        self._expect("..")
        with self._brackets(True):
            end = self._expression(ADD)
        closing = self._token
        if not self._is("]", ")", "["):
            raise self._error("expected", expected="“]”")
        self._advance()
        return nodes.RangeOf(token.start, start, end, token.value == "[", closing.value == "]")

    def _context(self, token: Token) -> nodes.Node:
        self._advance()
        entries: list[tuple[str, nodes.Node]] = []
        with self._names() as known, self._brackets(False):
            while not self._is("}"):
                if entries:
                    self._expect(",")
                entries.append(self._entry(known, {name for name, _ in entries}))
            self._advance()
        return nodes.ContextOf(token.start, tuple(entries))

    def _entry(self, known: KnownNames, given: set[str]) -> tuple[str, nodes.Node]:
        found = self._loose_name()
        if found is None:
            raise self._error("expected", expected="a name")
        if found[0] in given:
            raise self._error("duplicate")
        self._token = self._scan(found[1])
        self._expect(":")
        value = self._expression()
        self._keys.add(found[0])
        if NAME.match(found[0]):
            self._declare(known, found[0])
        return found[0], value

    # --- unary tests

    def _tests(self) -> tuple[nodes.Node, ...]:
        tests = [self._test()]
        while self._is(","):
            self._advance()
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> nodes.Node:
        return self._comparison_test() if self._is(*COMPARISONS) else self._expression()

    def _tests_after_in(self) -> tuple[nodes.Node, ...]:
        if self._is(*COMPARISONS):
            return (self._comparison_test(),)
        if not self._is("("):
            return (self._expression(ADD),)
        token = self._advance()
        with self._brackets(False):
            first = self._test()
            if self._is(".."):
                first = self._range(token, first)
                return (self._continued(first, ADD),)
            tests = [first]
            while self._is(","):
                self._advance()
                tests.append(self._test())
        self._expect(")")
        return tuple(tests) if len(tests) > 1 else (self._continued(first, ADD),)
