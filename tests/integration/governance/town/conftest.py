"""A small community in a database in memory, with everything of governance that keeps people and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.clock import MovableClock
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from governance.calendars.calendars import Calendars
from governance.deadlines.deadlines import Deadlines
from governance.deadlines.records import JOB
from governance.directory.directory import Directory
from governance.directory.roster import load_roster, read_roster
from governance.notices.notices import Notices
from governance.settings.settings import Settings

ROSTER = Path(__file__).parents[3] / "rosters" / "small_community.yaml"


@dataclass
class Town:
    """Everything wired as the product does it, on a clock that stands until it is moved."""

    database: Database
    clock: MovableClock
    jobs: MemoryJobs
    settings: Settings
    calendars: Calendars
    directory: Directory
    notices: Notices
    deadlines: Deadlines
    rearmed: list[str]
    #: messages to processes
    sent: list[Any]

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def listen(self) -> None:
        """Keep the messages to processes, where no engine delivers them."""
        self.jobs.register("deliver_message", self.sent.append)

    def at(self, text: str) -> datetime:
        """A moment in the town's zone."""
        return datetime.fromisoformat(text).replace(tzinfo=self.calendars.zone).astimezone(UTC)

    def shown(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.calendars.zone):%Y-%m-%d %H:%M}"


@pytest.fixture
def empty_town() -> Iterator[Town]:
    database = Database("sqlite://")
    database.create_all()
    clock = MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))  # Monday 09:00 in Shanghai
    jobs = MemoryJobs(clock)
    settings, calendars = Settings(), Calendars()
    directory = Directory(settings)
    settings.use_tree(directory.area_path)
    calendars.use_tree(directory.area_path)
    notices = Notices(directory)
    deadlines = Deadlines(calendars, settings, jobs, notices, directory)
    rearmed: list[str] = []
    deadlines.connect(rearm=lambda _connection, instance: rearmed.append(instance))
    jobs.register(JOB, deadlines.alarm_handler(database.write, clock))
    yield Town(database, clock, jobs, settings, calendars, directory, notices, deadlines, rearmed, [])
    database.dispose()


@pytest.fixture
def town(empty_town: Town) -> Town:
    with empty_town.database.write() as connection:
        load_roster(connection, read_roster(ROSTER), at=empty_town.now, settings=empty_town.settings, calendars=empty_town.calendars)
    return empty_town


@pytest.fixture
def connection(town: Town) -> Iterator[Any]:
    with town.database.write() as connection:
        yield connection
