"""What stands around the page of this request: menu and counts, read once."""

from __future__ import annotations

from flask import g

from governance.desk import frame
from web.reader import application
from web.session import actor


def surroundings() -> frame.Frame:
    """The reader's menu. Raises Forbidden for the public."""
    if "frame" not in g:
        g.frame = frame.of(application(), actor())
    return g.frame  # type: ignore[no-any-return]
