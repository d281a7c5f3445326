"""What a deployment reads does not depend on how much was deployed before."""

from __future__ import annotations

from engine.engine import Engine
from engine.jobs.memory import MemoryJobs
from tests.counting import Read, reads_of
from tests.integration.engine.conftest import LI, Bench
from tests.integration.engine.models import end, model, start, user


def _package(key: str, *, asks: str = "ask") -> dict[str, bytes]:
    return model(key, start() + user(asks) + end(), f"begin {asks}\n{asks} done")


def _deploy(engine: Engine, files: dict[str, bytes]) -> Read:
    with reads_of(engine.database) as read:
        assert engine.deploy(files, actor=LI).created
    return read


def _cost(bench: Bench, before: int, after: int) -> Read:
    """Of one more procedure and a second version of it, when so many are there."""
    for number in range(before, after):
        bench.deploy(_package(f"other_{number}"), _package(f"other_{number}", asks="again"))
    first = _deploy(bench.engine, _package(f"mine_{after}"))
    second = _deploy(bench.engine, _package(f"mine_{after}", asks="again"))
    return Read(statements=first.statements + second.statements, rows=first.rows + second.rows, size=first.size + second.size)


def test_deploying_costs_the_same_after_sixty_versions_as_after_ten(bench: Bench) -> None:
    few, many = _cost(bench, 0, 5), _cost(bench, 5, 30)
    assert (many.statements, many.rows) == (few.statements, few.rows)
    # all that grows is the list of what is current: some 300 characters for a definition, read as one row
    assert many.size - few.size < 26 * 2 * 2 * 400


def test_after_a_start_the_deployed_files_are_fetched_at_once(bench: Bench) -> None:
    _cost(bench, 0, 20)
    anew = Engine(bench.engine.database, clock=bench.clock, jobs=MemoryJobs(bench.clock))
    first, second = _deploy(anew, _package("mine")), _deploy(anew, _package("more"))
    assert first.statements <= second.statements + 1
    assert first.rows <= second.rows + 21
