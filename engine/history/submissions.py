"""What was handed in – with a task, at a start event, with an action –, version by version: the submission itself and every correction.

Pure: history rows in.

The row of a submission also keeps what a correction needs of that moment, under ``seen``: the scope around the task, the variables
its form and output mappings read, and which of them were the task's own. It goes with the content when that is erased, and no reader
of the history is shown it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import ids, values
from engine.history.chain import Entry

#: history kinds that hold a first version: of a task, a start form, an action; and the kind that holds a later one
FIRST, CORRECTED = frozenset({"task_completed", "form_submitted", "action_used"}), "submission_corrected"
#: member of the content that is the engine's own
SEEN = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The surroundings of a submission. `scope`: token of the scope around the task; `many`: it was one of a multi-instance, `own`
    its own variables, which went with it; `large`: digests of values too large to be kept once more with each submission."""

    scope: str | None = None
    many: bool = False
    own: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)
    large: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As the history keeps it."""
        facts = {"scope": self.scope, "many": self.many, "own": sorted(self.own), "values": dict(self.values), "large": dict(self.large)}
        return {name: value for name, value in facts.items() if value}

    def sight(self, present: Mapping[str, Any]) -> dict[str, Any]:
        """The variables as they were; as they are now where nobody kept them, null where they are gone."""
        return {**dict.fromkeys(self.large), **present, **self.values}

    def unknown(self, present: Mapping[str, Any]) -> frozenset[str]:
        """Large variables that are not any more what they were."""
        return frozenset(n for n, digest in self.large.items() if n not in present or value_digest(present[n])[0] != digest)

    @staticmethod
    def of_plain(kept: Mapping[str, Any]) -> Seen:
        return Seen(
            scope=kept.get("scope"), many=bool(kept.get("many")), own=frozenset(kept.get("own", ())), values=kept.get("values", {}),
            large=kept.get("large", {}),
        )  # fmt: skip


def value_digest(value: Any) -> tuple[str, int]:
    """Digest of a value, and its length as text."""
    text = values.dumps(value)
    return ids.digest(text.encode()), len(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a submission; number 1 is what was handed in with the task."""

    number: int
    seq: int
    at: datetime
    form: Mapping[str, Any]
    #: who wrote the history row: who completed the task, or who approved the correction
    actor: str | None
    #: whose words they are
    author: str | None
    #: selector under which the task was completed
    selector: str | None = None
    seen: Seen = Seen()
    guards: tuple[Mapping[str, Any], ...] | None = None
    reason: str = ""
    corrected_by: str | None = None
    #: output targets that the correction changed, and those it left because a later step had changed them or they were gone
    written: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """Beside the data in ``form``; by and at stay those of the submission, so the caller gives them."""
        return {"corrected_by": self.corrected_by, "corrected_at": self.at} if self.number > 1 else {}


def versions(entries: Iterable[Entry], task: str) -> list[Version]:
    """The versions of one submission, by the id of its task or its own, oldest first. Empty: there was none, or its content is erased."""
    found: list[Version] = []
    for entry in entries:
        content = values.loads(entry.content) if entry.content is not None and (entry.kind == CORRECTED or entry.kind in FIRST) else None
        if not isinstance(content, Mapping) or content.get("task") != task:
            continue
        if entry.kind == CORRECTED and not found:
            continue  # the submission itself is erased: nothing to compare with
        found.append(_version(entry, content, found))
    return found


def _version(entry: Entry, content: Mapping[str, Any], before: list[Version]) -> Version:
    entered = content.get("entered")
    first = before[0] if before else None
    author = entered.get("person") if isinstance(entered, Mapping) else entry.actor
    guards = content.get("guards")
    return Version(
        number=len(before) + 1, seq=entry.seq, at=entry.at, form=content.get("form", {}), actor=entry.actor,
        author=first.author if first else author, selector=_selector(entry.mandate),
        seen=first.seen if first else Seen.of_plain(content.get(SEEN, {})),
        guards=None if guards is None else tuple(guards), reason=str(content.get("reason", "")),
        corrected_by=content.get("corrected_by"), written=tuple(content.get("written", ())), left=tuple(content.get("left", ())),
    )  # fmt: skip


def _selector(mandate: str | None) -> str | None:
    return json.loads(mandate).get("selector") if mandate else None


def without_seen(content: Any) -> Any:
    """The content as readers get it."""
    return {name: value for name, value in content.items() if name != SEEN} if isinstance(content, Mapping) else content
