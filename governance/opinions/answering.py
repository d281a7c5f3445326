"""Taking an answer: who answers for which household, what counts, organised flooding. One short transaction, however large the round."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from engine.errors import Conflict, FieldError, FormInvalid
from engine.ids import OrderedIds
from governance.opinions import store
from governance.opinions.questions import check_answers

Connection = Any
_IDS = OrderedIds()
#: Written down by staff for somebody else.
STAFF_CHANNELS = ("door", "paper", "phone", "talk")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_LONGEST = 200
_BLANK = re.compile(r"[\s\-—_,，、.。]+")
#: a dash that does not part two numbers
_LOOSE = re.compile(r"(?<![0-9A-Za-z])-|-(?![0-9A-Za-z])")


class RoundClosed(Conflict):
    """意见征集已截止，答卷没有提交。 / The round is closed, the answer was not taken."""

    code = "round_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One filled-in sheet. `slot`: the household it is for, when that is known (link, account, staff); else `identity` says it."""

    answers: Mapping[str, Any]
    identity: Mapping[str, Any] = field(default_factory=dict)
    slot: str | None = None
    person: str | None = None
    entered_by: str | None = None
    channel: str = "public"
    #: account, personal link or staff
    verified: bool = False
    #: address and browser, kept only as a salted fingerprint
    device: str | None = None
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of it. `complete`: every invited one has answered now."""

    answer: str
    counted: bool
    mark: str | None
    replaced: bool
    complete: bool


def take(connection: Connection, row: Mapping[str, Any], given: Given, *, device_most: int, address_most: int, at: datetime) -> Taken:
    """Store the answer; the last one of a household before the closing counts, earlier ones are kept as superseded.

    Raises FormInvalid (nothing is stored) and RoundClosed."""
    answers = check_answers(row["questions"], given.answers, given.language)
    identity = _identity(row, given)
    if not store.take_turn(connection, row["id"], at):
        raise RoundClosed
    slot = _slot(connection, row, given, identity)
    before = store.counted_of(connection, slot["id"])
    mark = _mark(connection, row, slot, given, identity, before)
    device = _fingerprint(row, given)
    flooding = mark is None and device is not None and _floods(connection, row["id"], slot, device, device_most)
    if mark is None and not flooding and device is not None and not given.verified:
        # another browser name costs nothing, another address does: what one address claims without proof waits, too
        address = device.partition(":")[0] + ":"
        if _floods_from(connection, row["id"], slot, address, address_most):
            device, mark = address, "flooding"
    mark = "flooding" if flooding else mark
    answer = _insert(connection, row, slot, given, answers, identity, device, mark, at)
    complete = False
    if mark is None:
        if before is not None:
            store.set_answers(connection, [before["id"]], {"counted": False, "mark": "superseded"})
        if not slot["answered"]:
            store.set_answered(connection, [slot["id"]], True)
            answered = store.add_answered(connection, row["id"], 1) if slot["invited"] else 0
            complete = not row["public"] and answered >= row["invited"] > 0
    if flooding and device is not None:
        hold_device(connection, row["id"], device)
    return Taken(answer=answer, counted=mark is None, mark=mark, replaced=before is not None and mark is None, complete=complete)


def hold_device(connection: Connection, round_id: str, device: str) -> None:
    """Every answer of the device that was counted waits for review."""
    held = store.counted_of_device(connection, round_id, device)
    if held:
        store.set_answers(connection, [h["id"] for h in held], {"counted": False, "mark": "flooding"})
        store.set_answered(connection, [h["slot"] for h in held], False)
        store.add_answered(connection, round_id, -sum(1 for h in held if h["invited"]))


def release(connection: Connection, round_id: str, rows: Sequence[Mapping[str, Any]], by: str | None, reason: str) -> int:
    """Count reviewed answers (the newest of each slot that has none); returns how many."""
    newest = {r["slot"]: r for r in rows}
    counted = [r for r in newest.values() if store.counted_of(connection, r["slot"]) is None]
    review = {"reviewed_by": by or "system", "review_reason": reason}
    store.set_answers(connection, [r["id"] for r in rows], {**review, "mark": "superseded"})
    store.set_answers(connection, [r["id"] for r in counted], {"counted": True, "mark": None})
    store.set_answered(connection, [r["slot"] for r in counted], True)
    store.add_answered(connection, round_id, sum(1 for r in counted if r["invited"]))
    return len(counted)


def household_key(address: str) -> str:
    """One spelling of an address: 3幢 2-501 and ３幢2501室 are the same household."""
    half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in address)
    return _LOOSE.sub("", _BLANK.sub("-", half)).removesuffix("室").casefold()


def slot_key(kind: str, ref: str | None, name: str) -> str:
    """Key of a slot in its round."""
    return f"{kind}:{household_key(name) if kind in ('household', 'name') else ref or household_key(name)}"[:_LONGEST]


def _identity(row: Mapping[str, Any], given: Given) -> dict[str, Any]:
    said = {k: v.strip() if isinstance(v, str) else v for k, v in given.identity.items()}
    said = {k: v for k, v in said.items() if k in ("name", "phone", "household", "unit", "group", "resident") and v not in (None, "")}
    zh = given.language != "en"
    errors: list[FieldError] = []
    needed = [] if given.slot is not None else {"household": ["household"], "unit": ["unit", "name"]}.get(row["one_per"], ["name", "phone"])
    for name in needed:
        if not said.get(name):
            errors.append(FieldError(pointer=f"/identity/{name}", code="V-REQ", message="请填写" if zh else "Fill this in"))
    if row["residents_of"] and given.slot is None and not isinstance(said.get("resident"), bool):
        message = "请说明是否住在本辖区" if zh else "Say whether you live in this area"
        errors.append(FieldError(pointer="/identity/resident", code="V-REQ", message=message))
    if said.get("phone") and not _PHONE.fullmatch(re.sub(r"\s", "", str(said["phone"]))):
        errors.append(
            FieldError(pointer="/identity/phone", code="V-PHONE", message="电话号码有误" if zh else "This is no telephone number")
        )
    if any(isinstance(v, str) and len(v) > _LONGEST for v in said.values()):
        errors.append(FieldError(pointer="/identity", code="V-LEN", message="内容太长" if zh else "Too long"))
    groups = {g["key"] for g in row["groups"]}
    if said.get("group") and said["group"] not in groups:
        errors.append(FieldError(pointer="/identity/group", code="V-CHOICE", message="请从选项中选择" if zh else "Choose from the options"))
    if errors:
        raise FormInvalid(errors)
    return said


def _slot(connection: Connection, row: Mapping[str, Any], given: Given, identity: Mapping[str, Any]) -> dict[str, Any]:
    """The invited slot, or one made for whoever came by himself. The round is locked, so nobody makes the same one."""
    if given.slot is not None:
        found = store.slot(connection, given.slot)
        assert found is not None
        return found
    kind = row["one_per"]
    name = str(identity.get("household") if kind == "household" else identity.get("unit") if kind == "unit" else identity.get("name"))
    key = f"person:{given.person}" if given.person and kind == "person" else _open_key(kind, name, identity)
    known = store.slot_by_key(connection, row["id"], key)
    if known is not None:
        return known
    fresh = {
        "id": str(uuid.uuid4()),
        "round": row["id"],
        "key": key,
        "kind": kind,
        "ref": given.person if kind == "person" else None,
        "name": name,
        "group": identity.get("group"),
        "invited": False,
        "token": None,
        "handed_by": None,
        "handed_at": None,
        "answered": False,
    }
    store.insert_slots(connection, [fresh])
    return fresh


def _open_key(kind: str, name: str, identity: Mapping[str, Any]) -> str:
    """Households are told apart by address, units by name, persons by telephone."""
    if kind == "person":
        return f"person:{re.sub(r'[^0-9]', '', str(identity.get('phone', '')))}"
    return slot_key(kind, None, name)


def _mark(
    connection: Connection,
    row: Mapping[str, Any],
    slot: Mapping[str, Any],
    given: Given,
    identity: Mapping[str, Any],
    before: Mapping[str, Any] | None,
) -> str | None:
    if identity.get("resident") is False and row["residents_of"]:
        return "non_resident"
    if not slot["invited"] and row["residents_of"] and store.has_listed(connection, row["id"], slot["kind"]):
        return "not_listed"
    if before is not None and before["verified"] and not given.verified:
        return "unverified"
    return None


def _floods(connection: Connection, round_id: str, slot: Mapping[str, Any], device: str, most: int) -> bool:
    """Whether this answer makes more households than `most` from one device."""
    used = store.slots_of_device(connection, round_id, device)
    return used > most or (used == most and store.last_of_device(connection, slot["id"], device) is None)


def _floods_from(connection: Connection, round_id: str, slot: Mapping[str, Any], address: str, most: int) -> bool:
    """Whether this answer makes more households than `most` from one network address."""
    used = store.slots_of_address(connection, round_id, address)
    return len(used) >= most and slot["id"] not in used


def _fingerprint(row: Mapping[str, Any], given: Given) -> str | None:
    """Of who answers by himself without an account: staff write down many households on one tablet. ``address:address and browser``,
    both salted."""
    if given.device is None or given.person is not None or given.entered_by is not None or row["salt"] is None:
        return None
    address = given.device.partition("|")[0]
    if address.count(":") > 1:  # of IPv6 a household has a whole network
        address = str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    return f"{_salted(row['salt'], address)[:20]}:{_salted(row['salt'], given.device)[:40]}"


def _salted(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()


def _insert(
    connection: Connection,
    row: Mapping[str, Any],
    slot: Mapping[str, Any],
    given: Given,
    answers: Mapping[str, Any],
    identity: Mapping[str, Any],
    device: str | None,
    mark: str | None,
    at: datetime,
) -> str:
    answer = _IDS.next(int(at.timestamp() * 1000))
    store.insert_answer(
        connection,
        {
            "id": answer,
            "round": row["id"],
            "slot": slot["id"],
            "at": at,
            "answers": dict(answers),
            "identity": dict(identity) or None,
            "person": given.person,
            "entered_by": given.entered_by,
            "channel": given.channel,
            "verified": given.verified,
            "device": device,
            "counted": mark is None,
            "mark": mark,
            "reviewed_by": None,
            "review_reason": None,
        },
    )
    return answer
