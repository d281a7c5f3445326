"""Who the reader of a round is: staff, organiser, one who is asked, or anybody in a public round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from governance.application import Application
from governance.desk.entering import may_enter
from governance.desk.opinions.views import Sheet
from governance.desk.reading import Look, look
from governance.directory.may import Data, sees
from governance.opinions import store

NO_WAY = (
    "这次征求意见只面向名单上的住户、单位或人员，请用收到的专属链接打开，或登录后填写。 / "
    "Only those on the list are asked: open your personal link, or sign in."
)


def round_of(app: Application, actor: Actor, connection: Any, slug: str) -> tuple[Look, dict[str, Any]]:
    row = store.by_slug(connection, slug)
    if row is None:
        raise NotFound("没有这次征求意见 / there is no such opinion round", slug=slug)
    return look(app, actor, connection), row


def is_staff(seen: Look, row: Mapping[str, Any]) -> bool:
    return bool(sees(seen.reach, Data(access="staff", area=row["area"])))


def require_staff(seen: Look, row: Mapping[str, Any]) -> None:
    decision = sees(seen.reach, Data(access="staff", area=row["area"]))
    if not decision:
        raise Forbidden(f"{decision.reason.zh} / {decision.reason.en}")


def enters(seen: Look, row: Mapping[str, Any]) -> bool:
    """Whether the reader may hand out links and write down what others said: by the right of intake, or because he runs the round."""
    return may_enter(seen, row["area"]) or seen.reach.held(row["organisers"]) is not None


def require_entering(seen: Look, row: Mapping[str, Any]) -> None:
    require_staff(seen, row)
    if not enters(seen, row):
        raise Forbidden("只有组织者和受理人员可以发放链接、代填 / only those who run the round or take in for others may do this")


def on_behalf(seen: Look, row: Mapping[str, Any], token: str | None, slots: Sequence[Mapping[str, Any]]) -> bool:
    """Staff with somebody else's link: his own account, not the household, is who sits there."""
    if token is None or not slots or seen.actor.person is None or not is_staff(seen, row):
        return False
    return slots[0]["id"] not in {s["id"] for s in seen.app.opinions.mine(seen.connection, row["id"], seen.actor.person, seen.now)}


def taking(row: Mapping[str, Any], now: datetime) -> bool:
    return bool(row["state"] == "open" and now < row["closes_at"])


def sheet_of(seen: Look, row: Mapping[str, Any], token: str | None) -> Sheet | None:
    slots = own_slots(seen, row, token)
    if slots:
        before = store.counted_of(seen.connection, slots[0]["id"])
        shown = [{"id": s["id"], "name": s["name"], "group": s["group"]} for s in slots]
        if on_behalf(seen, row, token, slots):
            return Sheet(slots=shown, behalf=True)
        return Sheet(slots=shown, before=before["answers"] if before else None, answered_at=before["at"] if before else None)
    return Sheet(asks_identity=True) if row["public"] else None


def own_slots(seen: Look, row: Mapping[str, Any], token: str | None) -> list[dict[str, Any]]:
    if token is not None:
        found = store.slot_by_token(seen.connection, token)
        if found is not None and found["round"] == row["id"]:
            return [found]
        if row["state"] != "open":
            return []  # links end with the round; whoever opens an old one may still read what everybody may
        raise NotFound("链接无效 / this link is not valid")
    if seen.actor.person is None:
        return []
    return seen.app.opinions.mine(seen.connection, row["id"], seen.actor.person, seen.now)
