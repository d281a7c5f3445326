"""The register declarations in force: what the engine has deployed, the latest of each key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.errors import NotFound
from governance.registers.declaration import Declaration, read_register

#: gives (path, content) of the latest definition of every register key
Provider = Callable[[], Iterable[tuple[str, bytes]]]


class Declarations:
    """Parsed once and kept in memory; `refresh` after a deployment, or give `stamp` (it changes when anything is deployed;
    it is given the open connection, or None)."""

    def __init__(self, provider: Provider, stamp: Callable[[Any], object] | None = None) -> None:
        self._provider = provider
        self._stamp = stamp
        self._lock = threading.Lock()
        self._read_at: object = None
        self._found: Mapping[str, Declaration] | None = None

    @classmethod
    def fixed(cls, *declarations: Declaration) -> Declarations:
        """Declarations that never change (tests, library use)."""
        made = cls(tuple)
        made._found = {d.key: d for d in declarations}
        return made

    def all(self, connection: Any = None) -> Mapping[str, Declaration]:
        """Register key → declaration. `connection` is the open one of a command, so that no second one is needed."""
        with self._lock:
            stamp = self._stamp(connection) if self._stamp is not None else None
            if self._found is None or stamp != self._read_at:
                self._found = {d.key: d for d in (read_register(content, path) for path, content in self._provider())}
                self._read_at = stamp
            return self._found

    def get(self, key: str) -> Declaration:
        """Raises NotFound, naming the register."""
        found = self.all().get(key)
        if found is None:
            raise NotFound(f"没有台账 {key} / there is no register {key}", register=key)
        return found

    def refresh(self) -> None:
        """Read again at the next use; called after a deployment."""
        with self._lock:
            self._found = None
