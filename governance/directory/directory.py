"""The directory as the engine's ports.Directory and ports.People, and what governance asks of it besides."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.actor import Mandate
from engine.definitions.model import Label
from engine.errors import CogovError, NotFound
from engine.ids import uuid7
from engine.ports import Offer
from governance.directory import selectors, store
from governance.directory.catalogue import kinds, role_name, roles
from governance.directory.mandates import Holdings, mandates_of, own_units, post_selectors, scope_fits, seat_selectors, votes_at
from governance.directory.selectors import Selector
from governance.reference.memo import Answer, Memo
from governance.settings.settings import Settings

#: A tree of places deeper than this is a loop in the data.
_DEEPEST = 20
#: What a form can refer to.
_KINDS = ("person", "unit", "area", "committee", "post")
#: How many a picker shows.
LOOKUP_LIMIT = 20


class DirectoryRefused(CogovError):
    """The directory does not allow this change."""

    code = "directory_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who sits in a committee at an instant. `voting` is false during the hand-over after a term."""

    membership: str
    person: str
    name: Label
    unit: str | None
    role: str
    voting: bool
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of a picker: `value` goes into the form."""

    value: str
    label: Label
    hint: Label


class Directory:
    """Who holds what at an instant. Every method takes the open connection of the command.

    `settings` gives the length of the hand-over after a term (``membership.handover_days``, 30 [A])."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._memo = Memo(self._next_change)

    def remember(self, connection: Any, at: datetime, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """What `ask` finds in the directory at that moment, kept until the directory changes. It is shared: do not change it."""
        return self._memo.get(connection, at, key, ask)

    # ports.Directory

    def resolve(self, connection: Any, asked: Sequence[str], at: datetime) -> list[Offer]:
        """The selectors a task is stored under: those asked for and, for one without a holder, the nearest up the tree
        (unit → parent unit → its area → parent area; committee → parent → area) that has one (conventions 5)."""
        wanted = tuple(dict.fromkeys(asked))
        return list(self._memo.get(connection, at, ("resolve", wanted), lambda: self._resolved(connection, wanted, at)))

    def _resolved(self, connection: Any, wanted: Sequence[str], at: datetime) -> list[Offer]:
        parsed = [selectors.parse(text) for text in wanted]
        filled = self._filled(connection, parsed, at)
        offers: list[Offer] = []
        for selector in parsed:
            has_holder = str(selector) in filled
            offers.append(Offer(selector=str(selector), vacant=not has_holder))
            if not has_holder and (above := self._nearest_above(connection, selector, at)):
                offers.append(Offer(selector=above))
        return list({o.selector: o for o in offers}.values())

    def selectors_of(self, connection: Any, person: str, at: datetime) -> dict[str, Mandate]:
        """Every selector the person satisfies at that instant, with the mandate it rests on."""
        return dict(self._memo.get(connection, at, ("selectors", person), lambda: mandates_of(person, *self.held(connection, person, at))))

    def held(self, connection: Any, person: str, at: datetime) -> tuple[Holdings, Sequence[store.Stand]]:
        """Everything the person, and those who delegated to him, hold at that instant."""
        return self._memo.get(connection, at, ("held", person), lambda: self._held(connection, person, at))

    def _held(self, connection: Any, person: str, at: datetime) -> tuple[Holdings, Sequence[store.Stand]]:
        stands = store.delegations_to(connection, person, at)
        return self._holdings(connection, {person, *(s.from_person for s in stands)}, at), stands

    # ports.People

    def exists(self, connection: Any, kind: str, ref: str, at: datetime) -> bool:
        """`kind` is person, unit, area, committee or post; of other kinds the directory has nothing."""
        return kind in _KINDS and self._memo.get(connection, at, ("exists", kind, ref), lambda: store.exists(connection, kind, ref, at))

    def describe(self, connection: Any, kind: str, ref: str, at: datetime) -> Mapping[str, Any] | None:
        """What a form shows and filters by: id, zh, en and the attributes of the kind (nothing sensitive: no phone, no party
        membership). None when there is none at that instant."""
        known = self._memo.get(connection, at, ("describe", kind, ref), lambda: self._facts(connection, kind, ref, at))
        return None if known is None else dict(known)

    def _facts(self, connection: Any, kind: str, ref: str, at: datetime) -> Mapping[str, Any] | None:
        if not self.exists(connection, kind, ref, at):
            return None
        if kind == "person":
            name, units = store.names(connection, [ref])[ref], list(self.unit_of(connection, ref, at))
            posts = [p.role for p in store.posts_of_people(connection, [ref], at)]
            return {"id": ref, "zh": name.zh, "en": name.in_("en"), "unit": units[0] if units else None, "units": units, "roles": posts}
        if kind == "post":
            return self._post_facts(connection, ref, at)
        place = store.places(connection, [ref], at)[ref]
        facts: dict[str, Any] = {
            "id": ref,
            "zh": place.name.zh,
            "en": place.name.in_("en"),
            "kind": place.kind,
            "parent": place.parent,
            "area": place.area,
        }
        if kind == "unit" and (row := store.unit_row(connection, ref)):
            facts |= {"uscc": row["uscc"], "status": row["status"], "powers": [p["kind"] for p in store.powers_of(connection, ref, at)]}
        return facts

    def unit_of(self, connection: Any, person: str, at: datetime) -> Iterable[str]:
        """The person's own organisations: units of his posts (acting ones too) and of the seats he holds for a unit, and areas
        where he holds a staff post, since the area's body is his employer."""
        return own_units(self.held(connection, person, at)[0], person)

    def is_member(self, connection: Any, person: str, of: str, at: datetime) -> bool:
        """Whether the person's term in committee `of` (or post at unit or area `of`) runs at that instant (V-TERM)."""
        return self._memo.get(connection, at, ("member", person, of), lambda: self._is_member(connection, person, of, at))

    def _is_member(self, connection: Any, person: str, of: str, at: datetime) -> bool:
        if any(s.committee == of for s in store.seats_of_people(connection, [person], at, at)):
            return True
        return any(p.of == of for p in store.posts_of_people(connection, [person], at))

    # governance

    def holders(self, connection: Any, asked: Sequence[str], at: datetime, *, delegates: bool = True) -> dict[str, list[str]]:
        """Persons behind each selector at that instant (acting and, unless excluded, delegates), without going up the tree."""
        return self._people_behind(connection, [selectors.parse(text) for text in dict.fromkeys(asked)], at, delegates=delegates)

    def people(self, connection: Any, asked: Sequence[str], at: datetime) -> list[str]:
        """Persons who would be offered a task with these selectors, nearest up the tree when vacant; each once, in order."""
        offers = [o.selector for o in self.resolve(connection, asked, at)]
        behind = self.holders(connection, offers, at)
        return list(dict.fromkeys(person for selector in offers for person in behind[selector]))

    def members(self, connection: Any, committee: str, at: datetime, *, role: str | None = None, voting: bool = False) -> list[Member]:
        """Who sits in the committee at that instant, hand-over included unless `voting` asks for those with a vote.
        Raises NotFound when there is no such committee."""
        if not store.exists(connection, "committee", committee, at):
            raise NotFound(f"没有议事机构 {committee} / there is no committee {committee}", committee=committee)
        seats = store.seats_in(connection, [committee], self._handover_start(connection, at), at)
        names = store.names(connection, [s.person for s in seats])
        members = [
            Member(
                membership=s.id,
                person=s.person,
                name=names.get(s.person, Label(s.person, s.person)),
                unit=s.unit,
                role=s.role,
                voting=votes_at(s, at),
                weight=s.weight,
            )
            for s in seats
            if role is None or s.role == role
        ]
        return [m for m in members if m.voting or not voting]

    def names(self, connection: Any, people: Iterable[str]) -> dict[str, Label]:
        """Names of persons."""
        return store.names(connection, people)

    def places(self, connection: Any, ids: Iterable[str], at: datetime) -> dict[str, store.Place]:
        """Areas, units and committees by id, names in both languages."""
        return store.places(connection, ids, at)

    def describe_selectors(self, connection: Any, asked: Sequence[str], at: datetime) -> dict[str, Label]:
        """What a selector means to a reader: 云桥企业社区 社工."""
        parsed = {text: selectors.parse(text) for text in dict.fromkeys(asked)}
        found = store.places(connection, [s.of for s in parsed.values() if s.kind != "person"], at)
        people = store.names(connection, [s.of for s in parsed.values() if s.kind == "person"])
        return {text: _description(s, found, people) for text, s in parsed.items()}

    def area_path(self, connection: Any, of: str | None, at: datetime) -> list[str]:
        """The area of `of` (an area, unit or committee) and all areas above it, nearest first; empty for None or unknown."""
        if of is None:
            return []
        tree = self._memo.get(connection, at, "area tree", lambda: store.area_tree(connection, at))
        start = of if of in tree else self._area_of(connection, of, at)
        path: list[str] = []
        while start is not None and start not in path:
            path.append(start)
            start = tree.get(start)
        return path

    def heads_of(self, connection: Any, of: str, at: datetime) -> list[str]:
        """Persons who answer for an area, unit or committee: its heads, else the nearest above."""
        for place in self._chain(connection, of, at):
            heads = [p.person for p in store.posts_at(connection, [place], at) if (r := roles().get(p.role)) and r.head]
            if heads:
                return list(dict.fromkeys(heads))
        return []

    def is_above(self, connection: Any, approver: str, person: str, at: datetime) -> bool:
        """Whether `approver` may approve for `person`: another person with a post of a higher rank at the same place, or a post
        of no lower rank at a place above it (domain 3.3: an approver above the case officer)."""
        if approver == person:
            return False
        posts = store.posts_of_people(connection, [approver, person], at)
        ranks = {p.id: (roles()[p.role].rank if p.role in roles() else 40) for p in posts}
        theirs = [p for p in posts if p.person == approver]
        for own in (p for p in posts if p.person == person):
            chain = self._chain(connection, own.of, at)
            if any(t.of == own.of and ranks[t.id] < ranks[own.id] for t in theirs):
                return True
            if any(t.of in chain[1:] and ranks[t.id] <= ranks[own.id] for t in theirs):
                return True
        return False

    def lookup(
        self,
        connection: Any,
        kind: str,
        q: str,
        at: datetime,
        *,
        areas: Sequence[str] | None = None,
        kinds_of: Sequence[str] | None = None,
        limit: int = LOOKUP_LIMIT,
    ) -> list[Choice]:
        """Choices for a picker whose name or id contains `q`: kind person, unit, area, committee or post; at most `limit`."""
        if kind == "post":
            return self._post_choices(connection, q, at, limit)
        rows = store.find(connection, kind, q, at, areas=areas, kinds=kinds_of, limit=limit)
        hints = self._person_hints(connection, [r["id"] for r in rows], at) if kind == "person" else {}
        return [
            Choice(value=r["id"], label=Label(r["name_zh"], r["name_en"]), hint=hints.get(r["id"]) or _kind_hint(kind, r["kind"]))
            for r in rows
        ]

    def power(self, connection: Any, unit: str, kind: str, at: datetime) -> bool:
        """Whether the unit has a power of this kind at that instant (domain 2.1; gates dispatch and enforcement)."""
        return any(p["kind"] == kind for p in store.powers_of(connection, unit, at))

    # changes

    def end_membership(self, connection: Any, membership: str, reason: str, at: datetime) -> None:
        """Cease a seat now for a reason (domain 2.4 rule 7): no hand-over. Raises NotFound when it is not running."""
        if not store.end(connection, "membership", membership, at, ceased_reason=reason):
            raise NotFound(f"没有在任的席位 {membership} / there is no such seat in office", membership=membership)

    def replace_representative(self, connection: Any, membership: str, person: str, at: datetime, *, letter: str | None = None) -> None:
        """A unit sends another person to its seat by letter (domain 2.4 rule 2); the seat itself goes on."""
        row = store.membership_row(connection, membership)
        if row is None or row["unit"] is None:
            raise DirectoryRefused("只有单位席位可以更换代表 / only a unit's seat can have another representative", membership=membership)
        if current := store.current_representative(connection, membership, at):
            store.end(connection, "representative", current, at)
        new = {
            "id": uuid7(int(at.timestamp() * 1000)),
            "membership": membership,
            "person": person,
            "letter": letter,
            "valid_from": at,
            "valid_to": None,
        }
        store.insert(connection, "representative", [new])

    def delegate(
        self, connection: Any, giver: str, taker: str, scope: dict[str, Any], start: datetime, until: datetime, *, letter: str | None = None
    ) -> str:
        """Let `taker` act for `giver` from `start` to `until`; returns the id. Raises DirectoryRefused for oneself or an empty span."""
        if giver == taker or until <= start:
            raise DirectoryRefused("委托须给他人，且止期晚于起期 / delegate to another person, and end after the beginning")
        row = {"id": uuid7(int(start.timestamp() * 1000)), "from_person": giver, "to_person": taker, "scope": scope, "letter": letter}
        store.insert(connection, "delegation", [{**row, "valid_from": start, "valid_to": until}])
        return str(row["id"])

    def revoke_delegation(self, connection: Any, delegation: str, at: datetime) -> None:
        """Raises NotFound when it is not there, not revocable or already revoked."""
        if not store.revoke(connection, delegation, at):
            raise NotFound("没有可撤销的委托 / there is no delegation to revoke", delegation=delegation)

    def expiring(self, connection: Any, at: datetime) -> list[store.Seat]:
        """Seats whose term ends within ``membership.alert_days`` (90 [A]): the secretary is told (domain 2.4 rule 1)."""
        days = int(self._settings.get(connection, "membership.alert_days", at))
        return store.expiring_seats(connection, at, at + timedelta(days=days))

    # inside

    def _next_change(self, connection: Any, at: datetime) -> datetime | None:
        """When an answer may be another although nobody writes: a validity begins or ends, a hand-over ends, a setting changes."""
        known = (store.next_change(connection, at, at - self._handover_start(connection, at)), self._settings.next_change(connection, at))
        return min((moment for moment in known if moment is not None), default=None)

    def _handover_start(self, connection: Any, at: datetime) -> datetime:
        return at - timedelta(days=int(self._settings.get(connection, "membership.handover_days", at)))

    def _holdings(self, connection: Any, people: set[str], at: datetime) -> Holdings:
        posts = store.posts_of_people(connection, people, at)
        seats = store.seats_of_people(connection, people, self._handover_start(connection, at), at)
        places = store.places(connection, [*(p.of for p in posts), *(s.committee for s in seats), *(s.unit for s in seats if s.unit)], at)
        absent = {p.substitute_of for p in posts if p.substitute_of}
        names = store.names(connection, people | absent) if absent or len(people) > 1 else {}
        return Holdings(posts=posts, seats=seats, places=places, names=names, at=at)

    def _filled(self, connection: Any, parsed: Sequence[Selector], at: datetime) -> set[str]:
        """Which of these selectors have a holder. Persons and the public always have one."""
        filled = {str(s) for s in parsed if s.kind in ("person", "public")}
        of = {s.of for s in parsed if s.kind in ("role", "holder")}
        if of:
            filled |= {text for p in store.posts_at(connection, of, at) for text in post_selectors(p)}
        bodies = {s.of for s in parsed if str(s) not in filled}
        if bodies:
            seats = store.seats_in(connection, bodies, self._handover_start(connection, at), at)
            filled |= {text for s in seats for text in seat_selectors(s)}
        return filled

    def _nearest_above(self, connection: Any, selector: Selector, at: datetime) -> str | None:
        if selector.kind not in ("role", "holder"):
            return None
        for place in self._chain(connection, selector.of, at)[1:]:
            above = Selector(selector.kind, place, selector.code)
            if str(above) in self._filled(connection, [above], at):
                return str(above)
        return None

    def _chain(self, connection: Any, of: str, at: datetime) -> list[str]:
        """`of` and what stands above it: parents of its own sort, then its area and the areas above."""
        chain: list[str] = []
        current: str | None = of
        while current is not None and current not in chain and len(chain) < _DEEPEST:
            chain.append(current)
            place = store.places(connection, [current], at).get(current)
            current = (place.parent or place.area) if place else None
        return chain

    def _area_of(self, connection: Any, of: str, at: datetime) -> str | None:
        for step in self._chain(connection, of, at):
            place = store.places(connection, [step], at).get(step)
            if place and place.sort == "area":
                return place.id
        return None

    def _people_behind(self, connection: Any, parsed: Sequence[Selector], at: datetime, *, delegates: bool) -> dict[str, list[str]]:
        behind: dict[str, list[str]] = {str(s): [s.of] if s.kind == "person" else [] for s in parsed}
        of = {s.of for s in parsed if s.kind not in ("person", "public")}
        if of:
            for post in sorted(store.posts_at(connection, of, at), key=lambda p: p.acting):
                for text in post_selectors(post):
                    behind.get(text, []).append(post.person)
            for seat in store.seats_in(connection, of, self._handover_start(connection, at), at):
                for text in seat_selectors(seat):
                    behind.get(text, []).append(seat.person)
        if delegates:
            self._add_delegates(connection, behind, at)
        return {text: list(dict.fromkeys(people)) for text, people in behind.items()}

    def _add_delegates(self, connection: Any, behind: dict[str, list[str]], at: datetime) -> None:
        givers = {p for people in behind.values() for p in people}
        if not givers:
            return
        stands = store.delegations_from(connection, givers, at)
        for text, people in behind.items():
            people.extend([s.to_person for s in stands if s.from_person in people and scope_fits(s.scope, text)])

    def _post_choices(self, connection: Any, q: str, at: datetime, limit: int) -> list[Choice]:
        named = [r.code for r in roles().values() if q.casefold() in f"{r.name.zh} {r.name.en}".casefold()]
        held = store.find_posts(connection, q, named, at, limit)
        holdings = self._holdings(connection, {p.person for p in held}, at)
        names = store.names(connection, [p.person for p in held])
        titles = {m.ref: Label(m.zh, m.en) for p in held for m in mandates_of(p.person, holdings, ()).values() if m.kind == "post"}
        return [Choice(value=p.id, label=titles[p.id], hint=names[p.person]) for p in held]

    def _post_facts(self, connection: Any, ref: str, at: datetime) -> Mapping[str, Any] | None:
        row = store.post_row(connection, ref)
        if row is None:
            return None
        holdings = self._holdings(connection, {row["person"]}, at)
        title = next(m for m in mandates_of(row["person"], holdings, ()).values() if m.ref == ref)
        return {"id": ref, "zh": title.zh, "en": title.en, "role": row["role"], "of": row["of"], "person": row["person"]}

    def _person_hints(self, connection: Any, people: Sequence[str], at: datetime) -> dict[str, Label]:
        """What a person is, so that two of the same name can be told apart."""
        holdings = self._holdings(connection, set(people), at)
        hints: dict[str, Label] = {}
        for person in people:
            own = [m for m in mandates_of(person, holdings, ()).values() if m.kind in ("post", "membership")]
            hints[person] = Label(own[0].zh, own[0].en) if own else Label()
        return hints


def _description(selector: Selector, places: dict[str, store.Place], people: dict[str, Label]) -> Label:
    if selector.kind == "public":
        return Label("公众", "The public")
    if selector.kind == "person":
        return people.get(selector.of, Label(selector.of, selector.of))
    place = places[selector.of].name if selector.of in places else Label(selector.of, selector.of)
    if not selector.code:
        return Label(f"{place.zh} 成员", f"Members, {place.in_('en')}")
    title = role_name(selector.code)
    return Label(f"{place.zh} {title.zh}", f"{title.in_('en')}, {place.in_('en')}")


def _kind_hint(kind: str, of: str) -> Label:
    group = {"unit": "units", "area": "areas", "committee": "committees"}.get(kind)
    return kinds(group).get(of, Label()) if group else Label()
