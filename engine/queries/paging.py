"""Parts of a list: pages and the cursors that lead from one to the next."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from engine.errors import CogovError

Item = TypeVar("Item")
MOST = 200


class BadCursor(CogovError):
    """This page link is not valid any more; begin with the first page."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Part of a list; `next` is the cursor of the following part, None at the end."""

    items: tuple[Item, ...]
    next: str | None = None


def by_id(items: list[Any], limit: int) -> Page[Any]:
    return Page(items=tuple(items[:limit]), next=cursor_of([items[limit - 1].id]) if len(items) > limit else None)


def cursor_of(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def id_cursor(cursor: str | None) -> str | None:
    return _parts(cursor, 1)[0] if cursor else None


def task_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, identity = _parts(cursor, 2)
    try:
        return datetime.fromisoformat(at), identity
    except ValueError as error:
        raise BadCursor() from error


def _parts(cursor: str, count: int) -> list[str]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error) as error:
        raise BadCursor() from error
    if not isinstance(parts, list) or len(parts) != count or not all(isinstance(p, str) for p in parts):
        raise BadCursor()
    return parts
