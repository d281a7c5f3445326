"""Publishing, taking down, objections and certificates (domain SP01)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.errors import BpmnError, NotFound, ServiceRefused
from engine.ids import digest, uuid7
from governance.calendars.calendars import Calendars
from governance.calendars.limits import compute, parse_limit
from governance.documents.documents import TAMPERED
from governance.documents.text import canonical
from governance.documents.uploads import file_ids
from governance.publicity import redaction, store

Connection = Any
OUTCOMES = ("upheld", "partly", "rejected", "withdrawn")
UPHELD = ("upheld", "partly")


class Publicity:
    """Handed to the services as resource ``publicity``."""

    def __init__(self, *, calendars: Calendars) -> None:
        self._calendars = calendars

    def check(self, title: str, body: str, secrets: Sequence[str] = (), allowed: Sequence[str] = ()) -> dict[str, Any]:
        """Forbidden passages of a draft, its redacted copy, and the hash of that copy."""
        copies: dict[str, str] = {}
        lines: list[dict[str, Any]] = []
        for where, zh, text in (("title", "标题", title), ("body", "正文", body)):
            found = redaction.find(text, secrets, allowed)
            copies[where] = redaction.redact(text, found)
            lines += [
                {"kind": f.kind, "where": where, "masked": f.masked, "zh": f.sentence("zh", zh), "en": f.sentence("en", f"the {where}")}
                for f in found
            ]
        return {"ok": not lines, "hash": text_hash(copies["title"], copies["body"]), **copies, "findings": lines}

    def publish(
        self,
        connection: Connection,
        *,
        instance: str,
        area: str | None,
        person: str | None,
        now: datetime,
        kind: str,
        title: str,
        body: str,
        places: Sequence[str],
        days: int,
        basis: str,
        min_days: int,
        approved: str,
        objection_channel: str,
        start_at: datetime | None,
        publication: str | None,
        subject: str,
        secrets: Sequence[str],
        files: Sequence[str],
    ) -> dict[str, Any]:
        """Put the approved copy on show. With `publication` its text has changed: next version, the clock begins at day 0.

        Raises BpmnError ERR_TAMPERED when the text is not the approved one, ServiceRefused for days under the minimum (D6)."""
        actual = text_hash(title, body)
        if actual != approved:
            raise BpmnError(TAMPERED, {"expected": approved, "actual": actual})
        self._check_terms(title, body, places, days, basis, min_days, secrets, [objection_channel])
        start = max(start_at, now) if start_at is not None else now
        limit = f"{days}WD" if basis == "working" else f"P{days}D"
        computed = compute(self._calendars.current(connection, now, area), parse_limit(limit), start)
        before = self._get(connection, publication) if publication is not None else None
        shown = {
            "version": before["version"] + 1 if before else 1,
            "title": title,
            "body": body,
            "hash": actual,
            "start_at": start,
            "end_at": computed.due,
            "posted": now,
        }
        terms = {
            "kind": kind,
            "subject": subject,
            "places": list(places),
            "files": list(files),
            "objection_channel": objection_channel,
            "days": days,
            "basis": basis,
            "computation": dict(computed.as_json()),
            "state": "posted",
            "ended": None,
            "ended_reason": "",
            "certificate": None,
        }
        if before is None:
            row = {"id": _id(now), "slug": uuid.uuid4().hex, "instance": instance, "area": area, **terms, **shown}
            store.insert(connection, row)
        else:
            row = {**before, **terms, **shown}
            store.update(connection, before["id"], {**terms, **shown})
        store.insert_version(connection, {"publication": row["id"], **shown, "person": person})
        return _answer(row)

    def verify(self, connection: Connection, publication: str, approved: str) -> dict[str, Any]:
        """The text on show must be the approved one. Raises BpmnError ERR_TAMPERED."""
        row = self._get(connection, publication)
        actual = text_hash(row["title"], row["body"])
        if approved != actual or actual != row["hash"]:
            raise BpmnError(TAMPERED, {"publication": publication, "expected": approved, "actual": actual})
        return {"publication": publication, "hash": actual}

    def add_photos(
        self, connection: Connection, publication: str, place: str, photos: Any, person: str | None, now: datetime
    ) -> dict[str, Any]:
        """Proof of posting at a place."""
        row = self._get(connection, publication)
        lines = [
            {"publication": publication, "version": row["version"], "file": f, "place": place, "at": now, "person": person}
            for f in file_ids(photos)
        ]
        store.add_photos(connection, lines)
        return {"publication": publication, "photos": len(store.photos(connection, publication, row["version"]))}

    def mark(
        self, connection: Connection, publication: str, objection: str, outcome: str | None, received_at: datetime | None, now: datetime
    ) -> dict[str, Any]:
        """An objection came in (outcome None) or was decided. One received after the end is recorded as late and opens nothing."""
        row = self._get(connection, publication)
        known = {o["objection"]: o for o in store.objections(connection, publication)}
        if outcome is not None and outcome not in OUTCOMES:
            raise ServiceRefused(f"异议处理结果 {outcome} 无效 / outcome {outcome} is none of {OUTCOMES}", outcome=outcome)
        if objection not in known:
            received = received_at or now
            late = received > row["end_at"] or row["state"] not in store.ON_SHOW
            line = {"publication": publication, "objection": objection, "version": row["version"], "received": received, "late": late}
            store.insert_objection(connection, {**line, "outcome": None, "decided": None})
        if outcome is not None:
            store.decide_objection(connection, publication, objection, outcome, now)
        counted = _count(store.objections(connection, publication), row["version"])
        mine = next(o for o in store.objections(connection, publication) if o["objection"] == objection)
        state = row["state"]
        if state in store.ON_SHOW:
            state = "under_objection" if counted["open"] else "posted"
            store.update(connection, publication, {"state": state})
        return {"publication": publication, "state": state, "in_window": not mine["late"], "late": mine["late"], **counted}

    def take_down(self, connection: Connection, publication: str, reason: str, now: datetime) -> dict[str, Any]:
        """End the show before its time. Repeating it changes nothing; what was certified stays."""
        row = self._get(connection, publication)
        if row["state"] != "withdrawn":
            store.update(connection, publication, {"state": "withdrawn", "ended": now, "ended_reason": reason})
            row = {**row, "ended": now}
        return {"publication": publication, "state": "withdrawn", "at": row["ended"]}

    def certify(self, connection: Connection, publication: str, outcome: str, now: datetime) -> dict[str, Any]:
        """Close the show and write its certificate. Raises ServiceRefused while an objection is open or the time is not over."""
        row = self._get(connection, publication)
        if row["certificate"] is not None:
            return {"publication": publication, "state": row["state"], "certificate": row["certificate"]}
        if outcome not in ("clean", "objection_upheld"):
            raise ServiceRefused(f"公示结果 {outcome} 无效 / outcome {outcome} is neither clean nor objection_upheld", outcome=outcome)
        if row["state"] not in store.ON_SHOW:
            raise ServiceRefused(f"公示已是 {row['state']} / the publication is {row['state']}", state=row["state"])
        counted = _count(store.objections(connection, publication), row["version"])
        self._may_close(row, counted, outcome, now)
        certificate = self._certificate(connection, row, counted, now)
        store.update(connection, publication, {"state": outcome, "ended": now, "certificate": certificate})
        return {"publication": publication, "state": outcome, "certificate": certificate}

    def status(self, connection: Connection, publication: str) -> dict[str, Any]:
        row = self._get(connection, publication)
        counted = _count(store.objections(connection, publication), row["version"])
        photos = len(store.photos(connection, publication, row["version"]))
        return {**_answer(row), "days": row["days"], "basis": row["basis"], **counted, "photos": photos}

    # for pages ------------------------------------------------------------------------------------------------------

    def wall(self, connection: Connection, now: datetime, *, areas: Sequence[str] | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """What the public can read now, soonest end first: rows of table publication with `open` (objections are taken)."""
        return [self._public(connection, row, now) for row in store.wall(connection, now, area=areas, ended=False, limit=limit)]

    def ended(self, connection: Connection, now: datetime, *, areas: Sequence[str] | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """What was on show, newest first."""
        return [self._public(connection, row, now) for row in store.wall(connection, now, area=areas, ended=True, limit=limit)]

    def page(self, connection: Connection, slug: str, now: datetime) -> dict[str, Any]:
        """One publication by its address, with photos. Raises NotFound also for what has not begun or was withdrawn."""
        row = store.by_slug(connection, slug)
        if row is None or row["start_at"] > now or row["state"] == "withdrawn":
            raise NotFound("没有这项公示，或已撤下 / there is no such publication, or it was taken down", slug=slug)
        return {**self._public(connection, row, now), "photos": store.photos(connection, row["id"], row["version"])}

    def exists(self, connection: Connection, publication: str) -> bool:
        """Whether there is a publication with this id."""
        return store.get(connection, publication) is not None

    def of_instance(self, connection: Connection, instance: str, now: datetime) -> list[dict[str, Any]]:
        """The case's publications for its pages, oldest first, withdrawn ones too."""
        return [self._public(connection, row, now) for row in store.of_instance(connection, instance)]

    def versions(self, connection: Connection, publication: str) -> list[dict[str, Any]]:
        return store.versions(connection, publication)

    def _public(self, connection: Connection, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        counted = _count(store.objections(connection, row["id"]), row["version"])
        on_show = row["state"] in store.ON_SHOW and row["start_at"] <= now < row["end_at"]
        return {**row, **counted, "open_for_objection": on_show, "intact": text_hash(row["title"], row["body"]) == row["hash"]}

    def _get(self, connection: Connection, publication: str) -> dict[str, Any]:
        row = store.get(connection, publication)
        if row is None:
            raise NotFound(f"没有公示 {publication} / there is no publication {publication}", publication=publication)
        return row

    def _check_terms(
        self,
        title: str,
        body: str,
        places: Sequence[str],
        days: int,
        basis: str,
        min_days: int,
        secrets: Sequence[str],
        allowed: Sequence[str],
    ) -> None:
        if basis not in ("natural", "working"):
            raise ServiceRefused(f"计日方式 {basis} 无效 / basis {basis} is neither natural nor working", pointer="/basis")
        if days < 1 or days < min_days:
            message = f"公示 {days} 天，少于规定的 {min_days} 天 / {days} days are less than the minimum of {min_days}"
            raise ServiceRefused(message, pointer="/days", days=days, min_days=min_days)
        if not places:
            raise ServiceRefused("没有公示渠道 / there is no place to publish at", pointer="/places")
        checked = self.check(title, body, secrets, allowed)
        if not checked["ok"]:
            first = checked["findings"][0]
            raise ServiceRefused(f"{first['zh']} / {first['en']}", pointer=f"/{first['where']}", findings=checked["findings"])

    def _may_close(self, row: Mapping[str, Any], counted: Mapping[str, int], outcome: str, now: datetime) -> None:
        if counted["open"]:
            n = counted["open"]
            raise ServiceRefused(f"还有 {n} 件异议未办结，不能完结公示 / {n} objections are still open", open=n)
        if outcome == "clean" and counted["upheld"]:
            raise ServiceRefused(
                "有异议成立，不能以无异议完结 / an objection was upheld, so the publication is not clean", upheld=counted["upheld"]
            )
        if outcome == "clean" and now < row["end_at"]:
            raise ServiceRefused("公示期未满，不能完结 / the time of publicity is not over", end_at=row["end_at"].isoformat())

    def _certificate(self, connection: Connection, row: Mapping[str, Any], counted: Mapping[str, int], now: datetime) -> dict[str, Any]:
        zone = self._calendars.zone
        start, end = (row[key].astimezone(zone) for key in ("start_at", "end_at"))
        photos = len(store.photos(connection, row["id"], row["version"]))
        unit_zh, unit_en = ("个工作日", "working") if row["basis"] == "working" else ("个自然日", "natural")
        zh = f"《{row['title']}》自 {start:%Y-%m-%d %H:%M} 至 {end:%Y-%m-%d %H:%M} 公示 {row['days']} {unit_zh}，"
        zh += f"张贴照片 {photos} 张，收到异议 {counted['total']} 件，成立 {counted['upheld']} 件。"
        en = f"“{row['title']}” was on show from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} ({row['days']} {unit_en} days), "
        en += f"{photos} photos of posting, {counted['total']} objections received, {counted['upheld']} upheld."
        kept = {key: row[key] for key in ("title", "version", "hash", "start_at", "end_at", "days", "basis", "places")}
        counts = {"photos": photos, "received": counted["total"], "upheld": counted["upheld"], "late": counted["late_total"]}
        return {**kept, **counts, "at": now, "zh": zh, "en": en}


def text_hash(title: str, body: str) -> str:
    """Hash of a publication's text as it stands on the page."""
    return digest(canonical(f"{title}\n\n{body}").encode())


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"publication": row["id"], **{key: row[key] for key in ("slug", "version", "hash", "start_at", "end_at", "state")}}


def _count(objections: Sequence[Mapping[str, Any]], version: int) -> dict[str, int]:
    """`total` counts every objection; `open` those received in time and not decided; `upheld` those against the text now on show,
    since a changed text answers the earlier ones."""
    timely = [o for o in objections if not o["late"]]
    return {
        "total": len(objections),
        "open": sum(1 for o in timely if o["outcome"] is None),
        "upheld": sum(1 for o in timely if o["outcome"] in UPHELD and o["version"] == version),
        "late_total": len(objections) - len(timely),
    }


def _id(now: datetime) -> str:
    return uuid7(int(now.timestamp() * 1000))
