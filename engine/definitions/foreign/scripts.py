"""Scripts of other tools that only compute or assign, as one FEEL expression."""

from __future__ import annotations

from engine.definitions.foreign import juel, python_text, statements
from engine.definitions.foreign.statements import Script
from engine.definitions.model import FEEL

_PYTHON = frozenset({"python", "jython", "py"})


def one_value(text: str, language: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """FEEL of a script that gives one value."""
    name = _short(language)
    if name == "feel" or text.startswith("="):
        return text.removeprefix("=").strip() or None
    if name in _PYTHON:
        return python_text.to_feel(text)
    value = text.strip().removesuffix(";")
    return juel.to_feel(value, initiators) if juel.is_marked(value) else juel.script_to_feel(value, initiators)


def read(text: str, language: str, initiators: frozenset[str] = frozenset()) -> Script:
    """What a script assigns, and each statement that FEEL cannot say, with its line in the script."""
    if _short(language) in _PYTHON:
        return python_text.script(text)
    found = statements.read(text, lambda value: juel.script_to_feel(value, initiators))
    if language or not found.beyond:
        return found
    python = python_text.script(text)  # no language is named: the one that can be said
    return python if not python.beyond else found


def assigned(text: str, language: str, initiators: frozenset[str] = frozenset()) -> FEEL | None:
    """A FEEL context of what a script assigns; its members go out as variables. None for a script that does anything else."""
    found = read(text, language, initiators)
    if found.beyond or not found.assigned:
        return None
    return "{" + ", ".join(f"{name}: {value}" for name, value in found.assigned) + "}"


def _short(language: str) -> str:
    """``http://www.java.com/java`` is java."""
    return language.strip().lower().rstrip("/").rpartition("/")[2]
