"""What was handed in with a completed task, and the form to correct it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.actor import Actor
from engine.commands import correcting
from engine.definitions.protection import rules_of
from engine.forms.rendering import Rendered
from engine.guards import Guard, unevaluated
from engine.history.submissions import Version
from engine.queries.forms import FormQueries
from engine.queries.reader import visible_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A version of what was handed in with a task; `guards`: who may read it; empty: whoever reads the case."""

    version: Version
    guards: tuple[Guard, ...] = ()


class SubmissionQueries(FormQueries):
    """What was handed in."""

    def submissions(self, task_id: str, connection: Any = None) -> tuple[Submitted, ...]:
        """The versions of what was handed in with a completed task, oldest first, with who may read each; in the caller's transaction
        when a connection is given. Raises NotFound, NothingToCorrect when no form was handed in or it is not kept any more."""
        if connection is None:
            with self._runtime.database.read() as own:
                return self.submissions(task_id, own)
        done = self._done(connection, task_id)
        row = self._instance(connection, done.instance)
        model = self._runtime.library.bound(connection, row.definitions).process(done.process)
        old = unevaluated(rules_of(model, model.nodes[done.node]))
        return tuple(
            Submitted(version=v, guards=old if v.guards is None else tuple(Guard.of_plain(g) for g in v.guards))
            for v in correcting.of_task(connection, done)
        )

    def correction_form(self, task_id: str, *, actor: Actor, data: Mapping[str, Any] | None = None) -> Rendered:
        """The form of a completed task with what was handed in last (or `data`) filled in, in the version the case runs and with the
        choices and variables of that day. Raises NotFound, NothingToCorrect."""
        with self._runtime.database.read() as connection:
            done = self._done(connection, task_id)
            row = self._instance(connection, done.instance)
            found = correcting.of_task(connection, done)
            visible = found[0].seen.sight(visible_at(connection, row, found[0].seen.scope or row.root))
            shown = found[-1].form if data is None else data
            return self._render(connection, row.definitions, done.form, visible, actor, shown, at=found[0].at)
