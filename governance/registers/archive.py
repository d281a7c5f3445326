"""The archive catalogue (SP13): what was kept, in which retention class, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any

from engine.errors import ServiceRefused
from engine.ids import uuid7
from governance.directory.may import Reach
from governance.registers import store
from governance.registers.declaration import format_number
from governance.registers.numbering import NO_AREA
from governance.registers.reaction import Registers
from governance.registers.rows import Row
from governance.settings.declared import Declared, read
from governance.settings.settings import Settings

Connection = Any
#: name under which archive numbers are counted, beside the registers
SEQUENCE = "archive"


class Archive:
    """Cheap to make: the services make one per call."""

    def __init__(self, registers: Registers, settings: Settings) -> None:
        declare(settings)
        self._registers = registers
        self._settings = settings

    def archive(
        self,
        connection: Connection,
        *,
        instance: str,
        process: str,
        row: Row | None,
        title: str | None,
        retention: str,
        area: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Write the catalogue line of a row (or of the case as a whole). A second call gives the line that is there."""
        line = store.archive_of(connection, instance, row.id if row else None)
        if line is None:
            line = self._line(connection, instance, process, row, title, retention, area, now)
            store.archive_insert(connection, line)
        keys = {"archive_no": "number", "retention": "retention", "years": "years", "keep_until": "keep_until", "row": "row"}
        return {name: line[key] for name, key in keys.items()}

    def page(self, connection: Connection, viewer: Reach, *, limit: int = 100, before: str | None = None) -> list[dict[str, Any]]:
        """Catalogue lines of the areas the viewer is staff of, newest first; `before` is the last id of the page before."""
        return store.archive_page(connection, viewer, limit=limit, before=before)

    def expired(self, connection: Connection, on: date) -> list[dict[str, Any]]:
        """Lines whose keeping time is over on that day, for a decision about them; nothing is deleted here."""
        return store.expired(connection, on)

    def _line(
        self,
        connection: Connection,
        instance: str,
        process: str,
        row: Row | None,
        title: str | None,
        retention: str,
        area: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        classes = self._settings.get(connection, "archive.retention", now, area)
        kept = classes.get(retention)
        if kept is None:
            message = f"没有保管期限类别 {retention} / there is no retention class {retention}"
            raise ServiceRefused(message, retention=retention, classes=sorted(classes))
        zone = self._registers.zone
        years = int(kept["years"]) or None
        pattern = self._settings.get(connection, "archive.number", now, area)
        code, year = self._registers.code_of(connection, area) or NO_AREA, now.astimezone(zone).year
        number = format_number(pattern, code, year, store.take_number(connection, SEQUENCE, code, year))
        return {
            "id": uuid7(int(now.timestamp() * 1000)),
            "number": number,
            "instance": instance,
            "row": row.id if row else None,
            "register": row.register if row else None,
            "process": process,
            "title": title or (row.title if row else process),
            "area": area,
            "owner": row.owner if row else None,
            "retention": retention,
            "years": years,
            "source": str(kept["source"]),
            "archived": now,
            "keep_until": _keep_until(now, years, zone),
            "metrics": _metrics(row, now),
        }


def declare(settings: Settings) -> None:
    """Add the archive's settings."""
    settings.declare(_declared())


@cache
def _declared() -> Mapping[str, Declared]:
    return read([files("governance.registers").joinpath("settings.yaml").read_text(encoding="utf-8")])


def _keep_until(now: datetime, years: int | None, zone: tzinfo) -> date | None:
    """Keeping time is counted in whole years after the year of archiving."""
    return None if years is None else date(now.astimezone(zone).year + years, 12, 31)


def _metrics(row: Row | None, now: datetime) -> Mapping[str, Any]:
    """Figures of the case as a whole: days from opening to closing, whether it was late."""
    if row is None:
        return {}
    end = row.closed or now
    return {"days": (end - row.opened).days, "late": row.due is not None and end > row.due, "score": row.score}
