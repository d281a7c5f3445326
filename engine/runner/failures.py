"""What can go wrong with a token: each becomes an incident."""

from __future__ import annotations

from engine.errors import CogovError


class EndlessLoop(CogovError):
    """One command ran too many elements; the model probably loops without waiting."""

    code = "endless_loop"


class NoFlow(CogovError):
    """No outgoing flow's condition holds and there is no default flow."""

    code = "no_flow"


class JoinStuck(CogovError):
    """A joining gateway waits for a flow that no token can reach any more."""

    code = "join_stuck"


class UncaughtError(CogovError):
    """A service threw a BPMN error that no error event catches."""

    code = "uncaught_error"


class CallsTooDeep(CogovError):
    """Processes call each other more than 100 levels deep."""

    code = "calls_too_deep"


class NoSuchService(CogovError):
    """The model calls a service that is not registered."""

    code = "no_such_service"


class BadName(CogovError):
    """A variable has a name that is kept for the engine."""

    code = "bad_name"


class CannotRun(CogovError):
    """The model uses an element that this engine does not execute."""

    code = "cannot_run"
