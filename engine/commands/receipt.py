"""What a command answers, and a repeated one answers again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer of a command.

    `outcome` is the state of the instance (running | completed | cancelled | failed), or ``buffered`` for a message nobody
    waited for. `tasks` are the ids of the tasks the command offered. `repeated`: this is the first answer, given again.
    """

    instance: str | None
    outcome: str
    number: str | None = None
    tasks: tuple[str, ...] = ()
    repeated: bool = False

    @property
    def answer(self) -> dict[str, Any]:
        """As JSON: what is stored and sent."""
        return {"instance": self.instance, "outcome": self.outcome, "number": self.number, "tasks": list(self.tasks)}

    @classmethod
    def again(cls, answer: Mapping[str, Any]) -> Receipt:
        """The receipt of a stored answer."""
        receipt = cls(instance=answer["instance"], outcome=answer["outcome"], number=answer["number"], tasks=tuple(answer["tasks"]))
        return replace(receipt, repeated=True)
