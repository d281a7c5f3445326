"""What the kernel may ask of the command it runs in (runner.port.Environment)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.actor import Actor
from engine.commands.timing import resolve_timer
from engine.definitions.model import Deadline, Node
from engine.definitions.protection import origins, rule_of, rules_of
from engine.errors import BpmnError, CogovError, FormInvalid, ServiceRefused
from engine.guards import Guard, evaluated
from engine.services import Call, Service
from engine.store import data
from engine.store.database import is_database_error
from engine.store.guards import DOCUMENT, FILE

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit


class CommandEnvironment:
    """Implements runner.port.Environment over the open unit."""

    def __init__(self, unit: CommandUnit) -> None:
        self._unit = unit
        self.now: datetime = unit.now
        self.actor: Actor = unit.actor
        #: token → (deadline id, due) of deadlines opened in this command
        self.deadlines: dict[str, tuple[str, datetime]] = {}
        #: data stores that this command read, and those it wrote
        self._stores: dict[str, Any] = {}
        self.stored: dict[str, Any] = {}

    def new_id(self) -> str:
        return self._unit.runtime.new_id()

    def evaluate(self, expression: str, variables: Mapping[str, Any]) -> Any:
        return self._unit.evaluator(expression, variables)

    def guards(self, process: str, node: str, names: Iterable[str], variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        model, actor = self._unit.definitions.process(process), self._unit.actor
        own = rules_of(model, model.nodes[node]) if node in model.nodes else ()
        read = origins(model, node, names)
        data = [rule for name in read if name in model.data and (rule := rule_of(model, model.data[name])) is not None]
        by = (actor.person, actor.mandate.on_behalf_of if actor.mandate else None)
        found = evaluated(dict.fromkeys((*own, *data)), lambda expression: self.evaluate(expression, variables), by)
        return [guard.plain() for guard in found]

    def service(self, name: str) -> Service | None:
        return self._unit.runtime.services.get(name)

    def call_inline(
        self, service: Service, node: Node, token: str, process: str, inputs: Mapping[str, Any], seen: Mapping[str, Any], scope: str
    ) -> Any:
        """Whatever the handler raises but a BpmnError refuses the command (conventions 7)."""
        instance = self._unit.instance
        call = Call(
            instance=instance.id,
            token=token,
            process=process,
            element=node.id,
            area=instance.area,
            number=instance.number,
            now=self.now,
            actor=self.actor,
            connection=self._unit.connection,
            evaluate=lambda expression: self.evaluate(expression, seen),
            scope="" if scope == self._unit.row.root else scope,
            idempotency_key=f"{token}:{node.id}",
            guards=self._unit.guards(process, node.id, lambda expression: self.evaluate(expression, seen)),
            resources=self._unit.runtime.resources,
        )
        try:
            result = service.handler(call, **inputs)
            protect_result(self._unit, call.guards, result)
            return result
        except (BpmnError, ServiceRefused, FormInvalid):
            raise
        except CogovError as error:
            raise ServiceRefused(f"{service.name}: {error.message}", service=service.name, cause=error.code, **error.details) from error
        except Exception as error:
            if is_database_error(error):
                raise  # perhaps only a lock: the command is run again
            raise ServiceRefused(f"{service.name}: {error}", service=service.name, cause=type(error).__name__) from error

    def read_store(self, store: str) -> Any:
        if store not in self._stores:
            self._stores[store] = data.read(self._unit.connection, store, hold=True)
        return self._stores[store]

    def write_store(self, store: str, value: Any) -> None:
        self._stores[store] = self.stored[store] = value

    def open_deadline(self, spec: Deadline, limit: Any, node: Node, token: str) -> None:
        unit = self._unit
        view = unit.runtime.deadlines.open(unit.connection, unit.instance, token, node.id, spec, limit, self.now)
        self.deadlines[token] = (spec.id, view.due)

    def close_deadline(self, token: str, met: bool) -> None:
        self.deadlines.pop(token, None)
        self._unit.runtime.deadlines.close(self._unit.connection, token, self.now, met)

    def resolve_timer(self, kind: str, value: Any) -> tuple[datetime, str | None]:
        return resolve_timer(kind, value, now=self.now, zone=self._unit.runtime.zone, working=self._working)

    def _working(self, limit: str, start: datetime) -> datetime:
        """5WD and 4WH are counted by the area's calendar."""
        return self._unit.runtime.deadlines.due_after(self._unit.connection, self._unit.instance.area, limit, start)


def protect_result(unit: CommandUnit, guards: Sequence[Guard], result: Any) -> None:
    """A document or file that a service made of protected data is protected like them."""
    if guards and isinstance(result, Mapping):
        for kind in (DOCUMENT, FILE):
            if isinstance(ref := result.get(kind), str):
                unit.protect(kind, [ref], guards)
