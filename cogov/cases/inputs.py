"""Values in ``with``: relative days, uploads, variables of the task."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from PIL import Image

from engine import values
from governance.application import Application


def resolve(app: Application, value: Any, person: str | None, variables: Mapping[str, Any]) -> Any:
    """The submission a form takes: JSON kinds, with ``{today: n}``, ``{upload: name}`` and ``{variable: path}`` put in."""
    if isinstance(value, list):
        found = [resolve(app, v, person, variables) for v in value]
        # a list of uploads is the value of a file field as well
        return [file for files in found for file in files] if value and all(_is_upload(v) for v in value) else found
    if isinstance(value, Mapping):
        if set(value) == {"today"}:
            return (app.clock.now().astimezone(app.zone).date() + timedelta(days=int(value["today"]))).isoformat()
        if _is_upload(value):
            return upload(app, str(value["upload"]), person)
        if set(value) == {"variable"}:
            return values.plain(at_path(variables, str(value["variable"])))
        return {k: resolve(app, v, person, variables) for k, v in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value


def _is_upload(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"upload"}


def typed(value: Any) -> Any:
    """Variables given directly (inputs of a called process, messages): YAML days become dates, text that is a moment a moment."""
    if isinstance(value, Mapping):
        return {k: typed(v) for k, v in value.items()}
    if isinstance(value, list):
        return [typed(v) for v in value]
    if isinstance(value, str) and len(value) > 15 and value[4:5] == "-" and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return values.normalise(value)


def at_path(variables: Mapping[str, Any], path: str) -> Any:
    """``frozen.hash`` → the member of the variable; None when there is none."""
    found: Any = variables
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def upload(app: Application, name: str, person: str | None) -> list[dict[str, str]]:
    """Upload a small picture that is the same for the same name; the value of a file field."""
    colour = crc32(name.encode())
    picture, stream = Image.new("RGB", (64, 48), (colour & 255, colour >> 8 & 255, colour >> 16 & 255)), io.BytesIO()
    picture.putpixel((0, 0), (colour >> 24 & 255, 0, 0))
    picture.save(stream, "PNG")
    stream.seek(0)
    with app.database.write() as connection:
        stored = app.files.upload(connection, stream, name=f"{name}.png", uploaded_by=person)
    return [{"id": stored.id}]
