"""Functions of texts. Positions count from 1, in characters; regular expressions run in RE2, in linear time."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Run
from engine.feel.errors import SENTENCES, ExpressionFailed
from engine.feel.patterns import Pattern, PatternError, compiled

#: half of a surrogate pair: no character, and RE2 cannot read it
_HALF = re.compile("[\ud800-\udfff]")
_GROUP = re.compile(r"\\([\\$])|\$(\d)|([\\$])")


@builtin("substring", "string: string, start position: number, length?: number")
def _substring(_: Run, string: str, start_position: Decimal, length: Decimal | None = None) -> str | None:
    start = int(start_position)
    if start == 0 or abs(start) > len(string):
        return None if start == 0 else ""
    if length is not None and length < 1:
        return None if length < 0 else ""
    first = start - 1 if start > 0 else len(string) + start
    return string[first:] if length is None else string[first : first + int(length)]


@builtin("string length", "string: string")
def _string_length(_: Run, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case", "string: string")
def _upper_case(run: Run, string: str) -> str:
    return run.text(string.upper())


@builtin("lower case", "string: string")
def _lower_case(run: Run, string: str) -> str:
    return run.text(string.lower())


@builtin("trim", "string: string")
def _trim(_: Run, string: str) -> str:
    return string.strip()


@builtin("substring before", "string: string, match: string")
def _substring_before(_: Run, string: str, match: str) -> str:
    return string.partition(match)[0] if match and match in string else ""


@builtin("substring after", "string: string, match: string")
def _substring_after(_: Run, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains", "string: string, match: string")
def _contains(_: Run, string: str, match: str) -> bool:
    return match in string


@builtin("starts with", "string: string, match: string")
def _starts_with(_: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def _ends_with(_: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches", "input: string, pattern: string, flags?: string")
def _matches(run: Run, input_: str, pattern: str, flags: str | None = None) -> bool | None:
    regex = _pattern(run, pattern, flags or "", input_)
    return None if regex is None else regex.search(input_) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string")
def _replace(run: Run, input_: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    regex = _pattern(run, pattern, flags or "", input_)
    if regex is None or regex.search("") is not None:  # XPath: a pattern that matches nothing at all is an error
        return None
    literal = "q" in (flags or "")
    parts, end, size = [], 0, 0
    for match in regex.finditer(input_):
        run.look()  # finding one match may mean reading to the end
        new = replacement if literal else _expanded(replacement, match)
        if new is None:
            return None
        parts += [input_[end : match.start()], new]
        size += len(new)
        if size > run.environment.max_text:
            run.room_for_text(size)
        end = match.end()
    return run.text("".join([*parts, input_[end:]]))


@builtin("split", "string: string, delimiter: string")
def _split(run: Run, string: str, delimiter: str) -> list[str] | None:
    regex = _pattern(run, delimiter, "", string)
    if regex is None or regex.search("") is not None:  # XPath: as for replace()
        return None
    parts: list[str] = []
    start = 0
    for match in regex.finditer(string):
        run.look()
        if len(parts) > run.environment.max_items:
            run.room_for_items(len(parts))
        if match.end() > match.start():
            parts.append(string[start : match.start()])
            start = match.end()
    return run.items([*parts, string[start:]])


@builtin("string join", "list: list, delimiter?: string")
def _string_join(run: Run, items: list[Any], delimiter: str | None = None) -> str | None:
    if any(item is not None and not isinstance(item, str) for item in items):
        return None
    texts = [item for item in items if item is not None]
    run.room_for_text(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return (delimiter or "").join(texts)


def _pattern(run: Run, pattern: str, flags: str, text: str) -> Pattern | None:
    """The compiled pattern, its work on this text accounted for; None, and a notice, when it is none.

    Raises ExpressionFailed when it cannot run in linear time.
    """
    run.spend(1 + len(pattern) // 8)  # the first time it is compiled
    if not (text.isascii() and pattern.isascii()) and (_HALF.search(text) or _HALF.search(pattern)):
        return None
    try:
        regex = compiled(pattern, flags, text.isascii())
    except PatternError as error:
        english, chinese = (sentence.format() for sentence in SENTENCES[error.key])
        if error.refused:
            message = f"The regular expression {pattern[:60]!r} is refused: {english} / 不接受这个正则表达式：{chinese}"
            raise ExpressionFailed(message, pattern=pattern, position=error.position) from None
        run.note("pattern", pattern=pattern[:60], reason=f"{english} / {chinese}")
        return None
    run.room_for_pattern(len(text), regex.programsize)
    return regex


def _expanded(replacement: str, match: Any) -> str | None:
    """XPath's replacement text: $1 … $9, and \\$ and \\\\ for themselves; None when it is malformed."""
    parts, end = [], 0
    for found in _GROUP.finditer(replacement):
        escaped, group, stray = found.groups()
        if stray:
            return None
        parts.append(replacement[end : found.start()])
        if escaped:
            parts.append(escaped)
        else:
            number = int(group)
            parts.append((match.group(number) or "") if number <= match.re.groups else "")
        end = found.end()
    return "".join([*parts, replacement[end:]])
