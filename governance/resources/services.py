"""Services ``resources.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine.errors import BpmnError, ServiceRefused
from engine.ids import uuid7
from engine.services import Call, service
from governance.resources import store

#: domain 8: double-booked resource
DUPLICATE = "ERR_DUPLICATE"


@service("resources.reserve")
def reserve(call: Call, holder: str, resources: Sequence[Any] | None, to: Any, **period: Any) -> dict[str, Any]:
    """Hold resources from the day `from` to the day `to`, both included. Throws ERR_DUPLICATE. → {reserved}

    All or nothing: when one is taken, none is held. The holder's own reservation of the same days is kept, not doubled."""
    first, last = _day(period.get("from"), "from"), _day(to, "to")
    if not holder:
        raise ServiceRefused("预留方为空 / a reservation needs a holder")
    if last < first:
        raise ServiceRefused(f"预留期止于起始之前 / the period ends before it begins: {first} – {last}")
    names = sorted({_name(r) for r in resources or ()})
    for name in names:  # in order, so that two cases never wait for each other
        store.lock(call.connection, name, call.now)
        _reserve(call, name, holder, first, last)
    return {"reserved": names}


@service("resources.release")
def release(call: Call, holder: str, reason: str | None = None) -> dict[str, Any]:
    """Give back what the holder has; repeatable, serves as compensation. → {released}"""
    return {"released": store.release(call.connection, holder, reason or "", call.now)}


HANDLERS = (reserve, release)


def _reserve(call: Call, name: str, holder: str, first: date, last: date) -> None:
    taken = store.overlapping(call.connection, name, first, last)
    others = [r for r in taken if r["holder"] != holder]
    if others:
        raise BpmnError(DUPLICATE, {"resource": name, "held_by": others[0]["holder"]})
    if any(r["first_day"] <= first and r["last_day"] >= last for r in taken):
        return
    row = {
        "id": uuid7(int(call.now.timestamp() * 1000)),
        "resource": name,
        "holder": holder,
        "instance": call.instance,
        "first_day": first,
        "last_day": last,
        "reserved": call.now,
        "released": None,
        "reason": "",
    }
    store.insert(call.connection, row)


def _name(resource: Any) -> str:
    return str(resource.get("id") or resource.get("name")) if isinstance(resource, Mapping) else str(resource)


def _day(value: Any, name: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise ServiceRefused(f"预留期“{name}”须为日期 / {name} must be a date", value=str(value))
