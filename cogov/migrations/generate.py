"""Write the migration that leads from the newest one to the tables as they are declared: ``python -m cogov.migrations.generate "what"``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext

from cogov.migrations import config
from engine.store.database import Database
from engine.store.metadata import Moment, PlainJson, TypedJson


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own column types by name."""
    if kind != "type":
        return False
    for name, ours in (("Moment", Moment), ("TypedJson", TypedJson)):
        if isinstance(item, ours):
            context.imports.add(f"from engine.store.metadata import {name}")
            return f"{name}()"
    if isinstance(item, type(PlainJson)) and repr(item) == repr(PlainJson):
        context.imports.add("from engine.store.metadata import PlainJson")
        return "PlainJson"
    return False


def generate(message: str, revision: str) -> str:
    """Compare an empty in-memory database, migrated to the newest version, with the tables. Returns the new file's path."""
    database = Database("sqlite://")
    settings = config()
    with database.write() as connection:
        settings.attributes["connection"] = connection
        settings.attributes["render_item"] = render_item
        command.upgrade(settings, "head")
        script = command.revision(settings, message=message, autogenerate=True, rev_id=revision)
    database.dispose()
    if script is None or isinstance(script, list):
        raise RuntimeError("exactly one migration was expected")
    path = Path(script.path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.strip().startswith("# ###")), encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    sys.stdout.write(generate(sys.argv[1], sys.argv[2]) + "\n")
