"""A town in the middle of an example run: whoever looks at a page late in a procedure need not press every button before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cogov.cases import CaseRun, read_cases
from tests.town import Town

ROOT = Path(__file__).parents[1]
Step = Mapping[str, Any]


def play(town: Town, process: str, name: str, *, before: Callable[[Step], bool]) -> CaseRun:
    """Run the case of `process` whose name contains `name` up to the first step for which `before` holds. The town must have the
    case's roster. Raises AssertionError when there is no such case or step."""
    cases = [c for c in read_cases(ROOT / "processes" / process / "cases.yaml").cases if name in c.name]
    assert len(cases) == 1, f"{len(cases)} cases of {process} are called {name}"
    run = CaseRun(town.world, cases[0])
    town.world.clock.move_to(cases[0].clock)
    run.begin()
    for step in cases[0].steps:
        if before(step):
            return run
        run.perform(step)
    raise AssertionError(f"no step of {cases[0].name} is the one to stop at")


def does(node: str, by: str | None = None) -> Callable[[Step], bool]:
    """The step in which `node` is completed (by that person)."""
    return lambda step: step.get("do") == node and by in (None, step.get("by"))
