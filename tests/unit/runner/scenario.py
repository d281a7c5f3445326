"""A small driver for the kernel without a database: BPMN in, commands by node id, events out as readable lines.

Every scenario can be kept in memory or saved and restored (rows and variables through their JSON text) before each command;
after each command the driver checks that nothing leaks: no token without a scope, nothing ready, nothing left open that was closed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from engine import events as facts
from engine import values
from engine.actor import Actor
from engine.clock import MovableClock
from engine.definitions.migration import KEEP, Plan, Step
from engine.definitions.model import Deadline, Node, Process
from engine.definitions.reader import read_bpmn
from engine.errors import NotFound
from engine.events import Event
from engine.feel import Environment as FeelEnvironment
from engine.feel import compile_expression
from engine.runner.instructions import Instruction, Start
from engine.runner.kernel import SpiffKernel
from engine.runner.loaded import LoadedRows
from engine.runner.port import Changes, Decided, Snapshot, TokenRow
from engine.services import Service
from tests.event_lines import element_name, trace

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WANG = Actor(person="wang", name="王")
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:cogov="urn:cogov:bpmn:1" id="defs" targetNamespace="urn:test">'
)


def bpmn(body: str, *, flows: str = "", process: str = "p", top: str = "", head: str = "") -> Process:
    """A process from a snippet of XML without the ``bpmn:`` prefix noise of a whole file.

    `flows`: lines ``a > b > c``; the flow's id is ``a_b``. A line may end in ``: =condition``. `top`: messages, errors, …
    `head`: extension elements of the process.
    """
    extension = f"<bpmn:extensionElements>{head}</bpmn:extensionElements>" if head else ""
    text = (
        f'{HEAD}{top}<bpmn:process id="{process}" isExecutable="true">{extension}{body}{sequence(flows)}</bpmn:process></bpmn:definitions>'
    )
    result = read_bpmn(text.encode(), f"{process}.bpmn", language="en")
    assert result.file is not None, result.findings
    assert not result.has_errors, [finding for finding in result.findings if finding.severity == "error"]
    return next(one for one in result.file.processes if one.id == process)


def sequence(flows: str) -> str:
    """Sequence flows of the little notation, for use inside sub-processes too."""
    found = []
    for line in flows.strip().splitlines():
        path, _, condition = line.partition(":")
        nodes = [node.strip() for node in path.split(">")]
        for source, target in itertools.pairwise(nodes):
            inner = (
                f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition.strip()}</bpmn:conditionExpression>'
                if condition
                else ""
            )
            found.append(f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>')
    return "".join(found)


def node(kind: str, id: str, inner: str = "", *, ext: str = "", **attributes: str) -> str:  # noqa: A002
    """``<bpmn:kind id=…>`` with extension elements `ext` and other children `inner`."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    extension = f"<bpmn:extensionElements>{ext}</bpmn:extensionElements>" if ext else ""
    return f'<bpmn:{kind} id="{id}" name="{id}"{written}>{extension}{inner}</bpmn:{kind}>'


def user(*ids: str, ext: str = "", inner: str = "") -> str:
    return "".join(node("userTask", one, inner, ext="<zeebe:userTask/>" + ext) for one in ids)


def start(id: str = "begin") -> str:  # noqa: A002
    return node("startEvent", id)


def end(*ids: str) -> str:
    return "".join(node("endEvent", one) for one in ids or ("done",))


def service(id: str, name: str, *, io: str = "") -> str:  # noqa: A002
    return node("serviceTask", id, ext=f'<zeebe:taskDefinition type="{name}"/>{mapping(io)}')


def mapping(io: str) -> str:
    """Lines ``in =source target`` and ``out =source target``."""
    rows = []
    for line in io.strip().splitlines():
        way, _, rest = line.strip().partition(" ")
        source, _, target = rest.rpartition(" ")
        rows.append(f'<zeebe:{"input" if way == "in" else "output"} source="{source}" target="{target}"/>')
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>" if rows else ""


