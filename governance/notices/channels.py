"""Where else a notice goes. Mail and text messages are adapters of this port; the product itself shows the row."""

from __future__ import annotations

import logging
from typing import Protocol

from governance.notices.store import Notice

_log = logging.getLogger(__name__)


class Channel(Protocol):
    """Delivers a notice outside the product. Called by a job after commit, at least once; `key` is equal for every attempt."""

    def deliver(self, notice: Notice, *, key: str) -> None: ...


class ConsoleChannel:
    """Writes who was told what to the log: for development."""

    def deliver(self, notice: Notice, *, key: str) -> None:
        _log.info("notice %s to %s: %s (%s)", notice.kind, notice.person, notice.title.zh, key)


class MemoryChannel:
    """Keeps what was delivered, once per key: for tests and the sandbox."""

    def __init__(self) -> None:
        self.delivered: dict[str, Notice] = {}

    def deliver(self, notice: Notice, *, key: str) -> None:
        self.delivered.setdefault(key, notice)
