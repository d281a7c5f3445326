"""What a command answers, and a repeated one answers again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer of a command.

    `outcome` is the state of the instance (running | completed | cancelled | failed), or ``buffered`` for a message nobody
    waited for. `name` is that of the task the command completed, `tasks` are the ids of the tasks it offered. `repeated`: this is
    the first answer, given again.
    """

    instance: str | None
    outcome: str
    number: str | None = None
    name: Label | None = None
    tasks: tuple[str, ...] = ()
    repeated: bool = False

    @property
    def answer(self) -> dict[str, Any]:
        """As JSON: what is stored. The name is in the task's own row."""
        return {"instance": self.instance, "outcome": self.outcome, "number": self.number, "tasks": list(self.tasks)}

    @property
    def brief(self) -> dict[str, Any]:
        """What is kept of the answer with a done task, whose row names the instance: only what says something."""
        return {name: value for name, value in self.answer.items() if value and name != "instance"}

    @classmethod
    def again(cls, answer: Mapping[str, Any], instance: str | None = None) -> Receipt:
        """The receipt of a stored answer; `instance`: of a brief one."""
        return cls(
            instance=answer.get("instance", instance),
            outcome=answer["outcome"],
            number=answer.get("number"),
            tasks=tuple(answer.get("tasks", ())),
            repeated=True,
        )
