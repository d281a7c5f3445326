"""The Python expressions of SpiffWorkflow's modeler as FEEL, by their syntax tree. Nothing is run."""

from __future__ import annotations

import ast

from engine.definitions.foreign import statements
from engine.definitions.foreign.feel_text import (
    AND,
    COMPARED,
    LOOSE,
    OR,
    PRODUCT,
    SUM,
    UNARY,
    WHOLE,
    Beyond,
    Piece,
    at,
    binary,
    call,
    choice,
    holds,
    joined,
    length,
    member,
    proven,
    quoted,
)  # fmt: skip
from engine.definitions.foreign.statements import Script
from engine.definitions.model import FEEL

_LONGEST = 10_000
_BINARY: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", PRODUCT),
    ast.Div: ("/", PRODUCT),
    ast.Pow: ("**", UNARY),
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "=", ast.IsNot: "!=",
}  # fmt: skip
_FUNCTIONS = {"sum": "sum", "min": "min", "max": "max", "abs": "abs", "str": "string"}
_METHODS = {"lower": "lower case", "upper": "upper case", "strip": "trim", "startswith": "starts with", "endswith": "ends with"}
_TIMES = {"weeks": ("P{}D", 7), "days": ("P{}D", 1), "hours": ("PT{}H", 1), "minutes": ("PT{}M", 1), "seconds": ("PT{}S", 1)}


