"""Every service of governance, by name (docs/reference/services.md)."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

_MODULES = (
    "governance.deadlines.services",
    "governance.directory.services",
    "governance.dispatch.services",
    "governance.documents.services",
    "governance.handoffs.services",
    "governance.lots.services",
    "governance.meetings.services",
    "governance.notices.services",
    "governance.opinions.services",
    "governance.papers.services",
    "governance.publicity.services",
    "governance.registers.services",
    "governance.resources.services",
    "governance.scoring.services",
    "governance.signing.services",
    "governance.votes.services",
)


def handlers() -> list[Any]:
    """The functions marked with @service, in the order of their modules."""
    found: list[Any] = []
    for name in _MODULES:
        module = import_module(name)
        found += [f for _, f in inspect.getmembers(module, inspect.isfunction) if hasattr(f, "__service__") and f.__module__ == name]
    return found
