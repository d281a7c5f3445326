"""What the desk answers about corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.actor import Mandate
from engine.definitions.model import Label
from governance.corrections.differences import Line
from governance.desk.views import CaseHead, FormView


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """Asking for a correction. `why_not`: what stands in the way; then there is no form. `authors`: the reader enters it for them."""

    task: str
    name: Label
    head: CaseHead
    submitted: datetime
    version: int
    why_not: Label | None = None
    form: FormView | None = None
    authors: Sequence[tuple[str, str]] = ()
    #: names of those who may approve
    above: Sequence[str] = ()
    #: a request that waits for a decision
    open_request: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request in a list. `state`: open | approved | refused; `decides`: the reader may decide it."""

    id: str
    task: str
    instance: str
    name: Label
    title: str
    number: str | None
    state: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    decides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """A request with both versions side by side. `written`: variables that took the corrected value, `left` those that had moved on
    (after approval)."""

    line: RequestLine
    head: CaseHead
    reason: str
    lines: Sequence[Line]
    version: int
    mandate: Mandate | None = None
    why_not: Label | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""
    written: Sequence[Label] = ()
    left: Sequence[Label] = ()
    above: Sequence[str] = ()
    entered: Label | None = None
