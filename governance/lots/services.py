"""Services ``lots.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import ServiceRefused
from engine.ids import uuid7
from engine.services import Call, service
from governance.lots import drawing, store


@service("lots.open")
def open_lot(call: Call, purpose: str, candidates: Sequence[str], seats: int, seed_source: str) -> dict[str, Any]:
    """Close the numbered list before the seed exists [A]. → {lot, list_hash, count, seats, seed_source, needed}

    Once per case and purpose; opening it again gives the first one, so that a list cannot be changed until it pleases."""
    keys = [str(c) for c in candidates or ()]
    _check(keys, seats, seed_source)
    found = store.of_purpose(call.connection, call.instance, purpose)
    if found is None:
        found = {
            "id": uuid7(int(call.now.timestamp() * 1000)),
            "instance": call.instance,
            "purpose": purpose,
            "candidates": keys,
            "list_hash": drawing.fingerprint(keys),
            "seats": int(seats),
            "seed_source": seed_source.strip(),
            "closed_at": call.now,
            "seed": None,
            "drawn_at": None,
            "person": None,
        }
        store.insert(call.connection, found)
    elif (found["candidates"], found["seats"]) != (keys, int(seats)):
        raise ServiceRefused("名单已经截止，不能更换 / the list is closed and cannot be replaced", purpose=purpose)
    return _opened(found)


@service("lots.draw")
def draw(call: Call, lot: str, seed: str) -> dict[str, Any]:
    """Draw the seats from the seed. → {lot, seed, seats, list_hash, drawn: [keys], reserves: [keys], order: [{rank, no, key, ticket}]}

    One draw for good: the same seed gives the same result again, another one is refused."""
    given = (seed or "").strip()
    if not given:
        raise ServiceRefused("抽签要有种子 / a draw needs its seed")
    row = _row(call, lot)
    if not store.keep_seed(call.connection, lot, given, call.now, call.actor.person):
        row = _row(call, lot)
        if row["seed"] != given:
            raise ServiceRefused(
                f"已经用种子 {row['seed']} 抽过签，不能重抽 / drawn already with seed {row['seed']}; there is no second draw", lot=lot
            )
    return _drawn(row, given)


@service("lots.verify")
def verify(call: Call, lot: str) -> dict[str, Any]:
    """Compute a draw again from what is stored. → as draw; `intact`: the list is the one that was closed"""
    row = _row(call, lot)
    if row["seed"] is None:
        raise ServiceRefused("还没有抽签 / nothing has been drawn yet", lot=lot)
    return _drawn(row, row["seed"]) | {"intact": drawing.fingerprint(row["candidates"]) == row["list_hash"]}


def _check(keys: Sequence[str], seats: int, seed_source: str) -> None:
    if not keys or len(set(keys)) != len(keys):
        raise ServiceRefused("抽签名单为空或有重复 / the list is empty or names somebody twice")
    if int(seats) < 1:
        raise ServiceRefused("名额至少一个 / there must be a seat to draw")
    if not (seed_source or "").strip():
        raise ServiceRefused("先说明种子从哪里来 / say first where the seed will come from")


def _row(call: Call, lot: str) -> Mapping[str, Any]:
    row = store.get(call.connection, lot or "")
    if row is None or row["instance"] != call.instance:
        raise ServiceRefused(f"没有抽签 {lot} / there is no lot {lot}", lot=lot)
    return row


def _opened(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lot": row["id"],
        "list_hash": row["list_hash"],
        "count": len(row["candidates"]),
        "seats": row["seats"],
        "seed_source": row["seed_source"],
        "needed": len(row["candidates"]) > row["seats"],
    }


def _drawn(row: Mapping[str, Any], seed: str) -> dict[str, Any]:
    keys = row["candidates"]
    ordered = [
        {"rank": rank, "no": no, "key": keys[no - 1], "ticket": ticket}
        for rank, (no, ticket) in enumerate(drawing.order(seed, len(keys)), 1)
    ]
    return {
        "lot": row["id"],
        "seed": seed,
        "seats": row["seats"],
        "list_hash": row["list_hash"],
        "drawn": [o["key"] for o in ordered[: row["seats"]]],
        "reserves": [o["key"] for o in ordered[row["seats"] :]],
        "order": ordered,
    }
