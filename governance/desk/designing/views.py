"""Drafts and files as the designer shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.designer.files import CODES, kind_of
from governance.designer.store import Draft, File


def title(draft: Draft | None) -> dict[str, str]:
    return {"zh": draft.title_zh, "en": draft.title_en} if draft is not None else {"zh": "", "en": ""}


def summary(draft: Draft, names: Callable[[str | None], str | None]) -> dict[str, Any]:
    """`problems`: what the last check found, None when the draft has changed since or was never checked."""
    fresh = draft.checked_revision == draft.revision
    return {
        "id": draft.id,
        "revision": draft.revision,
        "updated_at": draft.updated_at,
        "updated_by": names(draft.updated_by),
        "problems": {"errors": draft.errors, "warnings": draft.warnings} if fresh else None,
    }


def file_line(file: File, names: Callable[[str | None], str | None]) -> dict[str, Any]:
    return {
        "path": file.path,
        "kind": "codes" if file.path == CODES else kind_of(file.path),
        "size": len(file.content or b""),
        "digest": file.digest,
        "revision": file.revision,
        "changed_at": file.changed_at,
        "changed_by": names(file.changed_by),
    }


def names_of(app: Application, connection: Any, actor: Actor, people: Sequence[str | None]) -> Callable[[str | None], str | None]:
    """Person id → name in the reader's language."""
    found = app.directory.names(connection, sorted({p for p in people if p}))
    return lambda person: found[person].in_(actor.language) if person in found else person
