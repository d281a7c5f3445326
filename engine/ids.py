"""Identifiers and hashes (conventions 12)."""

from __future__ import annotations

import hashlib
import os
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


def digest(content: bytes) -> str:
    """Content hash that carries its algorithm: ``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
