"""Who is competent: powers from the directory, narrowed by area and by the routing table (D2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from engine.errors import BpmnError, ServiceRefused
from governance.directory import selectors
from governance.directory import store as places
from governance.directory.catalogue import kinds, roles
from governance.directory.directory import Directory
from governance.dispatch import store
from governance.settings.declared import read
from governance.settings.settings import Settings

Connection = Any
#: Evaluates a deployed decision: connection, key, inputs → its value.
Decide = Callable[[Any, str, Mapping[str, Any]], Any]
NO_POWER = "ERR_NO_POWER"


class Routing:
    """`decide` is given by the wiring once the engine is there."""

    def __init__(self, *, settings: Settings, directory: Directory) -> None:
        settings.declare(read([files("governance.dispatch").joinpath("settings.yaml").read_text(encoding="utf-8")]))
        self._settings, self._directory = settings, directory
        self._decide: Decide | None = None

    def connect(self, decide: Decide) -> None:
        """Join with the engine's deployed decisions."""
        self._decide = decide

    def route(
        self,
        connection: Connection,
        *,
        category: str | None,
        area: str | None,
        power: str | None,
        exclude: Sequence[str],
        rule: Mapping[str, Any] | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Lead and co-units: the unit the rule names, else the nearest one up the area tree that holds the power.

        → {lead, co_units, basis, power, found, reason {zh, en}, candidates}; `found` is false when no rule or no unit fits."""
        chosen = rule if rule is not None else self._rule(connection, category, area, power, now)
        needed = power or (chosen or {}).get("power")
        wanted_kinds = list((chosen or {}).get("kinds") or ())
        named = (chosen or {}).get("lead")
        if needed is None and named is None:
            return _gap(None, category)
        found = self.candidates(connection, needed, area, now) if needed else []
        found = [c for c in found if c["unit"] not in exclude]
        found.sort(key=lambda c: (c["unit"] != named, c["distance"], _order(wanted_kinds, c["kind"])))
        laws = [str(word) for word in (chosen or {}).get("laws") or ()]
        # a power rests on a law: the penalty of the police is not the penalty of the market office
        fitting = [c for c in found if c["unit"] == named or not laws or any(word in c["basis"] for word in laws)]
        if not fitting:
            return {**_gap(needed, category), "candidates": _shown(found)}
        lead = fitting[0]
        return {
            "lead": lead["unit"],
            "co_units": self._co_units(connection, chosen or {}, lead["unit"], area, exclude, now),
            "basis": lead["basis"],
            "power": needed,
            "found": True,
            "reason": _reason(lead, needed, chosen),
            "candidates": _shown(fitting),
        }

    def candidates(self, connection: Connection, power: str, area: str | None, now: datetime) -> list[dict[str, Any]]:
        """Units whose power covers the area, nearest first: {unit, kind, name, basis, area, distance, valid_to}."""
        path = self._directory.area_path(connection, area, now)
        found = [
            {**h, "name": h["name_zh"], "distance": path.index(h["area"]) if h["area"] in path else len(path)}
            for h in store.holders(connection, power, now)
            if h["area"] is None or not path or h["area"] in path
        ]
        nearest: dict[str, dict[str, Any]] = {}
        for line in sorted(found, key=lambda c: (c["distance"], c["unit"])):
            nearest.setdefault(line["unit"], line)
        return list(nearest.values())

    def check(
        self, connection: Connection, unit: str, power: str | None, area: str | None, now: datetime, *, required: bool = False
    ) -> dict[str, Any]:
        """Whether the unit holds the power for the area. → {holds, unit, name, power, basis, valid_to, why {zh, en}}.

        Raises ServiceRefused for an unknown unit, BpmnError ERR_NO_POWER when `required` and it does not."""
        place = self._directory.places(connection, [unit], now).get(unit)
        if place is None:
            raise ServiceRefused(f"没有单位 {unit} / there is no unit {unit}", unit=unit)
        if power is None:
            return _held(unit, place.name.zh, None, None, None)
        mine = next((c for c in self.candidates(connection, power, area, now) if c["unit"] == unit), None)
        if mine is not None:
            return _held(unit, place.name.zh, power, mine["basis"], mine["valid_to"])
        answer = {
            "holds": False,
            "unit": unit,
            "name": place.name.zh,
            "power": power,
            "basis": None,
            "valid_to": None,
            "why": self.why_not(connection, unit, power, area, now),
        }
        if required:
            raise BpmnError(NO_POWER, answer)
        return answer

    def why_not(self, connection: Connection, unit: str, power: str, area: str | None, now: datetime) -> dict[str, str]:
        """Why this unit cannot lead, with the legal basis and who can."""
        place = self._directory.places(connection, [unit], now).get(unit)
        zh_name, en_name = (place.name.zh, place.name.in_("en")) if place else (unit, unit)
        named = kinds("powers").get(power)
        law = self._settings.get(connection, "dispatch.power_basis", now, area).get(power)
        able = self.candidates(connection, power, area, now)[:3]
        who_zh = "、".join(f"{c['name']}（{c['basis']}）" for c in able) or "无"
        who_en = ", ".join(f"{c['name_en'] or c['name']} ({c['basis']})" for c in able) or "none"
        power_zh, power_en = (named.zh, named.in_("en")) if named else (power, power)
        zh = f"{zh_name}没有“{power_zh}”职权，不能作主办单位。{law['zh'] + '。' if law else ''}有此职权的单位：{who_zh}"
        en = f"{en_name} has no power of {power_en} and cannot lead. {law['en'] + '. ' if law else ''}Units that have it: {who_en}"
        return {"zh": zh, "en": en}

    def receivers(self, connection: Connection, unit: str, now: datetime) -> list[str]:
        """Selectors of who takes work for a unit: the posts at it, else staff posts of its area, else those above.
        A successor in a post is offered the task without anything being re-routed."""
        held = places.posts_at(connection, [unit], now)
        if held:
            return list(dict.fromkeys(selectors.role(p.role, unit) for p in held))
        area = next(iter(self._directory.area_path(connection, unit, now)), None)
        staff = [p for p in places.posts_at(connection, [area], now) if (r := roles().get(p.role)) and r.staff] if area else []
        if staff and area:
            return list(dict.fromkeys(selectors.role(p.role, area) for p in staff))
        return [selectors.person(p) for p in self._directory.heads_of(connection, unit, now)]

    def staff_of(self, connection: Connection, unit: str, now: datetime) -> list[str]:
        """Persons with a post at the unit itself: they must not decide for or against it."""
        return list(dict.fromkeys(p.person for p in places.posts_at(connection, [unit], now)))

    def _rule(
        self, connection: Connection, category: str | None, area: str | None, power: str | None, now: datetime
    ) -> Mapping[str, Any] | None:
        """The row of the routing table; None when there is no table."""
        if self._decide is None:
            return None
        table = self._settings.get(connection, "dispatch.table", now, area)
        value = self._decide(connection, table, {"category": category, "area": area, "power": power})
        return value if isinstance(value, Mapping) else None

    def _co_units(
        self, connection: Connection, rule: Mapping[str, Any], lead: str, area: str | None, exclude: Sequence[str], now: datetime
    ) -> list[str]:
        found = [str(u) for u in rule.get("co_units") or ()]
        for kind in rule.get("co_powers") or ():
            able = self.candidates(connection, str(kind), area, now)
            found += [c["unit"] for c in able[:1]]
        return [u for u in dict.fromkeys(found) if u != lead and u not in exclude]


def _held(unit: str, name: str, power: str | None, basis: str | None, valid_to: datetime | None) -> dict[str, Any]:
    why = {"zh": f"{name}有此职权（{basis}）", "en": f"{name} holds this power ({basis})"} if power else {"zh": "", "en": ""}
    return {"holds": True, "unit": unit, "name": name, "power": power, "basis": basis, "valid_to": valid_to, "why": why}


def _gap(power: str | None, category: str | None) -> dict[str, Any]:
    named = kinds("powers").get(power or "")
    zh = f"没有单位具有“{named.zh}”职权" if named else f"路由表没有“{category or '未分类'}”这一类"
    en = f"no unit holds the power of {named.in_('en')}" if named else f"the routing table has no row for {category or 'no category'}"
    reason = {"zh": f"{zh}，由调度员决定", "en": f"{en}: the dispatcher decides"}
    return {"lead": None, "co_units": [], "basis": None, "power": power, "found": False, "reason": reason, "candidates": []}


def _reason(lead: Mapping[str, Any], power: str | None, rule: Mapping[str, Any] | None) -> dict[str, str]:
    named = kinds("powers").get(power or "")
    zh = f"{lead['name']}具有“{named.zh if named else power}”职权（{lead['basis']}）"
    en = f"{lead['name_en'] or lead['name']} holds the power of {named.in_('en') if named else power} ({lead['basis']})"
    note = (rule or {}).get("note")
    return {"zh": f"{zh}；路由依据：{note}" if note else zh, "en": f"{en}; routing: {note}" if note else en}


def _shown(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{k: c[k] for k in ("unit", "name", "basis", "area")} for c in found]


def _order(wanted: Sequence[str], kind: str) -> int:
    return wanted.index(kind) if kind in wanted else len(wanted)
