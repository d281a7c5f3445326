"""Services ``publicity.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.errors import ServiceRefused
from engine.services import Call, service
from governance.documents.uploads import file_ids
from governance.publicity.publicity import Publicity


@service("publicity.check")
def check(call: Call, title: str, body: str, secrets: Sequence[Any] | None = None, allowed: Sequence[Any] | None = None) -> dict[str, Any]:
    """Forbidden passages, the redacted copy and its hash. → {ok, hash, title, body, findings}"""
    return _publicity(call).check(title, body, _texts(secrets), _texts(allowed))


@service("publicity.publish")
def publish(
    call: Call,
    kind: str,
    title: str,
    body: str,
    places: Sequence[str],
    days: Any,
    basis: str,
    min_days: Any,
    hash: str,  # noqa: A002
    objection_channel: str,
    start_at: datetime | None = None,
    publication: str | None = None,
    subject: str | None = None,
    secrets: Sequence[Any] | None = None,
    files: Any = None,
) -> dict[str, Any]:
    """Put the approved copy on show. Throws ERR_TAMPERED. What was made of protected data is refused, unless the task that does it
    says ``cogov:access class="public"``: then it is the designer's word that the copy is redacted (domain 2.5).
    → {publication, slug, version, hash, start_at, end_at, state}"""
    if call.guards:
        data = ", ".join(guard.data or guard.access for guard in call.guards)
        raise ServiceRefused(
            f"公示内容取自受保护的数据（{data}），不能公示 / what is to be shown comes from protected data ({data})", element=call.element
        )
    return _publicity(call).publish(
        call.connection,
        instance=call.instance,
        area=call.area,
        person=call.actor.person,
        now=call.now,
        kind=kind,
        title=title,
        body=body,
        places=_texts(places),
        days=int(days),
        basis=basis,
        min_days=int(min_days),
        approved=hash,
        objection_channel=objection_channel,
        start_at=start_at,
        publication=publication,
        subject=subject or "",
        secrets=_texts(secrets),
        files=file_ids(files),
    )


@service("publicity.verify")
def verify(call: Call, publication: str, hash: str) -> dict[str, Any]:  # noqa: A002
    """The text on show must be the approved one. Throws ERR_TAMPERED. → {publication, hash}"""
    return _publicity(call).verify(call.connection, publication, hash)


@service("publicity.photo")
def photo(call: Call, publication: str, place: str, photos: Any) -> dict[str, Any]:
    """Photos that prove the posting. → {publication, photos}"""
    return _publicity(call).add_photos(call.connection, publication, place, photos, call.actor.person, call.now)


@service("publicity.mark")
def mark(call: Call, publication: str, objection: Any, outcome: str | None = None, received_at: datetime | None = None) -> dict[str, Any]:
    """An objection came in, or was decided. → {state, in_window, late, total, open, upheld}"""
    return _publicity(call).mark(call.connection, publication, str(objection), outcome, received_at, call.now)


@service("publicity.take_down")
def take_down(call: Call, publication: str, reason: str) -> dict[str, Any]:
    """End the show before its time. → {publication, state, at}"""
    return _publicity(call).take_down(call.connection, publication, reason or "", call.now)


@service("publicity.certify")
def certify(call: Call, publication: str, outcome: str | None = None) -> dict[str, Any]:
    """Close the show and write its certificate. → {publication, state, certificate}"""
    return _publicity(call).certify(call.connection, publication, outcome or "clean", call.now)


@service("publicity.status")
def status(call: Call, publication: str) -> dict[str, Any]:
    """Where it stands. → {publication, slug, state, start_at, end_at, total, open, upheld, photos …}"""
    return _publicity(call).status(call.connection, publication)


HANDLERS = (check, publish, verify, photo, mark, take_down, certify, status)


def _publicity(call: Call) -> Publicity:
    found: Publicity = call.resources["publicity"]
    return found


def _texts(values: Any) -> list[str]:
    if values is None:
        return []
    return [str(v) for v in values if v] if isinstance(values, (list, tuple)) else [str(values)]
