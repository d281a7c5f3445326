"""Pass rates, and the ones reached: below them `make tck` fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.tck.suite import Result

#: level → (percent of all cases, percent of those that expect a value) that must pass
REACHED: dict[int, tuple[float, float]] = {2: (100.0, 100.0), 3: (99.4, 99.1)}


@dataclass(frozen=True)
class Rate:
    passed: int
    total: int

    @property
    def percent(self) -> float:
        return 100 * self.passed / self.total if self.total else 100.0

    def __str__(self) -> str:
        return f"{self.passed:,} of {self.total:,} ({self.percent:.2f} %)"


def rate(results: Sequence[Result]) -> Rate:
    return Rate(sum(result.passed for result in results), len(results))


def rates(results: Sequence[Result], level: int) -> tuple[Rate, Rate]:
    """Of all cases of a level, and of those that expect a value."""
    here = [result for result in results if result.level == level]
    return rate(here), rate([result for result in here if result.expects_value])


def below(results: Sequence[Result]) -> list[str]:
    """Sentences about rates below those reached."""
    found = []
    for level, limits in REACHED.items():
        for what, reached, limit in zip(("all cases", "cases that expect a value"), rates(results, level), limits, strict=True):
            if reached.percent < limit:
                found.append(f"level {level}, {what}: {reached.percent:.2f} % is below {limit} %")
    return found
