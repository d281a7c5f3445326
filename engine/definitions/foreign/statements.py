"""Scripts in JavaScript, Groovy and Java, statement by statement: what only assigns is said in FEEL, the rest is named with its line.

A small tolerant reader of its own: no library that parses these languages is written in Python and kept up, and a script needs no
whole grammar to be told apart into assignments, choices between assignments, and what is beyond. Nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.definitions.model import FEEL

#: text → FEEL, None where it cannot be said
Translate = Callable[[str], FEEL | None]

_LONGEST = 20_000
_DEEPEST = 12
_DECLARED = r"(?:(?:var|let|const|def|final|int|long|double|boolean|String)\s+)?"
_ASSIGNED = re.compile(_DECLARED + r"(?P<name>[A-Za-z_]\w*)\s*=(?![=~])\s*(?P<value>.+)", re.DOTALL)
_CHANGED = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?P<operator>[+\-*/])=\s*(?P<value>.+)", re.DOTALL)
_COUNTED = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?P<operator>\+\+|--)")
_SET = re.compile(
    r"(?:execution|kcontext|delegateExecution|task)\.setVariable(?:Local)?"
    r"\(\s*(['\"])(?P<name>[A-Za-z_]\w*)\1\s*,\s*(?P<value>.+)\)",
    re.DOTALL,
)
#: variables that a script fetches under their own name are there already
_FETCHED = re.compile(r"(?:(?:var|let|const|def|final)\s+)?([A-Za-z_]\w*)\s*=\s*\w+\.getVariable\(\s*(['\"])\1\2\s*\)")
#: prints, which no process sees
_SAYS_NOTHING = re.compile(
    r"(?:println|print|console\.(?:log|debug|info)|System\.out\.println|(?:log|logger)\.(?:debug|info))\b.*", re.DOTALL
)
_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|[(){}\[\];\n]|[^'\"`/(){}\[\];\n]+|.", re.DOTALL
)
_GOES_ON = re.compile(r"[=+\-*/%&|?:,.<(]\s*\Z")
_CONTINUES = re.compile(r"\s*(?:[+\-*/%&|?:.]|==)")


@dataclass(frozen=True, slots=True)
class Beyond:
    """A statement that FEEL cannot say; `line` counts from 1 in the script."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """What a script assigns, in order, and what is beyond."""

    assigned: tuple[tuple[str, FEEL], ...] = ()
    beyond: tuple[Beyond, ...] = ()


@dataclass(frozen=True, slots=True)
class _Statement:
    line: int
    #: with the texts of its blocks taken out: ``if (a) {0} else {1}``
    text: str
    blocks: tuple[tuple[int, str], ...] = ()


def read(text: str, translate: Translate) -> Script:
    """The script with each value through `translate`."""
    return _read(text[:_LONGEST], 1, translate, _DEEPEST)


def _read(text: str, line: int, translate: Translate, room: int) -> Script:
    assigned: dict[str, FEEL] = {}
    beyond: list[Beyond] = []
    for statement in _joined(_statements(text, line)):
        found = _one(statement, translate, room)
        beyond += found.beyond
        for name, feel in found.assigned:
            if name in assigned:  # a context has one entry of a name: what is assigned twice has an order that FEEL has not
                beyond.append(Beyond(statement.line, _shown(statement)))
            assigned.setdefault(name, feel)
    return Script(tuple(assigned.items()), tuple(beyond))


def _one(statement: _Statement, translate: Translate, room: int) -> Script:
    text = statement.text.strip()
    if (not text and not statement.blocks) or _SAYS_NOTHING.fullmatch(text) or _FETCHED.fullmatch(text):
        return Script()
    if text.startswith("if") and statement.blocks and room:
        return _choice(statement, translate, room - 1)
    pair = _pair(text) if not statement.blocks else None
    value = translate(pair[1]) if pair is not None else None
    if pair is None or value is None:
        return Script(beyond=(Beyond(statement.line, _shown(statement)),))
    return Script(assigned=((pair[0], value),))


def _pair(text: str) -> tuple[str, str] | None:
    """(variable, the text of its value)."""
    for pattern in (_SET, _ASSIGNED):
        if match := pattern.fullmatch(text):
            return match["name"], match["value"]
    if match := _CHANGED.fullmatch(text):
        return match["name"], f"{match['name']} {match['operator']} ({match['value']})"
    if match := _COUNTED.fullmatch(text):
        return match["name"], f"{match['name']} {match['operator'][0]} 1"
    return None


def _choice(statement: _Statement, translate: Translate, room: int) -> Script:
    """``if (a) { x = 1 } else { x = 2 }``: one value for each name that is assigned; where a branch assigns nothing it stays as it was."""
    conditions, otherwise = _branches(statement)
    found = [(translate(condition), _read(body, line, translate, room)) for condition, (line, body) in conditions]
    last = _read(otherwise[1], otherwise[0], translate, room) if otherwise is not None else Script()
    said = [(condition, script) for condition, script in found if condition is not None]
    if not conditions or len(said) < len(found):
        return Script(beyond=(Beyond(statement.line, _shown(statement)),))
    return chosen(said, last)


def chosen(branches: Sequence[tuple[FEEL, Script]], last: Script) -> Script:
    """Branches, each with its condition, and what is done where none holds, as one value for each name."""
    beyond = [one for _, script in branches for one in script.beyond] + list(last.beyond)
    if beyond:
        return Script(beyond=tuple(beyond))
    names = dict.fromkeys(name for script in (*(script for _, script in branches), last) for name, _ in script.assigned)
    return Script(assigned=tuple((name, _value(name, branches, last)) for name in names))


def _value(name: str, branches: Sequence[tuple[FEEL, Script]], last: Script) -> FEEL:
    """Where a branch does not assign the name, it stays as it was."""
    feel = dict(last.assigned).get(name, name)
    for condition, script in reversed(branches):
        feel = f"if {condition} then {dict(script.assigned).get(name, name)} else {feel}"
    return feel


_IF = re.compile(r"\s*if\s*\((?P<condition>.*?)\)\s*\{(?P<block>\d+)\}\s*", re.DOTALL)
_ELSE = re.compile(r"\s*else\s*\{(?P<block>\d+)\}\s*;?\s*\Z")


def _branches(statement: _Statement) -> tuple[list[tuple[str, tuple[int, str]]], tuple[int, str] | None]:
    """(condition, block) of each ``if``, and the block of the last ``else``. Nothing where it is written in another way."""
    conditions: list[tuple[str, tuple[int, str]]] = []
    at = 0
    while match := _IF.match(statement.text, at):
        conditions.append((match["condition"], statement.blocks[int(match["block"])]))
        at = match.end()
        more = re.compile(r"\s*else\s+(?=if\b)").match(statement.text, at)
        if more is None:
            break
        at = more.end()
    rest = statement.text[at:]
    if match := _ELSE.fullmatch(rest):
        return conditions, statement.blocks[int(match["block"])]
    return ([], None) if rest.strip(" ;\n\t") else (conditions, None)


def _statements(text: str, line: int) -> Iterator[_Statement]:
    """Split at ``;`` and at line ends where nothing goes on; blocks are taken out."""
    now, start = "", line
    blocks: list[tuple[int, str]] = []
    brackets = depth = 0
    block_start, block = 0, ""
    for part in _TOKEN.findall(text):
        lines = part.count("\n")
        if depth:
            depth += (part == "{") - (part == "}")
            if depth:
                block += part
            else:
                now += f"{{{len(blocks)}}}"
                blocks.append((block_start, block))
        elif part.startswith(("//", "/*")):
            pass
        elif part == "{" and not brackets and not _ends_value(now):
            depth, block, block_start = 1, "", line
        elif (part == ";" or (part == "\n" and not _GOES_ON.search(now))) and not brackets:
            yield _Statement(start, now, tuple(blocks))
            now, blocks, start = "", [], line + lines
        else:
            brackets += (part in "([{") - (part in ")]}") if len(part) == 1 else 0
            if not now.strip():
                start = line
            now += part
        line += lines
    yield _Statement(start, now, tuple(blocks))


def _ends_value(text: str) -> bool:
    """Behind ``=``, ``(`` or ``,`` a brace begins a map and no block."""
    return re.search(r"[=(,:\[]\s*\Z", text) is not None


def _joined(statements: Iterator[_Statement]) -> Iterator[_Statement]:
    """``else`` on a line of its own belongs to the ``if`` before, and a line that begins with an operator to the line before."""
    held: _Statement | None = None
    for statement in statements:
        if not statement.text.strip() and not statement.blocks:
            continue
        belongs = re.match(r"\s*else\b", statement.text) or _CONTINUES.match(statement.text)
        if held is not None and belongs:
            text = f"{held.text} {_renumbered(statement.text, len(held.blocks))}"
            held = _Statement(held.line, text, (*held.blocks, *statement.blocks))
            continue
        if held is not None:
            yield held
        held = statement
    if held is not None:
        yield held


def _renumbered(text: str, more: int) -> str:
    """The places of blocks, behind `more` others."""
    return re.sub(r"\{(\d+)\}", lambda match: f"{{{int(match[1]) + more}}}", text)


def _shown(statement: _Statement) -> str:
    text = re.sub(r"\{\d+\}", "{…}", " ".join(statement.text.split()))
    return text if len(text) <= 120 else text[:119] + "…"
