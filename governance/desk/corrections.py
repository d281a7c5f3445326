"""Corrections of what was handed in with a completed task: asked for, shown side by side, approved or refused (domain 2.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from engine.actor import Actor
from engine.commands.correcting import Corrected, CorrectedMeanwhile, Correction
from engine.definitions.model import Label
from engine.definitions.protection import names_in
from engine.errors import Conflict, FieldError, Forbidden, FormInvalid, NotFound
from engine.history.submissions import Version
from engine.ids import uuid7
from engine.store.guards import FILE
from governance.application import Application
from governance.corrections import store
from governance.corrections.differences import Line, lines, references
from governance.corrections.store import Request
from governance.desk import cases
from governance.desk.correction_rights import CorrectionRefused, Matter, deciders, head_mandate, helps, is_own, obstacle
from governance.desk.correction_views import AskPage, RequestLine, RequestPage
from governance.desk.entering import CHANNELS, entering
from governance.desk.protection import Sight
from governance.desk.reading import Look, look, require_case, require_person, title_of
from governance.desk.views import FormView

_LONGEST = 1000


class _Repeated(Exception):
    """The reader approved it a moment ago."""


_OPEN = Label("已有一份更正申请在等批准", "A correction of this waits for a decision already")
_NOBODY = Label(
    "没有找到可以批准的上级，请联系所在社区的管理员", "Nobody above who may read this was found; ask your community's administrator"
)


def ask_page(app: Application, actor: Actor, task: str) -> AskPage:
    """The form of a correction, prefilled with what was handed in last. Raises NotFound, Forbidden, NothingToCorrect."""
    require_person(actor)
    with app.database.read() as connection:
        matter = _matter(app, actor, connection, task)
        own, person = is_own(matter), actor.person or ""
        if not own and not helps(matter):
            raise Forbidden("只有办理人可以申请更正 / only who handed it in may ask for a correction")
        waiting = store.open_of(connection, task)
        above = deciders(matter, [person])
        why_not = _OPEN if waiting else obstacle(matter) or (None if above else _NOBODY)
        names = matter.seen.names([*above, *matter.whose])
        process = app.engine.queries.process_of(matter.done.instance)
        shown = None if why_not else FormView(payload=app.engine.queries.correction_form(task, actor=actor).payload())
        return AskPage(
            task=task, name=matter.done.name, head=cases.head(matter.seen, matter.case, process), submitted=matter.first.at,
            version=matter.last.version.number, why_not=why_not, form=shown,
            authors=[] if own else [(p, names[p]) for p in sorted(matter.whose) if p in names],
            above=[names[p] for p in above if p in names], open_request=waiting.id if waiting else None,
        )  # fmt: skip


def ask(
    app: Application, actor: Actor, task: str, form: Mapping[str, Any], reason: str, *, on_behalf_of: Mapping[str, Any] | None = None
) -> str:
    """Ask for a correction; → id of the request. `on_behalf_of`: entered for the one whose words they are (desk.entering).

    Raises NotFound, Forbidden, NothingToCorrect, NothingChanged, CorrectionRefused, FormInvalid.
    """
    person, reason = require_person(actor), reason.strip()
    with app.database.read() as connection:
        read = _matter(app, actor, connection, task)
        _require_asker(read, on_behalf_of)
        area = read.case.line.area
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, area)
    if not 2 <= len(reason) <= _LONGEST:
        text = Label("请写明更正的理由（2–1000 字）", "Give the reason, 2–1000 characters").in_(actor.language)
        raise FormInvalid([FieldError(pointer="/reason", code="V-LEN", message=text)])
    identity = uuid7(int(app.clock.now().timestamp() * 1000))

    def also(connection: Any, version: Version, accepted: dict[str, Any]) -> None:
        matter = read.inside(connection)
        if version.number != matter.last.version.number:
            raise CorrectedMeanwhile(task=task)
        _require_free(matter)
        entered = actor.entered
        above = deciders(matter, filter(None, [person, entered.person if entered else None]))
        if not above:
            raise CorrectionRefused(f"{_NOBODY.zh} / {_NOBODY.en}", task=task)
        if entered is not None and entered.file is not None:
            app.files.attach(connection, [entered.file], matter.done.instance)
            app.engine.protect(connection, matter.done.instance, FILE, [entered.file], matter.last.guards)
        request = Request(
            id=identity, task=task, instance=matter.done.instance, area=area, version=version.number, form=accepted, reason=reason,
            asked_by=person, asked_at=matter.seen.now, entered=entered.plain() if entered else None,
        )  # fmt: skip
        store.add(connection, request)
        app.notices.send(
            connection, above, kind="correction_asked", at=matter.seen.now, subject=_subject(matter), instance=matter.done.instance,
            link=f"/corrections/{identity}",
        )  # fmt: skip

    app.engine.propose_correction(task, form, actor=actor, also=also)
    return identity


def page(app: Application, actor: Actor, request: str) -> RequestPage:
    """Both versions side by side. Open and refused requests are shown to who asked and who decides, approved ones to every reader of
    the case whose class opens them. Raises NotFound."""
    require_person(actor)
    with app.database.read() as connection:
        found, matter = _found(app, actor, connection, request)
        process = app.engine.queries.process_of(matter.done.instance)
        above = deciders(matter, [found.asked_by, found.by])
        line = _line(matter, found, above)
        concerned = line.decides or actor.person in (found.asked_by, found.by, found.decided_by)
        before = matter.versions[found.version - 1]
        after = next((v for v in matter.versions if v.version.number == found.version + 1 and found.decision == "approved"), None)
        if not matter.sight.opens([*before.guards, *(after.guards if after else ())]):
            raise NotFound
        if not concerned:
            require_case(matter.seen, matter.case, process)
            if found.decision != "approved":
                raise NotFound
        names = matter.seen.names([*above, found.decided_by])
        return RequestPage(
            line=line, head=cases.head(matter.seen, matter.case, process), reason=found.reason, version=found.version,
            lines=_lines(matter, before.version.form, after.version.form if after else found.form),
            mandate=head_mandate(matter, actor.person or "") if line.decides else None,
            why_not=obstacle(matter) if line.state == "open" else None, decided_by=names.get(found.decided_by or ""),
            decided_at=found.decided_at, decision_reason=found.decision_reason,
            written=_labels(matter, after.version.written if after else ()), left=_labels(matter, after.version.left if after else ()),
            above=[names[p] for p in above if p in names], entered=_entered(found),
        )  # fmt: skip


def waiting(app: Application, actor: Actor) -> list[RequestLine]:
    """Open requests the reader may decide, the oldest first. Raises Forbidden for the public."""
    require_person(actor)
    with app.database.read() as connection:
        return lines_waiting(look(app, actor, connection))


def lines_waiting(seen: Look) -> list[RequestLine]:
    """As `waiting`; one statement when nothing waits for anybody."""
    app, connection, found = seen.app, seen.connection, []
    heads: dict[str | None, frozenset[str]] = {}
    for request in store.waiting(connection):
        if request.area not in heads:
            path = app.directory.area_path(connection, request.area, seen.now)
            heads[request.area] = frozenset(h for area in path for h in app.directory.heads_of(connection, area, seen.now))
        if seen.reach.person in heads[request.area]:
            matter = _matter(app, seen.actor, connection, request.task)
            line = _line(matter, request, deciders(matter, [request.asked_by, request.by]))
            found += [line] if line.decides else []
    return found


def asked(app: Application, actor: Actor, limit: int = 50) -> list[RequestLine]:
    """What the reader asked for, the newest first. Raises Forbidden for the public."""
    person = require_person(actor)
    with app.database.read() as connection:
        return [_line(_matter(app, actor, connection, r.task), r, ()) for r in store.asked_by(connection, person, limit)]


def approve(app: Application, actor: Actor, request: str, reason: str = "") -> RequestPage:
    """Make the request the newest version. Asked again by the same person it gives the first answer.

    Raises NotFound, Forbidden, CorrectionRefused, CorrectedMeanwhile, Conflict (somebody else decided), FormInvalid.
    """
    person = require_person(actor)
    with app.database.read() as connection:
        found, matter = _found(app, actor, connection, request)
        done = found.decision == "approved" and found.decided_by == person
        if not done:
            _require_decider(matter, found)
        actor = replace(actor, mandate=head_mandate(matter, person))
    if not done:
        _approve(app, actor, found, matter, reason.strip()[:_LONGEST])
    return page(app, actor, request)


def refuse(app: Application, actor: Actor, request: str, reason: str) -> RequestPage:
    """Turn a request down, with the reason. Raises NotFound, Forbidden, FormInvalid, Conflict."""
    person, reason = require_person(actor), reason.strip()
    if not 2 <= len(reason) <= _LONGEST:
        text = Label("请写明不批准的理由（2–1000 字）", "Say why not, 2–1000 characters").in_(actor.language)
        raise FormInvalid([FieldError(pointer="/reason", code="V-LEN", message=text)])
    with app.database.read() as connection:
        found, read = _found(app, actor, connection, request)
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


def _decide(connection: Any, found: Request, person: str, matter: Matter, decision: str, reason: str) -> None:
    if not store.decide(connection, found.id, by=person, at=matter.seen.now, decision=decision, reason=reason):
        raise Conflict("这份更正申请已经有人处理 / somebody has decided this already", request=found.id)


def _tell_asker(app: Application, connection: Any, found: Request, matter: Matter) -> None:
    app.notices.send(
        connection, list(dict.fromkeys([found.asked_by, found.by])), kind="correction_decided", at=matter.seen.now,
        subject=_subject(matter), instance=found.instance, link=f"/corrections/{found.id}",
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
            connection, people, kind="corrected", at=matter.seen.now, subject=_subject(matter), instance=found.instance,
            link=f"/cases/{found.instance}",
        )  # fmt: skip


# Inside ---------------------------------------------------------------------------------------------------------------


def _matter(app: Application, actor: Actor, connection: Any, task: str) -> Matter:
    """Raises NotFound, NothingToCorrect."""
    queries = app.engine.queries
    done = queries.done_task(task)
    case = queries.instance(done.instance)
    seen = look(app, actor, connection)
    return Matter(done=done, case=case, sight=Sight(seen, case), versions=queries.submissions(task, connection))


def _found(app: Application, actor: Actor, connection: Any, request: str) -> tuple[Request, Matter]:
    found = store.get(connection, request)
    if found is None:
        raise NotFound
    return found, _matter(app, actor, connection, found.task)


def _require_asker(matter: Matter, on_behalf_of: Mapping[str, Any] | None) -> None:
    if on_behalf_of is None and not is_own(matter):
        raise Forbidden("只有办理人可以申请更正 / only who handed it in may ask for a correction")
    if on_behalf_of is not None and (not helps(matter) or on_behalf_of.get("person") not in matter.whose):
        raise Forbidden("只能为提交人本人代为申请 / it can be entered only for the one who handed it in")


def _require_free(matter: Matter) -> None:
    """Raises CorrectionRefused with what stands in the way."""
    why_not = _OPEN if store.open_of(matter.seen.connection, matter.done.id) else obstacle(matter)
    if why_not is not None:
        raise CorrectionRefused(f"{why_not.zh} / {why_not.en}", task=matter.done.id)


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


def _line(matter: Matter, found: Request, above: Collection[str]) -> RequestLine:
    name = matter.seen.names([found.by]).get(found.by, found.by)
    line = matter.case.line
    process = matter.seen.app.engine.queries.process_of(line.id)
    return RequestLine(
        id=found.id, task=found.task, instance=found.instance, name=matter.done.name,
        title=title_of(line.title, process.name, matter.seen.actor.language), number=line.number, state=found.decision or "open",
        asked_by=found.by, asked_by_name=name, asked_at=found.asked_at,
        decides=found.decision is None and matter.seen.reach.person in above,
    )  # fmt: skip


def _lines(matter: Matter, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Side by side; a file that the reader's class does not open is left out."""
    seen = matter.seen
    form = seen.app.engine.queries.form_of(matter.done.instance, matter.done.form or "")
    refs = references(form, before, after)
    names = {key: place.name for key, place in seen.app.directory.places(seen.connection, refs, seen.now).items()}
    names |= seen.app.directory.names(seen.connection, refs)
    found = lines(form, before, after, seen.app.engine.queries.codes(), names)
    return [
        replace(line, before=_open(matter, line.before), after=_open(matter, line.after)) if line.kind == "file" else line for line in found
    ]


def _open(matter: Matter, files: Any) -> list[Any]:
    return [f for f in files or () if matter.sight.file(f["id"])]


def _labels(matter: Matter, targets: Iterable[str]) -> list[Label]:
    """What was (not) brought up to date, by the field of the form, else by the task it was handed in with."""
    form = matter.seen.app.engine.queries.form_of(matter.done.instance, matter.done.form or "")
    fields = {key.rpartition(".")[2]: Label(info.label("zh"), info.label("en")) for key, info in form.fields.items()}
    return list(dict.fromkeys(fields.get(target.rpartition(".")[2], matter.done.name) for target in targets))


def _entered(found: Request) -> Label | None:
    if not found.entered:
        return None
    return CHANNELS.get(str(found.entered.get("channel")))


def _subject(matter: Matter) -> str:
    return f"{matter.case.line.number or ''} {matter.done.name.zh}".strip()
