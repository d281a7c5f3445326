"""Tells people that something was entered in their name, so that they can object (domain 2.4)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.model import Label
from engine.events import Event
from engine.ports import Unit
from governance.directory.directory import Directory
from governance.notices.notices import Notices


class EnteredNotice:
    """A reaction of the engine: in the transaction of the entry itself."""

    def __init__(self, directory: Directory, notices: Notices) -> None:
        self._directory, self._notices = directory, notices

    def __call__(self, unit: Unit, events: Sequence[Event]) -> None:  # noqa: ARG002  the actor says it all
        entered = unit.actor.entered
        if entered is None:
            return
        people = [entered.person] if entered.person else self._heads(unit, entered.unit)
        if not people:
            return
        by = unit.actor.name or (
            self._directory.names(unit.connection, [unit.actor.person])[unit.actor.person].zh if unit.actor.person else ""
        )
        self._notices.send(
            unit.connection,
            people,
            kind="entered",
            at=unit.now,
            title=Label(
                f"{by}以您的名义填报了一项内容，如有异议请打开核对并联系办理人",
                f"{by} has entered something in your name. If it is not what you said, open it and tell who handles it",
            ),
            subject=unit.instance.number or "",
            link=f"/cases/{unit.instance.id}",
            instance=unit.instance.id,
        )

    def _heads(self, unit: Unit, organisation: str | None) -> list[str]:
        return list(self._directory.heads_of(unit.connection, organisation, unit.now)) if organisation else []
