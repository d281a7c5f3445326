"""What arrives at a waiting token: timers, messages, signals, actions of the case page, results of services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine import values
from engine.actor import SYSTEM, Actor
from engine.commands import held_jobs, holding, incidents, opening, starting, submitting
from engine.commands.environment import protect_result
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.sending import enqueue_signal
from engine.commands.submission import Submission
from engine.commands.tasks import attach_files
from engine.commands.unit import CommandUnit
from engine.errors import BpmnError, CogovError, MessageIdUsed, NotExpected
from engine.guards import Guard
from engine.message_ttl import ttl_of
from engine.runner.port import REQUESTED
from engine.services import Call
from engine.store import commands as answers
from engine.store import instances, messages, work
from engine.store.database import Busy

Connection = Any
Payload = Mapping[str, Any]


#: code of the incident of a service that is out of attempts
SERVICE_FAILED = "service_failed"
#: outcome of a message that nobody waited for and that is not kept
DROPPED = "dropped"


# Timers ------------------------------------------------------------------------------------------------------------


def timer_due(runtime: Runtime, payload: Payload) -> None:
    """Job ``timer``: the alarm of a timer row. Does nothing when the row is gone or armed anew; waits on when it is early."""

    def command(connection: Connection) -> None:
        row = instances.lock_running(connection, payload["instance"])
        timer = work.timer_row(connection, payload["token"], payload["node"], payload["event"])
        if row is None or timer is None or timer.generation != payload["generation"]:
            return
        if timer.due_at > runtime.clock.now():
            early = int(payload.get("early", 0)) + 1
            key = f"timer:{timer.token}:{timer.node}:{timer.event}:{timer.generation}:{early}"
            runtime.jobs.enqueue(connection, "timer", {**payload, "early": early}, at=timer.due_at, key=key)
            return
        if row.suspended_at is not None:
            held_jobs.hold(runtime, connection, row, "timer", payload, due=timer.due_at)
            return
        unit = opening.open_unit(runtime, connection, row, SYSTEM, at=timer.token)
        unit.record("timer_fired", unit.element(timer.token, timer.node), {"due": timer.due_at})
        work.save_timers(connection, [], [{"token": timer.token, "node": timer.node, "event": timer.event}])
        unit.apply(runtime.kernel.trigger(unit.definitions, unit.snapshot, unit.environment, timer.token, timer.event, None))
        unit.finish()

    opening.run(runtime, command)


def rearm(runtime: Runtime, instance: str, *, actor: Actor = SYSTEM) -> None:
    """A deadline moved: timers that read it are armed anew (in a suspended instance when it goes on), and open tasks show the new due
    date."""

    def command(connection: Connection) -> None:
        row = instances.lock(connection, instance)
        if row.state == "running":
            unit = opening.open_unit(runtime, connection, row, actor, whole=True, moving=False)
            if row.suspended_at is None:
                unit.apply(runtime.kernel.rearm(unit.definitions, unit.snapshot, unit.environment))
            refresh_due(unit)
            unit.finish()

    opening.run(runtime, command)


def refresh_due(unit: CommandUnit) -> None:
    """Open tasks show what their deadline says now."""
    for task in work.tasks_of_instance(unit.connection, unit.row.id):
        if task.deadline is not None:
            view = unit.runtime.deadlines.view(unit.connection, unit.row.id, task.deadline)
            if view is not None and view.due != task.due_at:
                work.reassign(unit.connection, replace(task, due_at=view.due))


# Conditions --------------------------------------------------------------------------------------------------------


def look_again(runtime: Runtime, payload: Payload) -> None:
    """Job: a data store was written; conditions of these instances that read one may hold now."""
    for instance in payload["instances"]:

        def command(connection: Connection, instance: str = instance) -> None:
            row = instances.lock_running(connection, instance)
            if row is not None and row.suspended_at is None:  # a suspended one looks when it goes on
                unit = opening.open_unit(runtime, connection, row, SYSTEM, whole=True)
                unit.apply(runtime.kernel.rearm(unit.definitions, unit.snapshot, unit.environment))
                unit.finish()

        opening.run(runtime, command)


# Messages ----------------------------------------------------------------------------------------------------------


def send(
    runtime: Runtime, name: str, variables: Mapping[str, Any], *, key: values.Key | None, message_id: str | None, actor: Actor,
    sender: str | None = None, ttl: timedelta | None = None,
) -> Receipt:  # fmt: skip
    """Deliver a message; see Engine.send. `sender`: the instance that sent it; `ttl`: how long it is kept (None: as the engine says)."""
    text = None if key is None else values.key_text(values.normalise(key))
    _require_sendable(name, text, message_id)
    memory = None if message_id is None else opening.stored_key(f"message:{message_id}")
    data: dict[str, Any] = values.normalise(variables)

    def command(connection: Connection) -> Receipt:
        first = _first_answer(connection, memory, name, text)
        if first is not None:
            return first
        receipt = _deliver(runtime, connection, name, data, text, actor, sender)
        receipt = receipt or starting.by_message(runtime, connection, name, data, actor=actor, sender=sender)
        receipt = receipt or _keep(runtime, connection, name, data, text, message_id, ttl)
        if memory is not None:
            answers.remember(connection, memory, {**receipt.answer, "message": name, "key": text}, runtime.clock.now())
        return receipt

    return opening.run(runtime, command)


def _first_answer(connection: Connection, memory: str | None, name: str, key: str | None) -> Receipt | None:
    """What the message of this id was answered. Raises MessageIdUsed for one of another name or key: it would be lost silently."""
    stored = answers.answer_of(connection, memory) if memory is not None else None
    if stored is None:
        return None
    if (stored.get("message", name), stored.get("key", key)) != (name, key):
        raise MessageIdUsed(name=stored["message"], key=stored["key"])
    return Receipt.again(stored)


def _require_sendable(name: str, key: str | None, message_id: str | None) -> None:
    """Raises ValueRefused for a name, key or id that no subscription and no column can hold."""
    for what, text, longest in (
        ("name", name, values.MESSAGE_NAME),
        ("key", key, values.MESSAGE_KEY),
        ("id", message_id, values.MESSAGE_ID),
    ):
        if text is not None and len(values.normalise(text)) > longest:
            raise values.ValueRefused(f"{what} 最多 {longest} 个字符 / {what}: at most {longest} characters")
    if not name.strip():
        raise values.ValueRefused("没有名称 / there is no name")


def _deliver(
    runtime: Runtime, connection: Connection, name: str, data: Mapping[str, Any], key: str | None, actor: Actor, sender: str | None
) -> Receipt | None:
    """To the oldest open subscription of an instance that moves, else held for the oldest of one that is suspended; None when there
    is none."""
    while (subscription := messages.waiting(connection, name, key)) is not None:
        row = instances.lock(connection, subscription.instance)
        if row.suspended_at is not None and (other := messages.waiting(connection, name, key, moving=True)) is not None:
            subscription = other
            row = instances.lock(connection, subscription.instance)
        if not messages.still_open(connection, subscription.id):
            continue  # someone was faster; look for the next one
        if row.suspended_at is not None:
            held = {"name": name, "key": key, "variables": values.dumps(dict(data)), "from": sender}
            held_jobs.hold(runtime, connection, row, "deliver_message", held)
            return Receipt(instance=row.id, outcome="buffered")
        unit = opening.open_unit(runtime, connection, row, actor, at=subscription.token)
        unit.record(
            "message_received", unit.element(subscription.token, subscription.node), {"name": name, "key": key, "variables": dict(data)}
        )
        handed = _handed(unit, subscription.token, subscription.node, "message", data)
        changes = runtime.kernel.trigger(unit.definitions, unit.snapshot, unit.environment, subscription.token, subscription.event, data)
        unit.apply(changes, handed=handed)
        return unit.finish()
    return None


def _handed(unit: CommandUnit, token: str, node: str, name: str, value: Mapping[str, Any], files: Sequence[str] = ()) -> Submission:
    return Submission(process=unit.process_of(token), node=node, token=token, name=name, value=value, files=files)


def _keep(
    runtime: Runtime, connection: Connection, name: str, data: Mapping[str, Any], key: str | None, message_id: str | None,
    ttl: timedelta | None,
) -> Receipt:  # fmt: skip
    """Nobody waits yet: keep it until someone does or its time is over."""
    messages.hold_names(connection, [name])
    if messages.waiting(connection, name, key) is not None or starting.begun_by(runtime, connection, name) is not None:
        raise opening.Raced()
    now = runtime.clock.now()
    until = now + (runtime.message_ttl if ttl is None else ttl)
    row = {
        "id": runtime.new_id(), "name": name, "key": key, "message_id": message_id, "variables": dict(data), "at": now, "expires_at": until,
    }  # fmt: skip
    messages.buffer(connection, row)  # also one that has no time at all: that it came and found nobody is told when it is tidied away
    return Receipt(instance=None, outcome="buffered" if until > now else DROPPED)


def deliver_message(runtime: Runtime, payload: Payload) -> None:
    """Job ``deliver_message``: a message from one instance to another, one that was kept, or those kept for a new subscription."""
    if "subscription" in payload:
        _fetch(runtime, payload["subscription"])
        return
    if "kept" in payload:
        starts = payload.get("starts", False)
        opening.run(runtime, lambda connection: _hand_over(runtime, connection, payload["kept"], starts=starts))
        return
    send(
        runtime, payload["name"], values.loads(payload["variables"]), key=payload["key"], message_id=payload["id"],
        actor=SYSTEM, sender=payload["from"], ttl=None if payload.get("ttl") is None else ttl_of(payload["ttl"]),
    )  # fmt: skip


def _fetch(runtime: Runtime, subscription: str) -> None:
    """A subscription has opened: deliver what was kept for it, oldest first, until it is closed or nothing fits.

    A message may go to another that waits for longer; then the next one is looked for. One that is refused does not keep back the
    rest. Raises the first refusal, so that the job is tried again and an operator sees it.
    """
    refused: dict[str, CogovError] = {}
    while (kept := _next_kept(runtime, subscription, refused)) is not None:

        def command(connection: Connection, kept: str = kept) -> bool:
            return messages.still_open(connection, subscription) and _hand_over(runtime, connection, kept, starts=False)

        try:
            if not opening.run(runtime, command):
                break
        except (Busy, opening.Raced):
            raise
        except CogovError as error:
            refused[kept] = error
    if refused:
        raise next(iter(refused.values()))


def _next_kept(runtime: Runtime, subscription: str, without: Collection[str]) -> str | None:
    with runtime.database.read() as connection:
        return messages.next_kept(connection, subscription, runtime.clock.now(), without)


def _hand_over(runtime: Runtime, connection: Connection, kept: str, *, starts: bool) -> bool:
    """Deliver a kept message; `starts`: it may start a process. False when it found nobody who goes on with it now; True also when
    another has taken it meanwhile. The message is locked before the instance, everywhere."""
    row = messages.hold_kept(connection, kept, runtime.clock.now())
    if row is None:
        return True
    data = row.variables or {}
    receipt = _deliver(runtime, connection, row.name, data, row.key, SYSTEM, None)
    if receipt is None and starts:
        receipt = starting.by_message(runtime, connection, row.name, data, actor=SYSTEM, sender=None)
    if receipt is not None:
        messages.drop_kept(connection, kept)
    return receipt is not None and receipt.outcome != "buffered"


# Signals -----------------------------------------------------------------------------------------------------------


def signal(runtime: Runtime, name: str, variables: Mapping[str, Any], *, actor: Actor, signal_id: str | None) -> None:
    """Broadcast a signal to all who wait for it now; see Engine.signal."""
    _require_sendable(name, None, signal_id)
    memory = None if signal_id is None else opening.stored_key(f"broadcast:{signal_id}")
    text = values.dumps(values.normalise(variables))

    def command(connection: Connection) -> None:
        if _first_answer(connection, memory, name, None) is not None:
            return
        enqueue_signal(runtime, connection, runtime.new_id(), name, text, from_=actor.person)
        if memory is not None:
            sent = Receipt(instance=None, outcome="sent").answer
            answers.remember(connection, memory, {**sent, "message": name, "key": None}, runtime.clock.now())

    opening.run(runtime, command)


def deliver_signal(runtime: Runtime, payload: Payload) -> None:
    """Job ``signal``: each waiting instance in a transaction of its own, once. One that refuses does not keep it from the others.

    Raises the first refusal, so that the job is tried again and an operator sees it; who had the signal does not get it again.
    """
    variables = values.loads(payload["variables"])
    refused: list[CogovError] = []
    for waiter in payload["waiters"]:
        try:
            _signal_one(runtime, payload["id"], payload["name"], variables, waiter)
        except CogovError as error:
            refused.append(error)
    if refused:
        raise refused[0]
    if payload["starts"]:
        starting.by_signal(runtime, payload["id"], payload["name"], variables)


def _signal_place(connection: Connection, name: str, waiter: Mapping[str, Any]) -> tuple[str, int] | None:
    """(node, event) where the token waits for the signal; None when it does not any more. One that was held while its case moved to
    another version finds the token where it waits now."""
    if messages.still_open(connection, waiter["id"]):
        return waiter["node"], waiter["event"]
    return messages.signal_place(connection, waiter["token"], name) if waiter.get("held") else None


def _signal_one(runtime: Runtime, signal_id: str, name: str, variables: Mapping[str, Any], waiter: Mapping[str, Any]) -> None:
    memory = f"signal:{signal_id}:{waiter['id']}"

    def command(connection: Connection) -> None:
        row = instances.lock_running(connection, waiter["instance"])
        if row is None or opening.repeated(connection, memory) or (place := _signal_place(connection, name, waiter)) is None:
            return
        node, event = place
        if row.suspended_at is not None:
            held = {
                "id": signal_id,
                "name": name,
                "variables": values.dumps(dict(variables)),
                "waiters": [{**waiter, "held": True}],
                "starts": False,
            }
            held_jobs.hold(runtime, connection, row, "signal", held)
            return
        unit = opening.open_unit(runtime, connection, row, SYSTEM)
        unit.record("signal_received", unit.element(waiter["token"], node), {"name": name, "variables": dict(variables)})
        handed = _handed(unit, waiter["token"], node, "signal", variables)
        changes = runtime.kernel.trigger(unit.definitions, unit.snapshot, unit.environment, waiter["token"], event, variables)
        unit.apply(changes, handed=handed)
        opening.remember(connection, memory, unit.finish(), unit.now)

    opening.run(runtime, command)


# Actions of the case page ------------------------------------------------------------------------------------------


def act(
    runtime: Runtime, instance: str, token: str, form: Mapping[str, Any] | None, *, actor: Actor, idempotency_key: str | None
) -> Receipt:
    """Press a button of the case page; see Engine.act."""
    key = opening.scoped_key("act", actor, idempotency_key)

    def command(connection: Connection) -> Receipt:
        row = instances.lock(connection, instance)
        first = opening.repeated(connection, key)
        if first is not None:
            return first
        action = work.action_of(connection, token, None)
        if action is None or action.instance != instance:
            raise NotExpected("This action is not available any more.", instance=instance, action=token)
        selectors = [*action.selectors, *(["public"] if action.public else [])]
        permission = opening.permitted(runtime, connection, actor, selectors, runtime.clock.now())
        unit = opening.open_unit(runtime, connection, row, opening.required(permission, instance=instance, action=token))
        handed = _accepted(unit, token, action.node, action.form, form)
        accepted = handed.value
        identity = {"task": runtime.new_id()} if action.form is not None else {}
        unit.record("action_used", unit.element(token, action.node), {**identity, "message": action.message, "form": accepted})
        event = 0  # of a button that starts an activity of an ad-hoc sub-process
        if action.message:
            waiting = work.subscription_of(connection, token, action.node, action.message)
            if waiting is None:
                raise NotExpected("This action is not available any more.", instance=instance, action=token)
            event = waiting.event
        payload = {**accepted, "by": unit.actor.author, "at": unit.now}
        unit.apply(runtime.kernel.trigger(unit.definitions, unit.snapshot, unit.environment, token, event, payload), handed=handed)
        if action.form is not None:
            node = unit.definitions.process(handed.process).nodes[action.node]
            submitting.keep(unit, identity["task"], handed.process, node, action.form)
        receipt = unit.finish()
        opening.remember(connection, key, receipt, unit.now)
        return receipt

    return opening.run(runtime, command)


def _accepted(unit: CommandUnit, token: str, node: str, form: str | None, submission: Mapping[str, Any] | None) -> Submission:
    """The checked submission. Files in it now belong to the case."""
    if form is None:
        free: dict[str, Any] = values.normalise(submission or {})
        return _handed(unit, token, node, "message", free)
    compiled = unit.definitions.form(form)
    context = opening.form_context(unit.runtime, unit.connection, unit.instance, unit.actor, unit.variables(token), unit.now)
    accepted = opening.read_form(compiled, submission, context)
    files = compiled.file_ids(accepted)
    attach_files(unit, files)
    handed = _handed(unit, token, node, "message", accepted, files)
    model_node = unit.definitions.process(handed.process).nodes[node]
    scope, _, _ = unit.scopes.around(token)
    seen = submitting.surroundings(unit, handed.process, model_node, form, visible=unit.variables(token), scope=scope)
    return replace(handed, seen=seen)


# Services that run as jobs -----------------------------------------------------------------------------------------


def call_service(runtime: Runtime, payload: Payload) -> None:
    """Job ``service``: call the handler outside any transaction, then hand its result to the kernel.

    A failed call is tried again with growing pauses; the last failure becomes an incident. At least once: the handler gets
    the same idempotency key in every attempt.
    """
    call = _call(runtime, payload)
    if call is None:
        return
    service = runtime.services.get(payload["service"])
    inputs = values.loads(payload["inputs"])
    if service is None:
        _service_failed(runtime, payload, f"there is no service {payload['service']}", None)
        return
    try:
        result = values.normalise(service.handler(call, **inputs))
    except BpmnError as error:
        _service_done(runtime, payload, None, (error.code, values.normalise(error.data)))
    except Exception as error:  # noqa: BLE001  whatever a handler raises is an attempt that failed; it ends in an incident
        _service_failed(runtime, payload, f"{type(error).__name__}: {error}", runtime.retry.delay(payload["attempt"]))
    else:
        _service_done(runtime, payload, result, None)


def _call(runtime: Runtime, payload: Payload) -> Call | None:
    """The call, or None when nobody waits for its result any more."""
    with runtime.database.read() as connection:
        row = instances.read(connection, payload["instance"])
        if row is None or row.state != "running" or opening.repeated(connection, _service_key(payload)) is not None:
            return None
        if not _awaited(connection, payload):
            return None
    if row.suspended_at is not None and holding.held(runtime, row.id, "service", payload):
        return None
    return Call(
        instance=row.id, token=payload["token"], process=payload["process"], element=payload["element"], area=row.area,
        number=row.number, now=runtime.clock.now(), actor=SYSTEM, idempotency_key=payload["call"], resources=runtime.resources,
        guards=_guards(payload),
    )  # fmt: skip


def _awaited(connection: Connection, payload: Payload) -> bool:
    """Whether the token still waits for the service: it may have been interrupted, cancelled or moved since."""
    return REQUESTED in instances.notes_of_token(connection, payload["token"])


def _guards(payload: Payload) -> tuple[Guard, ...]:
    return tuple(Guard.of_plain(stored) for stored in payload.get("guards", ()))


def _service_key(payload: Payload) -> str:
    return f"service:{payload['call']}"


def service_result(runtime: Runtime, payload: Payload) -> None:
    """Job ``service_result``: what a service gave while its instance was suspended."""
    error = values.loads(payload["error"])
    _service_done(runtime, payload, values.loads(payload["result"]), (error[0], error[1]) if error is not None else None)


def _service_done(runtime: Runtime, payload: Payload, result: Any, error: tuple[str, Mapping[str, Any]] | None) -> None:
    def command(connection: Connection) -> None:
        row = instances.lock_running(connection, payload["instance"])
        if row is None or opening.repeated(connection, _service_key(payload)) is not None:
            return
        if row.suspended_at is not None:
            given = {"result": values.dumps(result), "error": values.dumps(list(error) if error is not None else None)}
            held_jobs.hold(runtime, connection, row, "service_result", {**payload, **given})
            return
        unit = opening.open_unit(runtime, connection, row, SYSTEM)
        told = {"service": payload["service"], "error": error[0] if error else None}
        if not _awaited(connection, payload):
            unit.record("service_unused", payload["element"], told)  # something was done outside, and nothing here came of it
            opening.remember(connection, _service_key(payload), unit.finish(), unit.now)
            return
        unit.record("service_done", payload["element"], told)
        changes = runtime.kernel.service_done(
            unit.definitions, unit.snapshot, unit.environment, payload["token"], result=result, error=error
        )
        unit.apply(changes)
        protect_result(unit, _guards(payload), result)
        opening.remember(connection, _service_key(payload), unit.finish(), unit.now)

    opening.run(runtime, command)


def _service_failed(runtime: Runtime, payload: Payload, reason: str, pause: timedelta | None) -> None:
    """Try again after `pause`; None = it was the last attempt."""
    attempt = payload["attempt"]

    def command(connection: Connection) -> None:
        row = instances.lock_running(connection, payload["instance"])
        if row is None or not _awaited(connection, payload):
            return
        unit = opening.open_unit(runtime, connection, row, SYSTEM, moving=False)
        if pause is not None:
            key = f"service:{payload['call']}:{attempt + 1}"
            unit.enqueue("service", {**payload, "attempt": attempt + 1}, at=unit.now + pause, key=key)
            return
        details = {"service": payload["service"], "attempts": attempt}
        incidents.open_(unit, payload["token"], payload["process"], payload["element"], SERVICE_FAILED, reason, details)
        unit.record("incident", payload["element"], {"code": SERVICE_FAILED, "message": reason})
        unit.finish()

    opening.run(runtime, command)
