"""What anyone may read without an account: the wall of notices, one notice, and the objection form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import NotExpected, NotFound
from engine.ports import StoredFile
from engine.queries import ActionLine
from governance.application import Application
from governance.desk.views import Due, Entry, Fact, FormView
from governance.publicity import store as publications
from governance.registers import store as rows

_STATES = {
    "posted": Label("公示中", "On show"),
    "under_objection": Label("异议在办", "Objection open"),
    "clean": Label("无异议", "No objection"),
    "objection_upheld": Label("异议成立", "Objection upheld"),
    "withdrawn": Label("已撤下", "Taken down"),
}
_OUTCOMES = {
    None: Label("收到异议，正在办理", "Objection received, being handled"),
    "upheld": Label("异议成立", "Objection upheld"),
    "partly": Label("异议部分成立", "Objection partly upheld"),
    "rejected": Label("异议不成立", "Objection not upheld"),
    "withdrawn": Label("异议已撤回", "Objection withdrawn"),
}
_SUMMARY = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A notice as the public sees it: the redacted copy only."""

    slug: str
    instance: str
    kind: Label
    title: str
    body: str
    summary: str
    hash: str
    number: str | None
    state: Label
    state_code: str
    #: objections are taken now
    open: bool
    start_at: datetime
    end_at: datetime
    due: Due
    facts: Sequence[Fact] = ()
    photos: Sequence[Mapping[str, Any]] = ()
    #: what the certificate says, once the show is closed
    certificate: Label | None = None
    objections: Sequence[Entry] = ()


def wall(app: Application, *, query: str = "") -> list[Publication]:
    """Notices on show, soonest end first, then those that were."""
    now = app.clock.now()
    with app.database.read() as connection:
        found = [*app.publicity.wall(connection, now), *app.publicity.ended(connection, now)]
    shown = [_publication(app, row, now) for row in found if row["state"] != "withdrawn"]
    return [p for p in shown if query in p.title or query in p.body] if query else shown


def publication(app: Application, slug: str) -> Publication:
    """One notice. Raises NotFound."""
    now = app.clock.now()
    with app.database.read() as connection:
        row = app.publicity.page(connection, slug, now)
        photos = [p for p in (app.files.get(connection, photo["file"]) for photo in row["photos"]) if p is not None]
        objections = publications.objections(connection, row["id"])
    return _publication(app, row, now, photos=[{"id": p.id, "name": p.name} for p in photos], objections=objections)


def objection_form(app: Application, actor: Actor, slug: str) -> FormView | None:
    """The form anyone may fill in while the notice is on show; None when objections are not taken."""
    now = app.clock.now()
    with app.database.read() as connection:
        row = app.publicity.page(connection, slug, now)
    action = _action(app, row) if row["open_for_objection"] else None
    if action is None:
        return None
    rendered = app.engine.queries.action_form(row["instance"], action.token, actor=actor)
    return FormView(payload=rendered.payload()) if rendered else None


def object_to(app: Application, actor: Actor, slug: str, data: Mapping[str, Any], *, key: str | None = None) -> str | None:
    """Hand in an objection; returns its number in the register, if it has one. Raises FormInvalid, NotExpected when the time is over."""
    now = app.clock.now()
    with app.database.read() as connection:
        row = app.publicity.page(connection, slug, now)
    action = _action(app, row) if row["open_for_objection"] else None
    if action is None:
        raise NotExpected
    before = _numbers(app, row["instance"])
    app.engine.act(row["instance"], action.token, data, actor=actor, idempotency_key=key)
    return next(iter(sorted(_numbers(app, row["instance"]) - before)), None)


def _numbers(app: Application, instance: str) -> set[str]:
    with app.database.read() as connection:
        return {r.number for r in rows.rows_of_instance(connection, instance) if r.number}


def photo(app: Application, slug: str, file: str) -> tuple[Path, StoredFile]:
    """A photo of the posting. Raises NotFound."""
    with app.database.read() as connection:
        row = app.publicity.page(connection, slug, app.clock.now())
        stored = app.files.get(connection, file) if file in {p["file"] for p in row["photos"]} else None
    if stored is None:
        raise NotFound
    return app.files.path(stored), stored


def _action(app: Application, row: Mapping[str, Any]) -> ActionLine | None:
    """The public button that waits for messages about this notice."""
    buttons = app.engine.queries.actions_for(row["instance"], None)
    return next((b for b in buttons if b.key == row["id"]), None)


def _publication(
    app: Application, row: Mapping[str, Any], now: datetime, *, photos: Sequence[Mapping[str, Any]] = (), objections: Sequence[Any] = ()
) -> Publication:
    codes = {
        c["code"]: Label(c["zh"], c["en"]) for name in ("notice_kind", "publicity_place") for c in app.engine.queries.codes().get(name, [])
    }
    kind = codes.get(row["kind"], Label(row["kind"], row["kind"]))
    named = [codes.get(p, Label(p, p)) for p in row["places"]]
    places = Label("、".join(p.zh for p in named), ", ".join(p.in_("en") for p in named))
    computed = row["computation"] or {}
    due = Due(
        at=row["end_at"],
        clock="working" if row["basis"] == "working" else "natural",
        state="running",
        started=row["start_at"],
        used=_used(row["start_at"], row["end_at"], now),
        computation=Label(str(computed.get("zh", "")), str(computed.get("en", ""))),
    )
    return Publication(
        slug=row["slug"],
        instance=row["instance"],
        kind=kind,
        title=row["title"],
        body=row["body"],
        summary=row["body"][:_SUMMARY] + ("…" if len(row["body"]) > _SUMMARY else ""),
        hash=row["hash"],
        number=row["subject"] or None,
        state=_STATES.get(row["state"], Label(row["state"], row["state"])),
        state_code=row["state"],
        open=row["open_for_objection"],
        start_at=row["start_at"],
        end_at=row["end_at"],
        due=due,
        facts=[
            Fact(label=Label("公示类型", "Kind"), value=kind),
            Fact(label=Label("开始", "From"), value=row["start_at"], kind="moment"),
            Fact(label=Label("截止", "Until"), value=row["end_at"], kind="moment"),
            Fact(label=Label("渠道", "Where"), value=places),
            Fact(label=Label("异议渠道", "Objections to"), value=row["objection_channel"]),
        ],
        photos=photos,
        certificate=Label(row["certificate"]["zh"], row["certificate"]["en"]) if row["certificate"] else None,
        objections=[_objection(o) for o in objections],
    )


def _used(start: datetime, end: datetime, now: datetime) -> float:
    return min(max((now - start) / (end - start), 0.0), 1.0) if end > start else 1.0


def _objection(row: Mapping[str, Any]) -> Entry:
    outcome = row.get("outcome")
    return Entry(at=row["received"], tone="ok" if outcome else "now", icon="scale", text=_OUTCOMES.get(outcome, _OUTCOMES[None]))
