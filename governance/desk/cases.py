"""A case: where it stands, the path, the history, and what one may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label, Node, Process
from engine.errors import NotExpected, NotFound
from engine.queries import ActionLine, IncidentLine, InstanceDetails
from governance.application import Application
from governance.desk import histories, outcomes
from governance.desk.drawing import drawn
from governance.desk.entering import entering, may_enter
from governance.desk.protection import KEPT_SECRET, Sight
from governance.desk.reading import Look, look, may_see, node_of, require_case, title_of
from governance.desk.views import Button, CaseClock, CaseHead, CasePage, Entry, Fact, FormView, Incident, Outcome, PathStep, Step
from governance.directory.may import Scope, decide
from governance.registers import store as rows
from governance.registers.access import may_read
from governance.registers.declaration import Declaration
from governance.registers.rows import Row

_STATUS = {"running": "active"}


def page(app: Application, actor: Actor, instance: str, *, cursor: str | None = None) -> tuple[CasePage, str | None]:
    """The case page and the cursor of older history. Raises NotFound."""
    case = app.engine.queries.instance(instance)
    process = app.engine.queries.process_of(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, process)
        sight = Sight(seen, case)
        lines = app.engine.queries.history(instance, cursor=cursor, newest_first=True)
        shown = CasePage(
            head=head(seen, case, process),
            tasks=outcomes.open_tasks(sight, case.tasks),
            waiting=[*filter(None, [outcomes.awaited(sight)]), *_waiting(app, case, process)],
            buttons=_buttons(seen, case),
            path=_path(app, case, process),
            tokens=_counts(case),
            passed=dict(case.completed) | dict(case.flows),
            history=histories.entries(sight, process, lines.items),
            facts=facts(seen, instance, process.id),
            incidents=_incidents(sight, case, process),
            related=_related(seen, case),
            clocks=_clocks(seen, case, process),
            files=files(sight),
        )
    return shown, lines.next


def may_open(app: Application, actor: Actor, instance: str) -> bool:
    """Whether the reader of a register row may open the case behind it."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        try:
            require_case(look(app, actor, connection), case, app.engine.queries.process_of(instance))
        except NotFound:
            return False
    return True


def diagram(app: Application, actor: Actor, instance: str) -> bytes:
    """The BPMN file the case runs. Raises NotFound."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        require_case(look(app, actor, connection), case, app.engine.queries.process_of(instance))
    return drawn(app.engine.queries.instance_xml(instance))


def action(app: Application, actor: Actor, instance: str, token: str) -> tuple[Button, FormView | None, CaseHead]:
    """A button of the case page with its form. Raises NotFound, NotExpected when it is not there any more."""
    case = app.engine.queries.instance(instance)
    process = app.engine.queries.process_of(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require_case(seen, case, process)
        button = next((b for b in _buttons(seen, case) if b.token == token), None)
        if button is None:
            raise NotExpected
        rendered = app.engine.queries.action_form(instance, token, actor=actor, without=Sight(seen, case).hidden_names(token))
        return button, FormView(payload=rendered.payload()) if rendered else None, head(seen, case, process)


def act(
    app: Application, actor: Actor, instance: str, token: str, data: Mapping[str, Any], *, mandate: str | None = None,
    key: str | None = None, on_behalf_of: Mapping[str, Any] | None = None,
) -> Outcome:  # fmt: skip
    """Press the button, under the mandate the person chose, or on behalf of another (desk.entering).

    Raises NotExpected, NotOffered, Forbidden, FormInvalid."""
    case = app.engine.queries.instance(instance)
    name = next((a.name for a in case.actions if a.token == token), Label("操作", "Action"))
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, case.line.area)
    elif mandate:
        actor = replace(actor, mandate=Mandate(kind="chosen", selector=mandate))
    app.engine.act(instance, token, data, actor=actor, idempotency_key=key)
    return outcomes.outcome(app, actor, instance, Label(f"已提交：{name.zh}", f"Sent: {name.in_('en')}"))


def outcome(app: Application, actor: Actor, instance: str, zh: str, en: str) -> Outcome:
    """The outcome as it is shown on the next page."""
    return outcomes.outcome(app, actor, instance, Label(zh, en))


def cancel(app: Application, actor: Actor, instance: str, reason: str) -> None:
    """Cancel a case. Raises Forbidden unless the actor administers its area."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        histories.require(decide(look(app, actor, connection).reach, "admin.cancel", Scope(area=case.line.area)))
    app.engine.cancel(instance, reason, actor=actor)


