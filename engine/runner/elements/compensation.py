"""Compensation: what completed is remembered in its scope, and undone in reverse order of completion when it is thrown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runner.token import INSTANCE, UNDOING, Token
from engine.runner.variables import drop, has, own, private, read, visible

if TYPE_CHECKING:
    from engine.runner.elements.base import Element

#: Variable rows of a scope, one per completed activity that can be compensated: order of completion → record.
RECORD = "#done/"
#: token internal: names of the records still to undo · id of the token that undoes one now · thrower that waits for it
QUEUE, THROWER = "undo", "thrower"
#: Variable row of a call activity: the called process's variables and records.
CALLED = "#called"


def remember(token: Token) -> None:
    """The activity completed: keep what undoing it needs, i.e. the variables as they are now, and the records inside it."""
    scope, spec = token.scope, token.task_spec
    names = (*private(token, RECORD), *private(token, CALLED)) if spec.holds_records else ()
    inner = {name: read(token, name) for name in names}
    if scope is None or not (spec.compensation_handler or inner or spec.event_sub_process(token, "compensate", None)):
        return
    number = token.workflow.take_number()
    scope.data[f"{RECORD}{number:012d}"] = {
        "activity": spec.name,
        "instance": token.internal_data.get(INSTANCE),
        "variables": dict(visible(token)) if spec.compensation_handler else {},
        "local": own(token),
        "inner": inner,
    }


def remember_call(scope: Token) -> None:
    """A called process completes: its call activity keeps what undoing it needs."""
    records = {name: read(scope, name) for name in private(scope, RECORD)}
    if scope.scope is not None and (records or scope.task_spec.event_sub_process(scope, "compensate", None)):
        scope.scope.data[CALLED] = {"process": scope.task_spec.process.name, "local": own(scope), "inner": records}


def reopen_call(token: Token) -> None:
    """Undo a call activity: its process scope is there again, with its variables and records."""
    called = read(token, CALLED)
    scope = token.workflow.spawn(token.workflow.process_spec(called["process"]).start, token, **{UNDOING: True})
    scope.data.update(called["local"])
    scope.data.update(called["inner"])
    scope._ready()


def throw_compensation(token: Token, activity: str | None) -> bool:
    """Undo one activity, or all of the scope; newest first, one after the other. False while that takes time.

    Called again when an undone activity has ended; True when nothing is left.
    """
    if QUEUE not in token.internal_data:
        scope = _scope_of(token, activity)
        names = [name for name in private(scope, RECORD) if activity in (None, read(scope, name)["activity"])]
        token.internal_data[QUEUE] = {"scope": scope.id, "names": names}
    return _undo_next(token)


def undone(token: Token) -> None:
    """A handler (or a sub-process that is compensated) has ended: its thrower goes on."""
    thrower = token.workflow.find(token.internal_data[THROWER])
    if thrower is not None:
        thrower._ready()


def undo_inside(token: Token) -> bool | None:
    """Undo what completed inside this reopened scope: by its compensation event sub-process, else record by record.

    True when nothing is left.
    """
    handler = token.task_spec.event_sub_process(token, "compensate", None)
    if handler is not None and UNDOING in token.internal_data:
        handler.catch(token, "compensate", None)
        return None
    if QUEUE not in token.internal_data:
        token.internal_data[QUEUE] = {"scope": token.id, "names": private(token, RECORD)}
    return _undo_next(token) or None


def _undo_next(token: Token) -> bool:
    queue = token.internal_data[QUEUE]
    scope = token.workflow.token(queue["scope"])
    while queue["names"]:
        name = queue["names"].pop()
        if not has(scope, name):
            continue
        record = read(scope, name)
        drop(scope, name)
        _start(token, scope, record)
        return False
    del token.internal_data[QUEUE]
    return True


def _start(thrower: Token, scope: Token, record: dict[str, Any]) -> None:
    """Start what undoes the recorded activity: its handler, or the reopened sub-process itself."""
    activity: Element = scope.task_spec.process.task_specs[record["activity"]]
    handler = activity.compensation_handler
    if handler is not None:
        undoing = thrower.workflow.spawn(handler, scope, **{THROWER: thrower.id})
        undoing.data.update(record["variables"])
    else:
        undoing = thrower.workflow.spawn(activity, scope, **{THROWER: thrower.id, UNDOING: True})
        if record["instance"] is not None:
            undoing.internal_data[INSTANCE] = int(record["instance"])
        undoing.data.update(record["local"])
        undoing.data.update(record["inner"])
    undoing._ready()


def _scope_of(token: Token, activity: str | None) -> Token:
    """The scope whose records are meant: the nearest that has the activity; without one, the nearest that is no event sub-process."""
    scope = token.scope or token
    while scope.scope is not None and not scope.task_spec.is_process:
        if activity is None and not scope.task_spec.is_event_sub_process:
            return scope
        if activity is not None and any(read(scope, name)["activity"] == activity for name in private(scope, RECORD)):
            return scope
        scope = scope.scope
    return scope
