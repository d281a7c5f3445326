"""Who may read a row or a column (domain 2.5). The query in `store` says the same in SQL; a test holds the two together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

#: role code of domain 2.2 that stands for the members of a party branch
PARTY_ROLE = "party_member"
#: classes whose data the starter of the case may always read
STARTER_CLASSES = ("parties", "reporter_protected", "procurement_sealed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The person who asks, as the directory sees him at that instant. ``Viewer()`` is the public without an account."""

    person: str | None = None
    #: every selector he satisfies (`Directory.selectors_of`)
    selectors: frozenset[str] = frozenset()
    #: organisations and areas he works for, with the areas below them
    units: frozenset[str] = frozenset()

    @property
    def committees(self) -> frozenset[str]:
        """Committees he is a member of at that instant, from ``member:<committee>[:<role>]``."""
        return frozenset(s.split(":")[1] for s in self.selectors if s.startswith("member:"))

    @property
    def branches(self) -> frozenset[str]:
        """Party branches (or their areas) he belongs to: membership of the branch, or the role of a party member in it."""
        prefix = f"role:{PARTY_ROLE}@"
        return self.committees | {s.removeprefix(prefix) for s in self.selectors if s.startswith(prefix)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the question is about: the facts of a row that access depends on."""

    owner: str | None = None
    area: str | None = None
    starter: str | None = None
    #: units and persons that are the parties
    parties: frozenset[str] = field(default_factory=frozenset)


def may_read(access: str, subject: Subject, viewer: Viewer) -> bool:
    """Whether a viewer may read data of that class.

    Who started a case sees what he brought in (parties, reporter_protected, procurement_sealed: his own bid), not the
    notes of staff, committee or branch about it.
    """
    if access == "public":
        return True
    if access in STARTER_CLASSES and viewer.person is not None and viewer.person == subject.starter:
        return True
    if access == "staff":
        return _works_for(subject, viewer)
    if access == "parties":
        return _works_for(subject, viewer) or bool(subject.parties & (viewer.units | _one(viewer.person)))
    if access == "members":
        return subject.owner in viewer.committees
    if access == "party":
        return subject.owner in viewer.branches
    if access == "reporter_protected":
        return subject.owner is not None and subject.owner in viewer.units
    return False  # procurement_sealed: nobody before a state opens it


def _works_for(subject: Subject, viewer: Viewer) -> bool:
    return any(place is not None and place in viewer.units for place in (subject.owner, subject.area))


def _one(person: str | None) -> Iterable[str]:
    return () if person is None else (person,)
