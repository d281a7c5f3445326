"""A case as its administrator sees it: where its tokens stand, what failed, what may be done. What the case is about stays shut to who
may not read it (the right to administer opens no content)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.actor import Actor
from engine.definitions.model import Label, Node, Process
from engine.errors import NotFound
from engine.queries import InstanceDetails, LiveToken
from governance.application import Application
from governance.desk import histories
from governance.desk.drawing import drawn
from governance.desk.operations import IncidentRow, place_of
from governance.desk.powers import of_case
from governance.desk.protection import Sight
from governance.desk.reading import Look, look, require_case
from governance.desk.views import Entry
from governance.directory.may import Scope, decide

#: rights over one case, each a page of its own
RIGHTS = ("retry", "suspend", "change", "move", "restart", "migrate", "cancel")
#: history rows that say what operators did and what they had to do it for
_ACTS = (
    "suspended", "resumed", "variables_changed", "modified", "migrated", "restarted", "restarted_as", "cancelled", "incident",
    "incident_retried", "incident_resolved", "job_retried", "job_discarded",
)  # fmt: skip
#: places at which nothing is begun by hand
_CLOSED = ("startEvent", "boundaryEvent")
_FAILED = "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A live element instance. `depth` is that of its scope; `place`: it may be taken away (it waits for itself, not for another)."""

    id: str
    depth: int
    name: Label
    element: str
    process: str
    state: str
    place: bool
    #: number among the live ones of one element; 0: it is the only one, or a multi-instance as a whole
    number: int = 0
    whole: bool = False
    scope: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An element at which tokens may begin. `group`: the sub-process or procedure it lies in."""

    element: str
    process: str
    name: Label
    group: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorCase:
    instance: str
    process: str
    process_name: Label
    version: int
    newest: int
    number: str | None
    area: str | None
    state: str
    started: datetime
    ended: datetime | None
    suspended: datetime | None
    tokens: Sequence[TokenRow]
    incidents: Sequence[IncidentRow]
    acts: Sequence[Entry]
    may: frozenset[str]
    #: the reader may open the case itself
    opens: bool
    #: for the diagram: element → how many stand there; elements that failed; the path, for who may read the case
    standing: Mapping[str, int]
    wrong: Mapping[str, int]
    passed: Mapping[str, int]


def page(app: Application, actor: Actor, instance: str) -> OperatorCase:
    """Raises NotFound, Forbidden."""
    of_case(app, actor, "operate", instance)
    case, process = app.engine.queries.instance(instance), app.engine.queries.process_of(instance)
    newest = app.engine.queries.definitions("process", case.line.process)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        sight = Sight(seen, case)
        opens = _opens(seen, case, process)
        line = case.line
        return OperatorCase(
            instance=line.id, process=line.process, process_name=process.name, version=line.process_version,
            newest=newest[0].version if newest else line.process_version, number=line.number, area=line.area, state=line.state,
            started=line.started_at, ended=line.ended_at, suspended=line.suspended_at, tokens=token_rows(app, case),
            incidents=_incidents(sight, case, process), acts=_acts(sight, process), opens=opens,
            may=frozenset(right for right in RIGHTS if decide(seen.reach, f"admin.{right}", Scope(area=line.area))),
            standing=_standing(case, process), wrong={t.node: 1 for t in case.tokens if t.node and t.state == _FAILED},
            passed=dict(case.completed) | dict(case.flows) if opens else {},
        )  # fmt: skip


def diagram(app: Application, actor: Actor, instance: str) -> bytes:
    """The BPMN file the case runs. Raises NotFound, Forbidden."""
    of_case(app, actor, "operate", instance)
    return drawn(app.engine.queries.instance_xml(instance))


def token_rows(app: Application, case: InstanceDetails) -> list[TokenRow]:
    """Live tokens, each below the scope it stands in."""
    below: dict[str | None, list[LiveToken]] = {}
    for token in case.tokens:
        below.setdefault(token.parent, []).append(token)
    alike: dict[tuple[str | None, str | None], int] = {}
    found = []

    def visit(parent: str | None, depth: int) -> Iterator[tuple[LiveToken, int]]:
        for token in below.get(parent, ()):
            yield token, depth
            yield from visit(token.id, depth + 1)

    for token, depth in visit(None, 0):
        node = app.engine.queries.process_of(case.line.id, token.process).nodes.get(token.node or "")
        whole = any(child.node == token.node and child.process == token.process for child in below.get(token.id, ()))
        key = (token.process, token.node)
        several = sum((t.process, t.node) == key for t in case.tokens) > 1 and not whole
        alike[key] = alike.get(key, 0) + several
        found.append(_row(app, case, token, node, depth, number=alike[key] if several else 0, whole=whole, scope=token.id in below))
    return found


def _row(
    app: Application, case: InstanceDetails, token: LiveToken, node: Node | None, depth: int, *, number: int, whole: bool, scope: bool
) -> TokenRow:
    name = label_of(node) if node is not None else app.engine.queries.process_of(case.line.id, token.process).name
    return TokenRow(
        id=token.id, depth=depth, name=name, element=token.element or "", process=token.process, state=token.state,
        place=token.parent is not None and (node is None or node.kind not in _CLOSED), number=number, whole=whole, scope=scope,
    )  # fmt: skip


def places(app: Application, instance: str) -> list[Place]:
    """Where tokens of a case may begin: in its own procedure and in those it calls now."""
    case = app.engine.queries.instance(instance)
    called = dict.fromkeys([case.line.process, *(token.process for token in case.tokens)])
    return [place for key in called for place in places_in(app.engine.queries.process_of(instance, key))]


def places_in(process: Process) -> list[Place]:
    """Where tokens may begin in a procedure, grouped by the sub-process around them."""
    found = []
    for node in process.nodes.values():
        around = process.nodes.get(node.parent)
        if node.kind in _CLOSED or node.triggered_by_event or node.for_compensation:
            continue
        group = label_of(around) if around is not None else process.name
        found.append(Place(element=node.id, process=process.id, name=label_of(node), group=group))
    return found


def label_of(node: Node) -> Label:
    """The node's name, or its id."""
    return node.name if node.name.zh else Label(node.id, node.id)


