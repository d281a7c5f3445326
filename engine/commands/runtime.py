"""What every command shares: the engine's parts, given once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from typing import Any

from engine.clock import Clock
from engine.commands.library import Library
from engine.definitions.check import PackageCheck
from engine.ids import OrderedIds
from engine.jobs.retry import RetryPolicy
from engine.ports import Deadlines, Directory, Files, Functions, Jobs, People, Reaction
from engine.runner.port import Kernel
from engine.services import Services
from engine.store.along import Along
from engine.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The engine's parts."""

    database: Database
    clock: Clock
    jobs: Jobs
    services: Services
    kernel: Kernel
    library: Library
    directory: Directory
    deadlines: Deadlines
    functions: Functions
    people: People | None
    files: Files | None
    reactions: Sequence[Reaction]
    zone: tzinfo
    #: how long a message nobody waits for is kept
    message_ttl: timedelta
    retry: RetryPolicy
    #: codes of the role table that lanes may name; None: not checked
    roles: Collection[str] | None
    resources: Mapping[str, Any] = field(default_factory=dict)
    #: what is checked of a package besides the engine's own rules
    checks: Sequence[PackageCheck] = ()
    #: called with the connection and the id of an instance that is removed: what others keep of it goes, too
    removals: Sequence[Callable[[Any, str], None]] = ()
    #: what others want to be read with every instance, so that it costs them no statement of its own
    along: tuple[Along, ...] = ()
    ids: OrderedIds = field(default_factory=OrderedIds)

    def new_id(self) -> str:
        """A row id that orders by the clock, then by when it was made."""
        return self.ids.next(int(self.clock.now().timestamp() * 1000))
