"""Days and moments as a row's head shows them."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from typing import Any

from governance.registers.declaration import Declaration


def due_follows_deadlines(declaration: Declaration | None) -> bool:
    """Rows of a case as a whole show its nearest deadline, unless the register says where the due moment comes from."""
    return declaration is not None and not declaration.many and "due" not in declaration.head and "due" not in declaration.columns


def moment_of(value: Any, zone: tzinfo) -> datetime | None:
    """A day means its last second in the installation's zone."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(23, 59, 59), zone) if isinstance(value, date) else None


def beginning_of(value: Any, zone: tzinfo) -> datetime | None:
    """Since when a row counts; a day means its first second in the installation's zone."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(), zone) if isinstance(value, date) else None
