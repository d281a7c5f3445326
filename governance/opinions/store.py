"""Opinion rounds, slots, answers and adoption tables in the database. A statement per answer does not depend on how many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.ids import digest
from governance.opinions.tables import opinion_adoption, opinion_answer, opinion_round, opinion_slot

R, S, A = opinion_round.c, opinion_slot.c, opinion_answer.c


# Rounds


def insert_round(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(opinion_round.insert(), dict(values))


def get(connection: sa.Connection, round_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """The round; `lock` holds answers back until the transaction ends."""
    query = sa.select(opinion_round).where(R.id == round_id)
    return _first(connection, query.with_for_update() if lock else query)


def by_slug(connection: sa.Connection, slug: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(opinion_round).where(R.slug == slug))


def update(connection: sa.Connection, round_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(opinion_round.update().where(R.id == round_id).values(**values, revision=R.revision + 1))


def take_turn(connection: sa.Connection, round_id: str, at: datetime) -> bool:
    """Lock the open round for one answer; False when it is not open at `at`. Answers of a round come one after the other."""
    is_open = (R.id == round_id, R.state == "open", R.closes_at > at)
    return connection.execute(opinion_round.update().where(*is_open).values(revision=R.revision + 1)).rowcount == 1


def add_answered(connection: sa.Connection, round_id: str, by: int) -> int:
    """Change the number of invited slots with an answer; the new number."""
    connection.execute(opinion_round.update().where(R.id == round_id).values(answered=R.answered + by))
    return int(connection.execute(sa.select(R.answered).where(R.id == round_id)).scalar_one())


def of_instance(connection: sa.Connection, instance: str) -> list[dict[str, Any]]:
    """The case's rounds, oldest first."""
    return _all(connection, sa.select(opinion_round).where(R.instance == instance).order_by(R.opened_at, R.id))


def open_public(connection: sa.Connection, now: datetime, limit: int) -> list[dict[str, Any]]:
    """Rounds anybody may answer now, soonest end first."""
    query = sa.select(opinion_round).where(R.state == "open", R.public, R.closes_at > now)
    return _all(connection, query.order_by(R.closes_at, R.id).limit(limit))


# Slots


