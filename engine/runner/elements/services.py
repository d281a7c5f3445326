"""Calls of services and sending of messages, for tasks and throwing events alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Message, Node
from engine.errors import BpmnError
from engine.events import MessageSent, ServiceRequested
from engine.runner.elements.base import set_result
from engine.runner.elements.waiting import address
from engine.runner.failures import CannotRun, NoSuchService, UncaughtError
from engine.runner.port import REQUESTED
from engine.runner.propagation import throw_error
from engine.runner.token import Token
from engine.runner.variables import inputs_of, process_of, visible


def call(token: Token, node: Node) -> bool | None:
    """Call the node's service with its inputs: at once if it is inline, else a job does it (None: the token waits)."""
    instance = token.workflow
    name = node.service or ""
    if name.startswith("="):
        name = str(instance.evaluate(name[1:], visible(token)))
    service = instance.environment.service(name)
    if service is None:
        raise NoSuchService(f"there is no service {name!r}", service=name, node=node.id)
    inputs = inputs_of(token, node.inputs)
    if not service.inline:
        instance.emit(ServiceRequested, token, service=name, inputs=inputs)
        token.internal_data[REQUESTED] = name
        return None
    process, scope = token.task_spec.process.name, process_of(token).id
    try:
        result = instance.environment.call_inline(service, node, token.id, process, inputs, visible(token), scope)
    except BpmnError as error:
        raise_error(token, error.code, error.data)
        return None
    set_result(token, "result", result)
    return True


def raise_error(token: Token, code: str, data: Mapping[str, Any]) -> None:
    """A service threw a BPMN error. Raises UncaughtError, which makes an incident, when no event of the model catches it."""
    if not throw_error(token, code, data):
        raise UncaughtError(f"no event catches the error {code}", error=code, node=token.task_spec.name)


def send_message(token: Token, node: Node, message: Message | None) -> None:
    """Send the message of a throwing event or send task; the local inputs are its variables."""
    if message is None:
        raise CannotRun(f"{node.id} sends a message but names none", node=node.id)
    name, key = address(token, message, token)
    token.workflow.emit(MessageSent, token, name=name, key=key, variables=inputs_of(token, node.inputs), ttl=node.message_ttl)
