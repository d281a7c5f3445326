"""Deciding on a correction: approved it becomes the newest version, and those who relied on the old one are told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from engine.actor import Actor
from engine.commands.correcting import Corrected, Correction
from engine.definitions.model import Label
from engine.definitions.protection import names_in
from engine.errors import Conflict, FieldError, Forbidden, FormInvalid, NotFound
from governance.application import Application
from governance.corrections import store
from governance.corrections.store import Request
from governance.desk.correction_rights import CorrectionRefused, Matter, deciders, head_mandate, obstacle
from governance.desk.correction_views import RequestPage
from governance.desk.corrections.asking import LONGEST
from governance.desk.corrections.matters import found as request_of
from governance.desk.corrections.matters import subject
from governance.desk.corrections.showing import page
from governance.desk.reading import require_person


class _Repeated(Exception):
    """The reader approved it a moment ago."""


def approve(app: Application, actor: Actor, request: str, reason: str = "") -> RequestPage:
    """Make the request the newest version. Asked again by the same person it gives the first answer.

    Raises NotFound, Forbidden, CorrectionRefused, CorrectedMeanwhile, Conflict (somebody else decided), FormInvalid.
    """
    person = require_person(actor)
    with app.database.read() as connection:
        found, matter = request_of(app, actor, connection, request)
        done = found.decision == "approved" and found.decided_by == person
        if not done:
            _require_decider(matter, found)
        actor = replace(actor, mandate=head_mandate(matter, person))
    if not done:
        _approve(app, actor, found, matter, reason.strip()[:LONGEST])
    return page(app, actor, request)


def refuse(app: Application, actor: Actor, request: str, reason: str) -> RequestPage:
    """Turn a request down, with the reason. Raises NotFound, Forbidden, FormInvalid, Conflict."""
    person, reason = require_person(actor), reason.strip()
    if not 2 <= len(reason) <= LONGEST:
        text = Label("请写明不批准的理由（2–1000 字）", "Say why not, 2–1000 characters").in_(actor.language)
        raise FormInvalid([FieldError(pointer="/reason", code="V-LEN", message=text)])
    with app.database.read() as connection:
        found, read = request_of(app, actor, connection, request)
        _require_decider(read, found)
    with app.database.write() as connection:
        matter = read.inside(connection)
        _decide(connection, found, person, matter, "refused", reason)
        _tell_asker(app, connection, found, matter)
    return page(app, actor, request)


def _approve(app: Application, actor: Actor, found: Request, read: Matter, reason: str) -> None:
    def before(connection: Any) -> None:
        """Under the lock of the case: who decides, what was relied on and whether somebody was faster are asked again."""
        matter = read.inside(connection)
        request = store.get(connection, found.id) or found
        if request.decision == "approved" and request.decided_by == actor.person:
            raise _Repeated
        _require_decider(matter, request)
        refused = obstacle(matter)
        if refused is not None:
            raise CorrectionRefused(f"{refused.zh} / {refused.en}", task=found.task)
        _decide(connection, request, require_person(actor), matter, "approved", reason)

    def after(connection: Any, result: Corrected) -> None:
        matter = read.inside(connection)
        _tell_asker(app, connection, found, matter)
        _tell_others(app, connection, found, matter, result)

    correction = Correction(id=found.id, version=found.version, form=found.form, reason=found.reason, by=found.by)
    with suppress(_Repeated):
        app.engine.correct(found.task, correction, actor=actor, before=before, after=after)


def _require_decider(matter: Matter, found: Request) -> None:
    """Raises Conflict when it is decided, Forbidden for everybody but those above, NotFound for those who may not even know of it."""
    if found.decision is not None:
        raise Conflict("这份更正申请已经有人处理 / somebody has decided this already", request=found.id)
    person = matter.seen.reach.person
    if person in deciders(matter, [found.asked_by, found.by]):
        return
    if person in (found.asked_by, found.by):
        raise Forbidden("本人不能批准自己的更正 / nobody decides on his own correction")
    raise NotFound


def _decide(connection: Any, found: Request, person: str, matter: Matter, decision: str, reason: str) -> None:
    if not store.decide(connection, found.id, by=person, at=matter.seen.now, decision=decision, reason=reason):
        raise Conflict("这份更正申请已经有人处理 / somebody has decided this already", request=found.id)


def _tell_asker(app: Application, connection: Any, found: Request, matter: Matter) -> None:
    app.notices.send(
        connection, list(dict.fromkeys([found.asked_by, found.by])), kind="correction_decided", at=matter.seen.now,
        subject=subject(matter), instance=found.instance, link=f"/corrections/{found.id}",
    )  # fmt: skip


def _tell_others(app: Application, connection: Any, found: Request, matter: Matter, result: Corrected) -> None:
    """Those who acted on the old version, and those before whom it lies now."""
    case, told = matter.case, {found.asked_by, found.by, matter.seen.reach.person}
    later = [d.person for d in case.done if d.outcome == "completed" and d.at >= matter.first.at and d.id != found.task and d.person]
    definitions = app.engine.queries.definitions_of(connection, found.instance)
    open_to: list[str] = []
    for task in case.tasks:
        node = definitions.process(task.process).nodes[task.node]
        shows = {name for mapping in node.inputs for name in names_in(mapping.source)}
        shows |= definitions.form(task.form).reads if task.form else set()
        if shows & set(result.names):
            holders = [task.assignee] if task.assignee else app.directory.people(connection, list(task.selectors), matter.seen.now)
            open_to += holders
    people = [p for p in dict.fromkeys([*later, *open_to]) if p not in told]
    if people:
        app.notices.send(
            connection, people, kind="corrected", at=matter.seen.now, subject=subject(matter), instance=found.instance,
            link=f"/cases/{found.instance}",
        )  # fmt: skip
