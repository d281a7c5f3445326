"""What has to be done every night: old answers, loose uploads, seats whose term ends soon. A chain of jobs, one a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from engine.definitions.model import Label
from governance.application import Application
from governance.directory import selectors

JOB = "upkeep"
#: when people sleep
HOUR = time(3, 30)
#: seat of a committee that is told of terms that end (domain 2.4)
_KEEPER = "committee_secretary"


def install(app: Application) -> None:
    """Register the job. Call before `jobs.launch()`."""
    app.jobs.register(JOB, lambda payload: _night(app, payload))


def begin(app: Application) -> None:
    """Put the next night's job in, once however many processes start."""
    with app.database.write() as connection:
        _plan(app, connection)


def _night(app: Application, _payload: Mapping[str, Any]) -> None:
    app.engine.tidy()
    with app.database.write() as connection:
        app.files.sweep(connection)
        _warn_of_ends(app, connection)
        _plan(app, connection)


def _plan(app: Application, connection: Any) -> None:
    now = app.clock.now().astimezone(app.zone)
    night = datetime.combine(now.date() + (timedelta(days=1) if now.time() >= HOUR else timedelta()), HOUR, app.zone)
    app.jobs.enqueue(connection, JOB, {}, at=night, key=f"{JOB}:{night.date().isoformat()}")


def _warn_of_ends(app: Application, connection: Any) -> None:
    """Tell the secretary of a committee once about each seat whose term ends within the days of the setting [A]."""
    now = app.clock.now()
    for seat in app.directory.expiring(connection, now):
        app.notices.send(
            connection,
            [str(selectors.role(_KEEPER, seat.committee))],
            kind="term_ends",
            at=now,
            title=Label("席位任期将满，请安排换届或续任", "A seat's term is ending: arrange renewal or succession"),
            occasion=f"term:{seat.id}",
        )
