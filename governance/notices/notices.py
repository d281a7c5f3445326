"""Telling people: resolve who is meant, write a row each, hand it to other channels after commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from engine.definitions.model import Label
from engine.errors import CogovError
from engine.ids import uuid7
from engine.ports import JobHandler, Jobs
from governance.directory import selectors
from governance.directory.directory import Directory
from governance.notices import store
from governance.notices.channels import Channel
from governance.notices.store import Notice

#: Name of the job that delivers a notice through the channel; payload {notice: id}.
JOB = "notice"


class UnknownNoticeKind(CogovError):
    """No notice kind has this code; give a title or one of the known kinds."""

    code = "unknown_notice_kind"


@cache
def notice_kinds() -> Mapping[str, Label]:
    """Kinds with their titles; ``{subject}`` is replaced by the case's number or title."""
    text = files("governance.notices").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return {kind: Label(entry["zh"], entry["en"]) for kind, entry in yaml.safe_load(text).items()}


class Notices:
    """`channel` and `jobs` together add delivery outside the product; without them a notice is only a row."""

    def __init__(self, directory: Directory, *, channel: Channel | None = None, jobs: Jobs | None = None) -> None:
        self._directory, self._channel, self._jobs = directory, channel, jobs

    def send(
        self,
        connection: Any,
        to: Sequence[str],
        *,
        kind: str,
        at: datetime,
        title: Label | None = None,
        subject: str = "",
        link: str | None = None,
        instance: str | None = None,
        occasion: str | None = None,
    ) -> list[str]:
        """Tell everybody behind `to` (selectors, or bare person ids), each once, and return who was told now.

        Vacant selectors go to the nearest holder up the tree. `occasion` makes a repeated call for the same thing a no-op for those
        already told. Without `title` the kind's own is used with `subject` in it: raises UnknownNoticeKind if it has none.
        """
        text = title or _title(kind, subject)
        targets = self._people(connection, to, at)
        occasion = occasion or uuid7(_ms(at))
        known = store.told(connection, targets, occasion)
        rows = [
            {
                "id": uuid7(_ms(at)),
                "person": person,
                "selector": selector,
                "kind": kind,
                "title_zh": text.zh or text.en,
                "title_en": text.en or text.zh,
                "link": link,
                "instance": instance,
                "occasion": occasion,
                "at": at,
            }
            for person, selector in targets.items()
            if person not in known
        ]
        store.insert(connection, rows)
        if self._channel is not None and self._jobs is not None:
            for row in rows:
                self._jobs.enqueue(connection, JOB, {"notice": row["id"]}, key=f"notice:{row['id']}")
        return [str(row["person"]) for row in rows]

    def people(self, connection: Any, to: Sequence[str], at: datetime) -> list[str]:
        """Who would be told now."""
        return list(self._people(connection, to, at))

    def list(self, connection: Any, person: str, *, unread: bool = False, before: str | None = None, limit: int = 50) -> Sequence[Notice]:
        """The person's notices, newest first; `before` is the id of the last one already shown."""
        return store.of_person(connection, person, unread=unread, before=before, limit=limit)

    def unread(self, connection: Any, person: str) -> int:
        return store.count_unread(connection, person)

    def mark_read(self, connection: Any, person: str, at: datetime, ids: Sequence[str] | None = None) -> int:
        """Mark these (or all) of the person's notices as read; returns how many were unread."""
        return store.mark_read(connection, person, ids, at)

    def of_instance(self, connection: Any, instance: str) -> Sequence[Notice]:
        """Everything that was told about a case, newest first."""
        return store.of_instance(connection, instance)

    def delivery_handler(self, begin: Callable[[], AbstractContextManager[Any]]) -> JobHandler:
        """The handler of job ``notice``; `begin` opens a transaction (Database.read)."""

        def deliver(payload: Mapping[str, Any]) -> None:
            with begin() as connection:
                found = store.get(connection, payload["notice"])
            if found is not None and self._channel is not None:
                self._channel.deliver(found, key=f"notice:{found.id}")

        return deliver

    def _people(self, connection: Any, to: Sequence[str], at: datetime) -> dict[str, str]:
        """Person → the selector that names him, in order. The public is told by publicity, not by notices."""
        asked = [t if ":" in t else selectors.person(t) for t in to if t != "public"]
        offers = [o.selector for o in self._directory.resolve(connection, asked, at)]
        found: dict[str, str] = {}
        for selector, people in self._directory.holders(connection, offers, at).items():
            for person in people:
                found.setdefault(person, selector)
        return found


def _title(kind: str, subject: str) -> Label:
    known = notice_kinds().get(kind)
    if known is None:
        raise UnknownNoticeKind(f"没有通知类型 {kind} / no notice kind {kind}; known: {', '.join(notice_kinds())}", kind=kind)
    return Label(_fill(known.zh, subject), _fill(known.en, subject))


def _fill(text: str, subject: str) -> str:
    return text.replace("{subject}", subject) if subject else text.replace("：{subject}", "").replace(": {subject}", "")


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
