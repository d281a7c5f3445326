"""Answers of the reference data, remembered between two changes.

An answer at a moment holds until a row is written (the stamp changes) or a validity begins or ends (the next boundary). Both are
known, so that what is remembered is what a query would give now, in any process: a post that was taken away a moment ago opens
no task any more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from governance.reference import store

Answer = TypeVar("Answer")

#: remembered answers of one span; then it begins anew
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Span:
    """``start`` ≤ t < ``end``, in which nothing changes under this token."""

    token: str | None
    start: datetime
    end: datetime | None
    answers: dict[Hashable, Any] = field(default_factory=dict)

    def covers(self, token: str | None, at: datetime) -> bool:
        return self.token == token and self.start <= at and (self.end is None or at < self.end)


class Memo:
    """Remembers answers. `next_change` tells the first moment after `at` at which an answer may differ although no row is written;
    left out, answers do not depend on time."""

    def __init__(self, next_change: Callable[[Any, datetime], datetime | None] | None = None) -> None:
        self._next_change = next_change
        self._span: _Span | None = None

    def get(self, connection: Any, at: datetime, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to `key` at that moment, from `ask` when it is not known. It is shared: do not change it."""
        token = store.token(connection)
        span = self._span
        if span is None or not span.covers(token, at):
            if span is not None and span.token == token and at < span.start:
                return ask()  # a question about the past; the present stays
            span = _Span(token, at, self._next_change(connection, at) if self._next_change else None)
            self._span = span
        if key in span.answers:
            known: Answer = span.answers[key]
            return known
        answer = ask()
        if len(span.answers) >= _MOST:
            span.answers.clear()
        span.answers[key] = answer
        return answer