def insert_slots(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(opinion_slot.insert(), [dict(r) for r in rows])


def slot(connection: sa.Connection, slot_id: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(opinion_slot).where(S.id == slot_id))


def slot_by_key(connection: sa.Connection, round_id: str, key: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(opinion_slot).where(S.round == round_id, S.key == key))


def slot_by_token(connection: sa.Connection, token: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(opinion_slot).where(S.token == digest(token.encode())))


def hand_out(connection: sa.Connection, slot_ids: Sequence[str], by: str | None, at: datetime) -> dict[str, str]:
    """New personal links: slot → token. Only hashes are kept; a link handed out before ends."""
    made = {slot_id: str(uuid.uuid4()) for slot_id in slot_ids}
    if made:
        statement = opinion_slot.update().where(S.id == sa.bindparam("of")).values(token=sa.bindparam("hashed"), handed_by=by, handed_at=at)
        connection.execute(statement, [{"of": slot_id, "hashed": digest(token.encode())} for slot_id, token in made.items()])
    return made


def slots_of_refs(connection: sa.Connection, round_id: str, refs: Iterable[str]) -> list[dict[str, Any]]:
    """Slots of these persons and units, by key."""
    wanted = sorted(set(refs))
    return _all(connection, sa.select(opinion_slot).where(S.round == round_id, S.ref.in_(wanted)).order_by(S.key)) if wanted else []


def slots(connection: sa.Connection, round_id: str, *, invited: bool | None = None) -> list[dict[str, Any]]:
    """Every slot of the round, by group and name."""
    query = sa.select(opinion_slot).where(S.round == round_id)
    if invited is not None:
        query = query.where(S.invited.is_(invited))
    return _all(connection, query.order_by(S.group, S.name, S.id))


def has_listed(connection: sa.Connection, round_id: str, kind: str) -> bool:
    """Whether slots of this kind were invited, so that an uninvited one is not on the list."""
    query = sa.select(S.id).where(S.round == round_id, S.invited, S.kind == kind).limit(1)
    return connection.execute(query).first() is not None


def set_answered(connection: sa.Connection, slot_ids: Sequence[str], answered: bool) -> None:
    if slot_ids:
        connection.execute(opinion_slot.update().where(S.id.in_(list(slot_ids))).values(answered=answered))


def drop_tokens(connection: sa.Connection, round_id: str) -> None:
    connection.execute(opinion_slot.update().where(S.round == round_id).values(token=None))


def waiting(connection: sa.Connection, refs: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    """Open rounds in which one of these persons or units is invited and has not answered, soonest end first."""
    query = (
        sa.select(R.id, R.slug, R.title, R.closes_at, R.instance, S.ref, S.kind)
        .join_from(opinion_slot, opinion_round, S.round == R.id)
        .where(S.ref.in_(list(refs)), S.invited, S.answered.is_(False), R.state == "open", R.closes_at > now)
        .order_by(R.closes_at, R.id, S.kind)
    )
    return _all(connection, query)


# Answers


def insert_answer(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(opinion_answer.insert(), dict(values))


def counted_of(connection: sa.Connection, slot_id: str) -> dict[str, Any] | None:
    """The slot's answer that counts."""
    return _first(connection, sa.select(opinion_answer).where(A.slot == slot_id, A.counted))


def last_of_device(connection: sa.Connection, slot_id: str, device: str) -> str | None:
    """The newest answer of a slot from this device."""
    query = sa.select(A.id).where(A.slot == slot_id, A.device == device).order_by(A.at.desc(), A.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def set_answers(connection: sa.Connection, answer_ids: Sequence[str], values: Mapping[str, Any]) -> None:
    if answer_ids:
        connection.execute(opinion_answer.update().where(A.id.in_(list(answer_ids))).values(**values))


def slots_of_device(connection: sa.Connection, round_id: str, device: str) -> int:
    """From how many households, persons or units this device has answered."""
    query = sa.select(sa.func.count(sa.distinct(A.slot))).where(A.round == round_id, A.device == device)
    return int(connection.execute(query).scalar_one())


def slots_of_address(connection: sa.Connection, round_id: str, address: str) -> set[str]:
    """The households, persons or units for which something came from this network address (`address`: how its fingerprints begin)."""
    query = sa.select(A.slot).distinct().where(A.round == round_id, A.device.startswith(address, autoescape=True))
    return set(connection.execute(query).scalars())


def counted_of_device(connection: sa.Connection, round_id: str, device: str) -> list[dict[str, Any]]:
    """Answers of a device that count and that nobody has reviewed, with `invited` of their slot."""
    query = (
        sa.select(A.id, A.slot, S.invited)
        .join_from(opinion_answer, opinion_slot, A.slot == S.id)
        .where(A.round == round_id, A.device == device, A.counted, A.reviewed_by.is_(None))
    )
    return _all(connection, query)


def marked(connection: sa.Connection, round_id: str, mark: str) -> list[dict[str, Any]]:
    """Answers with this mark that nobody has reviewed, oldest first, with name, group and `invited` of their slot."""
    query = (
        sa.select(opinion_answer, S.name.label("slot_name"), S.group.label("slot_group"), S.invited)
        .join_from(opinion_answer, opinion_slot, A.slot == S.id)
        .where(A.round == round_id, A.mark == mark, A.reviewed_by.is_(None))
        .order_by(A.at, A.id)
    )
    return _all(connection, query)


def answers(connection: sa.Connection, round_id: str, *, counted: bool = True) -> list[dict[str, Any]]:
    """Answers (those that count, or all) with kind, name, group and `invited` of their slot, oldest first."""
    query = sa.select(
        opinion_answer, S.key, S.kind, S.name.label("slot_name"), S.group.label("slot_group"), S.invited
    ).join_from(opinion_answer, opinion_slot, A.slot == S.id)  # fmt: skip
    query = query.where(A.round == round_id, A.counted) if counted else query.where(A.round == round_id)
    return _all(connection, query.order_by(A.at, A.id))


def marks(connection: sa.Connection, round_id: str) -> dict[str, int]:
    """How many answers do not count, by reason."""
    query = sa.select(A.mark, sa.func.count()).where(A.round == round_id, A.mark.is_not(None)).group_by(A.mark)
    return {str(mark): int(n) for mark, n in connection.execute(query)}


# Adoption


def insert_adoption(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(opinion_adoption.insert(), [dict(r) for r in rows])


def adoption(connection: sa.Connection, round_id: str, version: int) -> list[dict[str, Any]]:
    """Lines of a version of the adoption table."""
    c = opinion_adoption.c
    return _all(connection, sa.select(opinion_adoption).where(c.round == round_id, c.version == version).order_by(c.no))


def _first(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any] | None:
    found = connection.execute(query).first()
    return None if found is None else dict(found._mapping)


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(r._mapping) for r in connection.execute(query)]
