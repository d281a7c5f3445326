"""What an operator asks for when he moves a case by hand. Plain data; `engine.runner.modification` carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import CogovError

BEFORE, AFTER, FLOW = "before", "after", "flow"
PLACES = (BEFORE, AFTER, FLOW)


class ModificationRefused(CogovError):
    """不能这样移动 / The case cannot be moved like that"""

    code = "modification_refused"

    def __init__(self, zh: str, en: str, **details: Any) -> None:
        super().__init__(f"{zh} / {en}", **details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Take a live element instance away: by its token, or every one of an element."""

    token: str | None = None
    element: str | None = None
    #: procedure the element belongs to; None: the case's own
    process: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Begin before or after an element, or on a sequence flow (`where`: before | after | flow; then `element` is the flow's id).

    `scope`: token of a scope around it, when several are live. `variables` are written as an output mapping would: to the nearest
    scope outwards that has the name, else to the process.
    """

    element: str
    where: str = BEFORE
    scope: str | None = None
    process: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


Instruction = Cancel | Start
