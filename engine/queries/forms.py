"""Forms for the browser, filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.commands import opening, starting
from engine.errors import NotFound
from engine.forms.compiled import CompiledForm
from engine.forms.rendering import Rendered
from engine.queries.reader import Reader, visible_at
from engine.store import work


class FormQueries(Reader):
    """Forms of tasks, starts and buttons."""

    def form(self, task_id: str) -> CompiledForm | None:
        """The compiled form of an open task, None when it has none. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            instance = self._instance(connection, row.instance)
            return self._runtime.library.bound(connection, instance.definitions).form(row.form) if row.form else None

    def task_form(
        self, task_id: str, *, actor: Actor, data: Mapping[str, Any] | None = None, without: Collection[str] = ()
    ) -> Rendered | None:
        """The form of an open task for the browser, in the actor's language, with his draft (or `data`) filled in; variables
        `without` the actor's class of readers are not filled in.

        Raises NotFound.
        """
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            if row.form is None:
                return None
            instance = self._instance(connection, row.instance)
            visible = visible_at(connection, instance, row.token)
            if data is None and actor.person is not None:
                data = work.draft_of(connection, task_id, actor.person)
            return self._render(connection, instance.definitions, row.form, blanked(visible, without), actor, data)

    def start_form(
        self, process: str, *, actor: Actor, version: int | None = None, area: str | None = None, data: Mapping[str, Any] | None = None
    ) -> Rendered | None:
        """The form of a start by hand, None when it has none. Raises NotFound."""
        with self._runtime.database.read() as connection:
            definitions = self._bound(connection, process, version)
            model = definitions.process(process)
            node = starting.none_start(model)
            form = definitions.form_of(node)
            if form is None:
                return None
            known = {**dict.fromkeys(model.data), "area": area, "starter": actor.person, "number": None}
            return self._render(connection, definitions.digest, form, known, actor, data)

    def action_form(
        self, instance: str, token: str, *, actor: Actor, data: Mapping[str, Any] | None = None, without: Collection[str] = ()
    ) -> Rendered | None:
        """The form of a button of the case page, None when it has none; as `task_form`. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance)
            action = work.action_of(connection, token, None)
            if action is None or action.instance != instance:
                raise NotFound("this action is not available", instance=instance, action=token)
            if action.form is None:
                return None
            visible = blanked(visible_at(connection, row, token), without)
            return self._render(connection, row.definitions, action.form, visible, actor, data)

    def form_of(self, instance_id: str, form: str) -> CompiledForm:
        """A form in the version a case runs. Raises NotFound."""
        with self._runtime.database.read() as connection:
            return self.definitions_of(connection, instance_id).form(form)

    def compiled_form(self, form: str) -> CompiledForm:
        """A form in its newest version. Raises NotFound."""
        with self._runtime.database.read() as connection:
            return self._runtime.library.current(connection).form(form)

    def _render(
        self, connection: Any, digest: str, form: str, visible: Mapping[str, Any], actor: Actor, data: Mapping[str, Any] | None,
        at: datetime | None = None,
    ) -> Rendered:  # fmt: skip
        runtime = self._runtime
        compiled = runtime.library.bound(connection, digest).form(form)
        context = opening.form_context(runtime, connection, None, actor, visible, at or runtime.clock.now())
        return compiled.render(actor.language, data=data, context=context)


def blanked(visible: Mapping[str, Any], without: Collection[str]) -> dict[str, Any]:
    """The names stay: an expression of the form that uses one reads null, as before it had a value."""
    return {name: None if name in without else value for name, value in visible.items()}
