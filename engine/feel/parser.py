"""Text → syntax tree, by precedence climbing. Knows the names in scope, since they may hold spaces and dashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from engine.feel import nodes, temporal
from engine.feel.errors import FeelSyntaxError
from engine.feel.scanner import LOOSE_NAME, NAME, KnownNames, Token, scan, skip_space
from engine.feel.type_parser import read_type
from engine.feel.types import ANY, Type

MAX_LENGTH = 20_000
MAX_NESTING = 80
#: links of one chain such as a.b.c or f()()()
MAX_CHAIN = 80

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ADDITIVE = frozenset({"+", "-"})
_MULTIPLICATIVE = frozenset({"*", "/"})
_POSTFIX = frozenset({".", "[", "("})
#: parts of dates, times and ranges whose names are two words
_PROPERTIES = KnownNames(("time offset", "start included", "end included"))

# binding powers: an operator is taken when its power is at least the one asked for
_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _INSTANCE, _TIGHT = range(1, 9)


class Parser:
    """Reads one text. `names`: names in scope; `functions`: names that are functions wherever "(" follows."""

    def __init__(self, text: str, names: Iterable[str], functions: Iterable[str], types: Mapping[str, Type]) -> None:
        self._text = text
        self._types = types
        self._known = [KnownNames(names, functions)]
        self._nesting = 0
        #: inside the ends of a range "[" closes it and is no filter
        self._range_ends = False
        if len(text) > MAX_LENGTH:
            raise FeelSyntaxError(text, MAX_LENGTH, "length", "split", limit=str(MAX_LENGTH))
        self._token = self._scan(0)

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

    # --- tokens

    def _scan(self, position: int) -> Token:
        return scan(self._text, position, self._known)

    def _advance(self) -> Token:
        taken = self._token
        self._token = self._scan(taken.end)
        return taken

    def _is(self, *operators: str) -> bool:
        return self._token.kind == "operator" and self._token.value in operators

    def _is_word(self, word: str) -> bool:
        return self._token.kind == "keyword" and self._token.value == word

    def _expect(self, operator: str) -> Token:
        if not self._is(operator):
            raise self._error("expected", self._misuse_hint(), expected=f"“{operator}”")
        return self._advance()

    def _expect_word(self, word: str, hint: str = "") -> Token:
        if not self._is_word(word):
            raise self._error("expected", hint, expected=f"“{word}”")
        return self._advance()

    def _error(self, key: str, hint: str = "", **facts: str) -> FeelSyntaxError:
        return FeelSyntaxError(self._text, self._token.start, key, hint, found=self._token.shown(), **facts)

    def _misuse_hint(self) -> str:
        token = self._token
        if token.kind == "operator" and token.value == "=" and self._text.startswith("==", token.start - 1):
            return "equals"
        if token.value == "?":
            return "ternary"
        return "name" if token.kind == "name" else ""

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise FeelSyntaxError(self._text, self._token.start, "nesting", "split", limit=str(MAX_NESTING))
        yield
        self._nesting -= 1

    @contextmanager
    def _names(self) -> Iterator[KnownNames]:
        """A scope of names declared inside the expression."""
        known = KnownNames()
        self._known.append(known)
        yield known
        self._known.pop()
        self._token = self._scan(self._token.start)  # the token ahead was scanned with these names

    def _declare(self, known: KnownNames, name: str) -> None:
        known.add(name)
        if self._token.kind != "end":  # the token ahead was scanned without the new name
            self._token = self._scan(self._token.start)

    @contextmanager
    def _brackets(self, range_ends: bool) -> Iterator[None]:
        before, self._range_ends = self._range_ends, range_ends
        yield
        self._range_ends = before

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
        if operator == "**" and power <= _POWER:
            return self._chain(left, frozenset({"**"}), _POWER)
        if operator in _MULTIPLICATIVE and power <= _MULTIPLY:
            return self._chain(left, _MULTIPLICATIVE, _MULTIPLY)
        if operator in _ADDITIVE and power <= _ADD:
            return self._chain(left, _ADDITIVE, _ADD)
        if operator in _COMPARISONS and power <= _COMPARE:
            self._advance()
            return nodes.Comparison(left.position, operator, left, self._expression(_ADD))
        return None

    def _infix_word(self, left: nodes.Node, word: str, power: int) -> nodes.Node | None:
        if word in ("and", "or") and power <= (_AND if word == "and" else _OR):
            return self._logic(left, word)
        if word == "between" and power <= _COMPARE:
            self._advance()
            low = self._expression(_ADD)
            self._expect_word("and")
            return nodes.Between(left.position, left, low, self._expression(_ADD))
        if word == "in" and power <= _COMPARE:
            self._advance()
            return nodes.In(left.position, left, self._tests_after_in())
        if word == "instance" and power <= _INSTANCE:
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
            operands.append(self._expression(_AND if word == "or" else _COMPARE))
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
        known = [*self._known, _PROPERTIES]
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

    def _loose_name(self) -> tuple[str, int] | None:
        """The name at the present token if only a name can stand here, with where it ends."""
        start = self._token.start
        if self._token.kind == "text":
            return str(self._token.value), self._token.end
        if self._text.startswith("`", start):
            return str(self._token.value), self._token.end
        found = LOOSE_NAME.match(self._text, start)
        return (" ".join(found[0].split()), found.end()) if found else None

    def _argument_names(self) -> bool:
        found = self._loose_name()
        return found is not None and self._token.kind != "text" and self._text.startswith(":", skip_space(self._text, found[1]))

    def _argument_name(self, given: list[str]) -> str:
        name = self._bound_name()
        if name in given:
            raise self._error("duplicate", found=f"“{name}”")
        self._expect(":")
        return name

    def _bound_name(self) -> str:
        """A name that is being bound here: key, parameter, variable of a loop."""
        found = self._loose_name()
        if found is None or self._token.kind == "text":
            raise self._error("expected", expected="a name")
        self._token = self._scan(found[1])
        return found[0]

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
            return nodes.Negation(token.start, self._expression(_TIGHT))
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

    def _prefix_word(self, token: Token) -> nodes.Node:
        word = token.value
        if word in ("true", "false", "null"):
            self._advance()
            return nodes.Literal(token.start, {"true": True, "false": False, "null": None}[str(word)])
        if word == "if":
            return self._if(token)
        if word == "for":
            return self._for(token)
        if word in ("some", "every"):
            return self._quantified(token)
        if word == "function":
            return self._function(token)
        raise self._error("unexpected", "else" if word in ("then", "else") else "")

    def _if(self, token: Token) -> nodes.Node:
        self._advance()
        condition = self._expression()
        self._expect_word("then", "else")
        then = self._expression()
        self._expect_word("else", "else")
        return nodes.If(token.start, condition, then, self._expression())

    def _for(self, token: Token) -> nodes.Node:
        self._advance()
        with self._names() as known:
            iterators = self._iterators(known)
            self._expect_word("return")
            self._declare(known, "partial")
            return nodes.For(token.start, iterators, self._expression())

    def _quantified(self, token: Token) -> nodes.Node:
        self._advance()
        with self._names() as known:
            iterators = self._iterators(known)
            self._expect_word("satisfies")
            return nodes.Quantified(token.start, str(token.value), iterators, self._expression())

    def _iterators(self, known: KnownNames) -> tuple[nodes.Iterator, ...]:
        found: list[nodes.Iterator] = []
        while True:
            name = self._bound_name()
            self._expect_word("in")
            domain = self._expression()
            end = None
            if self._is(".."):
                self._advance()
                end = self._expression()
            found.append(nodes.Iterator(name, domain, end))
            self._declare(known, name)
            if not self._is(","):
                return tuple(found)
            self._advance()

    def _function(self, token: Token) -> nodes.Node:
        self._advance()
        self._expect("(")
        parameters: list[tuple[str, Type]] = []
        with self._names() as known:
            while not self._is(")"):
                if parameters:
                    self._expect(",")
                parameters.append(self._parameter())
                self._declare(known, parameters[-1][0])
            self._advance()
            if self._is_word("external"):
                raise self._error("external")
            return nodes.Function(token.start, tuple(parameters), self._expression())

    def _parameter(self) -> tuple[str, Type]:
        name = self._bound_name()
        if not self._is(":"):
            return name, ANY
        kind, end = read_type(self._text, self._token.end, self._types)
        self._token = self._scan(end)
        return name, kind

    def _at_literal(self, token: Token) -> nodes.Node:
        self._advance()
        text = self._token
        if text.kind != "text":
            raise self._error("expected", "literal", expected='"…"')
        try:
            value = temporal.parse_any(str(text.value))
        except temporal.NamedZone:
            raise self._error("zone", "zone") from None
        if value is None:
            raise self._error("literal", "literal")
        self._advance()
        return nodes.Literal(token.start, value)

    # --- brackets: parentheses, lists, ranges, contexts

    def _parenthesis(self, token: Token) -> nodes.Node:
        comparison = scan(self._text, token.end, self._known)
        if comparison.kind == "operator" and comparison.value in _COMPARISONS:
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
        operator, limit = str(token.value), self._expression(_ADD)
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
            start = self._expression(_ADD)
        return self._range(token, start)

    def _range(self, token: Token, start: nodes.Node) -> nodes.Node:
        """The rest of a range that began with the bracket `token`; the two dots are ahead."""
        self._expect("..")
        with self._brackets(True):
            end = self._expression(_ADD)
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
        return self._comparison_test() if self._is(*_COMPARISONS) else self._expression()

    def _tests_after_in(self) -> tuple[nodes.Node, ...]:
        if self._is(*_COMPARISONS):
            return (self._comparison_test(),)
        if not self._is("("):
            return (self._expression(_ADD),)
        token = self._advance()
        with self._brackets(False):
            first = self._test()
            if self._is(".."):
                first = self._range(token, first)
                return (self._continued(first, _ADD),)
            tests = [first]
            while self._is(","):
                self._advance()
                tests.append(self._test())
        self._expect(")")
        return tuple(tests) if len(tests) > 1 else (self._continued(first, _ADD),)
