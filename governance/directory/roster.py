"""Rosters: a directory written as one YAML file, loaded by example runs, tests, the demo and imports.

Everything below the top-level keys is optional unless it says *needed*. Ids are readable slugs (``liaison_wang``), unique among
areas, units, committees and people together, since a selector names any of them: ``role:legal@yunqiao``.

    valid_from: 2024-07-01            # when an entry without `from` begins; default 2000-01-01
    areas:                            # place tree, a parent stands before its children
      - {id: yunqiao, level: community, code: YQ, name: {zh: 云桥企业社区, en: Yunqiao enterprise community}, parent: street}
    units:                            # organisations; kinds in governance/directory/kinds.yaml
      - {id: ent_haina, kind: enterprise, name: {zh: 海纳公司, en: Haina Ltd}, area: yunqiao, parent: null,
         uscc: 91310000MA1FL0000X, status: active, powers: [{kind: purchase, basis: 云桥府〔2024〕1 号}]}
    people:
      - id: liaison_wang              # needed
        name: 王芳                    # needed; {zh, en} if the English spelling matters
        phone: "13800000001"
        party_member: true
        login: wang                   # an account is made when the caller gives passwords
        posts: [community_worker@yunqiao]                          # role code @ area, unit or committee …
        #      [{role: legal, of: yunqiao, from: 2026-01-01, to: 2026-07-01, acting: true, substitute_of: legal_zhao,
        #        code: legal_first, title: {zh: 首席法律顾问, en: Chief legal adviser}}]   … or in full
    committees:                       # kinds in kinds.yaml; seats are role codes or seats of roles.yaml
      - id: council
        kind: cobuild_council
        name: {zh: 云桥共建协商会, en: Yunqiao council}
        area: yunqiao
        members:
          - {person: head_chen, role: committee_convener}
          - {unit: ent_haina, person: unit_li, role: member}       # a seat of the unit, held by its representative
          - {person: observer_he, role: observer, voting: false, weight: 1, from: 2026-01-01, to: 2029-01-01}
    posts:                            # of people above or already in the directory
      - {person: legal_zhao, role: legal, of: yunqiao, from: 2026-01-01}
    memberships:                      # seats of committees above or already in the directory
      - {committee: council, person: head_chen, role: member}
    delegations:
      - {from_person: legal_zhao, to_person: legal_qian, from: 2026-03-01, to: 2026-03-15,
         scope: {kind: tasks, roles: [legal]}}                     # scopes: governance/directory/mandates.py
    settings:                         # rows over the defaults of governance/settings/defaults.yaml
      - {key: deadlines.max_pauses, value: 2, area: yunqiao, from: 2026-01-01, source: "[A]"}
    holidays:                         # over the calendar in force: {date: {zh, en}} rest days, and working weekends
      2027-01-01: {zh: 元旦, en: New Year's Day}
    makeup_days: [2027-02-06]

`from` is the first moment of validity and `to` the first moment after it (``from ≤ t < to``, domain 2.4); a bare date is midnight
in the installation's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from engine.definitions.model import Label
from engine.errors import CogovError
from engine.ids import uuid7
from governance.calendars.calendar import DayRule
from governance.calendars.calendars import Calendars
from governance.directory import store
from governance.directory.catalogue import kinds, roles, seats
from governance.settings.settings import Settings

_KEYS = {
    "": {"valid_from", "areas", "units", "people", "committees", "posts", "memberships", "delegations", "settings", "holidays"}
    | {"makeup_days"},
    "areas": {"id", "code", "level", "name", "parent", "from", "to", "geometry"},
    "units": {"id", "kind", "name", "area", "parent", "uscc", "legal_form", "status", "powers", "from", "to"},
    "people": {"id", "name", "phone", "party_member", "status", "login", "posts"},
    "posts": {"id", "role", "of", "code", "title", "acting", "substitute_of", "from", "to"},
    "powers": {"kind", "basis", "area", "from", "to"},
    "committees": {"id", "kind", "name", "area", "parent", "charter_version", "rules", "members", "from", "to"},
    "members": {"id", "person", "unit", "role", "voting", "weight", "appointed_by", "ceased_reason", "from", "to"},
    "delegations": {"from_person", "to_person", "scope", "letter", "revocable", "from", "to"},
    "settings": {"key", "value", "area", "from", "source"},
}
_ALWAYS = date(2000, 1, 1)
#: Makes an account for a person: (person id, login name).
MakeAccount = Callable[[str, str], object]


class RosterInvalid(CogovError):
    """The roster has mistakes; nothing of it was loaded."""

    code = "roster_invalid"

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("; ".join(mistakes), mistakes=list(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How much a roster brought."""

    areas: int
    units: int
    people: int
    committees: int
    #: table of the directory → ids of the rows that were made, in order
    rows: Mapping[str, Sequence[str]]


