"""Who works on a task, until when, and who may start a process: Camunda 7, Flowable, Activiti; due dates of Camunda 8 as well."""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.foreign import juel
from engine.definitions.foreign.forms import read_form
from engine.definitions.foreign.reader import Reader, key_of, names_of, static_selectors
from engine.definitions.model import FEEL, Deadline
from engine.definitions.reading.document import extension
from engine.definitions.reading.names import zeebe
from engine.definitions.reading.texts import expression, literal

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")


def read_work(reader: Reader) -> dict[str, Any]:
    """Fields of a user or manual task."""
    groups = _selectors(reader, "candidateGroups", "")
    users = _selectors(reader, "candidateUsers", "person:")
    candidates = f"concatenate({groups}, {users})" if groups and users else groups or users
    assignee = reader.feel(reader.attribute("assignee", "assignee"), "assignee")
    return {"assignee": assignee, "candidates": candidates, "deadline": _due(reader)} | read_form(reader)


def _selectors(reader: Reader, name: str, prefix: str) -> FEEL | None:
    """A comma separated list of names, or one expression giving them."""
    text = reader.attribute(name, name)
    if text is None:
        return None
    if not juel.is_marked(text):
        return static_selectors(text, prefix)
    feel = reader.feel(text, name)
    if feel is None:
        return None
    return names_of(feel, prefix)


def _due(reader: Reader) -> Deadline | None:
    """A due date is a deadline: a period from the start of the task, or a moment."""
    schedule = extension(reader.element, zeebe("taskSchedule"))
    if schedule is not None:
        reader.take(schedule, "deadline")
        limit = _limit(expression(reader.part(schedule, "dueDate", "deadline limit")))
    else:
        limit = _limit(reader.feel(reader.attribute("dueDate", "deadline limit"), "dueDate"))
    return None if limit is None else Deadline(id=f"{reader.element.get('id')}_due", limit=limit)


def _limit(feel: FEEL | None) -> str | None:
    """A period or what is neither period nor moment as it is (BPMN-068 says so), a moment or an expression as FEEL."""
    if feel is None:
        return None
    if not (feel.startswith('"') and feel.count('"') == 2) or _MOMENT.fullmatch(feel.strip('"')):
        return f"={feel}"
    return feel.strip('"')


def read_starters(reader: Reader) -> FEEL | None:
    """Who may start the process by hand, as selectors; None: the lane of its start event decides."""
    groups = [part for part in (reader.attribute("candidateStarterGroups", "start permission") or "").split(",") if part.strip()]
    users = [part for part in (reader.attribute("candidateStarterUsers", "start permission") or "").split(",") if part.strip()]
    for name, parts in (("candidateStarterGroups", groups), ("candidateStarterUsers", users)):
        if any(juel.is_marked(part) for part in parts):
            reader.cannot_say(", ".join(parts), reader.element, key_of(reader.element, name))
            return None
    selectors = [f"role({literal(group.strip())}, area)" for group in groups] + [literal(f"person:{user.strip()}") for user in users]
    return f"[{', '.join(selectors)}]" if selectors else None
