"""What an import answers, and what all importers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.model import Label
from governance.importers.cells import Choices
from governance.importers.layout import Layout
from governance.imports.store import Run


@dataclass(slots=True)
class Imported:
    """`run` None: only checked. `counts`: sheet → rows. `passwords`: login → first password, to be told once."""

    run: Run | None
    counts: Mapping[str, int]
    passwords: dict[str, str] = field(default_factory=dict)


def own_choices(layout: Layout) -> Choices:
    """The lists of codes that stand in the layout itself."""
    lists = layout.data.get("choices", {})
    return {name: {code: Label(label["zh"], label["en"]) for code, label in entries.items()} for name, entries in lists.items()}
