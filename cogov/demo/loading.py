"""Loads the demo: cases run on a clock that ends now, in a database in memory; what they left is then written in one transaction.

So a crash in the middle leaves the installation empty, and loading needs no second of waiting for a disk.
"""

from __future__ import annotations

import heapq
import os
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from cogov.bootstrap import application
from cogov.cases.files import Case
from cogov.cases.run import CaseRun
from cogov.cases.world import World
from cogov.demo.script import Script
from cogov.migrations import all_tables
from cogov.settings import Settings
from engine.clock import Clock, SystemClock
from engine.errors import Conflict
from engine.store.copying import copy_rows
from engine.store.database import Database
from governance.application import Application
from governance.directory import store as places
from governance.directory.catalogue import role_name
from governance.directory.roster import read_roster

_HERE = Path(__file__).parent
ROSTER = _HERE / "roster.yaml"
#: what is played: every other data file beside the roster, in the order of their names
SCRIPTS = sorted(set(_HERE.glob("*.yaml")) - {ROSTER})
_FILE = "demo-accounts.txt"


def accounts_file(settings: Settings) -> Path | None:
    """The file with logins and passwords of the demo; None when no demo was loaded."""
    path = settings.data / _FILE
    return path if path.exists() else None


def is_empty(settings: Settings) -> bool:
    """Whether the (upgraded) database holds neither areas nor people: then there can be no cases."""
    database = Database(settings.database_url)
    try:
        with database.read() as connection:
            return places.is_empty(connection)
    finally:
        database.dispose()


def load(settings: Settings, *, clock: Clock | None = None) -> None:
    """Load the demo into an empty, upgraded database. Raises Conflict when it is not empty; then nothing was changed."""
    if not is_empty(settings):
        raise Conflict("演示数据只能装入空的系统 / the demo is loaded into an empty installation only")
    now = (clock or SystemClock()).now()
    roster = read_roster(ROSTER)
    world = play(settings, roster, now)
    try:
        write_down(settings, world, roster, now)
    finally:
        world.app.database.dispose()


def write_down(settings: Settings, world: World, roster: Mapping[str, Any], now: datetime) -> None:
    """Write what the world holds into the installation, with an account for everybody who has a login: all or nothing."""
    passwords = {person["login"]: secrets.token_urlsafe(9) for person in roster["people"] if person.get("login")}
    listing = settings.data / _FILE
    _write_secret(listing, _listing(roster, passwords))
    target = application(settings)
    try:
        _hand_over(world, target, roster, passwords, now)
    except BaseException:
        listing.unlink()
        raise
    finally:
        target.database.dispose()


def play(settings: Settings, roster: Mapping[str, Any], now: datetime) -> World:
    """Run the demo's cases side by side in a world in memory, up to `now`. Raises CaseFailed."""
    all_tables()
    database = Database("sqlite://")
    database.create_all()
    first = datetime.combine(roster["valid_from"], datetime.min.time(), settings.zone)
    world = World(database, first, settings.data / "files", zone=settings.zone.key)
    world.prepare(roster)
    _interleave(world, [case for path in SCRIPTS for case in _cases(world, path, now)], now)
    return world


def _cases(world: World, path: Path, now: datetime) -> list[Case]:
    """The runs of one file, on working days of the area it plays in."""
    data, zone = yaml.safe_load(path.read_text("utf-8")), world.app.zone
    with world.app.database.read() as connection:
        calendar = world.app.calendars.current(connection, now, data["area"])
    return Script(data, now.astimezone(zone).date(), zone, calendar.is_working_day).cases()


def _interleave(world: World, cases: list[Case], now: datetime) -> None:
    """Each run goes on when the shared clock reaches the moment it waits for; whatever falls due in between fires first."""
    waiting: list[tuple[datetime, int, Iterator[datetime] | None]] = [(case.clock, n, None) for n, case in enumerate(cases)]
    heapq.heapify(waiting)
    runs: dict[int, CaseRun] = {}
    while waiting:
        moment, number, moments = heapq.heappop(waiting)
        if moment > now:
            raise ValueError(f"{cases[number].name}: {moment} is in the future; a run of the demo ends before now")
        world.jobs.run_until(moment)
        if moments is None:
            # made only now: what is there before belongs to others
            runs[number] = CaseRun(world, cases[number], shared=True)
            moments = runs[number].moments()
        else:
            # what its messages and timers began while others acted
            runs[number].collect()
        following = next(moments, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, moments))
    world.jobs.run_until(now)


def _hand_over(world: World, target: Application, roster: Mapping[str, Any], passwords: Mapping[str, str], now: datetime) -> None:
    """Rows, jobs that wait, and accounts: all or nothing."""
    with world.app.database.read() as source, target.database.write() as connection:
        copy_rows(source, connection)
        for name, payload, due, key in world.jobs.outstanding():
            target.jobs.enqueue(connection, name, payload, at=due, key=key)
        for person in roster["people"]:
            if login := person.get("login"):
                target.accounts.create(connection, person["id"], login, passwords[login], now, generated=True)


def _listing(roster: Mapping[str, Any], passwords: Mapping[str, str]) -> str:
    """Name, post, login, password: one line each."""
    places_ = {p["id"]: p["name"]["zh"] for group in ("areas", "units", "committees") for p in roster[group]}
    lines = ["姓名\t岗位\t登录名\t密码"]
    for person in roster["people"]:
        if login := person.get("login"):
            lines.append(f"{person['name']['zh']}\t{_post(person['posts'][0], places_)}\t{login}\t{passwords[login]}")
    return "\n".join(lines) + "\n"


def _post(post: str | Mapping[str, Any], names: Mapping[str, str]) -> str:
    role, _, of = post.rpartition("@") if isinstance(post, str) else (post["role"], "", post["of"])
    return f"{names[of]} {role_name(role).zh}"


def _write_secret(path: Path, text: str) -> None:
    """Readable by its owner only, from its first byte on; one of a load that did not end is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
