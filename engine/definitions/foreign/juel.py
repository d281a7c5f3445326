"""JUEL ``${…}`` (and the Java-like expressions of jBPM and JavaScript) as FEEL, where every word has the same meaning.

What is not listed here is not guessed at: `to_feel` gives None, and the report names the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.definitions.foreign.feel_text import (
    AND,
    COMPARED,
    OR,
    PRODUCT,
    SUM,
    UNARY,
    Beyond,
    Piece,
    at,
    binary,
    call,
    choice,
    holds,
    is_empty,
    joined,
    length,
    member,
    proven,
    quoted,
)  # fmt: skip
from engine.definitions.model import FEEL

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)[LlDdFf]?(?![\w.])|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator>===|!==|&&|\|\||==|!=|<=|>=|[<>!()\[\].,?:+\-*/%]))"
)
#: a text of a script with ${…} in it
_TEMPLATE = re.compile(r'`([^`]*)`|"((?:[^"\\]|\\.)*\$\{(?:[^"\\]|\\.)*)"')
#: brackets and signs within each other
_DEEPEST = 60
_EQUAL = {"==": "=", "eq": "=", "===": "=", "!=": "!=", "ne": "!=", "!==": "!="}
_ORDER = {"<": "<", "lt": "<", "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">="}
#: names of the engine that wrote the file, said here in another way
_RENAMED = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}
#: objects of another engine that live in no variable
_ENGINE_OBJECTS = frozenset(
    {"execution", "task", "processInstance", "delegateExecution", "delegateTask", "authenticatedUserId", "kcontext"}
)
_RESERVED = frozenset({"instanceof", "new", "function", "return", "var", "def", "this"})
_UNITS = {"Years": "P{}Y", "Months": "P{}M", "Weeks": "P{}D", "Days": "P{}D", "Hours": "PT{}H", "Minutes": "PT{}M", "Seconds": "PT{}S"}
_COMPARING = {
    "eq": "=", "equals": "=", "ne": "!=", "notEquals": "!=", "lt": "<", "lessThan": "<", "lte": "<=", "lessThanOrEquals": "<=",
    "gt": ">", "greaterThan": ">", "gte": ">=", "greaterThanOrEquals": ">=",
}  # fmt: skip
_KIE = {
    "equalsTo": "=", "greaterThan": ">", "greaterOrEqualThan": ">=", "lessThan": "<", "lessOrEqualThan": "<=",
}  # fmt: skip


def script_to_feel(text: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """FEEL for a value in a script of JavaScript or Groovy, where `+` joins texts and templates fill their ``${…}``."""
    text = text.strip()
    template = _TEMPLATE.fullmatch(text)
    if template is not None:
        filled = template[1] if template[1] is not None else template[2]
        return to_feel(filled, initiators) if is_marked(filled) else quoted(filled).text
    if is_marked(text) or "`" in text:
        return None
    try:
        parser = _Parser(_tokens(text), initiators, joins=True)
        return proven(parser.whole().text, frozenset(parser.names))
    except Beyond:
        return None


def to_feel(text: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """FEEL for ``${…}``, ``#{…}``, text with several of them in it, or a bare expression; None where it cannot be said.

    `initiators` are names that stand for the starter (``camunda:initiator``).
    """
    try:
        return _translated(text.strip(), initiators)
    except Beyond:
        return None


def is_marked(text: str) -> bool:
    """Whether the text holds ``${`` or ``#{``."""
    return "${" in text or "#{" in text


def _translated(text: str, initiators: frozenset[str]) -> FEEL:
    pieces: list[Piece] = []
    names: set[str] = set()
    for is_expression, part in _parts(text) if is_marked(text) else [(True, text)]:
        if not is_expression:
            pieces.append(quoted(part))
            continue
        parser = _Parser(_tokens(part), initiators)
        pieces.append(parser.whole())
        names |= parser.names
    if not pieces:
        raise Beyond(text)
    return proven(joined(pieces).text, frozenset(names))


def _parts(text: str) -> list[tuple[bool, str]]:
    """Text and the inside of its ``${…}``, in order."""
    found: list[tuple[bool, str]] = []
    position = 0
    for match in re.finditer(r"[$#]\{((?:[^{}'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*)\}", text):
        if match.start() > position:
            found.append((False, text[position : match.start()]))
        found.append((True, match[1]))
        position = match.end()
    if position < len(text):
        found.append((False, text[position:]))
    if any(is_marked(part) for is_expression, part in found if not is_expression):
        raise Beyond(text)
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise Beyond(text)
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


@dataclass(slots=True)
class _Parser:
    tokens: list[_Token]
    initiators: frozenset[str]
    #: + joins texts, as in JavaScript and Groovy; in JUEL it counts
    joins: bool = False
    at: int = 0
    names: set[str] = field(default_factory=set)
    depth: int = 0

    def whole(self) -> Piece:
        found = self._choice()
        if self.at < len(self.tokens):
            raise Beyond(self.tokens[self.at].text)
        return found

    def _next(self, *texts: str) -> str | None:
        """The next token if it is an operator or word of `texts`."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind in ("operator", "name") and token.text in texts:
                self.at += 1
                return token.text
        return None

    def _expect(self, text: str) -> None:
        if self._next(text) is None:
            raise Beyond(text)

    def _choice(self) -> Piece:
        self._deeper()
        found = self._or()
        if self._next("?") is not None:
            then = self._choice()
            self._expect(":")
            found = choice(found, then, self._choice())
        self.depth -= 1
        return found

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Beyond("nesting")

    def _or(self) -> Piece:
        found = self._and()
        while self._next("||", "or"):
            found = binary(found, "or", self._and(), OR)
        return found

    def _and(self) -> Piece:
        found = self._equal()
        while self._next("&&", "and"):
            found = binary(found, "and", self._equal(), AND)
        return found

    def _equal(self) -> Piece:
        found = self._order()
        while operator := self._next(*_EQUAL):
            found = binary(found, _EQUAL[operator], self._order(), COMPARED)
        return found

    def _order(self) -> Piece:
        found = self._sum()
        while operator := self._next(*_ORDER):
            found = binary(found, _ORDER[operator], self._sum(), COMPARED)
        return found

    def _sum(self) -> Piece:
        found = self._product()
        while operator := self._next("+", "-"):
            other = self._product()
            if found.is_text or other.is_text:
                if operator != "+" or not self.joins:
                    raise Beyond("+ of a text")  # a number in JUEL, a text in JavaScript
                found = Piece(joined([found, other]).text, SUM, is_text=True)
                continue
            found = binary(found, operator, other, SUM)
        return found

    def _product(self) -> Piece:
        found = self._unary()
        while operator := self._next("*", "/", "div", "%", "mod"):
            other = self._unary()
            if operator in ("%", "mod"):
                found = _remainder(found, other)
            else:
                found = binary(found, "*" if operator == "*" else "/", other, PRODUCT)
        return found

    def _unary(self) -> Piece:
        self._deeper()
        if self._next("!", "not"):
            found = call("not", self._unary())
        elif self._next("-"):
            found = Piece(f"-{self._unary().within(UNARY)}", UNARY)
        elif self._next("empty"):
            found = is_empty(self._unary())
        else:
            found = self._suffixes(self._primary())
        self.depth -= 1
        return found

    def _primary(self) -> Piece:
        if self.at >= len(self.tokens):
            raise Beyond("nothing")
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "number":
            return Piece(token.text)
        if token.kind == "string":
            return quoted(re.sub(r"\\(.)", r"\1", token.text[1:-1]))
        if token.text == "(":
            inner = self._choice()
            self._expect(")")
            return Piece(inner.text, inner.binds, inner.is_text)
        if token.kind == "name":
            return self._name(token.text)
        raise Beyond(token.text)

    def _name(self, name: str) -> Piece:
        if name in ("true", "false", "null"):
            return Piece(name)
        if name in ("var", "vars", "variables") and self._next(":"):
            return self._variable_function()
        if name == "KieFunctions" and self._next("."):
            return self._kie_function()
        if name in _ENGINE_OBJECTS:
            return self._of_engine()
        if name in _RESERVED:
            raise Beyond(name)
        if self._next("("):
            if name in ("now", "dateTime") and self._next(")"):
                return Piece("now()")
            raise Beyond(name)
        return self._variable(name)

    def _variable(self, name: str) -> Piece:
        if name in self.initiators:
            return Piece("starter")
        name = _RENAMED.get(name, name)
        self.names.add(name)
        if name == "loopCounter":  # counts from 0 there, from 1 here
            return Piece("loopCounter - 1", SUM)
        return Piece(name)

    def _of_engine(self) -> Piece:
        """``execution.getVariable("x")`` is the variable x."""
        self._expect(".")
        self._expect("getVariable")
        (name,) = self._literals()
        return self._variable(name)

    def _literals(self) -> list[str]:
        """The arguments of a call, which must be literal texts."""
        self._expect("(")
        found = []
        while self._next(")") is None:
            if self.at >= len(self.tokens) or self.tokens[self.at].kind != "string":
                raise Beyond("argument")
            found.append(self.tokens[self.at].text[1:-1])
            self.at += 1
            self._next(",")
        if not found or not all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in found):
            raise Beyond("argument")
        return found

    def _arguments(self) -> list[Piece]:
        """Behind the opening bracket."""
        found: list[Piece] = []
        if self._next(")"):
            return found
        while True:
            found.append(self._choice())
            if self._next(")"):
                return found
            self._expect(",")

    def _variable_function(self) -> Piece:
        """Flowable's ``variables:equals(name, value)``; the name may be in quotes."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "")
        self.at += 1
        self._expect("(")
        first = self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "")
        if first.kind not in ("name", "string"):
            raise Beyond(token.text)
        self.at += 1
        variable = self._variable(first.text.strip("'\""))
        rest: list[Piece] = []
        if self._next(","):
            rest = self._arguments()
        else:
            self._expect(")")
        match token.text, rest:
            case "get", []:
                return variable
            case ("getOrDefault", [default]):
                return choice(Piece(f"{variable.text} = null"), default, variable)
            case ("isEmpty" | "empty", []):
                return is_empty(variable)
            case ("isNotEmpty" | "notEmpty", []):
                return call("not", is_empty(variable))
            case ("exists" | "exist", []):
                return Piece(f"{variable.text} != null", COMPARED)
            case (comparing, [other]) if comparing in _COMPARING:
                return binary(variable, _COMPARING[comparing], other, COMPARED)
        raise Beyond(token.text)

    def _kie_function(self) -> Piece:
        """jBPM's ready-made conditions."""
        function = self.tokens[self.at].text if self.at < len(self.tokens) else ""
        self.at += 1
        self._expect("(")
        match function, self._arguments():
            case "isTrue", [value]:
                return binary(value, "=", Piece("true"), COMPARED)
            case "isFalse", [value]:
                return binary(value, "=", Piece("false"), COMPARED)
            case "isNull", [value]:
                return binary(value, "=", Piece("null"), COMPARED)
            case "isEmpty", [value]:
                return is_empty(value)
            case "contains", [text, part]:
                return call("contains", text, part)
            case "startsWith", [text, part]:
                return call("starts with", text, part)
            case "endsWith", [text, part]:
                return call("ends with", text, part)
            case "between", [value, low, high]:
                return Piece(f"{value.within(SUM)} > {low.within(SUM)} and {value.within(SUM)} < {high.within(SUM)}", AND)
            case (comparing, [value, other]) if comparing in _KIE:
                return binary(value, _KIE[comparing], other, COMPARED)
        raise Beyond(function)

    def _suffixes(self, found: Piece) -> Piece:
        while True:
            if self._next("."):
                found = self._dotted(found)
            elif self._next("["):
                found = self._indexed(found)
            else:
                return found

    def _dotted(self, of: Piece) -> Piece:
        token = self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "")
        if token.kind != "name":
            raise Beyond(".")
        self.at += 1
        if self._next("("):
            return _method(of, token.text, self._arguments())
        if token.text == "length":  # JavaScript
            return length(of)
        return member(of, token.text)

    def _indexed(self, of: Piece) -> Piece:
        token = self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "")
        self.at += 1
        self._expect("]")
        if token.kind == "number" and token.text.isdigit():
            return at(of, int(token.text))
        if token.kind == "string":
            return member(of, token.text[1:-1])
        raise Beyond("index")  # a list counted from 0 or a map: not to be seen here


