"""The history of the installation: what operators did to definitions, and to many instances at once. Chained like that of a case."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import values
from engine.actor import Actor, mandate_text
from engine.history import store as history
from engine.history.chain import START, Entry, seal
from engine.store import operations

Connection = Any
#: stands for an instance in the history tables; no instance has such an id
CHAIN = "installation"


def log(connection: Connection, kind: str, subject: str, *, actor: Actor, at: datetime, content: Mapping[str, Any]) -> None:
    """Add a row. `subject`: what the act was about, e.g. the key of a process."""
    head = operations.lock_head(connection, CHAIN)
    if head is None:
        operations.add_head(connection, {"instance": CHAIN, "history_seq": 0, "history_chain": START})
    seq, before = (head.history_seq, head.history_chain) if head is not None else (0, START)
    entry = Entry(
        instance=CHAIN, seq=seq + 1, at=at, kind=kind, element=subject, actor=actor.person or ("system" if actor.system else "public"),
        mandate=mandate_text(actor), salt=secrets.token_hex(16), content=values.dumps(values.normalise(content)),
    )  # fmt: skip
    sealed, chain = seal([entry], before)
    history.append(connection, sealed)
    operations.move_head(connection, CHAIN, seq + 1, chain)
