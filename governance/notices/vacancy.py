"""A task that nobody can be found for is told to the area's office (conventions 5); the task itself waits, unassigned."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.model import Label
from engine.events import Event, TaskOffered
from engine.ports import Unit
from engine.store import work
from engine.store.work import TaskRow
from governance.directory import selectors
from governance.directory.directory import Directory
from governance.notices.notices import Notices
from governance.registers import store as rows
from governance.settings.settings import Settings


class VacancyAlert:
    """A reaction (engine.ports.Reaction): one statement for a command that offers a task to nobody, none for others."""

    def __init__(self, directory: Directory, notices: Notices, settings: Settings) -> None:
        self._directory, self._notices, self._settings = directory, notices, settings

    def __call__(self, unit: Unit, events: Sequence[Event]) -> None:
        vacant = [e.token for e in events if isinstance(e, TaskOffered) and self._is_vacant(unit, e)]
        if not vacant:
            return
        for task in work.tasks_of_tokens(unit.connection, vacant):
            if task.vacant and task.assignee is None and task.area is not None:
                self._tell(unit, task, task.area)

    def _is_vacant(self, unit: Unit, event: TaskOffered) -> bool:
        """Nobody holds what the task asks for; the directory has just been asked the same."""
        if event.assignee is not None:
            return False
        return not event.selectors or all(o.vacant for o in self._directory.resolve(unit.connection, event.selectors, unit.now))

    def _tell(self, unit: Unit, task: TaskRow, area: str) -> None:
        office = self._settings.get(unit.connection, "directory.office_role", unit.now, area)
        asked = self._directory.describe_selectors(unit.connection, task.asked, unit.now)
        who_zh, who_en = "、".join(a.zh for a in asked.values()), ", ".join(a.in_("en") for a in asked.values())
        title = None if rows.is_of_a_party(unit.connection, task.instance) else task.title
        case = " ".join(filter(None, (task.number, title)))
        self._notices.send(
            unit.connection,
            [selectors.role(office, area)],
            kind="vacant",
            at=unit.now,
            title=Label(
                f"无人可办：{case} {task.name_zh}（{who_zh or '未指定'} 现无人任职）",
                f"Nobody can act: {case} {task.name_en} ({who_en or 'not named'} is vacant)",
            ),
            link=f"/cases/{task.instance}",
            instance=task.instance,
            occasion=f"vacant:{task.id}",
        )
