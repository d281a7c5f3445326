"""Forms that are handed in without a task: of start events and of actions. They get an id as tasks have, so that they can be corrected.

Their row stands beside those of done tasks but is none: it is in no list of done tasks, and makes nobody a participant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.unit import CommandUnit
from engine.definitions.model import Node
from engine.definitions.protection import names_in, rules_of
from engine.history.submissions import Seen
from engine.store import work


def surroundings(
    unit: CommandUnit, process: str, node: Node, form: str | None, *, visible: Mapping[str, Any], scope: str | None,
    many: bool = False, own: frozenset[str] = frozenset(),
) -> dict[str, Any]:  # fmt: skip
    """What a correction will need of the moment a form is handed in (history.submissions). `visible`: the variables at that place."""
    model = unit.definitions.process(process)
    names = {name for mapping in node.outputs for name in (*names_in(mapping.source), mapping.target.partition(".")[0])}
    for rule in rules_of(model, node):
        names.update(name for text in (rule.of, rule.about, rule.chosen) if text is not None for name in names_in(text))
    if form is not None:
        names |= unit.definitions.form(form).reads
    values = {name: visible[name] for name in names if name in visible}
    return Seen(scope=scope, many=many, own=own if many else frozenset(), values=values).plain()


def keep(unit: CommandUnit, identity: str, process: str, node: Node, form: str) -> None:
    """Write the row of a form that came in without a task. `identity` stands in its history row, as a task's does."""
    name = node.name
    row = {
        "id": identity, "instance": unit.row.id, "process": process, "node": node.id, "name_zh": name.in_("zh") or node.id,
        "name_en": name.in_("en") or node.id, "form": form, "person": unit.actor.person, "created_at": unit.now, "at": unit.now,
        "outcome": work.HANDED_IN, "salt": None, "digest": None, "answer": None,
    }  # fmt: skip
    work.add_done(unit.connection, [row])