def retry(app: Application, actor: Actor, instance: str, incident: str, reason: str | None = None) -> None:
    """Let what failed go on. Raises NotFound, Conflict, ReasonMissing, Forbidden unless the actor administers the case's area."""
    case = app.engine.queries.instance(instance)
    if incident not in {i.id for i in case.incidents}:
        raise NotFound
    with app.database.read() as connection:
        histories.require(decide(look(app, actor, connection).reach, "admin.retry", Scope(area=case.line.area)))
    app.engine.retry(incident, actor=actor, reason=reason)


def head(seen: Look, case: InstanceDetails, process: Process) -> CaseHead:
    """What stands on top: title, state in the register, life-cycle strip."""
    line = case.line
    row = main_row(seen, line.id, line.process)
    declaration = seen.app.registers.declarations.get(row.register) if row else None
    state = declaration.states.get(row.state) if declaration and row else None
    return CaseHead(
        instance=line.id,
        process=line.process,
        process_name=process.name,
        version=line.process_version,
        number=line.number,
        title=title_of(line.title, process.name, seen.actor.language),
        status=_STATUS.get(line.state, line.state),
        state=state.name if state else None,
        state_tone=(state.tone if state else None) or "act",
        started=line.started_at,
        ended=line.ended_at,
        suspended=line.suspended_at,
        starter=_starter(seen, case),
        register=row.register if row else None,
        record=row.id if row else None,
        steps=stages(declaration, row) if declaration and row else (),
    )


def _starter(seen: Look, case: InstanceDetails) -> str | None:
    starter = case.line.starter
    if starter is not None and starter in Sight(seen, case).secret_persons:
        return KEPT_SECRET.in_(seen.actor.language)
    return seen.names([starter]).get(starter or "")


def main_row(seen: Look, instance: str, process: str) -> Row | None:
    """The case's own row, if the reader may see it: the numbered one first, rows of called procedures last."""
    found = [r for r in rows.rows_of_instance(seen.connection, instance) if may_read(r.access, r.subject, seen.reach)]
    return min(found, key=lambda r: (r.process != process, r.number is None, r.opened, r.id), default=None)


def stages(declaration: Declaration, row: Row) -> list[Step]:
    """The life-cycle strip: stages in the register's order, what is passed, where it is."""
    keys = list(declaration.stages)
    at = keys.index(row.stage) if row.stage in keys else len(keys)
    return [
        Step(
            key=key,
            name=stage.name,
            state="done" if index < at else "now" if index == at else "later",
            note=declaration.states[row.state].name if index == at and row.state in declaration.states else Label(),
        )
        for index, (key, stage) in enumerate(declaration.stages.items())
    ]


def facts(seen: Look, instance: str, process: str) -> list[Fact]:
    """The columns of the case's register row that the reader may see."""
    row = main_row(seen, instance, process)
    if row is None:
        return []
    record = seen.app.boards.record(seen.connection, row.id, seen.reach, seen.now)
    return [f for panel in record.panels if panel.kind == "columns" for f in panel.facts if f.value not in (None, "", [])]


def timeline(seen: Look, case: InstanceDetails, process: Process, *, limit: int) -> list[Entry]:
    """The last few entries of the history."""
    lines = seen.app.engine.queries.history(case.line.id, limit=limit * 4, newest_first=True)
    return histories.entries(Sight(seen, case), process, lines.items)[:limit]


def _buttons(seen: Look, case: InstanceDetails) -> list[Button]:
    """Those the reader may press, and those he may press for others whose words he enters."""
    held, enters = seen.reach.selectors, may_enter(seen, case.line.area)
    found = []
    for a in case.actions:
        mine, anybody = bool(set(a.selectors) & set(held)), a.public or "public" in a.selectors
        authors = _holders(seen, a) if enters and not mine and not anybody else []
        if mine or anybody or authors:
            behalf = "only" if authors else "maybe" if enters and anybody and not mine else ""
            found.append(
                Button(
                    instance=case.line.id, token=a.token, name=a.name, description=Label(), mandate=_mandate(a, held),
                    has_form=a.form is not None, public=a.public, mandates=[held[s] for s in a.selectors if s in held],
                    behalf=behalf, authors=authors,
                )
            )  # fmt: skip
    return sorted(found, key=lambda button: button.behalf == "only")


def _holders(seen: Look, button: ActionLine) -> list[tuple[str, str]]:
    """(id, name) of those to whom a button is offered."""
    people = seen.app.directory.people(seen.connection, list(button.selectors), seen.now)
    names = seen.names(people)
    return [(p, names[p]) for p in people if p in names]


def _mandate(button: ActionLine, held: Mapping[str, Mandate]) -> Mandate | None:
    return next((held[s] for s in button.selectors if s in held), None)


