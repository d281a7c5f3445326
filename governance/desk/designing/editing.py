"""What the editors ask for: a fresh drawing, and what property panels offer."""

from __future__ import annotations

from engine.actor import Actor
from engine.definitions.layout import layout
from engine.definitions.reader import read_bpmn
from engine.errors import DeployRefused
from governance.application import Application
from governance.designer import catalogue as offers
from governance.designer import deployed, drafts
from governance.designer.catalogue import Catalogue
from governance.desk.designing.filing import read
from governance.desk.designing.rights import require_designer


def laid_out(app: Application, actor: Actor, draft: str, *, path: str | None = None, xml: str | None = None) -> bytes:
    """The BPMN with its picture drawn anew: of a file of the draft, or of text that is not saved. Raises Forbidden, NotFound,
    DeployRefused (with where it cannot be read)."""
    require_designer(app, actor)
    content = xml.encode() if xml is not None else read(app, actor, draft, path or "")[0].content or b""
    result = read_bpmn(content, path or "diagram.bpmn", language=actor.language)
    if result.file is None:
        raise DeployRefused(result.findings)
    return layout(content)


def catalogue(app: Application, actor: Actor, draft: str | None = None) -> Catalogue:
    """What property panels offer; with a draft, its files too. Raises Forbidden, NotFound."""
    require_designer(app, actor)
    with app.database.read() as connection:
        if draft is None:
            files = deployed.contents(connection, deployed.current(connection).paths)
        else:
            files = drafts.overlay(connection, drafts.get(connection, draft))
        return offers.catalogue(app, connection, files)
