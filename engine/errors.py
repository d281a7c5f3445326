"""The engine's error tree. The class says what happened; HTTP status codes are decided in one table at the edge (api)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.errors import CogovError as CogovError
from engine.feel.errors import ExpressionFailed as ExpressionFailed
from engine.feel.errors import UnknownVariable as UnknownVariable


class NotFound(CogovError):
    """There is no such thing, or you may not see it."""

    code = "not_found"


class Forbidden(CogovError):
    """You may not do this."""

    code = "forbidden"


class NotOffered(Forbidden):
    """This task is not offered to you."""

    code = "not_offered"


class Conflict(CogovError):
    """The thing has changed meanwhile."""

    code = "conflict"


class AlreadyCompleted(Conflict):
    """This task is already completed, by someone else or with other data."""

    code = "already_completed"


class InstanceEnded(Conflict):
    """The case has ended."""

    code = "instance_ended"


class InstanceSuspended(Conflict):
    """这件事项已暂停，恢复以后才能继续 / This case is suspended; nothing in it moves until it is resumed"""

    code = "instance_suspended"


class DefinitionSuspended(Conflict):
    """这个流程已暂停受理，恢复以后才能发起 / This procedure is suspended; no new case begins until it is resumed"""

    code = "definition_suspended"


class MessageIdUsed(Conflict):
    """这个消息编号已用于另一条消息，请换一个编号 / This message id was used for another message: use another one"""

    code = "message_id_used"


class NotExpected(Conflict):
    """Nothing waits for this message or action now."""

    code = "not_expected"


class ServiceRefused(CogovError):
    """An inline service refused the command; nothing was changed."""

    code = "service_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One wrong value: JSON pointer into the submission, rule code (V-…) and the sentence for the user."""

    pointer: str
    code: str
    message: str


class FormInvalid(CogovError):
    """The form has values that must be changed."""

    code = "form_invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(errors=[{"pointer": e.pointer, "code": e.code, "message": e.message} for e in errors])
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of a check or deploy report (conventions 11)."""

    file: str
    element: str | None
    line: int | None
    code: str  # e.g. BPMN-017, FORM-003
    severity: str  # error | warning | info
    message: str
    hint: str = ""
    #: the file is of another tool: it is stored with this error and shown, but its processes cannot be started
    stored: bool = False

    @property
    def refuses(self) -> bool:
        """Whether a deployment with it is refused."""
        return self.severity == "error" and not self.stored


class DeployRefused(CogovError):
    """The deployment has errors; nothing was deployed."""

    code = "deploy_refused"

    def __init__(self, report: Sequence[Finding]) -> None:
        errors = [f for f in report if f.refuses]
        first = errors[0] if errors else None
        where = f": {first.file}:{first.line or 0} {first.code} {first.message}" if first else ""
        super().__init__(f"{len(errors)} errors{where}")
        self.report = tuple(report)


class NotExecutable(Conflict):
    """This process came from another tool and has parts that cannot run here; it can be looked at, not started."""

    code = "not_executable"

    def __init__(self, process: str, report: Sequence[Finding]) -> None:
        count = len(report)
        super().__init__(
            f"流程 {process} 有 {count} 处不能在这里运行，只能查看 / {count} parts of {process} cannot run here: it can only be looked at",
            process=process,
        )
        self.report = tuple(report)


class BpmnError(Exception):
    """Raised by a service handler (or an error end event): caught by an error event of the model, if there is one.

    >>> raise BpmnError("ERR_TAMPERED", {"expected": "sha256:…"})
    """

    def __init__(self, code: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.data = data or {}
