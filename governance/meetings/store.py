"""Meetings in the database. Every function takes the open connection of the command."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.tables import finished_instance, instance
from governance.meetings.tables import attendance, item, meeting, recusal, seat, speech

Row = dict[str, Any]
#: states in which a meeting can still take place
ALIVE = ("draft", "announced", "open", "adjourned")


def insert(
    connection: sa.Connection, row: Mapping[str, Any], seats: Sequence[Mapping[str, Any]], items: Sequence[Mapping[str, Any]]
) -> None:
    connection.execute(meeting.insert(), dict(row))
    for table, rows in ((seat, seats), (item, items)):
        if rows:
            connection.execute(table.insert(), [dict(r) for r in rows])


def get(connection: sa.Connection, meeting_id: str, *, lock: bool = False) -> Row | None:
    """The meeting; `lock` holds it until the transaction ends (PostgreSQL; SQLite holds the whole database)."""
    query = sa.select(meeting).where(meeting.c.id == meeting_id)
    return _one(connection, query.with_for_update() if lock else query)


def opened_by(connection: sa.Connection, instance: str, call: str) -> Row | None:
    """The meeting that this call of a process opened before."""
    return _one(connection, sa.select(meeting).where(meeting.c.instance == instance, meeting.c.call == call))


def by_code(connection: sa.Connection, code: str) -> str | None:
    """The meeting whose check-in code this is."""
    return connection.execute(sa.select(meeting.c.id).where(meeting.c.check_in_code == code)).scalar_one_or_none()


def revision(connection: sa.Connection, meeting_id: str) -> int | None:
    return connection.execute(sa.select(meeting.c.revision).where(meeting.c.id == meeting_id)).scalar_one_or_none()


def stamp(connection: sa.Connection, meeting_id: str, reader: str | None) -> str | None:
    """Revision of the record and version of its case as a mark for one reader: one read that tells whether his page shows something
    old. Nobody can make one up: who has never been let in learns not even whether something happens."""
    case = sa.func.coalesce(instance.c.version, finished_instance.c.version).label("version")
    joined = (
        sa.select(meeting.c.revision, meeting.c.check_in_code, case)
        .outerjoin(instance, instance.c.id == meeting.c.instance)
        .outerjoin(finished_instance, finished_instance.c.id == meeting.c.instance)
    )
    found = connection.execute(joined.where(meeting.c.id == meeting_id)).first()
    if found is None:
        return None
    facts = f"{found.revision}.{found.version or 0}.{reader or ''}"
    return hmac.new(found.check_in_code.encode(), facts.encode(), "sha256").hexdigest()[:24]


def change(connection: sa.Connection, meeting_id: str, **values: Any) -> int:
    """Change columns and count the revision up: the new one. Holds the row until the transaction ends."""
    statement = (
        meeting.update().where(meeting.c.id == meeting_id).values(revision=meeting.c.revision + 1, **values).returning(meeting.c.revision)
    )
    return int(connection.execute(statement).scalar_one())


def between(connection: sa.Connection, since: datetime, until: datetime | None, limit: int) -> list[Row]:
    """Meetings that start at or after `since`, earliest first."""
    query = sa.select(meeting).where(meeting.c.start_at >= since)
    if until is not None:
        query = query.where(meeting.c.start_at < until)
    return _all(connection, query.order_by(meeting.c.start_at, meeting.c.id).limit(limit))


def before(connection: sa.Connection, until: datetime, limit: int) -> list[Row]:
    """Meetings that started before, newest first."""
    query = sa.select(meeting).where(meeting.c.start_at < until).order_by(meeting.c.start_at.desc(), meeting.c.id.desc())
    return _all(connection, query.limit(limit))


def of_instance(connection: sa.Connection, instance: str) -> list[Row]:
    return _all(connection, sa.select(meeting).where(meeting.c.instance == instance).order_by(meeting.c.created, meeting.c.id))


# Seats


def seats(connection: sa.Connection, meeting_id: str) -> list[Row]:
    return _all(connection, sa.select(seat).where(seat.c.meeting == meeting_id).order_by(seat.c.no))


def seats_of_meetings(connection: sa.Connection, meetings: Iterable[str], person: str, units: Iterable[str]) -> list[Row]:
    """Seats of a person, or of his units, in these meetings."""
    mine = sa.or_(seat.c.person == person, seat.c.proxy == person, seat.c.unit.in_(sorted(set(units))))
    return _all(connection, sa.select(seat).where(seat.c.meeting.in_(sorted(set(meetings))), mine))


def add_seat(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    connection.execute(seat.insert(), dict(row))


def change_seat(connection: sa.Connection, seat_id: str, **values: Any) -> None:
    connection.execute(seat.update().where(seat.c.id == seat_id).values(**values))


def void_answers(connection: sa.Connection, meeting_id: str) -> None:
    """Replies to a date that has changed no longer count."""
    nothing = dict.fromkeys(("answer", "proxy", "proxy_letter", "answer_reason", "answered_at", "answered_by"))
    connection.execute(seat.update().where(seat.c.meeting == meeting_id).values(nothing))


# Attendance


def attendances(connection: sa.Connection, meeting_id: str) -> list[Row]:
    query = sa.select(attendance).where(attendance.c.meeting == meeting_id).order_by(attendance.c.signed_in, attendance.c.id)
    return _all(connection, query)


def sign_in(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    connection.execute(attendance.insert(), dict(row))


def sign_out(connection: sa.Connection, seats: Sequence[str], at: datetime) -> int:
    """End the presence on these seats: how many ended."""
    ended = connection.execute(
        attendance.update().where(attendance.c.seat.in_(list(seats)), attendance.c.signed_out.is_(None)).values(signed_out=at)
    )
    return int(ended.rowcount)


def sign_out_all(connection: sa.Connection, meeting_id: str, at: datetime) -> None:
    connection.execute(
        attendance.update().where(attendance.c.meeting == meeting_id, attendance.c.signed_out.is_(None)).values(signed_out=at)
    )


# Agenda


def items(connection: sa.Connection, meeting_id: str) -> list[Row]:
    return _all(connection, sa.select(item).where(item.c.meeting == meeting_id).order_by(item.c.seq))


def add_items(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(item.insert(), [dict(r) for r in rows])


def drop_items(connection: sa.Connection, meeting_id: str) -> None:
    """The agenda of a meeting not yet announced is written anew."""
    connection.execute(item.delete().where(item.c.meeting == meeting_id))


def change_item(connection: sa.Connection, meeting_id: str, seq: int, **values: Any) -> None:
    connection.execute(item.update().where(item.c.meeting == meeting_id, item.c.seq == seq).values(**values))


def mark_sent(connection: sa.Connection, meeting_id: str) -> None:
    connection.execute(item.update().where(item.c.meeting == meeting_id).values(sent=True))


def put_back_current(connection: sa.Connection, meeting_id: str, but: int) -> None:
    """Only one item is current."""
    current = sa.and_(item.c.meeting == meeting_id, item.c.state == "current", item.c.seq != but)
    connection.execute(item.update().where(current).values(state="waiting"))


# Recusals and speeches


def recusals(connection: sa.Connection, meeting_id: str) -> list[Row]:
    return _all(connection, sa.select(recusal).where(recusal.c.meeting == meeting_id).order_by(recusal.c.at, recusal.c.id))


def put_recusal(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    """The newest decision about a seat and item holds."""
    same = sa.and_(recusal.c.meeting == row["meeting"], recusal.c.item == row["item"], recusal.c.seat == row["seat"])
    connection.execute(recusal.delete().where(same))
    connection.execute(recusal.insert(), dict(row))


def speeches(connection: sa.Connection, meeting_id: str) -> list[Row]:
    return _all(connection, sa.select(speech).where(speech.c.meeting == meeting_id).order_by(speech.c.at, speech.c.id))


def add_speeches(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(speech.insert(), [dict(r) for r in rows])


def _one(connection: sa.Connection, query: sa.Select[Any]) -> Row | None:
    found = connection.execute(query).first()
    return None if found is None else dict(found._mapping)


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(r._mapping) for r in connection.execute(query)]
