"""Who acts, and in whose name. Passed into every command; the engine never reads it from a global."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What an act rests on: the post, membership, delegation … valid at that instant."""

    #: post | membership | delegation | assignment | starter | public | token | system
    kind: str
    #: id of the post, membership, delegation … row; None for starter, public, system
    ref: str | None = None
    #: the selector it satisfied, e.g. ``role:legal@<unit id>``
    selector: str | None = None
    #: person in whose stead the actor acts (delegation, acting post, entry on behalf)
    on_behalf_of: str | None = None
    zh: str = ""
    en: str = ""


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


SYSTEM = Actor(person=None, name="系统", mandate=Mandate(kind="system", zh="系统", en="System"), channel="job", system=True)
