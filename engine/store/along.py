"""Small facts that hold for one transaction: remembered until it ends, and read along with an instance instead of by a statement of
their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

_KEPT = "cogov.kept"


@dataclass(frozen=True, eq=False, slots=True)
class Along:
    """A text (or nothing) that commands need, in one column of at most one row; `keep` remembers it for the transaction.

    It is read after the instance was locked, like everything else that the command reads.
    """

    value: sa.Select[Any]
    keep: Callable[[sa.Connection, str | None], None]


def keep(connection: sa.Connection, key: Hashable, value: Any) -> None:
    """Remember a fact until the open transaction ends."""
    transaction = connection.get_transaction()
    kept = connection.info.get(_KEPT)
    if kept is None or kept[0] is not transaction:
        connection.info[_KEPT] = (transaction, {key: value})
    else:
        kept[1][key] = value


def kept(connection: sa.Connection, key: Hashable, ask: Callable[[], Any]) -> Any:
    """The remembered fact; else what `ask` finds, remembered from now on."""
    transaction = connection.get_transaction()
    found = connection.info.get(_KEPT)
    if transaction is not None and found is not None and found[0] is transaction and key in found[1]:
        return found[1][key]
    value = ask()
    # the first statement begins the transaction: only now is there one
    keep(connection, key, value)
    return value


def forget(connection: sa.Connection, key: Hashable) -> None:
    """This transaction changed it."""
    found = connection.info.get(_KEPT)
    if found is not None:
        found[1].pop(key, None)
