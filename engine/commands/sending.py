"""What a command sends: messages, signals and service calls, each a job of the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import values
from engine.commands.agenda import Agenda
from engine.commands.job_names import PER_JOB
from engine.commands.runtime import Runtime
from engine.events import MessageSent, ServiceRequested, SignalSent
from engine.store import messages

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit

Connection = Any


def send(unit: CommandUnit, plan: Agenda) -> None:
    """Put in the jobs of all that a run sent."""
    for message in plan.messages:
        _message(unit, message)
    for signal in plan.signals:
        _broadcast(unit, signal)
    for token, request in plan.services.items():
        _call(unit, token, request)


def enqueue_signal(runtime: Runtime, connection: Connection, signal_id: str, name: str, variables: str, from_: str | None) -> None:
    """Put in jobs that bring a signal to everyone who waits for it now, and to the processes it starts.

    `variables` is typed JSON text. Those who start to wait later do not get the signal.
    """
    waiters = messages.signal_waiters(connection, name)
    common = {"id": signal_id, "name": name, "variables": variables, "from": from_}
    for part, start in enumerate(range(0, len(waiters), PER_JOB)):
        payload = {**common, "waiters": waiters[start : start + PER_JOB], "starts": False}
        runtime.jobs.enqueue(connection, "signal", payload, key=f"signal:{signal_id}:{part}")
    runtime.jobs.enqueue(connection, "signal", {**common, "waiters": [], "starts": True}, key=f"signal:{signal_id}:starts")


def _message(unit: CommandUnit, event: MessageSent) -> None:
    message_id = unit.runtime.new_id()
    payload = {
        "name": event.name, "key": event.key, "variables": values.dumps(dict(event.variables)), "id": message_id, "from": unit.row.id,
        "ttl": event.ttl,
    }  # fmt: skip
    unit.enqueue("deliver_message", payload, key=f"message:{message_id}")


def _broadcast(unit: CommandUnit, event: SignalSent) -> None:
    text = values.dumps(dict(event.variables))
    enqueue_signal(unit.runtime, unit.connection, unit.runtime.new_id(), event.name, text, from_=unit.row.id)


def _call(unit: CommandUnit, token: str, request: ServiceRequested) -> None:
    node = request.node.id if request.node else ""
    guards = unit.guards(request.process, node, lambda text: unit.evaluate(text, token))
    call = {
        "instance": unit.row.id, "token": token, "process": request.process, "element": node,
        "service": request.service, "inputs": values.dumps(dict(request.inputs)), "call": f"{token}:{unit.read_version}",
        "guards": [guard.plain() for guard in guards],
    }  # fmt: skip
    unit.enqueue("service", {**call, "attempt": 1}, key=f"service:{call['call']}:1")
