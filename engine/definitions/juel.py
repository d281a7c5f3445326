"""Simple ``${…}`` conditions of other tools, and Python-like ones, as FEEL."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from engine.definitions.model import FEEL

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>'[^'\\]*'|\"[^\"\\]*\")|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<operator>&&|\|\||==|!=|<=|>=|[<>!()+\-*/]))"
)
_OPERATORS = {"&&": "and", "||": "or", "==": "="}
_WORDS = {
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "div": "/",
    "True": "true",
    "False": "false",
    "None": "null",
}
_REFUSED = frozenset({"mod", "empty", "instanceof", "in", "is", "lambda", "if", "else", "for"})


def to_feel(text: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """FEEL for ``${…}``, ``#{…}`` or bare text made of names, literals, comparisons, and, or, not; None for anything else.

    `initiators` are names that stand for the starter (``camunda:initiator``).
    """
    inner = text.strip()
    if inner.startswith(("${", "#{")):
        if not inner.endswith("}") or "{" in inner[2:-1]:
            return None
        inner = inner[2:-1]
    words = _words(inner, initiators)
    if words is None or _calls_something(words):
        return None
    return _join(words)


def _words(text: str, initiators: frozenset[str]) -> list[str] | None:
    words: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        position = match.end()
        word = match.group().strip()
        if match["string"]:
            word = json.dumps(word[1:-1], ensure_ascii=False)
        elif match["name"]:
            if word in _REFUSED:
                return None
            word = "starter" if word in initiators else _WORDS.get(word, word)
        else:
            word = _OPERATORS.get(word, word)
        words.append(word)
    return words or None


def _calls_something(words: list[str]) -> bool:
    """A name right before a bracket is a method call, which FEEL would not understand."""
    keywords = {"and", "or", "not"}
    return any(after == "(" and re.fullmatch(r"[A-Za-z_][\w.]*", word) and word not in keywords for word, after in pairwise(words))


def _join(words: list[str]) -> FEEL | None:
    """``!x`` and ``not x`` become ``not(x)``; only a name or a bracket may follow them."""
    out: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        if word in ("!", "not") and index + 1 < len(words):
            follower = words[index + 1]
            if follower == "(":
                out.append("not")
            elif re.fullmatch(r"[A-Za-z_][\w.]*", follower) and (index + 2 == len(words) or words[index + 2] in ("and", "or", ")")):
                out.append(f"not({follower})")
                index += 1
            else:
                return None
        elif word in ("!", "not"):
            return None
        else:
            out.append(word)
        index += 1
    return " ".join(out).replace("not (", "not(")
