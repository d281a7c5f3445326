"""Asking for a correction: the form prefilled with what was handed in last, and the request that waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from engine.commands.correcting import CorrectedMeanwhile
from engine.definitions.model import Label
from engine.errors import FieldError, Forbidden, FormInvalid
from engine.history.submissions import Version
from engine.ids import uuid7
from engine.store.guards import FILE
from governance.application import Application
from governance.corrections import store
from governance.corrections.store import Request
from governance.desk import cases
from governance.desk.correction_rights import CorrectionRefused, Matter, deciders, helps, is_own, obstacle
from governance.desk.correction_views import AskPage
from governance.desk.corrections.matters import matter_of, subject
from governance.desk.entering import entering
from governance.desk.reading import require_person
from governance.desk.views import FormView

#: characters of a reason
LONGEST = 1000
_OPEN = Label("已有一份更正申请在等批准", "A correction of this waits for a decision already")
_NOBODY = Label(
    "没有找到可以批准的上级，请联系所在社区的管理员", "Nobody above who may read this was found; ask your community's administrator"
)


def ask_page(app: Application, actor: Actor, task: str) -> AskPage:
    """The form of a correction, prefilled with what was handed in last. Raises NotFound, Forbidden, NothingToCorrect."""
    require_person(actor)
    with app.database.read() as connection:
        matter = matter_of(app, actor, connection, task)
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
        read = matter_of(app, actor, connection, task)
        _require_asker(read, on_behalf_of)
        area = read.case.line.area
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, area)
    if not 2 <= len(reason) <= LONGEST:
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
            connection, above, kind="correction_asked", at=matter.seen.now, subject=subject(matter), instance=matter.done.instance,
            link=f"/corrections/{identity}",
        )  # fmt: skip

    app.engine.propose_correction(task, form, actor=actor, also=also)
    return identity


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
