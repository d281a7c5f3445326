"""An installation for the soak: a database with people, their tokens and the one procedure, and the environment of its processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from cogov import migrations
from cogov.cases.world import World
from engine.engine import Engine
from engine.jobs.dbos import DbosJobs
from engine.store.database import Database
from tests.faults.machines import with_service
from tests.town import AREA, ROSTERS

_SCOPES = ["tasks:read", "tasks:write", "instances:read", "instances:write"]


@dataclass(frozen=True)
class Installation:
    """`engine` is for looking only; `tokens` are API tokens by person."""

    engine: Engine
    tokens: Mapping[str, str]


def prepare(url: str, folder: Path, people: Sequence[str], files: Mapping[str, bytes], answers: Mapping[str, Any]) -> Installation:
    """Tables, the small community and whoever of `people` does not live there yet, `files` deployed; `answers` names services that only
    other processes have."""
    migrations.upgrade(url)
    database = Database(url)
    world = World(database, datetime.now(UTC), folder / "files", answers=answers)
    roster: dict[str, Any] = yaml.safe_load((ROSTERS / "small_community.yaml").read_text("utf8"))
    at_home = {person["id"] for person in roster["people"]}
    roster["people"] += [{"id": p, "name": {"zh": p, "en": p}, "posts": [f"resident_rep@{AREA}"]} for p in people if p not in at_home]
    world.prepare(roster, area=AREA, files=files)
    tokens = {}
    with database.write() as connection:
        for person in people:
            account = world.app.accounts.create(connection, person, person, "never logs in by hand", world.clock.now())
            _, tokens[person] = world.app.accounts.make_token(connection, account, "test", _SCOPES, world.clock.now())
    engine = world.app.engine
    looking = Engine(database, clock=engine.runtime.clock, jobs=DbosJobs(database, engine.runtime.clock), services=engine.runtime.services)
    return Installation(looking, tokens)


def environment(url: str, folder: Path, service: str, **more: str) -> dict[str, str]:
    """What every process of the installation gets. `service`: module:function of a service of this test."""
    (folder / "calls").mkdir()
    return {
        "COGOV_DATABASE_URL": url, "COGOV_DATA": str(folder / "data"), "COGOV_SECRET_KEY": "for this test only" * 3,
        "COGOV_TEST_CALLS": str(folder / "calls"), "PYTHONPATH": with_service(folder, service), "COGOV_FIRST_RETRY": "1",
        "COGOV_CONCURRENCY": "6", "COGOV_PROCESSES": "2", "COGOV_THREADS": "4", "COGOV_DRAIN": "10", **more,
    }  # fmt: skip