def script(id: str, expression: str, variable: str = "") -> str:  # noqa: A002
    result = f' resultVariable="{variable}"' if variable else ""
    return node("scriptTask", id, ext=f'<zeebe:script expression="{expression}"{result}/>')


def boundary(id: str, host: str, event: str, *, interrupting: bool = True, ext: str = "") -> str:  # noqa: A002
    return node("boundaryEvent", id, event, ext=ext, attachedToRef=host, cancelActivity="true" if interrupting else "false")


def timer(text: str, kind: str = "timeDuration") -> str:
    return f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{kind}></bpmn:timerEventDefinition>'


def message(ref: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{ref}"/>'


def message_top(id: str, name: str, key: str = "") -> str:  # noqa: A002
    ext = f'<bpmn:extensionElements><zeebe:subscription correlationKey="{key}"/></bpmn:extensionElements>' if key else ""
    return f'<bpmn:message id="{id}" name="{name}">{ext}</bpmn:message>'


def many(collection: str, *, sequential: bool = False, until: str = "", **marks: str) -> str:
    """A multi-instance marker; `marks`: inputElement, outputCollection, outputElement."""
    written = "".join(f' {name}="{value}"' for name, value in marks.items())
    condition = f'<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">{until}</bpmn:completionCondition>' if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><bpmn:extensionElements>'
        f'<zeebe:loopCharacteristics inputCollection="{collection}"{written}/></bpmn:extensionElements>{condition}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def sub_process(id: str, body: str, flows: str, *, ext: str = "", **attributes: str) -> str:  # noqa: A002
    return node("subProcess", id, body + sequence(flows), ext=ext, **attributes)


def event_sub_process(id: str, trigger: str, *, interrupting: bool = True, body: str = "", flows: str, ext: str = "") -> str:  # noqa: A002
    """An event sub-process whose start event is called ``caught``."""
    begin = node("startEvent", "caught", trigger, ext=ext, isInterrupting="true" if interrupting else "false")
    return sub_process(id, begin + body, flows, triggeredByEvent="true")


def error(ref: str = "") -> str:
    return f'<bpmn:errorEventDefinition errorRef="{ref}"/>' if ref else "<bpmn:errorEventDefinition/>"


def escalation(ref: str) -> str:
    return f'<bpmn:escalationEventDefinition escalationRef="{ref}"/>'


ERRORS = (
    '<bpmn:error id="err1" errorCode="E1"/><bpmn:error id="err2" errorCode="E2"/>'
    '<bpmn:escalation id="esc1" escalationCode="X1"/><bpmn:signal id="storm" name="storm"/>'
)
SIGNAL = '<bpmn:signalEventDefinition signalRef="storm"/>'


class Definitions:
    """Models by process id, and decisions as plain functions."""

    def __init__(self, models: Sequence[Process], decisions: Mapping[str, Callable[[Mapping[str, Any]], Any]]) -> None:
        self._models = {model.id: model for model in models}
        self._decisions = decisions
        #: (process, version tag) → key of the version that a call gets
        self.newer: dict[tuple[str, str | None], str] = {}

    def with_(self, model: Process) -> Definitions:
        """The same with another version of one process."""
        return Definitions([*(one for key, one in self._models.items() if key != model.id), model], self._decisions)

    def process(self, key: str) -> Process:
        if key not in self._models:
            raise NotFound(f"there is no process {key}")
        return self._models[key]

    def called(self, process: str, how: str, tag: str | None) -> str:
        return process if how == "start" else self.newer.get((process, tag), process)

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Decided:
        return Decided(value=self._decisions[decision](variables), kept={"decision": decision})


class World:
    """The kernel's environment in memory: clock, services, deadlines, timers."""

    def __init__(self, services: Mapping[str, Callable[..., Any]], jobs: Sequence[str]) -> None:
        self.clock = MovableClock(NOON)
        self.actor = WANG
        self.deadlines: dict[str, datetime] = {}
        self.log: list[str] = []
        self.stores: dict[str, Any] = {}
        self._services = {name: Service(name=name, handler=handler, inline=True) for name, handler in services.items()}
        self._services.update({name: Service(name=name, handler=lambda: None, inline=False) for name in jobs})
        self._ids = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self) -> str:
        self._ids += 1
        return f"t{self._ids}"

    def guards(self, process: str, node: str, names: Iterable[str], variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        return []

    def evaluate(self, expression: str, variables: Mapping[str, Any]) -> Any:
        functions = {
            "deadline": lambda name: {"due": self.deadlines[name]},
            "role": lambda code, of: f"role:{code}@{of}",
            "member": lambda committee, role=None: f"member:{committee}" + (f":{role}" if role else ""),
        }
        return compile_expression(expression).evaluate(variables, FeelEnvironment(now=self.clock.now(), functions=functions))

    def service(self, name: str) -> Service | None:
        return self._services.get(name)

    def call_inline(
        self, service: Service, node: Node, token: str, process: str, inputs: Mapping[str, Any], seen: Any = None, scope: str = ""
    ) -> Any:
        return service.handler(**inputs)

    def read_store(self, store: str) -> Any:
        return self.stores.get(store)

    def write_store(self, store: str, value: Any) -> None:
        self.stores[store] = value

    def open_deadline(self, spec: Deadline, limit: Any, node: Node, token: str) -> None:
        self.deadlines.setdefault(spec.id, self.now + timedelta(days=3))
        self.log.append(f"deadline {spec.id} {limit}")

    def close_deadline(self, token: str, met: bool) -> None:
        self.log.append("met" if met else "dropped")

    def resolve_timer(self, kind: str, value: Any) -> tuple[datetime, str | None]:
        if isinstance(value, str) and kind == "cycle":
            times, _, period = value.partition("/")
            left = int(times[1:]) if times[1:] else None
            rest = None if left == 1 else f"R{'' if left is None else left - 1}/{period}"
            return self.now + self._parsed("duration", period), rest
        if isinstance(value, str):
            value = self._parsed("duration" if value.startswith("P") else "date and time", value)
        return (self.now + value if isinstance(value, timedelta) else value), None

    def _parsed(self, function: str, text: str) -> Any:
        return compile_expression(f'{function}("{text}")').evaluate({})


class CountedVariables(dict[str, Any]):
    """The variables of a scope; counts how often the kernel's own rows among them were looked at."""

    private_reads = 0

    def __contains__(self, name: object) -> bool:
        self.private_reads += str(name).startswith("#")
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.private_reads += 1
        return super().__iter__()


class CountedRows(LoadedRows):
    """Rows read one by one, as a store may do it; counts how many were read."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.reads = 0
        self.read_variables: dict[str, CountedVariables] = {}

    def row(self, token: str) -> TokenRow | None:
        self.reads += 1
        return super().row(token)

    def variables(self, scope: str) -> Mapping[str, Any]:
        return self.read_variables.setdefault(scope, CountedVariables(super().variables(scope)))

    def children(self, scope: str) -> Sequence[TokenRow]:
        found = super().children(scope)
        self.reads += len(found)
        return found


class Scenario:
    """One instance, driven by commands that name nodes."""

    def __init__(
        self,
        *models: Process,
        services: Mapping[str, Callable[..., Any]] | None = None,
        jobs: Sequence[str] = (),
        decisions: Mapping[str, Callable[[Mapping[str, Any]], Any]] | None = None,
        restored: bool = False,
        one_by_one: bool = False,
        step_limit: int = 10_000,
    ) -> None:
        self.definitions = Definitions(models, decisions or {})
        self.world = World(services or {}, jobs)
        self.kernel = SpiffKernel(step_limit=step_limit)
        self.restored = restored
        self.one_by_one = one_by_one
        self.rows_read = self.private_reads = 0
        self.rows: dict[str, TokenRow] = {}
        self.stored: dict[str, dict[str, Any]] = {}
        self.next_seq = 1
        self.outcome: str | None = None
        self.events: list[Event] = []
        self.history: list[Event] = []
        self.changes = Changes()
        self.open: dict[tuple[str, object], str] = {}
        self.root = ""
        self._main = models[0].id

    # Commands ---------------------------------------------------------------------------------------------------------

    def start(self, variables: Mapping[str, Any] | None = None, **options: Any) -> list[str]:
        return self._apply(
            self.kernel.start(self.definitions, self._main, self.world, variables=variables or {"starter": "wang", "area": "a1"}, **options)
        )

    def complete(self, node: str, form: Mapping[str, Any] | None = None, *, at: int = 0) -> list[str]:
        """Submit the `at`-th open task of that node."""
        return self._run(self.kernel.complete, self.waiting(node)[at], form or {})

    def fire(self, node: str, event: int = 0, payload: Mapping[str, Any] | None = None, *, at: int = 0) -> list[str]:
        """The timer is due, or the message or signal arrived, for which that node waits."""
        return self._run(self.kernel.trigger, self.listening(node)[at], event, payload)

    def service_done(self, node: str, result: Any = None, error: Any = None, *, at: int = 0) -> list[str]:
        return self._run(self.kernel.service_done, self.waiting(node)[at], result, error)

    def retry(self, node: str) -> list[str]:
        return self._run(self.kernel.retry, next(row.id for row in self._of(node) if row.state == "ERROR" or "requested" in row.internal))

    def cancel(self) -> list[str]:
        return self._run(self.kernel.cancel)

    def rearm(self) -> list[str]:
        return self._run(self.kernel.rearm)

    def modify(self, *instructions: Instruction) -> list[str]:
        return self._run(self.kernel.modify, instructions)

    def begin(self, *starts: Start, variables: Mapping[str, Any] | None = None) -> list[str]:
        """Begin at these elements instead of the start event."""
        given = variables or {"starter": "wang", "area": "a1"}
        return self._apply(self.kernel.begin(self.definitions, self._main, self.world, variables=given, starts=starts))

    def assign(self, variables: Mapping[str, Any], *, run: bool = True) -> list[str]:
        """Set variables of the process scope."""
        changed = {(self.root, name): value for name, value in variables.items()}
        return self._run(partial(self.kernel.assign, run=run), changed)

    def migrate(self, target: Process, *pairs: tuple[str, str] | tuple[str, str, str]) -> list[str]:
        """Go on in another version of the main process: (source, target[, timers]); without pairs every element keeps its id."""
        found = pairs or tuple((name, name) for name in target.nodes if name in self.definitions.process(self._main).nodes)
        steps = tuple(Step(source=pair[0], target=pair[1], timers=(*pair, KEEP)[2]) for pair in found)
        plan = Plan(process=self._main, before=1, after=2, steps=steps)
        after = self.definitions.with_(target)
        told = self._run(lambda d, snapshot, world: self.kernel.migrate(d, after, snapshot, world, plan, run=True))
        self.definitions = after
        return told

    # Questions --------------------------------------------------------------------------------------------------------

    def waiting(self, node: str) -> list[str]:
        """Tokens of that node that are no bodies and do not only wait on behalf of another one."""
        return [row.id for row in self._of(node) if row.state == "WAITING" and "host" not in row.internal]

    def listening(self, node: str) -> list[str]:
        return [row.id for row in self._of(node) if row.internal.get("open")]

    def at(self) -> list[str]:
        """Nodes at which something waits, in order of creation; an instance of a loop as node#n."""
        rows = sorted(self.rows.values(), key=lambda row: row.seq)
        return [
            element_name(row.node or "", row.internal.get("instance"))
            for row in rows
            if row.state in ("WAITING", "ERROR") and "host" not in row.internal
        ]

    def variables(self) -> dict[str, Any]:
        """Those of the process scope, without what the engine sets."""
        return {
            name: value
            for name, value in self.stored.get(self.root, {}).items()
            if name not in ("starter", "area") and not name.startswith("#")
        }

    def last(self, kind: type[Event]) -> Any:
        return next(event for event in reversed(self.history) if isinstance(event, kind))

    def _of(self, node: str) -> list[TokenRow]:
        return sorted((row for row in self.rows.values() if row.node == node), key=lambda row: row.seq)

    # Keeping state ----------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        rows = list(self.rows.values())
        stored = self.stored
        if self.restored:
            rows = [
                TokenRow(**{name: getattr(row, name) for name in TokenRow.__slots__} | {"internal": _again(row.internal)}) for row in rows
            ]
            stored = {scope: {name: _again(value) for name, value in local.items()} for scope, local in stored.items()}
        return Snapshot(tokens=rows, variables=stored, next_seq=self.next_seq)

    def _run(self, command: Callable[..., Changes], *arguments: Any) -> list[str]:
        before = self.snapshot()
        copy = values.dumps([[row.internal for row in before.tokens], before.variables])
        given = before
        if self.one_by_one and command != self.kernel.rearm:
            given = Snapshot(rows=CountedRows(before), next_seq=before.next_seq)
        changes = command(self.definitions, given, self.world, *arguments)
        if isinstance(given.rows, CountedRows):
            self.rows_read = given.rows.reads
            self.private_reads = sum(
                scope.private_reads for token, scope in given.rows.read_variables.items() if token not in changes.gone_tokens
            )
        assert values.dumps([[row.internal for row in before.tokens], before.variables]) == copy, "the kernel changed its snapshot in place"
        return self._apply(changes)

    def _apply(self, changes: Changes) -> list[str]:
        self.changes = changes
        self.events = changes.events
        self.history += changes.events
        for row in changes.tokens:
            self.rows[row.id] = row
        for token in changes.gone_tokens:
            del self.rows[token]
        for scope, name in changes.gone_variables:
            del self.stored[scope][name]
        for (scope, name), value in changes.variables.items():
            self.stored.setdefault(scope, {})[name] = value
        self.next_seq = changes.next_seq
        self.outcome = changes.outcome
        for event in changes.events:
            if isinstance(event, facts.ProcessStarted) and event.scope is None:
                self.root = event.token
        self._check()
        return trace(changes.events)

    def _check(self) -> None:
        """Nothing leaks."""
        for event in self.events:
            self._balance(event)
        for row in self.rows.values():
            assert row.parent is None or row.parent in self.rows, f"{row} has no scope"
            assert row.state in ("WAITING", "STARTED", "ERROR"), f"{row} is not at rest"
            assert row.internal.get("host") is None or row.internal["host"] in self.rows, f"{row} waits for nobody"
        for scope, local in self.stored.items():
            assert not local or scope in self.rows or scope == self.root, f"variables {local} of a scope that is gone"
        for token, what in self.open:
            assert token in self.rows, f"{what} of a token that is gone is still open"
        assert (self.outcome is None) == bool(self.rows)

    def _balance(self, event: Event) -> None:
        """What is opened is closed once, what is started ends once."""
        key = (event.token, getattr(event, "event", None))
        match event:
            case facts.TimerArmed() | facts.SubscriptionOpened():
                assert key not in self.open or getattr(event, "generation", 1) > 1
                self.open[key] = "event"
            case facts.TimerDisarmed() | facts.SubscriptionClosed():
                del self.open[key]
            case facts.TaskOffered():
                self.open[event.token, "task"] = "task"
            case facts.TaskCompleted() | facts.TaskWithdrawn():
                del self.open[event.token, "task"]
            case facts.ElementStarted():
                assert (event.token, "element") not in self.open
                self.open[event.token, "element"] = "element"
            case facts.ElementCompleted() | facts.ElementCancelled():
                del self.open[event.token, "element"]
            case facts.ActionOpened():
                self.open[event.token, "action"] = "action"
            case facts.ActionClosed():
                del self.open[event.token, "action"]


def _again(value: Any) -> Any:
    return values.loads(values.dumps(value))
