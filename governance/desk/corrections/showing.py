"""Requests as they are shown: both versions side by side, and the lists of those that wait or were asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import NotFound
from governance.application import Application
from governance.corrections import store
from governance.corrections.differences import Line, lines, references
from governance.corrections.store import Request
from governance.desk import cases
from governance.desk.correction_rights import Matter, deciders, head_mandate, obstacle
from governance.desk.correction_views import RequestLine, RequestPage
from governance.desk.corrections.matters import found as request_of
from governance.desk.corrections.matters import matter_of
from governance.desk.entering import CHANNELS
from governance.desk.reading import Look, look, require_case, require_person, title_of


def page(app: Application, actor: Actor, request: str) -> RequestPage:
    """Both versions side by side. Open and refused requests are shown to who asked and who decides, approved ones to every reader of
    the case whose class opens them. Raises NotFound."""
    require_person(actor)
    with app.database.read() as connection:
        found, matter = request_of(app, actor, connection, request)
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
            matter = matter_of(app, seen.actor, connection, request.task)
            line = _line(matter, request, deciders(matter, [request.asked_by, request.by]))
            found += [line] if line.decides else []
    return found


def asked(app: Application, actor: Actor, limit: int = 50) -> list[RequestLine]:
    """What the reader asked for, the newest first. Raises Forbidden for the public."""
    person = require_person(actor)
    with app.database.read() as connection:
        return [_line(matter_of(app, actor, connection, r.task), r, ()) for r in store.asked_by(connection, person, limit)]


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
