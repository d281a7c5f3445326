"""A service of somebody else that fails the first time it is asked for something; installed by an entry point of its own.

It keeps one file per call (its idempotency key) in the folder COGOV_TEST_CALLS; a line in it is an answer it gave, a file `.begun`
beside it tells that it works on one."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from engine.services import Call, service

#: how long an answer takes: long enough to be killed in
_SECONDS = float(os.environ.get("COGOV_TEST_SECONDS", "0.3"))


@service("outside.flaky", inline=False)
def flaky(call: Call, **_inputs: Any) -> dict[str, Any]:
    """Fails once for each call, answers then."""
    key = "".join(c if c.isalnum() else "_" for c in call.idempotency_key)
    path = Path(os.environ["COGOV_TEST_CALLS"]) / key
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        path.with_suffix(".begun").touch()
        threading.Event().wait(_SECONDS)
        with path.open("a") as lines:
            lines.write(f"{os.getpid()}\n")
        return {"token": call.token}
    raise ConnectionError("the other side does not answer")
