"""Services ``dispatch.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.services import Call, service
from governance.dispatch.dispatching import Dispatching


@service("dispatch.route")
def route(
    call: Call,
    category: str | None = None,
    area: str | None = None,
    power: str | None = None,
    exclude: Sequence[str] | None = None,
    rule: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Who is competent, by power, area and the routing table. → {lead, co_units, basis, power, found, reason {zh, en}, candidates}"""
    return _dispatch(call).routing.route(
        call.connection, category=category, area=area or call.area, power=power, exclude=exclude or (), rule=rule, now=call.now
    )


@service("dispatch.check")
def check(call: Call, unit: str, power: str | None = None, area: str | None = None, required: bool | None = None) -> dict[str, Any]:
    """Whether a unit holds a power. Throws ERR_NO_POWER when `required`. → {holds, unit, name, power, basis, valid_to, why}"""
    return _dispatch(call).routing.check(call.connection, unit, power, area or call.area, call.now, required=bool(required))


@service("dispatch.compare")
def compare(call: Call, units: Sequence[str], power: str | None = None, area: str | None = None) -> list[dict[str, Any]]:
    """The same for several units side by side, for whoever must decide. → [{unit, name, has_power, basis}]"""
    checked = [_dispatch(call).routing.check(call.connection, u, power, area or call.area, call.now) for u in dict.fromkeys(units or ())]
    return [{"unit": c["unit"], "name": c["name"], "has_power": c["holds"], "basis": c["basis"] or c["why"]["zh"]} for c in checked]


@service("dispatch.assign")
def assign(
    call: Call,
    lead: str,
    case: str | None = None,
    co_units: Sequence[str] | None = None,
    category: str | None = None,
    power: str | None = None,
    area: str | None = None,
    basis: str | None = None,
) -> dict[str, Any]:
    """Send a case to its lead unit. → {dispatch, lead, co_units, basis, state, objections, reroutes, receivers, first_receivers …}"""
    return _dispatch(call).assign(
        call.connection,
        instance=call.instance,
        case_no=_case(call, case),
        area=area or call.area,
        category=category,
        power=power,
        lead=lead,
        co_units=co_units or (),
        basis=basis,
        by=call.actor.person,
        now=call.now,
    )


@service("dispatch.accept")
def accept(call: Call, dispatch: str, silent: bool | None = None) -> dict[str, Any]:
    """The unit takes it, or was silent, which counts as accepted. → as assign, with accepted_at"""
    return _dispatch(call).accept(call.connection, dispatch, silent=bool(silent), by=call.actor.person, now=call.now)


@service("dispatch.object")
def object_(call: Call, dispatch: str, basis: str, reason: str | None = None) -> dict[str, Any]:
    """The unit is not competent. → as assign, with `designate`: true from the second objection on"""
    return _dispatch(call).object(call.connection, dispatch, basis=basis or "", reason=reason or "", by=call.actor.person, now=call.now)


@service("dispatch.rule")
def rule(call: Call, dispatch: str, upheld: bool, reason: str) -> dict[str, Any]:
    """Decide about an objection. → as assign; an upheld one excludes the unit"""
    return _dispatch(call).rule(call.connection, dispatch, upheld=bool(upheld), reason=reason or "", by=call.actor.person, now=call.now)


@service("dispatch.designate")
def designate(
    call: Call, unit: str, case: str | None = None, power: str | None = None, area: str | None = None, basis: str | None = None,
    by: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Name the unit that must act, finally. → {lead, name, basis, designated, at, receivers}"""
    return _dispatch(call).designate(
        call.connection,
        instance=call.instance,
        case_no=_case(call, case),
        unit=unit,
        power=power,
        area=area or call.area,
        basis=basis or "",
        by=by or call.actor.person,
        now=call.now,
    )


@service("dispatch.receivers")
def receivers(call: Call, units: Sequence[str] | str) -> list[dict[str, Any]]:
    """Who takes work for these units, and who works there. → [{unit, receivers: [selectors], people: [persons]}]"""
    listed = [units] if isinstance(units, str) else list(units or ())
    routing = _dispatch(call).routing
    return [
        {"unit": u, "receivers": routing.receivers(call.connection, u, call.now), "people": routing.staff_of(call.connection, u, call.now)}
        for u in listed
    ]


@service("dispatch.status")
def status(call: Call, dispatch: str) -> dict[str, Any]:
    """Where it stands. → as assign"""
    return _dispatch(call).status(call.connection, dispatch, call.now)


HANDLERS = (route, check, compare, assign, accept, object_, rule, designate, receivers, status)


def _dispatch(call: Call) -> Dispatching:
    found: Dispatching = call.resources["dispatch"]
    return found


def _case(call: Call, case: str | None) -> str:
    return case or call.number or call.instance
