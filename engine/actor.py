"""Who acts, and in whose name. Passed into every command; the engine never reads it from a global."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What an act rests on: the post, membership, delegation … valid at that instant."""

    #: post | membership | delegation | assignment | starter | public | token | intake | system
    kind: str
    #: id of the post, membership, delegation … row; None for starter, public, system
    ref: str | None = None
    #: the selector it satisfied, e.g. ``role:legal@<unit id>``
    selector: str | None = None
    #: person in whose stead the actor acts (delegation, acting post, entry on behalf)
    on_behalf_of: str | None = None
    zh: str = ""
    en: str = ""
    #: when the post, seat or delegation ends (not counted any more); None: no end is known
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody else's words that the actor enters: whose, how they came, and the proof. Whether the actor may is the caller's question;
    the engine asks whether the task is offered to the one whose words they are."""

    #: a person of the directory, or a unit; neither: somebody without an account, by name
    person: str | None = None
    unit: str | None = None
    name: str = ""
    phone: str = ""
    #: paper | telephone | counter
    channel: str = "paper"
    note: str = ""
    #: id and digest of the scanned paper
    file: str | None = None
    digest: str | None = None
    #: what the mandate reads, e.g. 代李海填报，纸质件
    zh: str = ""
    en: str = ""

    @property
    def behalf(self) -> str | None:
        """Id of the person or unit; None: somebody without an account."""
        return self.person or self.unit

    def plain(self) -> dict[str, str]:
        """As the history keeps it."""
        names = ("person", "unit", "name", "phone", "channel", "note", "file", "digest")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person (or the system) at the moment of an act."""

    person: str | None  # None: the public without an account, or the system
    name: str = ""
    mandate: Mandate | None = None
    language: str = "zh"
    #: web | api | job | import | cases …
    channel: str = "web"
    system: bool = False
    #: the act is somebody else's, entered from paper or a call
    entered: Entered | None = None

    @property
    def author(self) -> str | None:
        """Whose act it is: the person himself, or the one for whom he enters it."""
        return self.person if self.entered is None else self.entered.person


SYSTEM = Actor(person=None, name="系统", mandate=Mandate(kind="system", zh="系统", en="System"), channel="job", system=True)


def mandate_text(actor: Actor) -> str | None:
    """What the act rested on, as canonical JSON (part of the chain)."""
    mandate = actor.mandate
    if mandate is None:
        return None
    facts: Iterable[tuple[str, str | None]] = (
        ("kind", mandate.kind), ("ref", mandate.ref), ("selector", mandate.selector), ("for", mandate.on_behalf_of),
        ("zh", mandate.zh), ("en", mandate.en),
    )  # fmt: skip
    return json.dumps({k: v for k, v in facts if v}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
