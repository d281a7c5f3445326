"""Every night: loose uploads are swept, secretaries learn of terms that end, and the next night is planned once."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from cogov.cases.world import World
from engine.store.database import Database
from governance import upkeep

ROSTER = {
    "areas": [{"id": "town", "level": "community", "name": {"zh": "小镇", "en": "Town"}}],
    "people": [{"id": "chen", "name": "陈"}, {"id": "li", "name": "李"}],
    "committees": [
        {
            "id": "council",
            "kind": "cobuild_council",
            "name": {"zh": "协商会", "en": "Council"},
            "area": "town",
            "members": [
                {"person": "chen", "role": "committee_secretary"},
                {"person": "li", "role": "member", "from": date(2024, 1, 1), "to": date(2026, 4, 1)},
            ],
        }
    ],
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    database = Database("sqlite://")
    made = World(database, datetime(2026, 3, 2, 1, tzinfo=UTC), tmp_path)
    database.create_all()
    made.prepare(ROSTER)
    upkeep.install(made.app)
    return made


def test_the_next_night_is_planned_once_however_many_processes_start(world: World) -> None:
    before = world.jobs.pending
    upkeep.begin(world.app)
    upkeep.begin(world.app)
    assert world.jobs.pending == before + 1
    due = world.jobs.next_due()
    assert due is not None
    assert due.astimezone(world.app.zone).strftime("%m-%d %H:%M") == "03-03 03:30"


def test_a_night_sweeps_loose_uploads_and_plans_the_next(world: World) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG")
    stream.seek(0)
    with world.app.database.write() as connection:
        loose = world.app.files.upload(connection, stream, name="a.png", uploaded_by="chen")
    upkeep.begin(world.app)
    world.jobs.run_until(world.clock.now() + timedelta(days=2))
    with world.app.database.read() as connection:
        assert world.app.files.get(connection, loose.id) is None
    assert world.jobs.next_due() is not None


def test_the_secretary_is_told_once_of_a_term_that_ends(world: World) -> None:
    upkeep.begin(world.app)
    world.jobs.run_until(world.clock.now() + timedelta(days=4))
    with world.app.database.read() as connection:
        kinds = [n.kind for n in world.app.notices.list(connection, "chen")]
    assert kinds == ["term_ends"]
