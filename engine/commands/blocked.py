"""Processes of other tools with parts that cannot run: stored and shown with the list of those parts, never started.

The list is kept with the definition in the set that is current, in both languages, and made anew with every deployment:
what was missing (a service, a decision, a called process) may be there now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Finding, NotExecutable
from engine.store import definitions as store

Connection = Any
#: language → findings as they are stored
Said = Mapping[str, Sequence[Mapping[str, Any]]]

CANNOT_RUN = "cannot_run"
LANGUAGES = ("zh", "en")


def findings(said: Said | None, language: str) -> tuple[Finding, ...]:
    """What was stored, in the reader's language."""
    return tuple(Finding(**found) for found in (said or {}).get(language, ()))


def of_version(connection: Connection, deployment: str, path: str) -> Said | None:
    """What a deployment said about a file that is not the newest any more; in the language of whoever deployed it."""
    report = [found for found in store.deployment_report(connection, deployment) if found.get("stored") and found["file"] == path]
    return dict.fromkeys(LANGUAGES, report) if report else None


def require_executable(entry: Mapping[str, Any], process: str, language: str) -> None:
    """Raises NotExecutable with the list of what cannot run."""
    if entry.get(CANNOT_RUN):
        raise NotExecutable(process, findings(entry[CANNOT_RUN], language))
