"""A dispatch from sending to acceptance: objections and their two counters, rulings, final designation (domain SP08, point 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.errors import NotFound, ServiceRefused
from engine.ids import OrderedIds
from governance.dispatch import store
from governance.dispatch.routing import Routing

Connection = Any
_IDS = OrderedIds()
#: the second objection is decided from above, whoever is right
_MOST_OBJECTIONS = 2
FINAL = (
    "指定承办为最终决定，不得退回〔潍坊市12345条例第二十二条；浙江省综合行政执法条例第十七条〕 / "
    "a designation is final and cannot be returned [L-WF12345 22; L-ZJZF 17]"
)


class Dispatching:
    """Handed to the services as resource ``dispatch``; `routing` knows who is competent."""

    def __init__(self, routing: Routing) -> None:
        self.routing = routing

    def assign(
        self,
        connection: Connection,
        *,
        instance: str,
        case_no: str,
        area: str | None,
        category: str | None,
        power: str | None,
        lead: str,
        co_units: Sequence[str],
        basis: str | None,
        by: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Send the case to its lead unit (again, after an objection was upheld). Refuses a lead without the power, naming the law,
        one whose objection was upheld, and a lead among the co-units."""
        row = store.of_case(connection, instance, case_no)
        if row is not None and row["designated"]:
            raise ServiceRefused(FINAL, unit=row["lead"])
        if lead in co_units:
            raise ServiceRefused("主办单位不能同时是协办单位 / the lead unit cannot be a co-unit", pointer="/co_units")
        if row is not None and lead in row["excluded"]:
            raise ServiceRefused(f"{lead} 的异议已成立，请另派 / the objection of {lead} was upheld: choose another", pointer="/lead_unit")
        checked = self._able(connection, lead, power, area, now)
        text = basis or checked["basis"] or ""
        values = {"lead": lead, "co_units": list(co_units), "basis": text, "state": "sent", "sent_at": now}
        if row is None:
            row = {
                "id": _IDS.next(_ms(now)),
                "instance": instance,
                "case_no": case_no,
                "area": area,
                "category": category,
                "power": power,
                "first_receiver": lead,
                "objections": 0,
                "reroutes": 0,
                "excluded": [],
                "designated": False,
                "accepted_at": None,
                **values,
            }
            store.insert(connection, row)
        else:
            store.update(connection, row["id"], {**values, "power": power})
            row = {**row, **values, "power": power}
        self._note(connection, row["id"], "sent", lead, text, "", by, now)
        return self._answer(connection, row, now)

    def accept(self, connection: Connection, dispatch: str, *, silent: bool, by: str | None, now: datetime) -> dict[str, Any]:
        """The unit takes the case; `silent`: it did not answer in time, which counts as accepted."""
        row = self._get(connection, dispatch)
        if row["accepted_at"] is None:
            state = "designated" if row["designated"] else "accepted"
            store.update(connection, dispatch, {"state": state, "accepted_at": now})
            self._note(connection, dispatch, "silent" if silent else "accepted", row["lead"], "", "", None if silent else by, now)
            row = {**row, "state": state, "accepted_at": now}
        return {**self._answer(connection, row, now), "accepted_at": row["accepted_at"]}

    def object(self, connection: Connection, dispatch: str, *, basis: str, reason: str, by: str | None, now: datetime) -> dict[str, Any]:
        """The unit says that it is not competent, with the item of its list or the law. `designate` is true from the second objection
        on: then it is decided from above. Refuses an objection without a basis, and any after a designation."""
        row = self._get(connection, dispatch)
        if row["designated"]:
            raise ServiceRefused(FINAL, unit=row["lead"])
        if row["accepted_at"] is not None:
            raise ServiceRefused("已签收，不能再提异议 / it was accepted and cannot be objected to any more", unit=row["lead"])
        if not basis.strip():
            raise ServiceRefused("异议须写明职责清单条目或法律依据 / an objection names the list item or the law", pointer="/basis")
        count = row["objections"] + 1
        store.update(connection, dispatch, {"objections": count, "state": "objected"})
        self._note(connection, dispatch, "objected", row["lead"], basis.strip(), reason.strip(), by, now)
        answer = self._answer(connection, {**row, "objections": count, "state": "objected"}, now)
        return {**answer, "designate": count >= _MOST_OBJECTIONS}

    def rule(self, connection: Connection, dispatch: str, *, upheld: bool, reason: str, by: str | None, now: datetime) -> dict[str, Any]:
        """The dispatcher decides about an objection: upheld, it goes to another unit; rejected, it stays."""
        row = self._get(connection, dispatch)
        if row["state"] != "objected":
            raise ServiceRefused("没有待裁决的异议 / there is no objection to rule on", state=row["state"])
        if not reason.strip():
            raise ServiceRefused("请写明裁决理由 / give the reason of the ruling", pointer="/reason")
        values: dict[str, Any] = {"state": "sent"}
        if upheld:
            values |= {"reroutes": row["reroutes"] + 1, "excluded": [*row["excluded"], row["lead"]]}
        store.update(connection, dispatch, values)
        self._note(connection, dispatch, "upheld" if upheld else "rejected", row["lead"], "", reason.strip(), by, now)
        return self._answer(connection, {**row, **values}, now)

    def designate(
        self,
        connection: Connection,
        *,
        instance: str,
        case_no: str,
        unit: str,
        power: str | None,
        area: str | None,
        basis: str,
        by: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Name the unit that must act: final. Refuses a unit without the power, and another unit than the one designated before."""
        before = store.designation_of(connection, instance, case_no)
        if before is not None and before["unit"] != unit:
            raise ServiceRefused(FINAL, unit=before["unit"])
        row = store.of_case(connection, instance, case_no)
        checked = self._able(connection, unit, power or (row["power"] if row else None), area, now)
        text = basis.strip() or checked["basis"] or ""
        if before is None:
            line = {"id": _IDS.next(_ms(now)), "instance": instance, "case_no": case_no, "unit": unit, "power": power, "basis": text}
            store.insert_designation(connection, {**line, "by": by, "at": now})
        if row is not None and not row["designated"]:
            co_units = [u for u in row["co_units"] if u != unit]
            values = {"lead": unit, "co_units": co_units, "basis": text, "state": "designated", "designated": True, "accepted_at": now}
            store.update(connection, row["id"], values)
            self._note(connection, row["id"], "designated", unit, text, "", by, now)
        receivers = self.routing.receivers(connection, unit, now)
        return {"lead": unit, "name": checked["name"], "basis": text, "designated": True, "at": now, "receivers": receivers}

    def status(self, connection: Connection, dispatch: str, now: datetime) -> dict[str, Any]:
        return self._answer(connection, self._get(connection, dispatch), now)

    def events(self, connection: Connection, dispatch: str) -> list[dict[str, Any]]:
        """What happened to it, oldest first."""
        return store.events(connection, dispatch)

    def _able(self, connection: Connection, unit: str, power: str | None, area: str | None, now: datetime) -> dict[str, Any]:
        checked = self.routing.check(connection, unit, power, area, now)
        if not checked["holds"]:
            why: Mapping[str, str] = checked["why"]
            raise ServiceRefused(f"{why['zh']} / {why['en']}", pointer="/lead_unit", unit=unit, power=power)
        return checked

    def _get(self, connection: Connection, dispatch: str) -> dict[str, Any]:
        row = store.get(connection, dispatch)
        if row is None:
            raise NotFound(f"没有派单 {dispatch} / there is no dispatch {dispatch}", dispatch=dispatch)
        return row

    def _answer(self, connection: Connection, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        kept = ("lead", "co_units", "basis", "state", "objections", "reroutes", "excluded", "designated", "accepted_at", "first_receiver")
        return {
            "dispatch": row["id"],
            **{k: row[k] for k in kept},
            "receivers": self.routing.receivers(connection, row["lead"], now),
            "first_receivers": self.routing.receivers(connection, row["first_receiver"], now),
        }

    def _note(
        self, connection: Connection, dispatch: str, kind: str, unit: str, basis: str, reason: str, by: str | None, now: datetime
    ) -> None:
        line = {"id": _IDS.next(_ms(now)), "dispatch": dispatch, "kind": kind, "unit": unit, "basis": basis, "reason": reason}
        store.add_event(connection, {**line, "at": now, "person": by})


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
