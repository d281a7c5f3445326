"""Services of notices that a process calls."""

from __future__ import annotations

from typing import Any

from engine.definitions.model import Label
from engine.errors import ServiceRefused
from engine.services import Call, service
from governance.notices.notices import Notices, UnknownNoticeKind


@service("notices.send")
def send(
    call: Call,
    to: str | list[str],
    kind: str,
    title: str | dict[str, str] | None = None,
    subject: str | None = None,
    link: str | None = None,
) -> dict[str, Any]:
    """Tell the people behind `to`: selectors or person ids, one or a list (nulls are left out). `kind` is a code of
    notices/kinds.yaml, or any other one when `title` (text or {zh, en}) is given. `subject` defaults to the case's number,
    `link` to the case's page. Result: {told: [persons]}. Refuses an unknown kind without title."""
    notices: Notices = call.resources["notices"]
    asked = [t for t in ([to] if isinstance(to, str) else to) if t]
    label = Label(title.get("zh", ""), title.get("en", "")) if isinstance(title, dict) else (Label(title, "") if title else None)
    try:
        told = notices.send(
            call.connection,
            asked,
            kind=kind,
            at=call.now,
            title=label,
            subject=subject or call.number or "",
            link=link or f"/cases/{call.instance}",
            instance=call.instance,
            occasion=f"{call.idempotency_key or f'{call.token}:{call.element}'}:{kind}",
        )
    except UnknownNoticeKind as error:
        raise ServiceRefused(error.message, **error.details) from error
    return {"told": told}