def _counts(case: InstanceDetails) -> dict[str, int]:
    counts: dict[str, int] = {}
    for token in case.tokens:
        if token.element:
            counts[token.element] = counts.get(token.element, 0) + 1
    return counts


def _waiting(app: Application, case: InstanceDetails, process: Process) -> list[Entry]:
    """Timers the case waits for, the next first; a task's own alarm is told by its clock."""
    found = []
    for timer in sorted(case.timers, key=lambda t: t.due_at):
        token = next((t for t in case.tokens if t.id == timer.token), None)
        node = node_of(app, case.line.id, process, token.element if token else None)
        if node is not None and node.attached_to is None and node.name.zh:
            found.append(Entry(at=timer.due_at, tone="now", icon="clock", text=_waits_for(node)))
    return found[:5]


def _waits_for(node: Node) -> Label:
    return Label(f"等到：{node.name.zh}", f"Waits: {node.name.in_('en')}")


def _path(app: Application, case: InstanceDetails, process: Process) -> list[PathStep]:
    """The picture's text: named elements in the order they were first completed, and where it stands now."""
    live = _counts(case)
    names = dict.fromkeys([*case.completed, *live])
    steps = []
    for element in names:
        node = node_of(app, case.line.id, process, element)
        if node is None or not node.name.zh or node.kind.endswith("Gateway"):
            continue
        now = element in live and node.attached_to is None
        steps.append(PathStep(element=element, name=node.name, count=case.completed.get(element, 0) or 1, state="now" if now else "done"))
    return steps


def files(sight: Sight) -> list[dict[str, Any]]:
    """What was handed in with the case's forms, as far as the reader may see it."""
    seen = sight.seen
    return [
        {"id": f.id, "name": f.name, "size": f.size, "media_type": f.media_type}
        for f in seen.app.files.of_instance(seen.connection, sight.case.line.id)
        if sight.file(f.id)
    ]


def _incidents(sight: Sight, case: InstanceDetails, process: Process) -> list[Incident]:
    seen = sight.seen
    may = bool(decide(seen.reach, "admin.retry", Scope(area=case.line.area)))
    found = []
    for line in case.incidents:
        if line.state == "open":
            node = node_of(seen.app, case.line.id, process, f"{line.process}/{line.node}" if line.process != process.id else line.node)
            found.append(
                Incident(
                    id=line.id, name=node.name if node else Label(line.node or "", line.node or ""), entry=_incident(sight, line), retry=may
                )
            )
    return found


def _incident(sight: Sight, line: IncidentLine) -> Entry:
    return Entry(at=line.at, tone="bad", icon="triangle-alert", text=sight.incident_text(line), detail=Label(line.code, line.code))


def _clocks(seen: Look, case: InstanceDetails, process: Process) -> list[CaseClock]:
    """Every deadline of the case, the open ones first."""
    found = []
    for element, code, due in seen.app.deadlines.of_instance(seen.connection, case.line.id, seen.now):
        node = node_of(seen.app, case.line.id, process, element) or _called_node(seen, case, element)
        changes = seen.app.deadlines.changes(seen.connection, case.line.id, code)
        found.append(
            CaseClock(
                name=node.name if node else Label(element, element),
                due=due,
                changes=[Entry(at=c.at, tone="plain", icon="timer", text=Label(c.text_zh, c.text_en)) for c in changes],
            )
        )
    return sorted(found, key=lambda clock: (clock.due.state not in ("running", "paused"), clock.due.at))


def _called_node(seen: Look, case: InstanceDetails, element: str) -> Node | None:
    """A node of a process this case calls: deadlines know it by its own id only."""
    called = {e.rpartition("/")[0] for e in case.completed} | {t.process for t in case.tokens}
    for key in sorted(called - {"", case.line.process}):
        node = seen.app.engine.queries.process_of(case.line.id, key.rpartition("/")[2]).nodes.get(element)
        if node is not None:
            return node
    return None


def _related(seen: Look, case: InstanceDetails) -> list[dict[str, Any]]:
    """The case whose message started this one, and the cases this one started, as far as the reader may see them."""
    queries = seen.app.engine.queries
    lines = []
    if case.line.parent:
        try:
            lines = [queries.instance(case.line.parent).line]
        except NotFound:
            lines = []  # its keeping time is over
    lines += queries.instances(parent=case.line.id, limit=50).items
    found = []
    for line in lines:
        process = queries.process(line.process, line.process_version)
        if may_see(seen, line, process):
            found.append({
                "href": f"/cases/{line.id}", "title": title_of(line.title, process.name, seen.actor.language), "number": line.number or "",
                "process": process.name, "ended": line.ended_at, "above": line.id == case.line.parent,
            })  # fmt: skip
    return found
