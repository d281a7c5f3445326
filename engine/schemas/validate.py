"""Checks data against our schemas and says what is wrong in words, in both languages.

`cogov.moddle.json` beside this file describes the cogov namespace to bpmn-js: the designer (`web/designer`) uses this very file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from engine.definitions.model import Label

#: more errors than this help nobody
MAX_ERRORS = 20

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where in the data, and what is wrong there."""

    path: Place
    reason: Label

    @property
    def where(self) -> str:
        """``columns[2].kind``"""
        text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return text.removeprefix(".") or "/"


def validate(name: str, data: Any) -> list[Fault]:
    """Faults of `data` against ``<name>.schema.json``, in document order, at most MAX_ERRORS."""
    errors = sorted(_validator(name).iter_errors(_plain(data)), key=lambda error: [str(part) for part in error.absolute_path])
    return [_fault(error) for error in errors[:MAX_ERRORS]]


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((Path(__file__).parent / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _plain(data: Any) -> Any:
    """YAML dates and keys that are no text (``2026-03-02``, ``on``) as JSON Schema sees them."""
    if isinstance(data, dict):
        return {key if isinstance(key, str) else str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    if data is None or isinstance(data, (str, int, float, bool)):
        return data
    return data.isoformat() if hasattr(data, "isoformat") else str(data)


def _fault(error: ValidationError) -> Fault:
    """Of several allowed shapes, the one whose kind of value fits is meant: its fault is the one to tell."""
    deepest = error
    while fitting := [inner for inner in deepest.context or () if inner.validator != "type"]:
        deepest = best_match(fitting) or fitting[0]
    return Fault(tuple(deepest.absolute_path), _reason(deepest))


def _reason(error: ValidationError) -> Label:
    value: Any = error.instance
    kind = error.validator
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    expected: Any = error.validator_value
    if kind == "required":
        missing = ", ".join(name for name in expected if name not in value)
        return Label(zh=f"缺少 {missing}", en=f"{missing} is missing")
    if kind == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        extra = ", ".join(str(name) for name in value if name not in known)
        return Label(zh=f"不认识的 {extra}；可用：{', '.join(known)}", en=f"unknown: {extra}; known: {', '.join(known)}")
    if kind in ("enum", "const"):
        choices = ", ".join(map(str, expected if kind == "enum" else [expected]))
        return Label(zh=f"{shown} 不在可选范围：{choices}", en=f"{shown} is none of: {choices}")
    if kind == "type":
        types = expected if isinstance(expected, str) else " / ".join(expected)
        return Label(zh=f"{shown} 应为 {types}", en=f"{shown} should be {types}")
    if kind == "pattern":
        return Label(zh=f"{shown} 不合格式 {expected}", en=f"{shown} does not match {expected}")
    if kind in ("minItems", "minProperties", "minLength"):
        return Label(zh=f"至少要有 {expected} 项", en=f"at least {expected} needed")
    if kind == "anyOf":
        choices = " / ".join(_alternatives(expected))
        return Label(zh=f"{shown} 须符合其一：{choices}", en=f"{shown} must be one of: {choices}")
    return Label(zh=f"{shown} 不允许", en=f"{shown} is not allowed")


def _alternatives(schemas: list[dict[str, Any]]) -> Iterator[str]:
    for schema in schemas:
        yield ", ".join(schema.get("required", [])) or str(schema.get("pattern") or schema.get("type") or "…")
