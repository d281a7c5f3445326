"""What the acts of a meeting work with: the open connection, who acts, when, and the rest of governance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from engine import values
from engine.actor import Actor, Mandate
from engine.errors import NotFound, ServiceRefused
from engine.ids import OrderedIds
from engine.ports import Jobs
from engine.services import Call
from governance.calendars.calendar import Calendar
from governance.calendars.calendars import Calendars
from governance.directory.directory import Directory
from governance.meetings import store
from governance.notices.notices import Notices
from governance.settings.declared import read
from governance.settings.settings import Settings

Row = dict[str, Any]
_IDS = OrderedIds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One act in progress. Made by `Meetings.work`."""

    connection: Any
    now: datetime
    actor: Actor
    area: str | None
    instance: str
    #: same for every attempt of this call
    call: str
    number: str | None
    directory: Directory
    calendars: Calendars
    settings: Settings
    notices: Notices
    jobs: Jobs

    def new_id(self) -> str:
        return _IDS.next(int(self.now.timestamp() * 1000))

    def setting(self, key: str, area: str | None = None) -> Any:
        return self.settings.get(self.connection, key, self.now, area or self.area)

    def calendar(self, area: str | None = None) -> Calendar:
        return self.calendars.current(self.connection, self.now, area or self.area)

    def meeting(self, meeting: str, *, lock: bool = True) -> Row:
        """The meeting, held until the transaction ends. Raises NotFound."""
        found = store.get(self.connection, meeting, lock=lock)
        if found is None:
            raise NotFound(f"没有会议 {meeting} / there is no meeting {meeting}", meeting=meeting)
        return found

    def names(self, people: Iterable[str | None]) -> dict[str, str]:
        """Chinese names of persons; records are written in Chinese."""
        return {p: label.zh for p, label in self.directory.names(self.connection, [p for p in people if p]).items()}

    def send_message(self, name: str, key: str, instance: str, variables: Mapping[str, Any], once: str) -> None:
        """Enqueue a message in this transaction: the process goes on when it is committed. `once` makes a repetition a no-op."""
        payload = {"name": name, "variables": values.dumps(values.normalise(variables)), "key": key, "id": once, "from": instance}
        self.jobs.enqueue(self.connection, "deliver_message", payload, key=f"message:{once}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """Handed to the services as resource ``meetings``."""

    directory: Directory
    calendars: Calendars
    settings: Settings
    notices: Notices
    jobs: Jobs

    def __post_init__(self) -> None:
        for package in ("governance.meetings", "governance.votes"):
            self.settings.declare(read([files(package).joinpath("settings.yaml").read_text(encoding="utf-8")]))

    def work(
        self,
        connection: Any,
        *,
        now: datetime,
        actor: Actor,
        area: str | None = None,
        instance: str = "",
        call: str = "",
        number: str | None = None,
    ) -> Work:
        return Work(
            connection=connection, now=now, actor=actor, area=area, instance=instance, call=call, number=number, directory=self.directory,
            calendars=self.calendars, settings=self.settings, notices=self.notices, jobs=self.jobs,
        )  # fmt: skip


def of_call(call: Call) -> Work:
    """The work of a service call."""
    found: Meetings = call.resources["meetings"]
    return found.work(
        call.connection, now=call.now, actor=call.actor, area=call.area, instance=call.instance, number=call.number,
        call=call.idempotency_key or f"{call.token}:{call.element}",
    )  # fmt: skip


def moment(value: Any, name: str) -> datetime:
    """A moment from a form or FEEL. Raises ServiceRefused."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ServiceRefused(f"{name} 须为带时区的时刻 / {name} must be a moment with a zone", input=name)
    return value


def whole(value: Any, default: int) -> int:
    return default if value is None else int(value)


def exact(value: Any) -> Decimal:
    """A weight as an exact decimal above 0. Raises ServiceRefused."""
    weight = value if isinstance(value, Decimal) else Decimal(str(value))
    if not weight.is_finite() or weight <= 0:
        raise ServiceRefused(f"权重 {value} 须大于 0 / a weight of {value} must be above 0", weight=str(value))
    return weight


def text_of(weight: Decimal) -> str:
    """Without trailing zeros, never in scientific notation."""
    return f"{weight.normalize():f}"


def mandate_row(mandate: Mandate | None) -> dict[str, Any] | None:
    return None if mandate is None else asdict(mandate)
