"""One command of the designer in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from engine.actor import Actor
from engine.store.database import is_duplicate
from governance.application import Application
from governance.designer import drafts
from governance.desk.designing.views import names_of

Result = TypeVar("Result")


def write(app: Application, command: Callable[[Any, datetime], Result]) -> Result:
    """One transaction; two who make the same draft at once get the one that was first."""
    at = app.clock.now()
    try:
        return app.database.run(lambda connection: command(connection, at))
    except Exception as error:
        if not is_duplicate(error):
            raise
    return app.database.run(lambda connection: command(connection, at))


@contextmanager
def naming(app: Application, actor: Actor) -> Iterator[None]:
    """Who was faster is told by name."""
    try:
        yield
    except drafts.Overtaken as lost:
        with app.database.read() as connection:
            name = names_of(app, connection, actor, [lost.details["by"]])(lost.details["by"])
        lost.details["by_name"] = name
        raise
