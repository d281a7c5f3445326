"""What anyone may do without an account besides objecting to a notice: sign up, hand something in. From buttons that are public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import NotFound
from engine.queries import ActionLine
from governance.application import Application
from governance.desk.views import FormView
from governance.registers import store as rows

#: a state that shows its row to everybody
_PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCall:
    """One thing anyone may do now. `title` is what the public row of the case says, empty where no row is public."""

    token: str
    name: Label
    process: Label
    title: str
    number: str


def open_calls(app: Application) -> list[PublicCall]:
    """What is open now, of cases that have a row everybody may see. Buttons that belong to one notice stand on its page."""
    found = []
    with app.database.read() as connection:
        for instance, button in app.engine.queries.public_actions():
            shown = [r for r in rows.rows_of_instance(connection, instance) if r.access == _PUBLIC]
            if button.key is not None and app.publicity.exists(connection, button.key):
                continue
            if shown:
                process = app.engine.queries.process_of(instance).name
                found.append(
                    PublicCall(
                        token=button.token, name=button.name, process=process, title=shown[0].title or "", number=shown[0].number or ""
                    )
                )
    return found


def call(app: Application, actor: Actor, token: str) -> tuple[PublicCall, FormView | None]:
    """One of them with its form. Raises NotFound when it is not open."""
    shown, instance, button = _find(app, token)
    rendered = app.engine.queries.action_form(instance, button.token, actor=actor) if button.form else None
    return shown, FormView(payload=rendered.payload()) if rendered else None


def answer(app: Application, actor: Actor, token: str, data: Mapping[str, Any], *, key: str | None = None) -> None:
    """Do it. Raises NotFound, FormInvalid, NotExpected."""
    _, instance, button = _find(app, token)
    app.engine.act(instance, button.token, data, actor=actor, idempotency_key=key)


def _find(app: Application, token: str) -> tuple[PublicCall, str, ActionLine]:
    shown = next((c for c in open_calls(app) if c.token == token), None)
    pressed = next(((i, b) for i, b in app.engine.queries.public_actions() if b.token == token), None)
    if shown is None or pressed is None:
        raise NotFound
    return shown, *pressed
