"""Opinion rounds: opening, extending, counting, closing, adoption (domain SP02)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from typing import Any

from engine import values
from engine.definitions.model import Label
from engine.errors import NotFound, ServiceRefused
from engine.ids import digest, uuid7
from engine.ports import Jobs
from governance.calendars.calendars import Calendars
from governance.calendars.limits import compute, parse_limit
from governance.directory import store as places
from governance.directory.directory import Directory
from governance.notices.notices import Notices
from governance.opinions import answering, counting, store
from governance.opinions.answering import Given, Taken
from governance.opinions.questions import label, read_questions
from governance.outbox import post
from governance.settings.declared import read
from governance.settings.settings import Settings

Connection = Any
ONE_PER = ("household", "person", "unit")
METHODS = ("questionnaire", "door", "talk", "written")
ADOPTED = ("adopted", "partly", "not_adopted")
#: Sent with the round's id as key when everybody invited has answered.
COMPLETE = "msg.opinions.complete"


class Opinions:
    """Handed to the services as resource ``opinions``."""

    def __init__(self, *, settings: Settings, calendars: Calendars, directory: Directory, notices: Notices, jobs: Jobs) -> None:
        settings.declare(read([files("governance.opinions").joinpath("settings.yaml").read_text(encoding="utf-8")]))
        self._settings, self._calendars, self._directory = settings, calendars, directory
        self._notices, self._jobs = notices, jobs

    def open(
        self,
        connection: Connection,
        *,
        instance: str,
        area: str | None,
        now: datetime,
        occasion: str,
        title: str,
        questions: Sequence[Mapping[str, Any]],
        method: str,
        audience: Sequence[Mapping[str, Any]],
        groups: Sequence[Any],
        public: bool,
        one_per: str,
        min_rate: Any,
        closes_at: datetime | None,
        window: Any,
        major: bool,
        subject: str,
        access: str,
        residents_of: str | None,
        organisers: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Open a round and tell those with accounts. The same `occasion` gives the same round.

        Raises ServiceRefused: no title, question or audience, unknown code, a name twice, a window that is too short."""
        known = [r for r in store.of_instance(connection, instance) if r["slug"] == _slug(occasion)]
        if known:
            return self._answer(known[0])
        _require_whole(title, audience, public=public, one_per=one_per, method=method)
        computed = self._closing(connection, area, now, closes_at, window, major)
        row = {
            **_fresh(now, occasion), "instance": instance, "area": area, "title": title.strip(), "subject": subject, "method": method,
            "questions": read_questions(questions), "groups": _groups(groups, audience), "one_per": one_per, "public": public,
            "access": access, "organisers": [str(o) for o in organisers],
            "residents_of": residents_of, "min_rate": str(self._least(connection, area, now, min_rate)),
            "closes_at": computed["due"], "computation": computed["account"], "invited": len(audience),
        }  # fmt: skip
        slots = [self._invite(connection, row["id"], entry, now) for entry in audience]
        _unlike(slots)
        store.insert_round(connection, row)
        store.insert_slots(connection, slots)
        self._tell(connection, row, slots, now)
        return self._answer(row)

    def extend(self, connection: Connection, round_id: str, until: datetime | None, now: datetime) -> dict[str, Any]:
        """Take answers longer, at most opinions.max_extensions times [A]. `until`: default opinions.extension from the end [A]."""
        row = self.get(connection, round_id, lock=True)
        self._require_open(row)
        most = int(self._settings.get(connection, "opinions.max_extensions", now, row["area"]))
        if row["extensions"] >= most:
            raise ServiceRefused(f"最多延期 {most} 次 / a round may be extended {most} times at most", extensions=row["extensions"])
        by = self._settings.get(connection, "opinions.extension", now, row["area"])
        calendar = self._calendars.current(connection, now, row["area"])
        computed = compute(calendar, parse_limit(by), max(now, row["closes_at"]))
        end = until or computed.due
        if end <= max(now, row["closes_at"]):
            raise ServiceRefused("延期须晚于原截止时间 / the new end must be later than the old one", pointer="/until")
        store.update(connection, round_id, {"closes_at": end, "extensions": row["extensions"] + 1})
        waiting = [s for s in store.slots(connection, round_id, invited=True) if not s["answered"]]
        self._tell(connection, {**row, "closes_at": end}, waiting, now, again=True)
        return {"round": round_id, "closes_at": end, "extensions": row["extensions"] + 1}

    def close(self, connection: Connection, round_id: str, now: datetime, *, withdrawn: bool = False) -> dict[str, Any]:
        """No more answers; personal links and device salts are destroyed. Repeating it changes nothing."""
        row = self.get(connection, round_id, lock=True)
        if row["state"] == "open":
            state = "withdrawn" if withdrawn else "closed"
            # who closes before the planned end ends it now
            end = min(row["closes_at"], now)
            store.update(connection, round_id, {"state": state, "closed_at": now, "closes_at": end, "salt": None})
            store.drop_tokens(connection, round_id)
            row = {**row, "state": state}
        return {"round": round_id, "state": row["state"]}

    def tally(self, connection: Connection, round_id: str) -> dict[str, Any]:
        """The count as it stands: reply rate with its base, results by question and group, texts, what is suspicious."""
        row = self.get(connection, round_id)
        slots, counted = store.slots(connection, round_id), store.answers(connection, round_id)
        given = [a["answers"] for a in counted]
        marks = store.marks(connection, round_id)
        rate = counting.share(row["answered"], row["invited"])
        return {
            "round": round_id,
            "answers": len(counted) + sum(marks.values()),
            "counted": len(counted),
            "not_counted": sum(marks.values()) - marks.get("superseded", 0),
            "marks": marks,
            "audience": row["invited"],
            "replied": row["answered"],
            "reply_rate": rate["percent"],
            "reply_share": rate["exact"],
            "enough": counting.enough(row["answered"], row["invited"], len(counted), Fraction(row["min_rate"])),
            "min_rate": row["min_rate"],
            "extensions": row["extensions"],
            "by_question": counting.by_question(row["questions"], given),
            "by_group": counting.by_group(row["groups"], slots, counted),
            "stances": counting.stances(row["questions"], given),
            "texts": counting.texts(row["questions"], counted),
            "suspicious": _suspicious(store.marked(connection, round_id, "flooding")),
        }

    def status(self, connection: Connection, round_id: str, now: datetime) -> dict[str, Any]:
        row = self.get(connection, round_id)
        taking = row["state"] == "open" and now < row["closes_at"]
        return {**self._answer(row), "state": row["state"], "taking": taking, "answered": row["answered"]}

    def review(self, connection: Connection, round_id: str, rows: Sequence[Mapping[str, Any]], by: str | None) -> dict[str, Any]:
        """Decide about flooding: rows {no (of the tally's suspicious), decision count | leave_out, reason}."""
        self.get(connection, round_id, lock=True)
        held = store.marked(connection, round_id, "flooding")
        devices = list(dict.fromkeys(a["device"] for a in held))
        counted = left = 0
        for line in rows:
            no = int(line["no"])
            if not 1 <= no <= len(devices):
                raise ServiceRefused(f"没有第 {no} 组可疑答卷 / there is no suspicious group {no}", no=no)
            reason = str(line.get("reason") or "").strip()
            mine = [a for a in held if a["device"] == devices[no - 1]]
            if line["decision"] == "count":
                counted += answering.release(connection, round_id, mine, by, reason)
            else:
                left += len(mine)
                store.set_answers(connection, [a["id"] for a in mine], {"reviewed_by": by or "system", "review_reason": reason})
        return {"round": round_id, "counted": counted, "left_out": left}

    def adopt(
        self, connection: Connection, round_id: str, rows: Sequence[Mapping[str, Any]], by: str | None, now: datetime
    ) -> dict[str, Any]:
        """Publish what became of the opinions. A reason is needed unless adopted [L-ZDJC 18]; a correction is a next version."""
        row = self.get(connection, round_id, lock=True)
        if row["state"] == "withdrawn":
            raise ServiceRefused("征集已撤回 / the round was withdrawn", round=round_id)
        version = row["adoption_version"] + 1
        lines = [_adoption(line, number, round_id, version, by, now) for number, line in enumerate(rows, 1)]
        if not lines:
            raise ServiceRefused("采纳情况表是空的 / the adoption table is empty", pointer="/rows")
        table = [{k: line[k] for k in ("no", "text", "count", "group", "adopted", "reason")} for line in lines]
        table_hash = digest(values.dumps(values.normalise(table)).encode())
        if table_hash == row["adoption_hash"]:
            return {"round": round_id, "table": table, "hash": table_hash, "version": row["adoption_version"]}
        store.insert_adoption(connection, lines)
        store.update(connection, round_id, {"adoption_version": version, "adoption_hash": table_hash, "adopted_at": now})
        return {"round": round_id, "table": table, "hash": table_hash, "version": version}

    # answers ----------------------------------------------------------------------------------------------------------

    def take(self, connection: Connection, round_id: str, given: Given, now: datetime) -> Taken:
        """Take one answer; when the last of the invited has answered, whoever waits for the round is told.

        Raises FormInvalid and RoundClosed."""
        row = self.get(connection, round_id)
        device, address = (int(self._settings.get(connection, f"opinions.{key}_most", now, row["area"])) for key in ("device", "address"))
        taken = answering.take(connection, row, given, device_most=device, address_most=address, at=now)
        if taken.complete:
            # held answers and extensions may make a round complete again: each time has a revision of its own
            revision = self.get(connection, round_id)["revision"]
            post(self._jobs, connection, COMPLETE, {"round": round_id}, key=round_id, message_id=f"opinions:{round_id}:complete:{revision}")
        return taken

    def hand_out(self, connection: Connection, round_id: str, slots: Sequence[str], by: str | None, now: datetime) -> dict[str, str]:
        """Make personal links for invited slots (slot → token), recorded as handed out by this person. They are not shown again:
        a second time gives new ones, and the old ones end. Raises ServiceRefused (closed, a slot that is not of the round)."""
        row = self.get(connection, round_id, lock=True)
        self._require_open(row)
        invited = {s["id"] for s in store.slots(connection, round_id, invited=True)}
        if not invited.issuperset(slots):
            raise ServiceRefused("名单上没有这一户 / there is no such household on the list", pointer="/slot")
        return store.hand_out(connection, slots, by, now)

    def mine(self, connection: Connection, round_id: str, person: str, now: datetime) -> list[dict[str, Any]]:
        """Slots this person may answer for: his own, and those of his units."""
        return store.slots_of_refs(connection, round_id, [person, *self._directory.unit_of(connection, person, now)])

    def waiting_for(self, connection: Connection, person: str, now: datetime) -> list[dict[str, Any]]:
        """Open rounds where the person, or a unit of his, is invited and has not answered: {id, slug, title, closes_at, instance, ref}."""
        return store.waiting(connection, [person, *self._directory.unit_of(connection, person, now)], now)

    def of_instance(self, connection: Connection, instance: str) -> list[dict[str, Any]]:
        """The case's rounds for its pages, oldest first."""
        return store.of_instance(connection, instance)

    def get(self, connection: Connection, round_id: str, *, lock: bool = False) -> dict[str, Any]:
        """Raises NotFound."""
        row = store.get(connection, round_id, lock=lock)
        if row is None:
            raise NotFound(f"没有征求意见 {round_id} / there is no opinion round {round_id}", round=round_id)
        return row

    def group_least(self, connection: Connection, area: str | None, now: datetime) -> int:
        """Answers a group needs in public results."""
        return int(self._settings.get(connection, "opinions.group_least", now, area))

    # inside -----------------------------------------------------------------------------------------------------------

    def _require_open(self, row: Mapping[str, Any]) -> None:
        if row["state"] != "open":
            raise ServiceRefused("征集已结束 / the round is closed", state=row["state"])

    def _least(self, connection: Connection, area: str | None, now: datetime, given: Any) -> Fraction:
        value = given if given is not None else self._settings.get(connection, "opinions.min_reply_rate", now, area)
        least = Fraction(str(value))
        if not 0 <= least <= 1:
            raise ServiceRefused("最低回复率须在 0 到 1 之间 / the lowest reply rate is a share between 0 and 1", pointer="/min_rate")
        return least

    def _closing(
        self, connection: Connection, area: str | None, now: datetime, closes_at: datetime | None, window: Any, major: bool
    ) -> dict[str, Any]:
        calendar = self._calendars.current(connection, now, area)
        limit = window or self._settings.get(connection, "opinions.window", now, area)
        computed = compute(calendar, parse_limit(limit), now)
        due = closes_at or computed.due
        if due <= now:
            raise ServiceRefused("截止时间须晚于现在 / the closing time must be in the future", pointer="/closes_at")
        if major:
            days = int(self._settings.get(connection, "opinions.major_days", now, area))
            earliest = compute(calendar, parse_limit(f"P{days}D"), now).due
            if due < earliest:
                message = f"重大行政决策公开征求意见不得少于 {days} 日〔重大行政决策程序暂行条例第十五条〕"
                raise ServiceRefused(
                    f"{message} / a major administrative decision is open to opinions for {days} days at least [L-ZDJC 15]",
                    pointer="/closes_at",
                    earliest=earliest.isoformat(),
                )
        return {"due": due, "account": {} if closes_at else dict(computed.as_json())}

    def _invite(self, connection: Connection, round_id: str, entry: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        kind = next((k for k in ("person", "unit", "household", "name") if entry.get(k)), None)
        if kind is None:
            raise ServiceRefused(
                "征求对象缺少 person、unit、household 或 name / an entry of the audience names nobody", pointer="/audience"
            )
        given = str(entry[kind])
        ref = given if kind in ("person", "unit") else None
        name = str(entry.get("name") or (self._name(connection, kind, given, now) if ref else given))
        return {
            "id": str(uuid.uuid4()),
            "round": round_id,
            "key": answering.slot_key(kind, ref, name if ref is None and kind == "name" else given),
            "kind": kind,
            "ref": ref,
            "name": name,
            "group": entry.get("group"),
            "invited": True,
            "token": None,
            "handed_by": None,
            "handed_at": None,
            "answered": False,
        }

    def _name(self, connection: Connection, kind: str, ref: str, now: datetime) -> str:
        known = (
            self._directory.names(connection, [ref]).get(ref)
            if kind == "person"
            else (p.name if (p := self._directory.places(connection, [ref], now).get(ref)) else None)
        )
        if known is None:
            raise ServiceRefused(f"征求对象 {ref} 不在组织名册里 / {ref} of the audience is not in the directory", pointer="/audience")
        return known.zh

    def _tell(
        self, connection: Connection, row: Mapping[str, Any], slots: Sequence[Mapping[str, Any]], now: datetime, *, again: bool = False
    ) -> None:
        people = [s["ref"] for s in slots if s["kind"] == "person"]
        units = [s["ref"] for s in slots if s["kind"] == "unit"]
        people += [p.person for p in places.posts_at(connection, units, now)] if units else []
        zh, en = ("仍请填写意见（已延期）", "Your opinion is still asked (extended)") if again else ("请填写意见", "Your opinion is asked")
        self._notices.send(
            connection,
            list(dict.fromkeys(people)),
            kind="opinion",
            at=now,
            title=Label(f"{zh}：{row['title']}", f"{en}: {row['title']}"),
            link=f"/opinions/{row['slug']}",
            instance=row["instance"],
            occasion=f"opinions:{row['id']}:{row['extensions'] + (1 if again else 0)}",
        )

    def _answer(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "round": row["id"],
            "slug": row["slug"],
            "audience": row["invited"],
            "closes_at": row["closes_at"],
            "extensions": row["extensions"],
        }


def _require_whole(title: str, audience: Sequence[Any], *, public: bool, one_per: str, method: str) -> None:
    """Raises ServiceRefused for what a round cannot be opened without."""
    for value, codes, name in ((one_per, ONE_PER, "one_per"), (method, METHODS, "method")):
        if value not in codes:
            raise ServiceRefused(f"{name} 须为 {codes} 之一 / {name} must be one of {codes}", pointer=f"/{name}")
    if not title.strip():
        raise ServiceRefused("征求意见没有标题 / the round needs a title", pointer="/title")
    if not audience and not public:
        raise ServiceRefused("没有征求对象 / nobody is asked: give an audience or make it public", pointer="/audience")


def _fresh(now: datetime, occasion: str) -> dict[str, Any]:
    """What every round begins with: open, not extended, nothing answered, nothing adopted."""
    return {
        "id": uuid7(_ms(now)), "slug": _slug(occasion), "opened_at": now, "extensions": 0, "state": "open", "closed_at": None,
        "salt": secrets.token_hex(16), "answered": 0, "revision": 1, "adoption_version": 0, "adoption_hash": None, "adopted_at": None,
    }  # fmt: skip


def _slug(occasion: str) -> str:
    """Random for whoever does not know the occasion, the same when the command is repeated."""
    return digest(occasion.encode()).removeprefix("sha256:")[:32]


def _groups(given: Sequence[Any], audience: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """[{key, zh, en}] of those named, else of those that occur in the audience."""
    listed = list(given) or list(dict.fromkeys(str(a["group"]) for a in audience if a.get("group")))
    return [{"key": str(g["key"]), **label(g)} if isinstance(g, Mapping) else {"key": str(g), **label(g)} for g in listed]


def _unlike(slots: Sequence[Mapping[str, Any]]) -> None:
    keys = [s["key"] for s in slots]
    twice = sorted({s["name"] for s in slots if keys.count(s["key"]) > 1})
    if twice:
        names = "、".join(twice)
        raise ServiceRefused(f"征求对象重复：{names} / the audience has somebody twice: {names}", pointer="/audience")


def _suspicious(held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Held answers by device, without anything that tells the device: {no, answers, names, first, last}."""
    devices: dict[Any, list[Mapping[str, Any]]] = {}
    for answer in held:
        devices.setdefault(answer["device"], []).append(answer)
    return [
        {
            "no": no,
            "answers": len(mine),
            "names": "、".join(dict.fromkeys(a["slot_name"] for a in mine)),
            "first": mine[0]["at"],
            "last": mine[-1]["at"],
        }
        for no, mine in enumerate(devices.values(), 1)
    ]


def _adoption(line: Mapping[str, Any], number: int, round_id: str, version: int, by: str | None, now: datetime) -> dict[str, Any]:
    text, adopted, reason = str(line.get("text") or "").strip(), line.get("adopted"), str(line.get("reason") or "").strip()
    where = f"/rows/{number - 1}"
    if not text:
        raise ServiceRefused(f"第 {number} 行没有意见内容 / row {number} has no opinion", pointer=f"{where}/text")
    if adopted not in ADOPTED:
        raise ServiceRefused(f"第 {number} 行没有采纳情况 / row {number} does not say whether it is adopted", pointer=f"{where}/adopted")
    if adopted != "adopted" and not reason:
        message = f"第 {number} 行未（完全）采纳，须说明理由〔重大行政决策程序暂行条例第十八条〕"
        raise ServiceRefused(f"{message} / row {number} is not (fully) adopted: give the reason [L-ZDJC 18]", pointer=f"{where}/reason")
    return {
        "round": round_id,
        "version": version,
        "no": number,
        "text": text,
        "count": int(line.get("count") or 0),
        "group": line.get("group"),
        "adopted": adopted,
        "reason": reason,
        "at": now,
        "person": by,
    }


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
