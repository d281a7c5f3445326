"""How long to wait before a failed job is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential back-off: `first`, then times `rate` up to `longest`, `attempts` in all.

    The defaults try for about a day: 30 s, 2 min, 8 min, 32 min, 2 h 8 min, 6 h, 6 h, 6 h.
    """

    attempts: int = 9
    first: timedelta = timedelta(seconds=30)
    rate: int = 4
    longest: timedelta = timedelta(hours=6)

    def delay(self, attempt: int) -> timedelta | None:
        """The pause after failed attempt number `attempt` (1, 2, …); None when it was the last."""
        if attempt >= self.attempts:
            return None
        factor: int = self.rate ** min(attempt - 1, 16)
        return min(self.longest, self.first * factor)
