"""Taking an answer, by whatever way it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import FieldError, Forbidden, FormInvalid, NotFound
from governance.application import Application
from governance.desk.opinions.readers import NO_WAY, on_behalf, own_slots, require_entering, round_of
from governance.desk.reading import Look
from governance.opinions import store
from governance.opinions.answering import STAFF_CHANNELS, Given, RoundClosed, Taken

_NO_CHANNEL = Label("您以工作人员身份代填，请说明怎样得到的意见", "You enter this for somebody else: say how you got the opinion")


def answer(
    app: Application,
    actor: Actor,
    slug: str,
    answers: Mapping[str, Any],
    *,
    token: str | None = None,
    slot: str | None = None,
    identity: Mapping[str, Any] | None = None,
    channel: str | None = None,
    device: str | None = None,
) -> Taken:
    """Hand in an answer: by personal link (`token`), by account (his own slot, or `slot` of one of his units), by staff for a
    `slot` or an `identity` (`channel` door, paper, phone or talk), or by anybody in a public round (`identity`).

    The last one before the closing counts. Raises FormInvalid, RoundClosed, NotFound, Forbidden."""

    def command(connection: Any) -> Taken:
        seen, row = round_of(app, actor, connection, slug)
        given = _given(seen, row, answers, token, slot, identity or {}, channel, device)
        return app.opinions.take(connection, row["id"], given, seen.now)

    return app.database.run(command)


def _given(
    seen: Look,
    row: Mapping[str, Any],
    answers: Mapping[str, Any],
    token: str | None,
    slot: str | None,
    identity: Mapping[str, Any],
    channel: str | None,
    device: str | None,
) -> Given:
    person, language = seen.actor.person, seen.actor.language
    if channel in STAFF_CHANNELS and token is None:
        require_entering(seen, row)
        if slot is not None:
            found = store.slot(seen.connection, slot)
            if found is None or found["round"] != row["id"]:
                raise NotFound("没有这一户 / there is no such household", slot=slot)
        return Given(answers=answers, identity=identity, slot=slot, entered_by=person, channel=channel, verified=True, language=language)
    own = own_slots(seen, row, token)
    if slot is not None:
        own = [s for s in own if s["id"] == slot]
        if not own:
            raise Forbidden("您不能替这一方填写 / you may not answer for this one")
    if on_behalf(seen, row, token, own):
        require_entering(seen, row)
        if channel not in STAFF_CHANNELS:
            message = _NO_CHANNEL.in_(language)
            raise FormInvalid([FieldError(pointer="/channel", code="V-REQ", message=message)])
        slot = own[0]["id"]
        return Given(answers=answers, identity=identity, slot=slot, entered_by=person, channel=channel, verified=True, language=language)
    if own:
        way = "link" if token is not None else "web"
        by = None if token is not None else person
        return Given(
            answers=answers, identity=identity, slot=own[0]["id"], person=by, channel=way, verified=True, device=device, language=language
        )
    if token is not None:
        raise RoundClosed
    if not row["public"]:
        raise NotFound(NO_WAY)
    verified = person is not None and row["one_per"] == "person"
    return Given(answers=answers, identity=identity, person=person, channel="public", verified=verified, device=device, language=language)
