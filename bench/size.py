"""What an instance with many participants leaves in the database."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from bench.installation import Installation
from bench.table import Row
from bench.workloads import Workload

_PEOPLE = 200
_GOAL = (("megabytes", 0.3),)


def rows(installation: Installation, quick: bool) -> Iterator[Row]:  # noqa: ARG001  every part takes it
    """Asked while no server is connected: a row that somebody may still see is not packed away. The second such instance counts: the
    first one also takes the first page of each table."""
    workload = Workload("", "bench_participants", 1, _PEOPLE, variables={"people": [f"p{n}" for n in range(_PEOPLE)]})
    engine = installation.world.app.engine
    before = grown = 0
    for _ in range(2):
        installation.now_is()
        start = installation.start(workload.process, workload.variables)
        for _done in chain(workload.run([start], lambda task, form: engine.complete(task, form, actor=installation.actor).tasks)):
            pass
        before, grown = grown, installation.size()
    yield Row(
        group="size", workload=f"an instance with {_PEOPLE} participants, ended", unit="instance", database=installation.name, count=1,
        megabytes=(grown - before) / 1e6, goals=_GOAL, note="rows and indexes of all tables, packed (VACUUM)",
    )  # fmt: skip
