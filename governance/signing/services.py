"""Services ``signing.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.services import Call, service
from governance.signing.signing import Signing


@service("signing.open")
def open_signing(
    call: Call,
    document: str,
    hash: str,  # noqa: A002  the name of the input in the model
    signatories: Sequence[Mapping[str, Any]],
    order: str | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """Open a signing of the document's newest version. Throws ERR_TAMPERED. → {signing, signatories: [{slot, selector …}] …}"""
    return _signing(call).open(
        call.connection,
        instance=call.instance,
        document=document,
        text_hash=hash,
        signatories=signatories or (),
        sequential=order == "sequential",
        reason=reason or "",
        now=call.now,
    )


@service("signing.record")
def record(
    call: Call,
    signing: str,
    slot: Any,
    capacity: str,
    method: str,
    doc_hash: str,
    person: str | None = None,
    agreed_e_sign: bool | None = None,
    authority: Any = None,
    signed_at: datetime | None = None,
) -> dict[str, Any]:
    """Take one signature. Throws ERR_TAMPERED. → {signature, slot, person, mandate, complete, state}"""
    return _signing(call).record(
        call.connection,
        signing,
        int(slot),
        actor=call.actor,
        person=person,
        capacity=capacity,
        method=method,
        doc_hash=doc_hash,
        agreed_e_sign=agreed_e_sign,
        authority=authority,
        signed_at=signed_at,
        now=call.now,
    )


@service("signing.refuse")
def refuse(call: Call, signing: str, slot: Any, reason: str, person: str | None = None) -> dict[str, Any]:
    """A signatory declines. → {slot, state}"""
    return _signing(call).refuse(call.connection, signing, int(slot), actor=call.actor, person=person, reason=reason or "", now=call.now)


@service("signing.void")
def void(call: Call, signing: str, reason: str) -> dict[str, Any]:
    """Cancel every signature: the text changed, or the signing is compensated. → {signing, state, voided}"""
    return _signing(call).end(call.connection, signing, "void", reason or "", call.now)


@service("signing.expire")
def expire(call: Call, signing: str) -> dict[str, Any]:
    """The time for signing is over. → {signing, state, voided}"""
    return _signing(call).end(call.connection, signing, "expired", "", call.now)


@service("signing.status")
def status(call: Call, signing: str) -> dict[str, Any]:
    """Where the signing stands. → {state, complete, signed, pending, refused, signatories …}"""
    return _signing(call).status(call.connection, signing)


HANDLERS = (open_signing, record, refuse, void, expire, status)


def _signing(call: Call) -> Signing:
    found: Signing = call.resources["signing"]
    return found
