"""Services ``documents.*`` and ``evidence.check``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import ServiceRefused
from engine.services import Call, service
from governance.documents.documents import Documents, require_content
from governance.documents.evidence import duplicates

if TYPE_CHECKING:
    from governance.signing.signing import Signing


@service("documents.freeze")
def freeze(
    call: Call,
    title: str,
    text: str | None = None,
    parties: Sequence[Mapping[str, Any]] | None = None,
    facts: Sequence[Mapping[str, Any]] | None = None,
    clauses: Sequence[Mapping[str, Any]] | None = None,
    ending: str | None = None,
    kind: str | None = None,
    document: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Freeze the canonical text under its hash. A party that names a unit by its id is written with the unit's credit code.
    → {document, version, hash, changed, at, text}"""
    require_content(text, clauses)
    documents: Documents = call.resources["documents"]
    body = text or documents.compose(
        call.connection,
        title,
        call.now,
        parties=_with_credit_codes(call, parties),
        facts=facts,
        clauses=clauses,
        ending=ending,
        labels=labels,
    )
    return documents.freeze(
        call.connection,
        instance=call.instance,
        title=title,
        body=body,
        kind=kind or "document",
        document=document,
        person=call.actor.person,
        now=call.now,
    )


@service("documents.verify")
def verify(call: Call, document: str, hash: str) -> dict[str, Any]:  # noqa: A002  the name of the input in the model
    """The newest version must have that hash. Throws ERR_TAMPERED. → {document, version, hash}"""
    documents: Documents = call.resources["documents"]
    return documents.verify(call.connection, document, hash)


@service("documents.seal")
def seal(
    call: Call,
    document: str,
    hash: str,  # noqa: A002
    signing: str | None = None,
    receivers: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """Record the distribution copy, which has no legal weight. → {seal, document, version, hash, at, copies, legal_weight, statement}"""
    documents: Documents = call.resources["documents"]
    if signing is not None:
        signings: Signing = call.resources["signing"]
        if not signings.status(call.connection, signing)["complete"]:
            raise ServiceRefused("签署尚未完成，不能加封分发 / the signing is not complete: no copy can be sealed", signing=signing)
    names = [str(r["id"]) if isinstance(r, Mapping) and "id" in r else str(r) for r in receivers or ()]
    return documents.seal(call.connection, document, hash, signing, names, call.now)


@service("evidence.check")
def check_evidence(call: Call, files: Any = None) -> dict[str, Any]:
    """Whether a picture handed in here was handed in with another case. → {reused, duplicates: [{file, digest, earlier}]}"""
    found = duplicates(call.resources["files"], call.connection, files, call.instance)
    return {"reused": bool(found), "duplicates": found}


def _with_credit_codes(call: Call, parties: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]] | None:
    """Parties with the unified social credit code of the unit they name; areas have none, and a code given in the model stays."""
    return None if parties is None else [_with_credit_code(call, party) for party in parties]


def _with_credit_code(call: Call, party: Mapping[str, Any]) -> Mapping[str, Any]:
    ref = party.get("id") or party.get("name")
    if party.get("code") or not isinstance(ref, str):
        return party
    unit = call.resources["directory"].describe(call.connection, "unit", ref, call.now)
    return {**party, "code": unit["uscc"]} if unit is not None and unit.get("uscc") else party


HANDLERS = (freeze, verify, seal, check_evidence)
