"""Opening a command on an instance, and the parts commands share: permission, forms, repeated answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from engine import values
from engine.actor import Actor, Entered, Mandate
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.unit import CommandUnit
from engine.definitions.model import Process
from engine.errors import Conflict, FieldError, FormInvalid, InstanceEnded, InstanceSuspended, NotOffered
from engine.forms.compiled import CompiledForm
from engine.forms.context import FormContext
from engine.ids import digest
from engine.ports import InstanceRef
from engine.store import commands as answers
from engine.store import loading
from engine.store.database import is_duplicate
from engine.store.instances import InstanceRow
from engine.store.loading import Loaded

Connection = Any
Result = TypeVar("Result")
_MOST_VARIABLES = 200
#: kind of a mandate that names the post a person chose to act under
CHOSEN = "chosen"
_LONGEST_KEY = 200


def load(runtime: Runtime, connection: Connection, row: InstanceRow, *, whole: bool = False, at: str | None = None) -> Loaded:
    """Read a locked instance (`whole`: also a large one at once; `at`: the token that the command is about)."""
    return loading.load(connection, row, whole=whole, at=at, along=runtime.along)


def open_unit(
    runtime: Runtime, connection: Connection, row: InstanceRow, actor: Actor, *, whole: bool = False, moving: bool = True,
    at: str | None = None, loaded: Loaded | None = None,
) -> CommandUnit:  # fmt: skip
    """A locked, running instance, loaded already or now (see `load`). `moving`: the command moves it, so that a suspended one
    refuses. Raises InstanceEnded, InstanceSuspended."""
    if row.state != "running":
        raise InstanceEnded(instance=row.id, state=row.state)
    if moving and row.suspended_at is not None:
        raise InstanceSuspended(instance=row.id, since=row.suspended_at.isoformat())
    definitions = runtime.library.bound(connection, row.definitions)
    return CommandUnit(runtime, connection, row, loaded or load(runtime, connection, row, whole=whole, at=at), definitions, actor)


def open_record(runtime: Runtime, connection: Connection, row: InstanceRow, actor: Actor) -> CommandUnit:
    """Load a locked instance that may have ended: for what only its record is about. Nothing of it is to be run."""
    definitions = runtime.library.bound(connection, row.definitions)
    return CommandUnit(runtime, connection, row, load(runtime, connection, row), definitions, actor)


class Raced(Conflict):
    """Someone did the same thing in the same moment. Please try again."""

    code = "raced"


_ATTEMPTS = 5


def run(runtime: Runtime, command: Callable[[Connection], Result]) -> Result:
    """One transaction. A command that raced with another (the first two uses of one idempotency key, a message and its subscription)
    is run again and then finds what the other did. Raises Raced after five attempts."""
    cause: Exception | None = None
    for _ in range(_ATTEMPTS):
        try:
            return runtime.database.run(command)
        except Exception as error:
            if not isinstance(error, Raced) and not is_duplicate(error):
                raise
            cause = error
    raise Raced() from cause


def repeated(connection: Connection, key: str | None) -> Receipt | None:
    """The first answer under this idempotency key."""
    stored = answers.answer_of(connection, key) if key is not None else None
    return Receipt.again(stored) if stored is not None else None


def remember(connection: Connection, key: str | None, receipt: Receipt, at: datetime) -> None:
    if key is not None:
        answers.remember(connection, key, receipt.answer, at)


def scoped_key(kind: str, actor: Actor, key: str | None) -> str | None:
    """An idempotency key belongs to the one who used it and to the kind of command."""
    return None if key is None else stored_key(f"{kind}:{actor.person or actor.channel}:{key}")


def stored_key(key: str) -> str:
    """The key as it fits into its column."""
    return key if len(key) <= _LONGEST_KEY else digest(key.encode())


def permitted(runtime: Runtime, connection: Connection, actor: Actor, selectors: Sequence[str], at: datetime) -> Actor | None:
    """The actor with the mandate the act rests on: the one he names, if he holds it and it fits, else the first that fits."""
    if actor.system:
        return actor
    if actor.person is None:
        return replace(actor, mandate=Mandate(kind="public", selector="public")) if "public" in selectors else None
    held = runtime.directory.selectors_of(connection, actor.person, at)
    if actor.entered is not None:
        return _entering(runtime, connection, actor, actor.entered, selectors, held, at)
    named = actor.mandate.selector if actor.mandate else None
    if actor.mandate is not None and actor.mandate.kind == CHOSEN and (named not in selectors or named not in held):
        return None  # the post one chose to act under is over, or does not fit
    for selector in [named, *selectors] if named in selectors else selectors:
        if selector in held:
            return replace(actor, mandate=replace(held[selector], selector=selector))
    return replace(actor, mandate=Mandate(kind="public", selector="public")) if "public" in selectors else None


def _entering(
    runtime: Runtime, connection: Connection, actor: Actor, entered: Entered, selectors: Sequence[str], own: Collection[str], at: datetime
) -> Actor | None:
    """Who enters another's words acts by that one's right. What is offered to himself he does in his own name: nobody signs his own
    duty with somebody else's."""
    if any(selector in own for selector in selectors):
        raise NotOffered("This is offered to you yourself: do it in your own name. / 此事项由您本人办理，不能代他人填报。")
    if entered.person is not None:
        theirs = runtime.directory.selectors_of(connection, entered.person, at)
        fitting = next((s for s in selectors if s in theirs), None)
    else:
        fitting = next((s for s in selectors if entered.unit is not None and s.endswith(f"@{entered.unit}")), None)
    fitting = fitting or ("public" if "public" in selectors else None)
    if fitting is None:
        return None
    mandate = Mandate(kind="intake", selector=fitting, on_behalf_of=entered.behalf, zh=entered.zh, en=entered.en)
    return replace(actor, mandate=mandate)


