"""What all powers of an operator share: a reason that is kept, a repeated key, one transaction, a dry run that is rolled back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.actor import Actor
from engine.commands import opening
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.unit import CommandUnit
from engine.errors import CogovError
from engine.store import instances

Connection = Any
Result = TypeVar("Result")
_SHORTEST, _LONGEST = 2, 1000


class ReasonMissing(CogovError):
    """请写明理由（2–1000 字）/ Say why (2–1000 characters)"""

    code = "reason_missing"


class _TrialOver(Exception):
    """Rolls the transaction of a dry run back, and carries what it found out."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


def needed(reason: str) -> str:
    """The reason as it is kept. Raises ReasonMissing for one that says nothing or too much."""
    text = reason.strip()
    if not _SHORTEST <= len(text) <= _LONGEST:
        raise ReasonMissing(shortest=_SHORTEST, longest=_LONGEST)
    return text


def run(runtime: Runtime, command: Callable[[Connection], Result], *, dry_run: bool = False) -> Result:
    """One transaction; a dry run does everything, reactions included, and leaves nothing."""
    if not dry_run:
        return opening.run(runtime, command)

    def trial(connection: Connection) -> None:
        raise _TrialOver(command(connection))

    try:
        opening.run(runtime, trial)
    except _TrialOver as over:
        result: Result = over.result
        return result
    raise AssertionError("a trial always ends by rolling back")


def perform(
    runtime: Runtime, instance: str, name: str, act: Callable[[CommandUnit], None], *, actor: Actor, idempotency_key: str | None,
    whole: bool = True, moving: bool = True,
) -> Receipt:  # fmt: skip
    """One act on one running instance. `whole`: with all its tokens at hand; `moving`: a suspended instance refuses.

    Raises NotFound, InstanceEnded, InstanceSuspended, and what `act` raises; then nothing has changed.
    """
    key = opening.scoped_key(name, actor, idempotency_key)

    def command(connection: Connection) -> Receipt:
        row = instances.lock(connection, instance)
        first = opening.repeated(connection, key)
        if first is not None:
            return first
        unit = opening.open_unit(runtime, connection, row, actor, whole=whole, moving=moving)
        act(unit)
        receipt = unit.finish()
        opening.remember(connection, key, receipt, unit.now)
        return receipt

    return opening.run(runtime, command)
