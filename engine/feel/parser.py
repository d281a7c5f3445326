"""Text → syntax tree, by precedence climbing. Knows the names in scope, since they may hold spaces and dashes."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.brackets import ADD, AND, COMPARE, COMPARISONS, INSTANCE, MULTIPLY, OR, POWER, TIGHT
from engine.feel.constructs import Constructs
from engine.feel.errors import FeelSyntaxError
from engine.feel.scanner import Token, scan, skip_space
from engine.feel.tokens import MAX_NESTING
from engine.feel.type_parser import read_type

__all__ = ["MAX_NESTING", "Parser"]

#: links of one chain such as a.b.c or f()()()
MAX_CHAIN = 80

_ADDITIVE = frozenset({"+", "-"})
_MULTIPLICATIVE = frozenset({"*", "/"})
_POSTFIX = frozenset({".", "[", "("})


class Parser(Constructs):
    """Reads one text as an expression or as unary tests."""

    # --- entry points

    def whole_expression(self) -> nodes.Node:
        """The text as one expression. Raises FeelSyntaxError."""
        if self._token.kind == "end":
            raise FeelSyntaxError(self._text, self._token.start, "empty")
        node = self._expression()
        self._finish()
        return node

    def whole_tests(self) -> nodes.Tests:
        """The text as unary tests: `-`, tests separated by commas, or not(tests). Raises FeelSyntaxError."""
        if self._token.kind == "end":
            raise FeelSyntaxError(self._text, self._token.start, "empty")
        if self._is("-") and scan(self._text, self._token.end, self._known).kind == "end":
            return nodes.Tests(0, (), negated=False)
        if self._token.value == "not" and self._token.kind == "name":
            negated = self._negated_tests()
            if negated is not None:
                return negated
        tests = nodes.Tests(0, self._tests(), negated=False)
        self._finish()
        return tests

    def _negated_tests(self) -> nodes.Tests | None:
        """not(tests) as the whole text; None, and the position as before, when not(…) is only the beginning of it."""
        before = self._token
        self._advance()
        self._expect("(")
        tests = self._tests()
        self._expect(")")
        if self._token.kind == "end":
            return nodes.Tests(0, tests, negated=True)
        self._token = before
        return None

    def _finish(self) -> None:
        if self._token.kind != "end":
            raise self._error("trailing", self._misuse_hint())

    # --- expressions

    def _expression(self, power: int = 0) -> nodes.Node:
        with self._deeper():
            return self._continued(self._prefix(), power)

    def _continued(self, left: nodes.Node, power: int) -> nodes.Node:
        for _ in range(MAX_CHAIN):
            further = self._infix(left, power)
            if further is None:
                return left
            left = further
        raise FeelSyntaxError(self._text, self._token.start, "nesting", "split", limit=str(MAX_CHAIN))

    def _infix(self, left: nodes.Node, power: int) -> nodes.Node | None:
        token = self._token
        if token.kind == "operator":
            return self._infix_operator(left, str(token.value), power)
        if token.kind == "keyword":
            return self._infix_word(left, str(token.value), power)
        return None

    def _infix_operator(self, left: nodes.Node, operator: str, power: int) -> nodes.Node | None:
        if operator in _POSTFIX:
            return None if operator == "[" and self._range_ends else self._postfix(left, operator)
        if operator == "**" and power <= POWER:
            return self._chain(left, frozenset({"**"}), POWER)
        if operator in _MULTIPLICATIVE and power <= MULTIPLY:
            return self._chain(left, _MULTIPLICATIVE, MULTIPLY)
        if operator in _ADDITIVE and power <= ADD:
            return self._chain(left, _ADDITIVE, ADD)
        if operator in COMPARISONS and power <= COMPARE:
            self._advance()
            return nodes.Comparison(left.position, operator, left, self._expression(ADD))
        return None

    def _infix_word(self, left: nodes.Node, word: str, power: int) -> nodes.Node | None:
        if word in ("and", "or") and power <= (AND if word == "and" else OR):
            return self._logic(left, word)
        if word == "between" and power <= COMPARE:
            self._advance()
            low = self._expression(ADD)
            self._expect_word("and")
            return nodes.Between(left.position, left, low, self._expression(ADD))
        if word == "in" and power <= COMPARE:
            self._advance()
            return nodes.In(left.position, left, self._tests_after_in())
        if word == "instance" and power <= INSTANCE:
            self._advance()
            if not self._is_word("of"):
                raise self._error("expected", expected="“of”")
            kind, end = read_type(self._text, self._token.end, self._types)
            self._token = self._scan(end)
            return nodes.InstanceOf(left.position, left, kind)
        return None

    def _chain(self, first: nodes.Node, operators: frozenset[str], power: int) -> nodes.Node:
        rest: list[tuple[str, nodes.Node]] = []
        while self._is(*operators):
            operator = str(self._advance().value)
            rest.append((operator, self._expression(power + 1)))
        return nodes.Arithmetic(first.position, first, tuple(rest))

    def _logic(self, first: nodes.Node, word: str) -> nodes.Node:
        operands = [first]
        while self._is_word(word):
            self._advance()
            operands.append(self._expression(AND if word == "or" else COMPARE))
        return nodes.Logic(first.position, word, tuple(operands))

    def _postfix(self, base: nodes.Node, operator: str) -> nodes.Node:
        if operator == ".":
            return self._path(base)
        if operator == "(":
            return self._call(base)
        self._advance()
        with self._brackets(False):
            condition = self._expression()
        self._expect("]")
        return nodes.Filter(base.position, base, condition)

    def _path(self, base: nodes.Node) -> nodes.Node:
        known = [*self._known, self._keys]
        token = scan(self._text, self._token.end, known)
        if token.kind not in ("name", "keyword"):
            self._token = token
            raise self._error("expected", expected="a name")
        self._token = self._scan(token.end)
        return nodes.Path(base.position, base, str(token.value))

    # --- calls

    def _call(self, function: nodes.Node) -> nodes.Node:
        self._advance()
        with self._brackets(False):
            if self._is(")"):
                self._advance()
                return nodes.Call(function.position, function, (), None)
            names = self._argument_names()
            arguments: list[nodes.Node] = []
            given: list[str] = []
            while True:
                if names:
                    given.append(self._argument_name(given))
                arguments.append(self._expression())
                if not self._is(","):
                    break
                self._advance()
            self._expect(")")
        return nodes.Call(function.position, function, tuple(arguments), tuple(given) if names else None)

    def _argument_names(self) -> bool:
        found = self._loose_name()
        return found is not None and self._token.kind != "text" and self._text.startswith(":", skip_space(self._text, found[1]))

    def _argument_name(self, given: list[str]) -> str:
        name = self._bound_name()
        if name in given:
            raise self._error("duplicate", found=f"“{name}”")
        self._expect(":")
        return name

    # --- the beginnings of expressions

    def _prefix(self) -> nodes.Node:
        token = self._token
        if token.kind == "operator":
            return self._prefix_operator(token)
        if token.kind == "keyword":
            return self._prefix_word(token)
        if token.kind == "end":
            raise self._error("unexpected")
        self._advance()
        if token.kind == "name":
            return nodes.Name(token.start, str(token.value))
        return nodes.Literal(token.start, token.value)

    def _prefix_operator(self, token: Token) -> nodes.Node:
        operator = token.value
        if operator == "-":
            self._advance()
            return nodes.Negation(token.start, self._expression(TIGHT))
        if operator == "(":
            return self._parenthesis(token)
        if operator == "[":
            return self._list_or_range(token)
        if operator == "]":
            return self._open_range(token)
        if operator == "{":
            return self._context(token)
        if operator == "@":
            return self._at_literal(token)
        raise self._error("unexpected", self._misuse_hint())
