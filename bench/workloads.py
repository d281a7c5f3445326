"""What is measured of tasks: so many instances of a model, each with so many tasks, and what is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.models import BLOCKS, IN_SEQUENCE

#: completes a task with a form; → ids of the tasks it offered
Complete = Callable[[str, Mapping[str, Any]], Iterable[str]]
#: CPU ms of our processes, statements, commits for the bare task: design 13
BARE_GOALS = (("cpu_ms", 6.0), ("statements", 12.0), ("commits", 1.0))
REAL_GOALS = (("cpu_ms", 15.0), ("statements", 24.0), ("commits", 1.0))
FLAT = (("growth", 1.3),)


@dataclass(frozen=True)
class Workload:
    """Instances of one process, led through all their tasks."""

    name: str
    process: str
    instances: int
    #: tasks of one instance
    tasks: int
    goals: tuple[tuple[str, float], ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    #: length of a text that each task hands in instead of the form
    payload: int = 0
    group: str = "task"

    @property
    def count(self) -> int:
        """Tasks in all."""
        return self.instances * self.tasks

    def answer(self, number: int) -> dict[str, Any]:
        """What the task with this number (from 0) of an instance hands in."""
        if self.payload:
            return {"payload": f"{number:08d}" + "x" * (self.payload - 8)}
        return {"note": "已经办好", "amount": 3, "more": number + 1 < self.tasks}

    def run(self, starts: Sequence[Sequence[str]], complete: Complete) -> Iterator[None]:
        """Complete one task at each step; `starts`: the first open tasks of each instance."""
        for first in starts:
            waiting, number = list(first), 0
            while waiting:
                waiting += complete(waiting.pop(0), self.answer(number))
                number += 1
                yield


def all_of(quick: bool) -> list[Workload]:
    """The workloads of issue 4 and design 13. `quick`: a few of each, too few for growth to mean anything."""
    few = 10 if quick else 1
    return [
        Workload("1 task", "bench_one", 400 // few, 1, BARE_GOALS + FLAT),
        Workload("bare: 10 tasks in sequence", "bench_sequence", 100 // few, IN_SEQUENCE, BARE_GOALS + FLAT),
        _participants(50, 4 // min(few, 4)),
        _participants(200, 1),
        *([] if quick else [_participants(1000, 1)]),
        _rounds(100, 2 if not quick else 1),
        *([] if quick else [_rounds(1000, 1)]),
        Workload(f"{BLOCKS} parallel blocks of 2 in a row", "bench_blocks", 10 // few, 2 * BLOCKS, FLAT),
        _data("1 KB", 1000, 100 // few),
        _data("50 KB", 50_000, 100 // few),
    ]


def _participants(count: int, instances: int) -> Workload:
    people = {"people": [f"p{n}" for n in range(count)]}
    return Workload(f"{count:,} parallel participants", "bench_participants", instances, count, FLAT, people)


def _rounds(count: int, instances: int) -> Workload:
    return Workload(f"{count:,} rounds of a loop", "bench_rounds", instances, count, FLAT)


def _data(name: str, size: int, instances: int) -> Workload:
    return Workload(f"each task hands in {name}", "bench_data", instances, 2, FLAT, payload=size, group="data")