def read_roster(path: Path) -> dict[str, Any]:
    """The roster of a YAML file. Raises RosterInvalid when it is no mapping."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise RosterInvalid([f"{path.name}: a roster is a mapping with areas, units, people …"])
    return data


def load_roster(
    connection: Any,
    data: Mapping[str, Any],
    *,
    at: datetime,
    settings: Settings | None = None,
    calendars: Calendars | None = None,
    make_account: MakeAccount | None = None,
    zone: str = "Asia/Shanghai",
    known: Collection[str] = (),
) -> Loaded:
    """Insert a roster into an empty (or disjoint) directory, in the caller's transaction.

    `at` is when it is entered (ids, versions of settings and calendar). Its settings and holidays are loaded when `settings` and
    `calendars` are given; with `make_account` everybody with a login gets an account. `known` are ids that the directory has
    already, so that posts and seats may name them. Raises RosterInvalid naming every mistake.
    """
    mistakes = list(check_roster(data, known))
    if mistakes:
        raise RosterInvalid(mistakes)
    loader = _Loader(connection, data, at, ZoneInfo(zone))
    loader.places()
    loader.people()
    loader.committees()
    loader.delegations()
    if settings is not None:
        loader.settings(settings)
    if calendars is not None:
        loader.calendar(calendars)
    if make_account is not None:
        for person in data.get("people", ()):
            if login := person.get("login"):
                make_account(person["id"], login)
    return Loaded(
        areas=len(data.get("areas", ())),
        units=len(data.get("units", ())),
        people=len(data.get("people", ())),
        committees=len(data.get("committees", ())),
        rows=loader.made,
    )


def check_roster(data: Mapping[str, Any], known: Collection[str] = ()) -> Iterator[str]:
    """Mistakes of a roster, one sentence each: unknown keys, missing values, ids used twice, references to nothing."""
    yield from _unknown("", data, "roster")
    ids: set[str] = set(known)
    for section, needed in (
        ("areas", ("id", "level", "name")),
        ("units", ("id", "kind", "name")),
        ("people", ("id", "name")),
        ("committees", ("id", "kind", "name")),
    ):
        for entry in data.get(section, ()):
            where = f"{section}/{entry.get('id', '?')}"
            yield from _unknown(section, entry, where)
            yield from (f"{where}: {key} is missing" for key in needed if not entry.get(key))
            if entry.get("id") in ids:
                yield f"{where}: the id is used twice"
            ids.add(entry.get("id", ""))
    yield from _references(data, ids)


def _references(data: Mapping[str, Any], ids: set[str]) -> Iterator[str]:
    for section, key, group in (("areas", "level", "areas"), ("units", "kind", "units"), ("committees", "kind", "committees")):
        for entry in data.get(section, ()):
            if entry.get(key) not in kinds(group):
                yield f"{section}/{entry.get('id')}: {key} {entry.get(key)!r} is not one of {', '.join(kinds(group))}"
            for reference in ("parent", "area"):
                if entry.get(reference) and entry[reference] not in ids:
                    yield f"{section}/{entry.get('id')}: {reference} {entry[reference]!r} is not in the roster"
    for person, post in _posts(data):
        where = f"people/{person}/posts"
        yield from _unknown("posts", post, where)
        if post.get("role") not in roles():
            yield f"{where}: {post.get('role')!r} is no role code"
        yield from (f"{where}: {ref!r} is not in the roster" for ref in (person, post.get("of")) if ref not in ids)
    for committee, seat in _seats(data):
        where = f"committees/{committee}/members"
        yield from _unknown("members", seat, where)
        if seat.get("role") not in seats():
            yield f"{where}: {seat.get('role')!r} is no seat"
        named = [committee, *(seat[k] for k in ("person", "unit") if seat.get(k))]
        yield from (f"{where}: {ref!r} is not in the roster" for ref in named if ref not in ids)
        if not seat.get("person"):
            yield f"{where}: person is missing (for a unit's seat: its representative)"
    for delegation in data.get("delegations", ()):
        yield from _unknown("delegations", delegation, "delegations")
        yield from (
            f"delegations: {delegation.get(k)!r} is not in the roster" for k in ("from_person", "to_person") if delegation.get(k) not in ids
        )
    for setting in data.get("settings", ()):
        yield from _unknown("settings", setting, f"settings/{setting.get('key')}")


def _unknown(section: str, entry: Mapping[str, Any], where: str) -> Iterator[str]:
    for key in entry.keys() - _KEYS[section]:
        yield f"{where}: unknown key {key!r}, known are {', '.join(sorted(_KEYS[section]))}"


def _post(entry: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(entry, str):
        role, _, of = entry.rpartition("@")
        return {"role": role, "of": of}
    return entry


def _posts(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Person and post: those written with the person, then those that stand alone."""
    for person in data.get("people", ()):
        yield from ((person.get("id"), _post(entry)) for entry in person.get("posts", ()))
    for entry in data.get("posts", ()):
        yield entry.get("person"), {k: v for k, v in entry.items() if k != "person"}


