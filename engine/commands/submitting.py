"""Forms that are handed in without a task: of start events and of actions. They get an id as tasks have, so that they can be corrected.

Their row stands beside those of done tasks but is none: it is in no list of done tasks, and makes nobody a participant.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.commands.unit import CommandUnit
from engine.definitions.model import Node
from engine.definitions.protection import names_in, rules_of
from engine.history.submissions import Seen, value_digest
from engine.store import work

#: characters of typed JSON; a loop that adds to a list would keep all of the list with every round
_LARGE = 8000


def surroundings(
    unit: CommandUnit, process: str, node: Node, form: str | None, *, visible: Mapping[str, Any], scope: str | None,
    many: bool = False, own: frozenset[str] = frozenset(),
) -> dict[str, Any]:  # fmt: skip
    """What a correction will need of the moment a form is handed in (history.submissions). `visible`: the variables at that place."""
    model = unit.definitions.process(process)
    names = {name for mapping in node.outputs for name in (*names_in(mapping.source), mapping.target.partition(".")[0])}
    if form is not None:
        names |= unit.definitions.form(form).reads
    # who may read it is always asked of that day's values
    texts = [text for rule in rules_of(model, node) for text in (rule.of, rule.about, rule.chosen) if text is not None]
    protecting = {name for text in texts for name in names_in(text)}
    found = {name: visible[name] for name in names | protecting if name in visible}
    large = {name: digest for name in found.keys() - protecting if (digest := _digest_of_large(found[name])) is not None}
    kept = {name: value for name, value in found.items() if name not in large}
    return Seen(scope=scope, many=many, own=own if many else frozenset(), values=kept, large=large).plain()


def _digest_of_large(value: Any) -> str | None:
    if value is None or isinstance(value, (bool, int, Decimal)):
        return None
    digest, length = value_digest(value)
    return digest if length > _LARGE else None


def keep(unit: CommandUnit, identity: str, process: str, node: Node, form: str) -> None:
    """Write the row of a form that came in without a task. `identity` stands in its history row, as a task's does."""
    name = node.name
    row = {
        "id": identity, "instance": unit.row.id, "process": process, "node": node.id, "name_zh": name.in_("zh") or node.id,
        "name_en": name.in_("en") or node.id, "form": form, "person": unit.actor.person, "created_at": unit.now, "at": unit.now,
        "outcome": work.HANDED_IN, "salt": None, "digest": None, "answer": None,
    }  # fmt: skip
    work.add_done(unit.connection, [row])