def to_feel(text: str) -> FEEL | None:
    """FEEL for one Python expression; None where it cannot be said."""
    try:
        return _expression(ast.parse(text.strip()[:_LONGEST], mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, Beyond):
        return None


def assignments(text: str) -> list[tuple[str, FEEL]] | None:
    """(variable, FEEL) of a script that only assigns, in order; None for any other script."""
    found = script(text)
    return list(found.assigned) or None if not found.beyond else None


def script(text: str) -> Script:
    """What a script assigns, also in the branches of an ``if``, and what is beyond, with its line. Nothing is run."""
    try:
        return _block(ast.parse(text[:_LONGEST]).body, text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return Script(beyond=(statements.Beyond(line, _line_of(text, line)),))


def _block(body: list[ast.stmt], text: str) -> Script:
    assigned: dict[str, FEEL] = {}
    beyond: list[statements.Beyond] = []
    for statement in body:
        if _says_nothing(statement):
            continue
        found = _statement(statement, text)
        beyond += found.beyond
        if any(name in assigned for name, _ in found.assigned):  # a context has one entry of a name
            beyond.append(_beyond(statement, text))
        assigned |= {name: feel for name, feel in found.assigned if name not in assigned}
    return Script(tuple(assigned.items()), tuple(beyond))


def _statement(statement: ast.stmt, text: str) -> Script:
    try:
        if isinstance(statement, ast.If):
            condition = _expression(statement.test)
            return statements.chosen([(condition, _block(statement.body, text))], _block(statement.orelse, text))
        return Script(assigned=(_assignment(statement),))
    except Beyond:
        return Script(beyond=(_beyond(statement, text),))


def _beyond(statement: ast.stmt, text: str) -> statements.Beyond:
    return statements.Beyond(statement.lineno, _line_of(text, statement.lineno))


def _line_of(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1].strip()[:120] if 0 < line <= len(lines) else text.strip()[:120]


def _says_nothing(statement: ast.stmt) -> bool:
    """``pass``, texts that stand alone, and prints, which no process sees."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        return isinstance(function, ast.Name) and function.id == "print"
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


def _assignment(statement: ast.stmt) -> tuple[str, FEEL]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, _expression(value)
        case ast.AugAssign(target=ast.Name(id=name), op=operator, value=value):
            return name, _expression(ast.BinOp(left=ast.Name(id=name, ctx=ast.Load()), op=operator, right=value))
    raise Beyond(type(statement).__name__)


def _expression(node: ast.expr) -> FEEL:
    names = frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    return proven(_piece(node).text, names)


def _piece(node: ast.expr) -> Piece:
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.Name(id=name):
            return Piece(name)
        case ast.Attribute(value=of, attr=name):
            return member(_piece(of), name)
        case ast.Subscript(value=of, slice=ast.Constant(value=str(key))):
            return member(_piece(of), key)
        case ast.Subscript(value=of, slice=ast.Constant(value=int(index))):
            return at(_piece(of), index)
        case ast.Subscript(value=of, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(index)))):
            return at(_piece(of), -index)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return call("not", _piece(operand))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Piece(f"-{_piece(operand).within(UNARY)}", UNARY)
        case ast.BoolOp(op=operator, values=values):
            binds, word = (AND, " and ") if isinstance(operator, ast.And) else (OR, " or ")
            return Piece(word.join(_piece(value).within(binds + 1) for value in values), binds)
        case ast.Compare(left=left, ops=operators, comparators=sides):
            return _compare(left, operators, sides)
        case ast.BinOp(left=left, op=operator, right=right):
            return _arithmetic(_piece(left), operator, _piece(right))
        case ast.IfExp(test=test, body=then, orelse=otherwise):
            return choice(_piece(test), _piece(then), _piece(otherwise))
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return Piece(f"[{', '.join(_piece(item).text for item in items)}]")
        case ast.Dict(keys=keys, values=values):
            return _context(keys, values)
        case ast.JoinedStr(values=parts):
            return joined([_formatted(part) for part in parts])
        case ast.ListComp(elt=result, generators=[one]):
            return Piece(f"for {_each(one)} return {_piece(result).text}", LOOSE)
        case ast.Call(func=function, args=arguments, keywords=keywords):
            return _call(function, arguments, keywords)
    raise Beyond(type(node).__name__)


def _constant(value: object) -> Piece:
    match value:
        case None:
            return Piece("null")
        case bool():
            return Piece("true" if value else "false")
        case str():
            return quoted(value)
        case int() | float():
            return Piece(format(value, "f") if isinstance(value, float) else str(value))
    raise Beyond(repr(value))


def _compare(left: ast.expr, operators: list[ast.cmpop], sides: list[ast.expr]) -> Piece:
    found: list[Piece] = []
    for operator, right in zip(operators, sides, strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            inside = holds(_piece(right), _piece(left))
            if isinstance(right, ast.List | ast.Tuple):
                inside = call("list contains", _piece(right), _piece(left))
            found.append(inside if isinstance(operator, ast.In) else call("not", inside))
        else:
            found.append(binary(_piece(left), _COMPARE[type(operator)], _piece(right), COMPARED))
        left = right
    return found[0] if len(found) == 1 else Piece(" and ".join(piece.within(COMPARED) for piece in found), AND)


def _arithmetic(left: Piece, operator: ast.operator, right: Piece) -> Piece:
    if isinstance(operator, ast.Mod):
        if left.is_text:
            raise Beyond("%")
        return call("modulo", left, right)
    if isinstance(operator, ast.FloorDiv):
        return call("floor", binary(left, "/", right, PRODUCT))
    if type(operator) not in _BINARY:
        raise Beyond(type(operator).__name__)
    word, binds = _BINARY[type(operator)]
    if binds == UNARY:
        return Piece(f"{left.within(WHOLE)} ** {right.within(WHOLE)}", UNARY)
    return binary(left, word, right, binds)


def _context(keys: list[ast.expr | None], values: list[ast.expr]) -> Piece:
    found = []
    for key, value in zip(keys, values, strict=True):
        found.append(f"{quoted(_key(key)).text}: {_piece(value).text}")
    return Piece("{" + ", ".join(found) + "}")


def _key(key: ast.expr | None) -> str:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    raise Beyond("dict")


def _formatted(part: ast.expr) -> Piece:
    match part:
        case ast.Constant(value=str(text)):
            return quoted(text)
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return _piece(value)
    raise Beyond("f-string")


def _each(one: ast.comprehension) -> str:
    if one.ifs or one.is_async or not isinstance(one.target, ast.Name):
        raise Beyond("comprehension")
    return f"{one.target.id} in {_piece(one.iter).within(WHOLE)}"


def _call(function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]) -> Piece:
    match function, arguments, keywords:
        case ast.Name(id="len"), [of], []:
            return length(_piece(of))
        case ast.Name(id="timedelta"), [], [_, *_]:
            return _duration(keywords)
        case ast.Name(id=("any" | "all") as word), [ast.GeneratorExp(elt=test, generators=[one])], []:
            return Piece(f"{'some' if word == 'any' else 'every'} {_each(one)} satisfies {_piece(test).text}", LOOSE)
        case ast.Name(id="round"), [of, ast.Constant(value=int(places))], []:
            return call("decimal", _piece(of), Piece(str(places)))
        case ast.Name(id=name), [_, *_], [] if name in _FUNCTIONS:
            return call(_FUNCTIONS[name], *(_piece(a) for a in arguments))
        case ast.Attribute(value=ast.Name(id="datetime"), attr="now"), [], []:
            return Piece("now()")
        case ast.Attribute(value=of, attr="get"), [ast.Constant(value=str(key))], []:
            return member(_piece(of), key)
        case ast.Attribute(value=of, attr="get"), [ast.Constant(value=str(key)), default], []:
            return call("get or else", member(_piece(of), key), _piece(default))
        case ast.Attribute(value=of, attr=name), _, [] if name in _METHODS and len(arguments) <= 1:
            return call(_METHODS[name], _piece(of), *(_piece(a) for a in arguments))
    raise Beyond("call")


def _duration(keywords: list[ast.keyword]) -> Piece:
    found: list[Piece] = []
    for keyword in keywords:
        match keyword:
            case ast.keyword(arg=str(unit), value=ast.Constant(value=int(number))) if unit in _TIMES:
                pattern, times = _TIMES[unit]
                found.append(call("duration", quoted(pattern.format(number * times))))
            case _:
                raise Beyond("timedelta")
    return Piece(" + ".join(piece.text for piece in found), SUM if len(found) > 1 else WHOLE)


def entries(text: str) -> list[tuple[str, FEEL]] | None:
    """(key, FEEL) of a dictionary written out; None for anything else."""
    try:
        node = ast.parse(text.strip()[:_LONGEST], mode="eval").body
        if not isinstance(node, ast.Dict):
            return None
        return [(_key(key), _expression(value)) for key, value in zip(node.keys, node.values, strict=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError, Beyond):
        return None
