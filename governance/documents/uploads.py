"""What a file field gives, as ids of stored files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def file_ids(value: Any) -> list[str]:
    """Ids from a file field: one id, a context with ``id`` (or ``file``), or a list of them; empty for null."""
    if value is None or value == "":
        return []
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in file_ids(item)]
    if isinstance(value, Mapping):
        return file_ids(value.get("id") or value.get("file"))
    return [str(value)]
