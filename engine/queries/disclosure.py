"""Who may read an instance's variables and files, asked in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.commands.expressions import Evaluator
from engine.definitions.protection import Rule, protected
from engine.errors import ExpressionFailed, UnknownVariable
from engine.guards import Guard, evaluated
from engine.ports import InstanceRef
from engine.queries.reader import Reader, visible_at
from engine.store import guards
from engine.store.live import StoredRows


class DisclosureQueries(Reader):
    """Guards of what is kept for some, and FEEL as a token sees it."""

    def evaluator(self, connection: Any, instance_id: str, token: str | None = None) -> Callable[[str], Any]:
        """FEEL as a token of the instance sees it (None: the outermost scope), as it is stored. It raises UnknownVariable and
        ExpressionFailed. Raises NotFound."""
        row, runtime = self._instance(connection, instance_id), self._runtime
        seen = visible_at(connection, row, token or row.root)
        reference = InstanceRef(
            id=row.id, process=row.process, version=row.process_version, number=row.number, area=row.area, starter=row.starter
        )
        now = runtime.clock.now()
        evaluate = Evaluator(
            now=now,
            zone=runtime.zone,
            names=runtime.functions.names(),
            functions=lambda: runtime.functions.bind(connection, reference, now),
            codes=self.definitions_of(connection, instance_id).codes,
        )
        return lambda expression: evaluate(expression, seen)

    def variable_guards(self, connection: Any, instance_id: str, token: str | None = None) -> dict[str, tuple[Guard, ...]]:
        """Who may read the declared variables that a token sees (None: the outermost scope): those with a protection of their own.
        What the token's own element takes in as an input is a disclosure of the model's and not among them. Raises NotFound."""
        row = self._instance(connection, instance_id)
        live = StoredRows(connection, row.root).row(token) if token is not None else None
        model = self.definitions_of(connection, instance_id).process(live.process if live is not None else row.process)
        node = model.nodes.get(live.node or "") if live is not None else None
        taken = {m.target.partition(".")[0] for m in node.inputs} if node is not None else set()
        rules = {name: rule for name, rule in protected(model).items() if name not in taken}
        if not rules:
            return {}
        evaluate = self.evaluator(connection, instance_id, token)
        stored = guards.of_instance(connection, instance_id, guards.DATA)
        return {name: _now(rule, evaluate, stored.get(f"{model.id}/{name}", ())) for name, rule in rules.items()}

    def guards_of(self, connection: Any, instance_id: str, kind: str) -> dict[str, tuple[Guard, ...]]:
        """Guards of the files or documents (engine.store.guards) of an instance."""
        return guards.of_instance(connection, instance_id, kind)


def _now(rule: Rule, evaluate: Callable[[str], Any], stored: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """The rule as the variables stand now, for whoever handed in the value last, too. Where it names what only an inner scope knew
    (one participant of many), what was stored with each submission holds instead, all of it."""
    try:
        if rule.of is not None:
            evaluate(rule.of)
    except (UnknownVariable, ExpressionFailed):
        return stored or evaluated([rule], evaluate)
    return evaluated([rule], evaluate, stored[-1].by if stored else ())
