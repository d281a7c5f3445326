"""The minutes begin with what was decided: nothing decided, no row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.processes.test_large_meeting import CHAIR, OTHERS, SECRETARY, START, meet

FEW = [CHAIR, *OTHERS[:3]]


def with_few() -> dict[str, Any]:
    meeting = {**START["meeting"], "invitees": [{"person": p, "capacity": "formal"} for p in FEW]}  # type: ignore[dict-item]
    return {**START, "meeting": meeting}


def test_the_minutes_of_a_meeting_that_decided_nothing_begin_without_decisions(tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        *({"do": "reply_invitation", "by": p, "with": {"answer": "attend"}} for p in FEW),
        {"wait": {"until": "2026-03-12T13:30+08:00"}},
        {"sign_in": FEW},
        {"do": "sign_in", "by": SECRETARY},
        {"do": "discuss", "by": SECRETARY, "with": {"next": "carry_over"}},
    ]
    run = meet(steps, tmp_path, {"running": True}, start=with_few())
    [task] = [t for t in run.details().tasks if t.node == "draft_minutes"]
    assert run.app.engine.queries.task(task.id).variables["decisions"] == []