def element_names(app: Application, instance: str, version: int | None = None) -> Mapping[str, Label]:
    """Element as histories and outlooks write it → its name. `version`: of another version of the case's procedure."""
    case = app.engine.queries.instance(instance)
    queries = app.engine.queries
    own = queries.process_of(instance) if version is None else queries.process(case.line.process, version)
    found = {node.id: label_of(node) for node in own.nodes.values()}
    for key in {token.process for token in case.tokens} - {own.id}:
        model = queries.process_of(instance, key)
        found |= {f"{key}/{node.id}": label_of(node) for node in model.nodes.values()}
    return found


def _opens(seen: Look, case: InstanceDetails, process: Process) -> bool:
    try:
        require_case(seen, case, process)
    except NotFound:
        return False
    return True


def _standing(case: InstanceDetails, process: Process) -> dict[str, int]:
    """Element of the case's own diagram → live tokens at it that wait for themselves."""
    found: dict[str, int] = {}
    for token in case.tokens:
        node = process.nodes.get(token.node or "") if token.process == process.id else None
        if node is not None and node.kind not in _CLOSED and not node.triggered_by_event:
            found[node.id] = found.get(node.id, 0) + 1
    return found


def _incidents(sight: Sight, case: InstanceDetails, process: Process) -> list[IncidentRow]:
    found = []
    for line in case.incidents:
        if line.state != "open":
            continue
        model = sight.seen.app.engine.queries.process_of(case.line.id, line.process)
        node = model.nodes.get(line.node or "")
        found.append(
            IncidentRow(
                id=line.id, instance=case.line.id, number=case.line.number, process=model.name,
                element=label_of(node) if node is not None else process.name, code=line.code,
                message=sight.incident_text(line).in_(sight.seen.actor.language), at=line.at, token=line.token,
                place=place_of(line, case.line.process),
            )
        )  # fmt: skip
    return found


def _acts(sight: Sight, process: Process) -> list[Entry]:
    lines = sight.seen.app.engine.queries.history(sight.case.line.id, limit=1000, newest_first=True).items
    return histories.entries(sight, process, [line for line in lines if line.kind in _ACTS])
