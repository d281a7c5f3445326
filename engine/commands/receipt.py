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

    @classmethod
    def again(cls, answer: Mapping[str, Any]) -> Receipt:
        """The receipt of a stored answer."""
        return cls(
            instance=answer["instance"],
            outcome=answer["outcome"],
            number=answer["number"],
            tasks=tuple(answer["tasks"]),
            repeated=True,
        )
