"""Multi-instance and standard loops: a body token around one token per instance. No instance ever looks at its siblings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import Loop, Node
from engine.errors import ExpressionFailed
from engine.events import ElementStarted
from engine.runner.elements.activities import Activity
from engine.runner.elements.base import PAYLOAD_NAMES, holds
from engine.runner.elements.compensation import undo_inside
from engine.runner.elements.implicit import throw_implicitly
from engine.runner.specs import ProcessSpec
from engine.runner.token import INSTANCE, UNDOING, Token
from engine.runner.variables import private, read, result_layers, visible, write
from engine.values import normalise

#: variables of the body: the collection of a sequential run, and one row per result, so that no growing list is rewritten
ITEMS, RESULT_ROW = "#items", "#out/"
#: key of the body's counters in its internal data
COUNT = "mi"
_ROOT_NAME = re.compile(r"\s*([^\W\d]\w*)\s*(?:\.|$)")


class Body(Activity):
    """The activity as a whole. Boundary events and deadline belong to it, mappings to each instance."""

    is_body = True
    holds_records = True
    waiting_state = TaskState.STARTED
    inner: Activity

    def __init__(self, process: ProcessSpec, name: str, node: Node, loop: Loop) -> None:
        super().__init__(process, name, node)
        self.loop = loop
        match = _ROOT_NAME.match(loop.output_element or "")
        root = match.group(1) if match else None
        #: an output element that is a plain variable is local to its instance (as in Zeebe), else instances would share it
        self.local_result = root if root not in (None, "result", "form", *PAYLOAD_NAMES.values()) else None

    def begin(self, token: Token) -> None:
        token.workflow.emit(ElementStarted, token)

    def execute(self, token: Token) -> bool | None:
        """Called at the beginning and again whenever an instance that ends lets the body decide."""
        if UNDOING in token.internal_data:
            return undo_inside(token)
        count = token.internal_data.get(COUNT)
        if count is None:
            count = self.count(token)
            token.internal_data[COUNT] = count
        if count.get("early"):
            count["terminated"] += token.workflow.live(token)
            token.workflow.cancel_inside(token, self.node.id)
            return True
        if self.loop.kind == "parallel":
            return self._start_all(token, count)
        return self._start_next(token, count)

    def count(self, token: Token) -> dict[str, Any]:
        """Evaluate collection or cardinality: the counters at the start."""
        total = None
        if self.loop.collection is not None:
            items = token.workflow.evaluate(self.loop.collection, visible(token))
            if items is not None and not isinstance(items, list):
                raise ExpressionFailed(
                    f"the collection {self.loop.collection!r} of {self.node.id} is not a list", expression=self.loop.collection
                )
            token.data[ITEMS] = normalise(items or [])
            total = len(items or [])
        elif self.loop.cardinality is not None:
            number = token.workflow.evaluate(self.loop.cardinality, visible(token))
            if isinstance(number, bool) or not isinstance(number, (int, Decimal)) or number < 0 or number != int(number):
                raise ExpressionFailed(
                    f"the cardinality {self.loop.cardinality!r} of {self.node.id} is not a whole number", expression=self.loop.cardinality
                )
            total = int(number)
        return {"total": total, "started": 0, "completed": 0, "terminated": 0}

    def gather(self, instance: Token) -> None:
        """An instance completes: keep its result as a row of its own and see whether the whole is done early."""
        body = instance.scope
        if body is None:
            return
        count = body.internal_data[COUNT]
        number = instance.internal_data[INSTANCE]
        layers = result_layers(instance)[:1]  # the result by its name; its members are mapped by now
        result = None
        if self.loop.output_element is not None:
            result = normalise(instance.workflow.evaluate(self.loop.output_element, visible(instance, *layers)))
        after = self._counters(count, completed=count["completed"] + 1)
        early = self.loop.completion_condition is not None and holds(instance, self.loop.completion_condition, *layers, after, at=instance)
        due = self._due(instance, after, layers)
        count["completed"] += 1
        if self.loop.output_element is not None and self.loop.output_collection is not None:
            body.data[f"{RESULT_ROW}{number:09d}"] = result
        if early:
            count["early"] = True
        if due:
            count["due"] = [*count.get("due", ()), *due]

    def _due(self, instance: Token, counters: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]) -> list[list[int]]:
        """What the behaviour throws now that this instance ends: indices into `Loop.throws` and its events."""
        if self.loop.behavior == "One" and counters["numberOfCompletedInstances"] > 1:
            return []
        found = []
        for number, thrown in enumerate(self.loop.throws):
            if thrown.condition is None or holds(instance, thrown.condition, *layers, counters, at=instance):
                found += [[number, index] for index in range(len(thrown.events))]
        return found

    def throw_due(self, body: Token) -> None:
        """An instance has ended: throw what its end called for, to the boundary events of the activity first."""
        while body.id in body.workflow.tasks and body.internal_data[COUNT].get("due"):
            number, index = body.internal_data[COUNT]["due"].pop(0)
            throw_implicitly(body, self.loop.throws[number].events[index], self.counters(body))

    def counters(self, token: Token) -> Mapping[str, Any]:
        count = token.internal_data.get(COUNT)
        return self._counters(count, completed=count["completed"]) if count is not None else {}

    def map_results(self, token: Token) -> None:
        """The rows of the instances that completed, in order, become the output collection."""
        if self.loop.output_collection is not None and token.scope is not None and UNDOING not in token.internal_data:
            rows = [read(token, name) for name in private(token, RESULT_ROW)]
            write(token.scope, self.loop.output_collection, rows)

    def _update_hook(self, token: Token) -> bool:
        if token._state != TaskState.STARTED or UNDOING in token.internal_data:
            return False
        return bool(token.internal_data[COUNT].get("early")) or token.workflow.live(token) == 0

    def _counters(self, count: Mapping[str, Any], *, completed: int) -> dict[str, Any]:
        if self.loop.kind == "standard":
            return {}
        active = count["started"] - completed - count["terminated"]
        return {
            "numberOfInstances": Decimal(count["total"]),
            "numberOfActiveInstances": Decimal(active),
            "numberOfCompletedInstances": Decimal(completed),
            "numberOfTerminatedInstances": Decimal(count["terminated"]),
        }

    def _start_all(self, token: Token, count: dict[str, Any]) -> bool | None:
        if count["started"] == count["total"]:
            return token.workflow.live(token) == 0 or None
        items = read(token, ITEMS)
        token.data.pop(ITEMS, None)
        for index in range(count["started"], count["total"]):
            self._start(token, count, items[index] if items is not None else None)
        return None

    def _start_next(self, token: Token, count: dict[str, Any]) -> bool | None:
        if token.workflow.live(token) > 0:
            return None
        if not self._another(token, count):
            return True
        items = read(token, ITEMS)
        self._start(token, count, items[count["started"]] if items is not None else None)
        return None

    def _another(self, token: Token, count: Mapping[str, Any]) -> bool:
        started: int = count["started"]
        if self.loop.kind != "standard":
            return started < count["total"]
        if self.loop.maximum is not None and started >= self.loop.maximum:
            return False
        if self.loop.condition is None or (started == 0 and not self.loop.test_before):
            return True
        return holds(token, self.loop.condition, {"loopCounter": Decimal(started)}, at=token)

    def _start(self, token: Token, count: dict[str, Any], item: Any) -> None:
        count["started"] += 1
        instance = token.workflow.spawn(self.inner, token, **{INSTANCE: count["started"]})
        instance.data["loopCounter"] = Decimal(count["started"])
        if self.loop.element is not None and self.loop.kind != "standard":
            instance.data[self.loop.element] = item
        if self.local_result is not None and self.local_result not in instance.data:
            instance.data[self.local_result] = None
        instance._ready()
