"""Services of deadlines that a process calls (SP09: pause, resume, extend)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import CogovError, ServiceRefused
from engine.ports import DeadlineView
from engine.services import Call, service
from governance.deadlines.deadlines import Deadlines


@service("deadlines.pause")
def pause(
    call: Call,
    deadline: str,
    reason: str,
    requested_by: str | None = None,
    approved_by: str | None = None,
    note: str | None = None,
    instance: str | None = None,
) -> dict[str, Any]:
    """Stop the clock of `deadline` (its id in the model) of this case, or of `instance`. `reason` is a code of the setting
    deadlines.pause_reasons; `approved_by` (default: who acts) stands above `requested_by`. Result: {deadline, due, state, remaining}.
    Refuses a ground not listed, an approver not above, a third pause, no days left, a deadline that is not running."""
    return _changed(
        lambda: _deadlines(call).pause(
            call.connection,
            instance or call.instance,
            deadline,
            reason=reason,
            requested_by=requested_by,
            approved_by=approved_by or call.actor.person,
            at=call.now,
            note=note or "",
        )
    )


@service("deadlines.resume")
def resume(call: Call, deadline: str, note: str | None = None, instance: str | None = None) -> dict[str, Any]:
    """Let the clock run again with the time that was left. Result as above. Refuses a deadline that is not paused."""
    return _changed(
        lambda: _deadlines(call).resume(
            call.connection, instance or call.instance, deadline, requested_by=call.actor.person, at=call.now, note=note or ""
        )
    )


@service("deadlines.extend")
def extend(
    call: Call,
    deadline: str,
    by: Any,
    reason: str,
    requested_by: str | None = None,
    approved_by: str | None = None,
    instance: str | None = None,
) -> dict[str, Any]:
    """Move the due moment by a limit (3WD, P7D …), before it has passed, once, by no more than the original limit.
    Result as above. Refuses otherwise, and when `approved_by` (default: who acts) is not above `requested_by`."""
    return _changed(
        lambda: _deadlines(call).extend(
            call.connection,
            instance or call.instance,
            deadline,
            by=by,
            reason=reason,
            requested_by=requested_by,
            approved_by=approved_by or call.actor.person,
            at=call.now,
        )
    )


def _deadlines(call: Call) -> Deadlines:
    found: Deadlines = call.resources["deadlines"]
    return found


def _changed(change: Callable[[], DeadlineView]) -> dict[str, Any]:
    try:
        view = change()
    except CogovError as error:
        raise ServiceRefused(error.message, **error.details) from error
    return {"deadline": view.id, "due": view.due, "state": view.state, "remaining": view.remaining}
