"""Services of notices that a process calls."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import ServiceRefused
from engine.services import Call, service
from governance.directory.may import Data, Permissions, sees
from governance.notices.notices import Notices, UnknownNoticeKind

#: what somebody learns who is told of something he may not read
PROTECTED = Label("有一项与您有关的办理进展，内容受保护", "Something that concerns you has moved on; its content is protected")


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
    own = Label(title.get("zh", ""), title.get("en", "")) if isinstance(title, dict) else (Label(title, "") if title else None)
    readers, others = _by_class(call, notices, asked)
    told: list[str] = []
    for people, label in ((readers, own), (others, PROTECTED)):
        if not people:
            continue
        try:
            told += notices.send(
                call.connection,
                people,
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


def _by_class(call: Call, notices: Notices, asked: list[str]) -> tuple[list[str], list[str]]:
    """(who gets the text, who is only told that there is something): a text made of protected data goes to its readers only.

    A class parties that names nobody leaves it to the model whom it tells.
    """
    guards = [guard for guard in call.guards if guard.of is not None or guard.access != "parties"]
    if not guards or call.connection is None:
        return asked, []
    permissions = Permissions(call.resources["directory"])
    readers, others = list[str](), list[str]()
    for person in notices.people(call.connection, asked, call.now):
        reach = permissions.reach(call.connection, Actor(person=person), call.now)
        things = (
            Data(access=g.access, area=call.area, owner=call.area, of=g.of, about=g.about, by=g.by) for g in guards
        )  # fmt: skip
        (readers if all(sees(reach, thing) for thing in things) else others).append(person)
    return readers, others
