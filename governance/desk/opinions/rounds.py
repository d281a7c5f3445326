"""Rounds as their pages, their cases and the public list show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import NotFound
from governance.application import Application
from governance.desk.opinions.readers import NO_WAY, enters, is_staff, round_of, sheet_of, taking
from governance.desk.opinions.results import result_of
from governance.desk.opinions.views import Page, RoundLine, Sheet
from governance.desk.reading import Look, look
from governance.opinions import store

_SIGN_OUT = Label(
    "您已用工作人员账户登录，不能用别人的链接填写。请退出登录，由本人填写。",
    "You are signed in as staff and cannot answer by somebody else's link. Sign out, so that he answers himself.",
)


def page(app: Application, actor: Actor, slug: str, *, token: str | None = None, answered: bool = False) -> Page:
    """The round for this reader; `answered`: he has just answered, perhaps as the last one, whose answer closes the round.
    Raises NotFound: also for a link that is not of this round, and for a round that is no business of his."""
    with app.database.read() as connection:
        seen, row = round_of(app, actor, connection, slug)
        staff = is_staff(seen, row)
        sheet = sheet_of(seen, row, token)
        if not answered and not _opens(row, sheet, staff):
            raise NotFound(NO_WAY, slug=slug)
        settings = app.settings
        most = int(settings.get(connection, "opinions.device_most", seen.now, row["area"]))
        least = app.opinions.group_least(connection, row["area"], seen.now)
        ended = row["state"] == "closed"
        shown = staff or (ended and row["access"] == "public") or (ended and sheet is not None)
        computed = row["computation"] or {}
        return Page(
            id=row["id"],
            slug=slug,
            title=row["title"],
            subject=row["subject"],
            instance=row["instance"],
            method=row["method"],
            one_per=row["one_per"],
            public=row["public"],
            residents_of=_place_name(seen, row["residents_of"]),
            state=row["state"],
            taking=taking(row, seen.now),
            opened_at=row["opened_at"],
            closes_at=row["closes_at"],
            extensions=row["extensions"],
            computation=Label(str(computed.get("zh", "")), str(computed.get("en", ""))) if not row["extensions"] else Label(),
            invited=row["invited"],
            answered=row["answered"],
            questions=row["questions"],
            groups=row["groups"],
            device_most=most,
            group_least=least,
            sheet=sheet if taking(row, seen.now) else None,
            closed_to=_closed_to(seen, row, sheet),
            staff=staff,
            enters=staff and enters(seen, row),
            result=result_of(connection, row, staff, least) if shown else None,
            adoption=store.adoption(connection, row["id"], row["adoption_version"]) if shown or row["access"] == "public" else (),
            adopted_at=row["adopted_at"],
            waiting=_waiting(seen, row) if staff else (),
        )


def of_case(app: Application, actor: Actor, instance: str) -> list[RoundLine]:
    """The rounds of a case that the reader may open, oldest first. Whether he may see the case is the caller's question."""
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        found = [
            (row, sheet_of(seen, row, None), is_staff(seen, row)) for row in app.opinions.of_instance(connection, instance)
        ]  # fmt: skip
        return [_line(row, sheet, seen.now) for row, sheet, staff in found if _opens(row, sheet, staff)]


def public_rounds(app: Application, limit: int = 20) -> list[dict[str, Any]]:
    """Rounds anybody may answer now: {slug, title, closes_at}, soonest end first."""
    with app.database.read() as connection:
        found = store.open_public(connection, app.clock.now(), limit)
    return [{"slug": r["slug"], "title": r["title"], "closes_at": r["closes_at"]} for r in found]


def _opens(row: Mapping[str, Any], sheet: Sheet | None, staff: bool) -> bool:
    """Whether the page of the round is any business of the reader."""
    return sheet is not None or bool(row["public"]) or staff or _is_open_to_read(row)


def _line(row: Mapping[str, Any], sheet: Sheet | None, now: datetime) -> RoundLine:
    asked = sheet is not None and not sheet.asks_identity and sheet.answered_at is None
    return RoundLine(
        slug=row["slug"], title=row["title"], method=row["method"], state=row["state"], public=row["public"], invited=row["invited"],
        answered=row["answered"], closes_at=row["closes_at"], asks_me=asked and taking(row, now), adopted_at=row["adopted_at"],
    )  # fmt: skip


def _closed_to(seen: Look, row: Mapping[str, Any], sheet: Sheet | None) -> Label | None:
    """Why the reader cannot answer."""
    if sheet is None:
        return _why_not()
    return _SIGN_OUT if sheet.behalf and not enters(seen, row) else None


def _is_open_to_read(row: Mapping[str, Any]) -> bool:
    return bool(row["state"] != "open" and row["access"] == "public")


def _waiting(seen: Look, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    missing = [s for s in store.slots(seen.connection, row["id"], invited=True) if not s["answered"]]
    names = seen.names(s["handed_by"] for s in missing)
    shown = ("id", "name", "group", "kind", "handed_at")
    return [{**{key: s[key] for key in shown}, "handed_by": names.get(s["handed_by"] or "", s["handed_by"])} for s in missing]


def _place_name(seen: Look, area: str | None) -> str | None:
    if area is None:
        return None
    found = seen.app.directory.places(seen.connection, [area], seen.now).get(area)
    return found.name.in_(seen.actor.language) if found else area


def _why_not() -> Label:
    zh, _, en = NO_WAY.partition(" / ")
    return Label(zh, en)