def _remainder(left: Piece, right: Piece) -> Piece:
    """Java's remainder has the sign of the left side, FEEL's modulo that of the right."""
    a, b = left.within(PRODUCT), right.within(UNARY)
    return Piece(f"{a} - {b} * (if {a} / {b} >= 0 then floor({a} / {b}) else ceiling({a} / {b}))", SUM)


def _method(of: Piece, name: str, arguments: list[Piece]) -> Piece:
    """A method of a text, list, map or moment; ``getTotal()`` is the property ``total``."""
    match name, arguments:
        case "size", []:
            return call("count", of)
        case "length", []:
            return call("string length", of)
        case "isEmpty", []:
            return is_empty(of)
        case (("contains" | "includes"), [wanted]):
            return holds(of, wanted)
        case "containsKey", [key]:
            return binary(call("get value", of, key), "!=", Piece("null"), COMPARED)
        case "equals", [other]:
            return binary(of, "=", other, COMPARED)
        case "equalsIgnoreCase", [other]:
            return binary(call("lower case", of), "=", call("lower case", other), COMPARED)
        case "startsWith", [part]:
            return call("starts with", of, part)
        case "endsWith", [part]:
            return call("ends with", of, part)
        case "toLowerCase", []:
            return call("lower case", of)
        case "toUpperCase", []:
            return call("upper case", of)
        case "trim", []:
            return call("trim", of)
        case "toString", []:
            return call("string", of)
        case "substring", [Piece(text=first)] if first.isdigit():
            return call("substring", of, Piece(str(int(first) + 1)))
        case "substring", [Piece(text=first), Piece(text=last)] if first.isdigit() and last.isdigit():
            return call("substring", of, Piece(str(int(first) + 1)), Piece(str(int(last) - int(first))))
        case "get", [Piece(text=index)] if index.isdigit():
            return at(of, int(index))
        case "get", [Piece(is_text=True) as key]:
            return call("get value", of, key)
        case ("toDate", []) if of.text.startswith("now()"):
            return of
    if of.text.startswith("now()") and (moved := re.fullmatch(r"(plus|minus)([A-Z]\w+)", name)) and len(arguments) == 1:
        return _moved(of, moved[1], moved[2], arguments[0])
    accessor = re.fullmatch(r"get([A-Z])(\w*)", name)
    if accessor and not arguments:
        return member(of, accessor[1].lower() + accessor[2])
    raise Beyond(name)


def _moved(moment: Piece, way: str, unit: str, number: Piece) -> Piece:
    """``dateTime().plusDays(3)``."""
    if unit not in _UNITS or not number.text.isdigit():
        raise Beyond(unit)
    amount = int(number.text) * (7 if unit == "Weeks" else 1)
    return binary(moment, "+" if way == "plus" else "-", call("duration", quoted(_UNITS[unit].format(amount))), SUM)
