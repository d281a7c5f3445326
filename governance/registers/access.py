"""Who may read a row or a column (domain 2.5), as `governance.directory.may` decides it. The query in `store` says the same in SQL;
a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.directory import selectors
from governance.directory.may import Data, Reach, sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The facts of a row that access depends on. `parties`: ref → unit, person or party."""

    owner: str | None = None
    area: str | None = None
    starter: str | None = None
    parties: Mapping[str, str] = field(default_factory=dict)


def may_read(access: str, subject: Subject, viewer: Reach) -> bool:
    """Whether the viewer may read data of that class.

    Who started a case and who stands in it as a party read the classes parties; the reporter_protected ones only persons who
    stand in it; both not the notes of staff, committee or branch about them. A sealed bid is read by its bidder alone.
    """
    return bool(sees(viewer, _data(access, subject, viewer)))


def _data(access: str, subject: Subject, viewer: Reach) -> Data:
    person = viewer.person
    inside: tuple[str, ...] = ()
    if person is not None and access in ("parties", "reporter_protected"):
        own_unit = access == "parties" and bool(viewer.units & set(subject.parties))
        if person == subject.starter or person in subject.parties or own_unit:
            inside = (person,)
    bidder = (selectors.person(subject.starter),) if access == "procurement_sealed" and subject.starter else ()
    return Data(access=access, area=subject.area, owner=subject.owner, committee=subject.owner, participants=inside, parties=bidder)
