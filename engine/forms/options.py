"""Choices of a field: static values, code lists and expressions, as {value, label} in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.values import plain

Codes = Mapping[str, Sequence[Mapping[str, Any]]]


def option(entry: Any, language: str) -> dict[str, Any]:
    """One choice. `entry` is {value, label}, a code {code, zh, en}, a directory entry {id, zh, en}, or a plain value."""
    if not isinstance(entry, Mapping):
        return {"value": entry, "label": str(plain(entry))}
    value = next((entry[name] for name in ("value", "code", "id") if name in entry), None)
    label = entry.get("label")
    other = ((entry.get("i18n") or {}).get(language) or {}).get("label")
    named = entry.get("en") or entry.get("zh") if language == "en" else entry.get("zh") or entry.get("en")
    return {"value": value, "label": other or label or named or str(plain(value))}


def options(entries: Any, language: str) -> list[dict[str, Any]]:
    """Choices from what a schema or an expression gave; anything but a list gives none."""
    return [option(entry, language) for entry in entries] if isinstance(entries, Sequence) and not isinstance(entries, str) else []


def code_options(codes: Codes, language: str) -> dict[str, list[dict[str, Any]]]:
    """The variable ``codes`` as forms see it."""
    return {name: options(entries, language) for name, entries in codes.items()}
