"""Functions of contexts."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Run
from engine.feel.kinds import adopt, entries_of, is_context


@builtin("get value", "m: context, key: string")
def _get_value(run: Run, context: Any, key: str) -> Any:
    return adopt(entries_of(context).get(key), run)


@builtin("get value", "m: context, keys: list")
def _get_value_deep(run: Run, context: Any, keys: list[Any]) -> Any:
    run.spend(len(keys) // 8)
    for key in keys:
        if not is_context(context) or not isinstance(key, str):
            return None
        context = entries_of(context).get(key)
    return adopt(context, run) if keys else None


@builtin("get entries", "m: context")
def _get_entries(run: Run, m: Any) -> list[Any]:
    return run.items([{"key": key, "value": adopt(value, run)} for key, value in entries_of(m).items()])


@builtin("context", "entries: list")
def _context(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    run.room_for_items(len(entries))
    made: dict[str, Any] = {}
    for entry in entries:
        if not is_context(entry) or not {"key", "value"} <= entries_of(entry).keys():
            return None
        key = entries_of(entry)["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entries_of(entry)["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def _context_put(run: Run, context: Any, key: str, value: Any) -> dict[str, Any]:
    run.room_for_items(len(entries_of(context)))
    return {**entries_of(context), key: value}


@builtin("context put", "context: context, keys: list, value: any")
def _context_put_deep(run: Run, context: Any, keys: list[Any], value: Any) -> dict[str, Any] | None:
    if not keys or not isinstance(keys[0], str) or not is_context(context):
        return None
    run.room_for_items(len(entries_of(context)))
    first, *rest = keys
    if not rest:
        return {**entries_of(context), first: value}
    inner = _context_put_deep(run, entries_of(context).get(first), rest, value)
    return None if inner is None else {**entries_of(context), first: inner}


@builtin("context merge", "contexts: list")
def _context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    if not all(is_context(context) for context in contexts):
        return None
    merged: dict[str, Any] = {}
    for context in contexts:
        run.room_for_items(len(entries_of(context)))
        merged.update(entries_of(context))
    return merged
