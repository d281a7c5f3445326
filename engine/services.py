"""Services: trusted Python that a model calls by name (conventions 7). The only Python a process can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.guards import Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Where a service call comes from."""

    instance: str
    token: str
    process: str
    element: str
    area: str | None
    number: str | None
    now: datetime
    actor: Actor
    #: the open SQLAlchemy connection of the command for inline services; None in a job (which opens its own)
    connection: Any = None
    #: FEEL where the service is called, for inline services; None in a job
    evaluate: Callable[[str], Any] | None = None
    #: token of the called process it stands in; empty in the instance's own process and in a job
    scope: str = ""
    #: same for every attempt of this call
    idempotency_key: str = ""
    #: who may read what the inputs were made from (engine.guards); empty: whoever reads the case
    guards: tuple[Guard, ...] = ()
    #: what the composition root gives to handlers by name (governance services, settings …)
    resources: Mapping[str, Any] = field(default_factory=dict)


Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A registered handler. ``inline``: inside the command's transaction, no I/O, under 20 ms, idempotent; otherwise a job."""

    name: str
    handler: Handler
    inline: bool
    doc: str = ""


def service(name: str, *, inline: bool = True) -> Callable[[Handler], Handler]:
    """Mark a function as the handler of service `name`; `Services.add` collects it. Inputs arrive as keyword arguments
    named like the zeebe:input targets; the return value (variable kinds, see engine.values) is ``result``."""

    def mark(handler: Handler) -> Handler:
        handler.__service__ = Service(name=name, handler=handler, inline=inline, doc=(handler.__doc__ or "").strip())  # type: ignore[attr-defined]
        return handler

    return mark


class Services:
    """A registry that can be made afresh in tests and refuses a second registration of a name."""

    def __init__(self, *handlers: Handler) -> None:
        self._services: dict[str, Service] = {}
        for handler in handlers:
            self.add(handler)

    def add(self, handler: Handler) -> None:
        entry: Service = handler.__service__  # type: ignore[attr-defined]
        if entry.name in self._services:
            raise ValueError(f"service {entry.name} is registered twice")
        self._services[entry.name] = entry

    def get(self, name: str) -> Service | None:
        return self._services.get(name)

    def __iter__(self) -> Iterator[Service]:
        return iter(self._services.values())