def _seats(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Committee and seat: those written with the committee, then those that stand alone."""
    for committee in data.get("committees", ()):
        yield from ((committee.get("id"), seat) for seat in committee.get("members", ()))
    for entry in data.get("memberships", ()):
        yield entry.get("committee"), {k: v for k, v in entry.items() if k != "committee"}


class _Loader:
    """One load: turns entries into rows. `made` names them by table."""

    def __init__(self, connection: Any, data: Mapping[str, Any], at: datetime, zone: ZoneInfo) -> None:
        self._connection, self._data, self._at, self._zone = connection, data, at, zone
        self._since = data.get("valid_from", _ALWAYS)
        self.made: dict[str, list[str]] = {}

    def places(self) -> None:
        areas = [
            {
                "id": a["id"],
                **self._name(a),
                "level": a["level"],
                "code": a.get("code"),
                "parent": a.get("parent"),
                "geometry": a.get("geometry"),
                **self._valid(a),
            }
            for a in self._data.get("areas", ())
        ]
        units = [
            {"id": u["id"], "kind": u["kind"], **self._name(u), **self._valid(u), "status": u.get("status", "active")}
            | {k: u.get(k) for k in ("uscc", "legal_form", "parent", "area")}
            for u in self._data.get("units", ())
        ]
        powers = [
            {"id": self._id(), "unit": u["id"], "kind": p["kind"], "legal_basis": p["basis"], "area": p.get("area"), **self._valid(p)}
            for u in self._data.get("units", ())
            for p in u.get("powers", ())
        ]
        for table, rows in (("area", areas), ("unit", units), ("power", powers)):
            self._insert(table, rows)

    def people(self) -> None:
        people = []
        for p in self._data.get("people", ()):
            own = {"phone": p.get("phone"), "party_member": p.get("party_member", False), "status": p.get("status", "active")}
            people.append({"id": p["id"], **self._name(p), **own})
        self._insert("person", people)
        self._insert("post", [self._post_row(person, post) for person, post in _posts(self._data)])

    def committees(self) -> None:
        bodies, members, representatives = [], [], []
        for c in self._data.get("committees", ()):
            own = {k: c.get(k) for k in ("area", "parent", "charter_version", "rules")}
            bodies.append({"id": c["id"], "kind": c["kind"], **self._name(c), **own, **self._valid(c)})
        for committee, m in _seats(self._data):
            seat = self._seat_row(committee, m)
            members.append(seat)
            if m.get("unit"):
                row = {"id": self._id(), "membership": seat["id"], "person": m["person"], "letter": None}
                representatives.append({**row, "valid_from": seat["valid_from"], "valid_to": None})
        for table, rows in (("committee", bodies), ("membership", members), ("representative", representatives)):
            self._insert(table, rows)

    def delegations(self) -> None:
        rows = [
            {"id": self._id(), "from_person": d["from_person"], "to_person": d["to_person"], "scope": d["scope"], "letter": d.get("letter")}
            | {"revocable": d.get("revocable", True), **self._valid(d)}
            for d in self._data.get("delegations", ())
        ]
        self._insert("delegation", rows)

    def settings(self, settings: Settings) -> None:
        for s in self._data.get("settings", ()):
            since = self._moment(s.get("from", self._since))
            settings.put(
                self._connection, s["key"], s["value"], self._at, source=s.get("source", "roster"), area=s.get("area"), valid_from=since
            )

    def calendar(self, calendars: Calendars) -> None:
        calendars.seed(self._connection, self._at)
        days: dict[date, DayRule | None] = {
            day: DayRule(kind="rest", name=Label(n["zh"], n.get("en", ""))) for day, n in (self._data.get("holidays") or {}).items()
        }
        days |= {day: DayRule(kind="work", name=Label("调休上班", "make-up day")) for day in self._data.get("makeup_days") or ()}
        if days:
            years = frozenset(d.year for d in days)
            calendars.publish(self._connection, self._at, by=None, basis="名册 / roster", days=days, years=years)

    def _post_row(self, person: str, p: Mapping[str, Any]) -> dict[str, Any]:
        title = p.get("title") or {}
        return {
            "id": p.get("id") or f"{person}.{p['role']}.{p['of']}"[:64],
            "role": p["role"],
            "code": p.get("code") or p["role"],
            "title_zh": title.get("zh", ""),
            "title_en": title.get("en", ""),
            "of": p["of"],
            "person": person,
            "acting": p.get("acting", False),
            "substitute_of": p.get("substitute_of"),
            **self._valid(p),
        }

    def _seat_row(self, committee: str, m: Mapping[str, Any]) -> dict[str, Any]:
        unit = m.get("unit")
        return {
            "id": m.get("id") or f"{committee}.{unit or m['person']}.{m['role']}"[:64],
            "committee": committee,
            "person": None if unit else m["person"],
            "unit": unit,
            "role": m["role"],
            "voting": m.get("voting", True),
            "weight": m.get("weight", 1),
            "appointed_by": m.get("appointed_by"),
            "ceased_reason": m.get("ceased_reason"),
            **self._valid(m),
        }

    def _valid(self, entry: Mapping[str, Any]) -> dict[str, datetime | None]:
        until = entry.get("to")
        return {"valid_from": self._moment(entry.get("from", self._since)), "valid_to": self._moment(until) if until else None}

    def _moment(self, value: date | datetime) -> datetime:
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=self._zone)).astimezone(UTC)
        return datetime.combine(value, time(0), self._zone).astimezone(UTC)

    def _name(self, entry: Mapping[str, Any]) -> dict[str, str]:
        name = entry["name"]
        return {"name_zh": name, "name_en": ""} if isinstance(name, str) else {"name_zh": name["zh"], "name_en": name.get("en", "")}

    def _insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        store.insert(self._connection, table, rows)
        self.made.setdefault(table, []).extend(row["id"] for row in rows)

    def _id(self) -> str:
        return uuid7(int(self._at.timestamp() * 1000))
