"""Meetings in order of what one has to look at: running, to come, without a quorum, minutes not confirmed, past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.actor import Actor
from governance.application import Application
from governance.desk import meetings
from governance.desk.meeting_views import MeetingLine
from governance.desk.reading import look

_RUNNING = ("open", "adjourned")
_COMING = ("draft", "announced")
_UNCONFIRMED = ("held", "minuted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Lists of meetings the reader may see. `days`: after how many days unconfirmed minutes are listed, with its source tag."""

    running: Sequence[MeetingLine]
    coming: Sequence[MeetingLine]
    no_quorum: Sequence[MeetingLine]
    unconfirmed: Sequence[MeetingLine]
    past: Sequence[MeetingLine]
    days: int
    source: str


def overview(app: Application, actor: Actor, *, limit: int = 100) -> Overview:
    """Every meeting stands in one list."""
    lines = [*meetings.list_page(app, actor, past=True, limit=limit), *meetings.list_page(app, actor, limit=limit)]
    with app.database.read() as connection:
        now = look(app, actor, connection).now
        setting = app.settings.effective(connection, "meetings.unconfirmed_days", now, None)
    late = now - timedelta(days=int(setting.value))
    running = [line for line in lines if line.state in _RUNNING]
    coming = [line for line in lines if line.state in _COMING]
    no_quorum = [line for line in lines if line.state == "no_quorum"]
    unconfirmed = [line for line in lines if line.state in _UNCONFIRMED and line.end_at < late]
    listed = {line.id for part in (running, coming, no_quorum, unconfirmed) for line in part}
    past = sorted((line for line in lines if line.id not in listed), key=lambda line: (line.start_at, line.id), reverse=True)
    return Overview(
        running=running, coming=coming, no_quorum=no_quorum, unconfirmed=unconfirmed, past=past, days=int(setting.value),
        source=setting.source,
    )  # fmt: skip