def required(permission: Actor | None, **details: Any) -> Actor:
    """Raises NotOffered when there is no permission."""
    if permission is None:
        raise NotOffered(**details)
    return permission


def form_context(
    runtime: Runtime, connection: Connection, instance: InstanceRef | None, actor: Actor, data: Mapping[str, Any], at: datetime
) -> FormContext:
    """The surroundings of a submission or of a form that is shown."""
    functions = runtime.functions.bind(connection, instance, at)
    return FormContext(
        now=at,
        zone=runtime.zone,
        language=actor.language,
        data=data,
        person=actor.person,
        connection=connection,
        people=runtime.people,
        files=runtime.files,
        functions=functions,
        setting=functions.get("setting", _no_setting),
    )


def _no_setting(_key: str) -> None:
    """An engine alone has no settings."""


def read_form(form: CompiledForm, submission: Mapping[str, Any] | None, context: FormContext) -> dict[str, Any]:
    """The accepted submission. Raises FormInvalid."""
    return form.load(submission or {}, context=context)


def read_free(submission: Mapping[str, Any] | None, process: Process, language: str) -> dict[str, Any]:
    """A submission without a form: any variables the process declares, or any at all when it declares none (conventions 3).

    Raises FormInvalid.
    """
    given = dict(submission or {})
    unknown = [name for name in given if process.data and name not in process.data]
    if unknown:
        sentence = "The process does not declare this value" if language == "en" else "流程没有声明这一项"
        raise FormInvalid([FieldError(pointer=f"/{name}", code="V-UNKNOWN", message=sentence) for name in unknown])
    if len(given) > _MOST_VARIABLES:
        sentence = f"At most {_MOST_VARIABLES} values" if language == "en" else f"最多 {_MOST_VARIABLES} 项"
        raise FormInvalid([FieldError(pointer="", code="V-LEN", message=sentence)])
    try:
        accepted: dict[str, Any] = values.normalise(given)
    except TypeError as error:
        raise FormInvalid([FieldError(pointer="", code="V-TYPE", message=str(error))]) from error
    return accepted
