"""OpenAPI of what no schema says: plain bodies, uploads, headers."""

from __future__ import annotations

from typing import Any

#: for commands: a key seen before gives the first answer again (conventions 11)
IDEMPOTENT: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": 200},
            "description": "a key seen before gives the first answer again",
        }
    ]
}


def plain(media: str, description: str) -> dict[str, Any]:
    """A 200 answer that is no JSON."""
    return {"responses": {"200": {"description": description, "content": {media: {"schema": {"type": "string"}}}}}}


def upload(*names: str, description: str) -> dict[str, Any]:
    """A multipart body of files."""
    properties = {name: {"type": "string", "format": "binary"} for name in names}
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"required": True, "description": description, "content": {"multipart/form-data": {"schema": schema}}}}
