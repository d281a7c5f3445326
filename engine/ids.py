"""Identifiers and hashes (conventions 12)."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid


def uuid7(unix_ms: int) -> str:
    """A time-ordered UUIDv7 for rows, as text. `unix_ms` comes from the Clock: ids order by the product's time.

    Ballots and one-time links use ``uuid.uuid4`` instead, since v7 tells the order.
    """
    value = (unix_ms & 0xFFFFFFFFFFFF) << 80
    random = int.from_bytes(os.urandom(10), "big")
    value |= 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | (random & 0x3FFFFFFFFFFFFFFF)
    return str(uuid.UUID(int=value))


class OrderedIds:
    """UUIDv7s that order also within one millisecond: 26 of the random bits are a counter (RFC 9562, 6.2 method 1).

    A clock that stands still (tests, sandbox) would otherwise give ids in random order. Thread-safe.
    """

    _COUNTER_BITS = 26

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = -1
        self._count = 0

    def next(self, unix_ms: int) -> str:
        """An id that sorts after every other of this millisecond from this object."""
        with self._lock:
            self._count = self._count + 1 if unix_ms == self._ms else 0
            self._ms = unix_ms
            count = self._count
        if count >> self._COUNTER_BITS:
            raise OverflowError("too many ids in one millisecond")
        value = (unix_ms & 0xFFFFFFFFFFFF) << 80
        value |= 0x7 << 76 | (count >> 14) << 64
        value |= 0b10 << 62 | (count & 0x3FFF) << 48 | int.from_bytes(os.urandom(6), "big")
        return str(uuid.UUID(int=value))


def digest(content: bytes) -> str:
    """Content hash that carries its algorithm: ``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
