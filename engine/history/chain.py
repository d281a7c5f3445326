"""The chain of digests of one instance's history (conventions 12). Pure: rows in, digests or problems out.

A row's `digest` = hash(salt + content); its `chain` = hash(chain before + the row's facts + digest). Content and salt live in
another table: erasing them changes neither, so the chain still proves that no row was altered, removed or put in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.ids import digest

#: The chain before the first row.
START = digest(b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One history row. `mandate` is canonical JSON text; `salt` and `content` are None once erased."""

    instance: str
    seq: int
    at: datetime
    kind: str
    element: str | None
    actor: str | None
    mandate: str | None
    salt: str | None
    content: str | None
    digest: str = ""
    chain: str = ""


def content_digest(salt: str, content: str) -> str:
    return digest((salt + content).encode())


def link(entry: Entry, before: str) -> str:
    """The chain value of `entry` that follows `before`."""
    facts = [
        before,
        entry.instance,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.kind,
        entry.element,
        entry.actor,
        entry.mandate,
        entry.digest,
    ]
    return digest(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode())


def seal(entries: Iterable[Entry], before: str) -> tuple[list[Entry], str]:
    """Give new entries their digests, in order; returns them and the new head of the chain."""
    sealed = []
    for entry in entries:
        if entry.salt is None or entry.content is None:
            raise ValueError("a new history entry needs its content")
        entry = replace(entry, digest=content_digest(entry.salt, entry.content))
        before = link(entry, before)
        sealed.append(replace(entry, chain=before))
    return sealed, before


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Where history is not what was written."""

    instance: str
    seq: int
    #: altered | content_altered | missing | content_missing | surplus | head | orphaned
    kind: str
    message: str


def check(entries: Iterable[Entry], *, instance: str, count: int, head: str, contents: bool = True) -> list[Problem]:
    """Follow the chain of one instance. `count` and `head` are what the instance row says; entries are ordered by seq."""
    problems: list[Problem] = []
    before, expected = START, 1
    for entry in entries:
        if entry.seq != expected:
            kind = "missing" if entry.seq > expected else "surplus"
            problems.append(Problem(instance=instance, seq=expected, kind=kind, message=f"expected row {expected}, found {entry.seq}"))
            expected = entry.seq
        before = link(entry, before)
        if before != entry.chain:
            problems.append(Problem(instance=instance, seq=entry.seq, kind="altered", message="the row is not the one that was chained"))
            before = entry.chain
        if contents and entry.salt is not None and content_digest(entry.salt, entry.content or "") != entry.digest:
            problems.append(
                Problem(instance=instance, seq=entry.seq, kind="content_altered", message="the content is not the one that was written")
            )
        expected += 1
    if expected - 1 != count:
        problems.append(
            Problem(instance=instance, seq=expected, kind="missing", message=f"{count} rows were written, {expected - 1} found")
        )
    elif before != head:
        problems.append(Problem(instance=instance, seq=count, kind="head", message="the end of the chain is not the instance's"))
    return problems
