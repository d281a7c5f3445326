"""Which selectors a person satisfies, and on what each rests: the rules of domain 2.4 as pure functions.

A delegation's scope is one of

- ``{"kind": "all"}`` everything its giver may do, his personal tasks too;
- ``{"kind": "tasks", "roles": [codes], "selectors": [texts]}`` tasks offered to these roles or selectors;
- ``{"kind": "committee", "committee": id}`` the seat's tasks in one committee (voting by proxy is the meeting's own rule);
- ``{"kind": "signature", …}`` a power of attorney: it opens no inbox, signing reads it.

Only what the giver holds himself can be delegated: no sub-delegation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Mandate
from engine.definitions.model import Label
from governance.directory import selectors
from governance.directory.catalogue import role_name, roles
from governance.directory.store import Held, Place, Seat, Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What one or several people hold at an instant, as the store read it."""

    posts: Sequence[Held]
    seats: Sequence[Seat]
    places: Mapping[str, Place]
    names: Mapping[str, Label]
    at: datetime


def mandates_of(person: str, holdings: Holdings, stands: Iterable[Stand]) -> dict[str, Mandate]:
    """Every selector `person` satisfies with its mandate. His own posts and seats come before what he does for others."""
    found: dict[str, Mandate] = {
        selectors.person(person): Mandate(kind="assignment", selector=selectors.person(person), zh="本人", en="In person")
    }
    for selector, mandate in _own(person, holdings):
        found.setdefault(selector, mandate)
    for stand in stands:
        for selector, mandate in _delegated(stand, holdings):
            found.setdefault(selector, mandate)
    return found


def scope_fits(scope: Mapping[str, Any], selector: str) -> bool:
    """Whether a delegation with this scope opens tasks offered to `selector`."""
    kind = scope.get("kind")
    if kind == "all":
        return True
    parsed = selectors.parse(selector)
    if kind == "tasks":
        return selector in scope.get("selectors", ()) or (
            parsed.kind in ("role", "holder", "member") and parsed.code in scope.get("roles", ())
        )
    return kind == "committee" and parsed.of == scope.get("committee")


def _own(person: str, holdings: Holdings) -> Iterator[tuple[str, Mandate]]:
    held = sorted((p for p in holdings.posts if p.person == person), key=lambda p: p.acting)
    for post in held:
        for selector in post_selectors(post):
            yield selector, _post_mandate(post, selector, holdings)
    for seat in holdings.seats:
        if seat.person == person:
            for selector in seat_selectors(seat):
                yield selector, _seat_mandate(seat, selector, holdings)


def _delegated(stand: Stand, holdings: Holdings) -> Iterator[tuple[str, Mandate]]:
    giver = holdings.names.get(stand.from_person, Label(stand.from_person, stand.from_person))
    own = [
        (selectors.person(stand.from_person), Mandate(kind="assignment", zh="本人任务", en="personal tasks")),
        *_own(stand.from_person, holdings),
    ]
    for selector, mandate in own:
        if scope_fits(stand.scope, selector):
            yield (
                selector,
                Mandate(
                    kind="delegation",
                    ref=stand.id,
                    selector=selector,
                    on_behalf_of=stand.from_person,
                    zh=f"受{giver.zh}委托：{mandate.zh}",
                    en=f"Delegated by {giver.in_('en')}: {mandate.en}",
                    until=min(filter(None, (stand.valid_to, mandate.until)), default=None),
                ),
            )


def own_units(holdings: Holdings, person: str) -> list[str]:
    """Units of the person's posts and of the seats he holds for a unit, and areas where he holds a staff post."""
    found = set[str]()
    for post in (p for p in holdings.posts if p.person == person):
        place, role = holdings.places.get(post.of), roles().get(post.role)
        if place and (place.sort == "unit" or (place.sort == "area" and role and role.staff)):
            found.add(place.id)
    return sorted(found | {s.unit for s in running_seats(holdings, person) if s.unit})


def running_seats(holdings: Holdings, person: str) -> list[Seat]:
    """The person's seats whose term runs: without those in hand-over."""
    return [s for s in holdings.seats if s.person == person and (s.valid_to is None or holdings.at < s.valid_to)]


def post_selectors(post: Held) -> tuple[str, ...]:
    return (selectors.role(post.role, post.of), selectors.holder(post.code, post.of))


def seat_selectors(seat: Seat) -> tuple[str, ...]:
    return (selectors.member(seat.committee), selectors.member(seat.committee, seat.role), selectors.role(seat.role, seat.committee))


def votes_at(seat: Seat, at: datetime) -> bool:
    """A seat votes only while its term runs; the hand-over after the term has no vote (domain 2.4 rule 1)."""
    return seat.voting and (seat.valid_to is None or at < seat.valid_to)


def _post_mandate(post: Held, selector: str, holdings: Holdings) -> Mandate:
    title = post.title if post.title.zh else role_name(post.role)
    zh, en = _of(holdings, post.of, title)
    if post.acting:
        absent = holdings.names.get(post.substitute_of or "", Label(post.substitute_of or "", ""))
        zh += f"（代{absent.zh}）" if absent.zh else "（代理）"
        en += f" (acting for {absent.in_('en')})" if absent.zh else " (acting)"
    absentee = post.substitute_of if post.acting else None
    return Mandate(kind="post", ref=post.id, selector=selector, on_behalf_of=absentee, zh=zh, en=en, until=post.valid_to)


def _seat_mandate(seat: Seat, selector: str, holdings: Holdings) -> Mandate:
    zh, en = _of(holdings, seat.committee, role_name(seat.role))
    if seat.unit:
        unit = holdings.places.get(seat.unit)
        name = unit.name if unit else Label(seat.unit, seat.unit)
        zh += f"（{name.zh}代表）"
        en += f" (for {name.in_('en')})"
    if seat.valid_to is not None and seat.valid_to <= holdings.at:
        zh += "（交接期，无表决权）"
        en += " (handing over, no vote)"
    return Mandate(kind="membership", ref=seat.id, selector=selector, zh=zh, en=en, until=seat.valid_to)


def _of(holdings: Holdings, of: str, title: Label) -> tuple[str, str]:
    place = holdings.places.get(of)
    name = place.name if place else Label(of, of)
    return f"{name.zh} {title.zh}", f"{title.in_('en')}, {name.in_('en')}"
