"""Opening a signing, recording, refusing and voiding signatures (domain SP10, FG-SIGN)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.actor import Actor, Mandate
from engine.errors import BpmnError, NotFound, ServiceRefused
from engine.ids import uuid7
from engine.ports import Directory
from governance.documents.documents import TAMPERED, Documents
from governance.documents.uploads import file_ids
from governance.signing import store

Connection = Any
#: FG-SIGN codes; an agent signs with a power of attorney
CAPACITIES = ("legal_representative", "authorized_agent", "party_secretary", "individual")
AGENT = "authorized_agent"
METHODS = ("handwritten_scan", "e_signature", "on_site")
ELECTRONIC = "e_signature"


class Signing:
    """Handed to the services as resource ``signing``."""

    def __init__(self, *, documents: Documents, directory: Directory) -> None:
        self._documents = documents
        self._directory = directory

    def open(
        self,
        connection: Connection,
        *,
        instance: str,
        document: str,
        text_hash: str,
        signatories: Sequence[Mapping[str, Any]],
        sequential: bool,
        reason: str,
        now: datetime,
    ) -> dict[str, Any]:
        """Open a signing of the newest version. Raises BpmnError ERR_TAMPERED when that has another hash."""
        if not signatories:
            raise ServiceRefused("没有签署人 / there are no signatories")
        version = self._documents.verify(connection, document, text_hash)
        opened = {
            "id": _id(now),
            "instance": instance,
            **version,
            "sequential": sequential,
            "reason": reason,
            "state": "open",
            "ended_reason": "",
            "opened": now,
            "ended": None,
        }
        slots = [_slot(opened["id"], no, signatory, now) for no, signatory in enumerate(signatories, 1)]
        store.insert(connection, opened, slots)
        listed = [
            {"slot": s["slot"], "selector": s["selector"], "unit": s["unit"], "name": s["name"], "capacity": s["expected_capacity"]}
            for s in slots
        ]
        return {"signing": opened["id"], **version, "order": "sequential" if sequential else "parallel", "signatories": listed}

    def record(
        self,
        connection: Connection,
        signing: str,
        slot: int,
        *,
        actor: Actor,
        person: str | None,
        capacity: str,
        method: str,
        doc_hash: str,
        agreed_e_sign: bool | None,
        authority: Any,
        signed_at: datetime | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Take one signature. Raises BpmnError ERR_TAMPERED (another hash), ServiceRefused for what the signatory can mend."""
        opened, line = self._expected(connection, signing, slot)
        self._documents.verify(connection, opened["document"], opened["hash"])
        if doc_hash != opened["hash"]:
            raise BpmnError(TAMPERED, {"document": opened["document"], "expected": opened["hash"], "actual": doc_hash})
        _check_form(capacity, method, agreed_e_sign, signed_at, now)
        signatory = person or actor.person
        if method == ELECTRONIC and signatory != actor.person:
            raise ServiceRefused("电子签名须由本人作出 / an electronic signature must be given in person", pointer="/signatory")
        letters = file_ids(authority)
        mandate = self._mandate(connection, signatory, line["selector"], capacity, letters, signed_at or now)
        values = {
            "state": "signed",
            "person": signatory,
            "person_name": actor.name if signatory == actor.person else "",
            "capacity": capacity,
            "method": method,
            "agreed_e_sign": agreed_e_sign,
            "hash": doc_hash,
            "mandate": mandate,
            "authority": letters,
            "signed_at": signed_at or now,
            "recorded": now,
        }
        store.update_slot(connection, signing, slot, values)
        complete = all(s["state"] == "signed" for s in store.slots(connection, signing))
        if complete:
            store.update(connection, signing, {"state": "complete", "ended": now})
        state = "complete" if complete else "open"
        return {"signature": line["id"], "slot": slot, "person": signatory, "mandate": mandate, "complete": complete, "state": state}

    def refuse(
        self, connection: Connection, signing: str, slot: int, *, actor: Actor, person: str | None, reason: str, now: datetime
    ) -> dict[str, Any]:
        """A signatory declines: the signing ends as refused, the reason is kept."""
        opened, line = self._expected(connection, signing, slot)
        if not 4 <= len(reason.strip()) <= 300:
            raise ServiceRefused(
                "拒签理由须为 4 至 300 字 / the reason for refusing must have 4 to 300 characters", pointer="/refusal_reason"
            )
        signatory = person or actor.person
        self._mandate(connection, signatory, line["selector"], None, [], now)
        store.update_slot(connection, signing, slot, {"state": "refused", "person": signatory, "reason": reason.strip(), "recorded": now})
        store.update(connection, opened["id"], {"state": "refused", "ended": now, "ended_reason": reason.strip()})
        return {"slot": slot, "state": "refused"}

    def end(self, connection: Connection, signing: str, state: str, reason: str, now: datetime) -> dict[str, Any]:
        """Void or expire. Voiding cancels what was signed; a second call changes nothing."""
        opened = self._get(connection, signing)
        if opened["state"] == state:
            return {"signing": signing, "state": state, "voided": 0}
        if state == "expired" and opened["state"] != "open":
            raise ServiceRefused(
                f"签署已是 {opened['state']}，不能过期 / the signing is {opened['state']} and cannot expire", state=opened["state"]
            )
        voided = store.void_slots(connection, signing)
        store.update(connection, signing, {"state": state, "ended": now, "ended_reason": reason})
        return {"signing": signing, "state": state, "voided": voided}

    def status(self, connection: Connection, signing: str) -> dict[str, Any]:
        """Where the signing stands. Raises NotFound."""
        opened = self._get(connection, signing)
        slots = store.slots(connection, signing)
        shown = ("slot", "selector", "unit", "name", "state", "person", "person_name", "capacity", "method", "reason")
        counts = {state: sum(1 for s in slots if s["state"] == state) for state in ("signed", "pending", "refused")}
        return {
            "signing": signing,
            "document": opened["document"],
            "version": opened["version"],
            "hash": opened["hash"],
            "state": opened["state"],
            "order": "sequential" if opened["sequential"] else "parallel",
            "complete": opened["state"] == "complete",
            "reason": opened["ended_reason"],
            "opened": opened["opened"],
            "ended": opened["ended"],
            **counts,
            "signatories": [{**{key: s[key] for key in shown}, "at": s["signed_at"], "mandate": s["mandate"]} for s in slots],
        }

    def of_instance(self, connection: Connection, instance: str) -> list[dict[str, Any]]:
        """`status` of every signing of a case, oldest first."""
        return [self.status(connection, signing) for signing in store.of_instance(connection, instance)]

    def _get(self, connection: Connection, signing: str) -> dict[str, Any]:
        found = store.get(connection, signing)
        if found is None:
            raise NotFound(f"没有签署 {signing} / there is no signing {signing}", signing=signing)
        return found

    def _expected(self, connection: Connection, signing: str, slot: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """The open signing and its pending slot."""
        opened = self._get(connection, signing)
        if opened["state"] != "open":
            raise ServiceRefused(
                f"签署已结束（{opened['state']}），请从定稿重新开始 / the signing is {opened['state']}", state=opened["state"]
            )
        slots = store.slots(connection, signing)
        line = next((s for s in slots if s["slot"] == slot), None)
        if line is None:
            raise ServiceRefused(f"没有第 {slot} 位签署人 / there is no signatory {slot}", slot=slot)
        if line["state"] != "pending":
            raise ServiceRefused(f"第 {slot} 位签署人已答复 / signatory {slot} has answered already", slot=slot)
        if opened["sequential"] and any(s["state"] == "pending" and s["slot"] < slot for s in slots):
            raise ServiceRefused(f"还没轮到第 {slot} 位签署 / it is not yet the turn of signatory {slot}", slot=slot)
        return opened, line

    def _mandate(
        self, connection: Connection, person: str | None, selector: str, capacity: str | None, letters: Sequence[str], at: datetime
    ) -> dict[str, Any]:
        """What the signature rests on at that instant: the post, or a power of attorney (domain SP10, 2.4 rule 1)."""
        if capacity == AGENT and not letters:
            message = "授权代表须附授权书 / an authorised agent needs a power of attorney"
            raise ServiceRefused(message, code_of_rule="signing_no_letter", pointer="/authority")
        held = self._directory.selectors_of(connection, person, at) if person is not None else {}
        # the post or seat named, else the nearest up the tree: those to whom the task was offered (conventions 5)
        for offer in self._directory.resolve(connection, [selector], at):
            if offer.selector in held:
                return _mandate(held[offer.selector])
        if letters:
            return {"kind": "power_of_attorney", "ref": letters[0], "selector": selector, "zh": "授权书", "en": "Power of attorney"}
        message = "签署人此刻不任该职，也未附授权书 / the signatory does not hold the post at that moment and there is no power of attorney"
        raise ServiceRefused(message, code_of_rule="signing_no_authority", selector=selector, pointer="/signatory")


def _check_form(capacity: str, method: str, agreed: bool | None, signed_at: datetime | None, now: datetime) -> None:
    if capacity not in CAPACITIES:
        raise ServiceRefused(f"签署身份 {capacity} 无效 / capacity {capacity} is none of {CAPACITIES}", pointer="/capacity")
    if method not in METHODS:
        raise ServiceRefused(f"签署方式 {method} 无效 / method {method} is none of {METHODS}", pointer="/method")
    if method == ELECTRONIC and agreed is not True:
        message = "未同意采用电子签名，请改用书面签署（电子签名法第三条）/ no agreement to electronic signatures: sign on paper [L-QM 3]"
        raise ServiceRefused(message, code_of_rule="signing_no_agreement", pointer="/agreed_e_sign")
    if signed_at is not None and signed_at > now:
        raise ServiceRefused("签署时间不能晚于现在 / the time of signing lies in the future", pointer="/signed_at")


def _slot(signing: str, no: int, signatory: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    if not signatory.get("selector"):
        raise ServiceRefused(f"第 {no} 位签署人没有选择符 / signatory {no} has no selector", slot=no)
    return {
        "id": _id(now),
        "signing": signing,
        "slot": no,
        "selector": str(signatory["selector"]),
        "unit": signatory.get("unit"),
        "name": str(signatory.get("name") or ""),
        "expected_capacity": signatory.get("capacity"),
        "state": "pending",
        "authority": [],
    }


def _mandate(mandate: Mandate) -> dict[str, Any]:
    return {name: getattr(mandate, name) for name in ("kind", "ref", "selector", "on_behalf_of", "zh", "en")}


def _id(now: datetime) -> str:
    return uuid7(int(now.timestamp() * 1000))
