"""Who may use the designer: whoever has the grant admin.design, in any area, since procedures hold in the whole installation."""

from __future__ import annotations

from engine.actor import Actor
from governance.application import Application
from governance.desk.histories import require
from governance.desk.reading import look
from governance.directory.may import Decision, Reach, Scope, decide

RIGHT = "admin.design"


def may_design(app: Application, actor: Actor) -> bool:
    """Whether the reader may use the designer."""
    with app.database.read() as connection:
        return bool(_decision(look(app, actor, connection).reach))


def require_designer(app: Application, actor: Actor) -> None:
    """Raises Forbidden."""
    with app.database.read() as connection:
        require(_decision(look(app, actor, connection).reach))


def _decision(reach: Reach) -> Decision:
    """The grant in any area opens the designer."""
    areas: list[str | None] = [None, *sorted({area for granted in reach.grants.values() for area in granted})]
    found = [decide(reach, RIGHT, Scope(area=area)) for area in areas]
    return next((decision for decision in found if decision), found[0])
