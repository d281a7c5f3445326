"""The draw itself: pure, and simple enough to be done again with a pocket tool (``printf '%s' 'seed:7' | sha256sum``)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any


def ticket(seed: str, no: int) -> str:
    """SHA-256 of ``seed:no`` as lower-case hex: the smaller, the earlier."""
    return hashlib.sha256(f"{seed}:{no}".encode()).hexdigest()


def order(seed: str, count: int) -> list[tuple[int, str]]:
    """Numbers 1…count in the order the seed gives, each with its ticket."""
    return sorted(((no, ticket(seed, no)) for no in range(1, count + 1)), key=lambda drawn: drawn[1])


def fingerprint(candidates: Sequence[Any]) -> str:
    """SHA-256 of the numbered list, one candidate a line: a list changed after it was closed has another one."""
    lines = "".join(f"{no}\t{candidate}\n" for no, candidate in enumerate(candidates, 1))
    return hashlib.sha256(lines.encode()).hexdigest()
