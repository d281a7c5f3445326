"""Messages to processes from governance's own records: a job of the same transaction, delivered once (conventions 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import values
from engine.ports import Jobs

#: the engine's job that delivers a message
_JOB = "deliver_message"


def post(jobs: Jobs, connection: Any, name: str, variables: Mapping[str, Any], *, key: str | None, message_id: str) -> None:
    """Send a message when the open transaction commits. A repeated `message_id` is the same message."""
    text = values.dumps(values.normalise(dict(variables)))
    payload = {"name": name, "key": key, "variables": text, "id": message_id, "from": None}
    jobs.enqueue(connection, _JOB, payload, key=f"message:{message_id}")
