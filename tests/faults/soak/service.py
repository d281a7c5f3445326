"""Somebody else's system: 40 % of the calls to it fail, half of them after it has done what it was asked for.

For each idempotency key it keeps a file in the folder COGOV_TEST_CALLS, with a line per call: instance, element, and whether it was done.
COGOV_TEST_FAILURES bounds how often one call fails, since each retry waits four times as long as the one before."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from engine.services import Call, service
from tests.faults.soak.model import SERVICE

_FAILING = 0.4
_DONE = "done"


@service(SERVICE, inline=False)
def unsteady(call: Call, **_inputs: Any) -> dict[str, Any]:
    """Does it, or fails before or after doing it, by a draw that depends on the key and on how often it was called."""
    path = Path(os.environ["COGOV_TEST_CALLS"]) / "".join(c if c.isalnum() else "_" for c in call.idempotency_key)
    before = len(path.read_text().splitlines()) if path.exists() else 0
    draw = random.Random(f"{os.environ.get('COGOV_TEST_SEED', '0')} {call.idempotency_key} {before}")
    fails = before < int(os.environ["COGOV_TEST_FAILURES"]) and draw.random() < _FAILING
    done = not fails or draw.random() < 0.5
    with path.open("a") as lines:
        lines.write(f"{call.instance} {call.element} {_DONE if done else 'failed'}\n")
    if fails:
        raise ConnectionError("the other side does not answer" if not done else "the answer was lost")
    return {"token": call.token}


def done_calls(folder: Path) -> list[tuple[str, str]]:
    """(instance, element) of every key for which something was done, once per key, as a system that knows its keys does it."""
    lines = [path.read_text().splitlines() for path in folder.iterdir()]
    found = [next((line.split() for line in one if line.endswith(_DONE)), None) for one in lines]
    return [(line[0], line[1]) for line in found if line is not None]
