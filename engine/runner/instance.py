"""A running process instance: SpiffWorkflow's Workflow with a ready queue, loaded from rows only as far as a run touches it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.errors import CogovError, FormInvalid, ServiceRefused
from engine.events import Event, IncidentRaised
from engine.runner import snapshot as rows
from engine.runner.elements.waiting import check_conditions
from engine.runner.failures import EndlessLoop
from engine.runner.loaded import LoadedRows
from engine.runner.port import Definitions, Environment, LiveRows, Snapshot, TokenRow
from engine.runner.token import HOST, UNDOING, Token

if TYPE_CHECKING:
    from engine.runner.elements.base import Element
    from engine.runner.specs import ProcessSpec

#: Refuse the whole command instead of becoming an incident.
REFUSALS = (ServiceRefused, FormInvalid)


class Instance(Workflow):
    """All tokens of one instance, also those inside called processes.

    Rows become `Token` objects when something asks for them: a run that completes one of 1,000 participants makes a
    handful. What a run changed is found by comparing these few with their rows (`engine.runner.snapshot`), so that no
    change can be missed.
    """

    tasks: dict[str, Token]

    def __init__(
        self,
        definitions: Definitions,
        environment: Environment,
        compiled: Callable[[Any], ProcessSpec],
        snapshot: Snapshot,
        *,
        step_limit: int,
    ) -> None:
        super().__init__(None, deserializing=True)
        self.definitions = definitions
        self.environment = environment
        #: the snapshot, read as far as the run needs it
        self.source: LiveRows = snapshot.rows or LoadedRows(snapshot)
        self.ready: deque[Token] = deque()
        self.events: list[Event] = []
        self.next_seq = snapshot.next_seq
        self.outcome: str | None = None
        #: which definition of the start event occurred, and what came with it
        self.start_trigger: tuple[int, Mapping[str, Any] | None] = (0, None)
        #: tokens that left the tree in this run
        self.gone: list[Token] = []
        #: scopes in which a token arrived or left: their joins are looked at when nothing is ready
        self.moved: dict[str, Token] = {}
        self.steps_left = step_limit
        self._compiled = compiled
        self._specs: dict[str, ProcessSpec] = {}
        self._rows: dict[str, TokenRow] = {}
        #: ids that `find` must not make again from their rows
        self._removed: set[str] = set()
        #: ids of the live tokens inside a scope; for scopes of the snapshot first only the new ones, see `_ids_inside`
        self._inside: dict[str, dict[str, None]] = {}
        self._complete: set[str] = set()
        self._live: dict[str, int] = {}
        self.root_id = self.source.root

    # The tree ---------------------------------------------------------------------------------------------------------

    @property
    def root(self) -> Token:
        """The token of the instance's own process scope."""
        return self.token(self.root_id)

    def process_spec(self, process: str) -> ProcessSpec:
        """The compiled process in the version this instance uses. Raises NotFound."""
        if process not in self._specs:
            self._specs[process] = self._compiled(self.definitions.process(process))
        return self._specs[process]

    def bind(self, definitions: Definitions, *processes: ProcessSpec) -> None:
        """The instance uses these definitions from now on, and these versions of some processes."""
        self.definitions = definitions
        self._specs = {process.name: process for process in processes}

    def find(self, token: str) -> Token | None:
        if token in self._removed or (token not in self.tasks and self._read(token) is None):
            return None
        return self.token(token)

    def token(self, token: str) -> Token:
        """The live token with this id, made from its row (and its scopes from theirs) when first asked for."""
        if token not in self.tasks:
            missing = []
            upward: str | None = token
            while upward is not None and upward not in self.tasks:
                row = self._read(upward)
                if row is None:
                    raise LookupError(f"token {upward} is named by a live token but is not live itself")
                missing.append(row)
                upward = row.parent
            for row in reversed(missing):
                rows.restore(self, row)
        return self.tasks[token]

    def children_of(self, scope: Token) -> list[Token]:
        """The live tokens directly inside, oldest first."""
        return [self.token(child) for child in self._ids_inside(scope.id)]

    def inside(self, scope: Token) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
        """(token id, node id, internal) of the live tokens directly inside, without making objects of rows."""
        for child in self._ids_inside(scope.id):
            token = self.tasks.get(child)
            if token is not None:
                yield child, token.task_spec.node.id if token.task_spec.node is not None else None, token.internal_data
            else:
                row = self._rows[child]
                yield child, row.node, row.internal

    def live(self, scope: Token) -> int:
        """How many tokens keep the scope open; those that wait on behalf of another token do not count."""
        if scope.id not in self._live:
            self._live[scope.id] = self.source.live(scope.id)
        return self._live[scope.id]

    def spawn(self, spec: Element, scope: Token | None, **internal: Any) -> Token:
        """A new token of `spec` inside `scope`; not ready yet."""
        token = Token(self, spec, scope, id=self.environment.new_id(), seq=self.next_seq, internal=internal)
        self.next_seq += 1
        self.tasks[token.id] = token
        self._live[token.id] = 0
        self._complete.add(token.id)
        if scope is None:
            self.root_id = token.id
        else:
            self._inside.setdefault(scope.id, {})[token.id] = None
            self._count(scope, internal, 1)
        return token

    def remove(self, token: Token) -> None:
        """Take a finished or cancelled token, which has nothing below it any more, out of the tree."""
        del self.tasks[token.id]
        self._removed.add(token.id)
        self.gone.append(token)
        scope = token.scope
        if scope is not None:
            self._inside.get(scope.id, {}).pop(token.id, None)
            self._count(scope, token.internal_data, -1)
            self.moved[scope.id] = scope

    def take_number(self) -> int:
        """The next number of the instance's one order of creation and completion."""
        self.next_seq += 1
        return self.next_seq - 1

    def promote(self, token: Token) -> None:
        """An auxiliary token becomes one that keeps its scope open."""
        if token.internal_data.pop(HOST, None) is not None and token.scope is not None:
            self._count(token.scope, token.internal_data, 1)

    def host(self, token: Token, host: Token) -> None:
        """A token that keeps its scope open becomes one that waits on behalf of another."""
        if token.scope is not None:
            self._count(token.scope, token.internal_data, -1)
        token.internal_data[HOST] = host.id

    def _read(self, token: str) -> TokenRow | None:
        """The row of the snapshot."""
        if token not in self._rows and (row := self.source.row(token)) is not None:
            self._rows[token] = row
        return self._rows.get(token)

    def _ids_inside(self, scope: str) -> Iterable[str]:
        """Ids of the live tokens directly inside, oldest first; the snapshot is asked once per scope."""
        if scope not in self._complete:
            self._complete.add(scope)
            children = self.source.children(scope)
            self._rows.update((row.id, row) for row in children)
            old = dict.fromkeys(row.id for row in children if row.id not in self._removed)
            self._inside[scope] = {**old, **self._inside.get(scope, {})}
        return tuple(self._inside.get(scope, ()))

    def _count(self, scope: Token, internal: Mapping[str, Any], by: int) -> None:
        if HOST not in internal:
            self._live[scope.id] = self.live(scope) + by

    def _remove_task(self, task_id: str) -> None:
        self.remove(self.tasks[task_id])

    def _task_completed_notify(self, token: Token) -> None:
        """Spiff's call after a completion: the token leaves the tree, its scope looks whether that was the last one."""
        self.remove(token)
        token.task_spec.after(token)

    # Running ----------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run until nothing is ready. Joins that wait for what may still come are looked at when all else stands."""
        while True:
            while self.ready:
                token = self.ready.popleft()
                if token._state == TaskState.READY:
                    self.step(token)
            if not self._settle():
                return

    def step(self, token: Token) -> None:
        """Run one ready token; a failure becomes an incident of that token and stops nothing else."""
        self.steps_left -= 1
        if self.steps_left < 0:
            self.fail(token, EndlessLoop(node=token.task_spec.name))
        else:
            self.guard(token, token.run)

    def run_first(self, token: Token) -> None:
        """Let a token run before all that are ready."""
        token._ready()
        self.ready.appendleft(self.ready.pop())

    def guard(self, token: Token, act: Callable[..., Any], *arguments: Any) -> Any:
        """Do something for a token; a failure becomes its incident (and gives None), a refusal goes to the caller."""
        try:
            return act(*arguments)
        except REFUSALS:
            raise
        except CogovError as error:
            self.fail(token, error)
            return None

    def fail(self, token: Token, error: CogovError) -> None:
        """The token stands in an incident until it is retried or cancelled."""
        token._set_state(TaskState.ERROR)
        self.emit(IncidentRaised, token, code=error.code, message=error.message, details=error.details)

    def _settle(self) -> bool:
        """Whether there is more to do: a complex gateway that is reset makes nothing ready, but may free another join."""
        moved, self.moved = self.moved, {}
        for scope in moved.values():
            if scope.id in self.tasks:
                scope.task_spec.settle(scope)
        if not self.ready:
            check_conditions(self)
        return bool(self.ready or self.moved)

    # Cancelling -------------------------------------------------------------------------------------------------------

    def cancel_subtree(self, token: Token, by: str | None = None) -> None:
        """Cancel the token and all below it, innermost first. `by`: id of the node that does it."""
        order, stack = [], [token]
        while stack:
            current = stack.pop()
            order.append(current)
            stack.extend(self.children_of(current))
        for current in reversed(order):
            if current.id in self.tasks:
                current._set_state(TaskState.CANCELLED)
                current.task_spec.withdraw(current, by)
                self.remove(current)

    def cancel_inside(self, scope: Token, by: str | None, *, keep: Iterable[Token] = ()) -> None:
        """Cancel every token inside the scope but those to `keep`."""
        kept = {token.id for token in keep}
        for child in self.children_of(scope):
            if child.id not in kept and child.id in self.tasks:
                self.cancel_subtree(child, by)

    # Facts ------------------------------------------------------------------------------------------------------------

    def emit(self, kind: Callable[..., Event], token: Token, /, **facts: Any) -> None:
        if UNDOING in token.internal_data and kind is not IncidentRaised:
            return  # a completed scope, open again only to be undone, does not start a second time; its handlers tell their own
        spec = token.task_spec
        scope = token.scope
        self.events.append(
            kind(
                token=token.id,
                scope=scope.id if scope is not None else None,
                process=spec.process.name,
                node=spec.node,
                loop=token.loop,
                **facts,
            )
        )

    def evaluate(self, expression: str, variables: Mapping[str, Any]) -> Any:
        return self.environment.evaluate(expression, variables)

    def row(self, token: str) -> TokenRow | None:
        """The row of the snapshot, also when the token is gone by now."""
        return self._rows.get(token)
