"""The complex gateway: starts when its activation condition holds, then waits until it can be reset (BPMN 2.0, 13.4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from engine.definitions.model import Node
from engine.runner.elements.base import holds
from engine.runner.elements.collecting import ARRIVED, JOINS, Collecting
from engine.runner.elements.gateways import nothing_comes
from engine.runner.specs import Path, ProcessSpec
from engine.runner.token import Token

#: internal of the waiting token: flows whose tokens the activation used up; without it the gateway waits for its start
RESETS = "resets"
#: internal of a token that passes the gateway when it is reset
AGAIN = "again"


class ComplexGateway(Collecting):
    """Tokens in front of it are counted per flow; one waiting token knows whether it waits for start or for reset.

    The conditions see ``activationCount`` (tokens that have arrived), each incoming flow's number of tokens under the flow's id, and
    ``waitingForStart``. At the reset only flows whose own condition holds are taken, so that a plain merge of "n of m" goes on once.
    """

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        #: incoming flow → nodes from which it can be reached without passing this gateway
        self.upstream: Mapping[str, frozenset[str]] = {}

    def collects(self) -> bool:
        return len(self.incoming) > 1 or self.node.activation is not None

    def look(self, join: Token) -> None:
        join.workflow.guard(join, self._start, join)

    def released(self, join: Token) -> bool:
        """Look again at what does not depend on arrivals: data have changed, or nothing can come any more before the reset."""
        arrived = join.internal_data[ARRIVED]
        if RESETS not in join.internal_data:
            return bool(arrived) and self._is_active(join)
        return nothing_comes(join, self.upstream, {*arrived, *join.internal_data[RESETS]})

    def release(self, join: Token) -> None:
        if RESETS in join.internal_data:
            self._reset(join)
        else:
            self._activate(join)

    def choose(self, token: Token) -> Sequence[Path]:
        facts = self._facts(token.internal_data.get("counts", {}), starting=AGAIN not in token.internal_data)
        taken = [path for path in self.paths if path.condition is not None and holds(token, path.condition, facts)]
        if AGAIN in token.internal_data:
            return taken
        taken += [path for path in self.paths if path.condition is None and not path.default]
        return taken or self.default_path()

    def _start(self, join: Token) -> None:
        if RESETS not in join.internal_data and self._is_active(join):
            self._activate(join)

    def _is_active(self, join: Token) -> bool:
        if self.node.activation is None:
            return True
        return holds(join, self.node.activation, self._facts(join.internal_data[ARRIVED], starting=True))

    def _activate(self, join: Token) -> None:
        """Use up one token of each flow that has any, go on, and wait for the reset."""
        if join.scope is None:
            return
        arrived = join.internal_data.pop(ARRIVED)
        join.internal_data["counts"] = arrived
        del join.scope.internal_data[JOINS][self.name]
        if len(self.incoming) > 1:
            rest = {flow: count - 1 for flow, count in arrived.items() if count > 1}
            self.wait_for_more(join.scope, rest).internal_data[RESETS] = sorted(arrived)
        elif not join.scope.internal_data[JOINS]:
            del join.scope.internal_data[JOINS]
        join._ready()

    def _reset(self, join: Token) -> None:
        """Use up one token of each flow that gave none to the start; what is left waits for the next start."""
        scope = join.scope
        if scope is None:
            return
        used, arrived = join.internal_data.pop(RESETS), join.internal_data.pop(ARRIVED)
        rest = {flow: count - (flow not in used) for flow, count in arrived.items()}
        del scope.internal_data[JOINS][self.name]
        if any(rest.values()):
            self.look(self.wait_for_more(scope, {flow: count for flow, count in rest.items() if count}))
        elif not scope.internal_data[JOINS]:
            del scope.internal_data[JOINS]
        if any(path.condition is not None for path in self.paths):
            join.internal_data |= {AGAIN: True, "counts": arrived}
            join._ready()
        else:
            join.workflow.remove(join)
            scope.task_spec._update(scope)

    def _facts(self, arrived: Mapping[str, int], *, starting: bool) -> dict[str, object]:
        counts = {flow: Decimal(arrived.get(flow, 0)) for flow in self.incoming}
        return {**counts, "activationCount": Decimal(sum(arrived.values())), "waitingForStart": starting}
