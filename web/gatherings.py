"""What a case gathered people for, as far as the reader may see: panels of its page and of its register rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.desk import meetings
from governance.desk.meeting_views import MeetingLine
from governance.desk.opinions import rounds
from governance.desk.opinions.views import RoundLine
from web.reader import application
from web.session import actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherings:
    meetings: Sequence[MeetingLine] = ()
    rounds: Sequence[RoundLine] = ()


def of_case(instance: str) -> Gatherings:
    """Of a case that the reader may open."""
    app, me = application(), actor()
    return Gatherings(meetings=meetings.of_case(app, me, instance), rounds=rounds.of_case(app, me, instance))
