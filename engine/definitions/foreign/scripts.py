"""Scripts of other tools that only compute or assign, as one FEEL expression."""

from __future__ import annotations

import re

from engine.definitions.foreign import juel, python_text
from engine.definitions.model import FEEL

_ASSIGNED = re.compile(r"(?:(?:var|let|const|def|final)\s+)?(?P<name>[A-Za-z_]\w*)\s*=(?!=)\s*(?P<value>.+)", re.DOTALL)
_SET = re.compile(
    r"(?:execution|kcontext|delegateExecution)\.setVariable\(\s*(['\"])(?P<name>[A-Za-z_]\w*)\1\s*,\s*(?P<value>.+)\)", re.DOTALL
)
_LINE_COMMENT = re.compile(r"(^|\s)//[^\n]*")
_PYTHON = frozenset({"python", "jython", "py"})


def one_value(text: str, language: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """FEEL of a script that gives one value."""
    name = _short(language)
    if name == "feel" or text.startswith("="):
        return text.removeprefix("=").strip() or None
    if name in _PYTHON:
        return python_text.to_feel(text)
    return juel.to_feel(text.strip().removesuffix(";"), initiators)


def assigned(text: str, language: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """A FEEL context of what a script assigns; its members go out as variables. None for a script that does anything else."""
    found = python_text.assignments(text) if _short(language) in _PYTHON or not language else None
    if found is None and _short(language) not in _PYTHON:
        found = _java_like(text, initiators)
    if not found or len({name for name, _ in found}) != len(found):
        return None
    return "{" + ", ".join(f"{name}: {value}" for name, value in found) + "}"


def _java_like(text: str, initiators: frozenset[str]) -> list[tuple[str, FEEL]] | None:
    found = []
    for line in re.split(r";\s*|\n", _LINE_COMMENT.sub(" ", text)):
        if not line.strip():
            continue
        match = _SET.fullmatch(line.strip()) or _ASSIGNED.fullmatch(line.strip())
        value = juel.to_feel(match["value"], initiators) if match else None
        if match is None or value is None:
            return None
        found.append((match["name"], value))
    return found


def _short(language: str) -> str:
    """``http://www.java.com/java`` is java."""
    return language.strip().lower().rstrip("/").rpartition("/")[2]
