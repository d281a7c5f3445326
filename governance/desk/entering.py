"""Entering what others said on paper, on the telephone or at the counter (domain 2.4): the actor with whose words it is and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.actor import Actor, Entered, Mandate
from engine.definitions.model import Label
from engine.errors import FieldError, FormInvalid
from engine.ports import StoredFile
from governance.application import Application
from governance.desk.histories import require
from governance.desk.reading import Look, look, require_person
from governance.directory.may import Scope, decide

#: how it came → its words in the mandate
CHANNELS: Mapping[str, Label] = {
    "paper": Label("纸质件", "on paper"),
    "telephone": Label("电话", "by telephone"),
    "counter": Label("窗口", "at the counter"),
}
RIGHT = "intake"
_LONGEST = 500


def entering(app: Application, actor: Actor, body: Mapping[str, Any] | None, area: str | None) -> Actor:
    """The actor as one who enters another's words; unchanged without `body`.

    `body`: person, unit, or name and phone of somebody without an account; channel paper (with `file`, the id of an upload of the
    actor's own), telephone (with `note`) or counter. Raises Forbidden without the right of intake in the area, FormInvalid.
    """
    if not body:
        return actor
    person = require_person(actor)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        require(decide(seen.reach, RIGHT, Scope(area=area)))
        given = {key: str(body.get(key) or "").strip() for key in ("person", "unit", "name", "phone", "channel", "note", "file")}
        paper = app.files.get(connection, given["file"]) if given["file"] else None
        _check(seen, given, paper, person)
        who = _who(seen, given)
    channel = CHANNELS[given["channel"]]
    entered = Entered(
        person=given["person"] or None, unit=given["unit"] or None, name=given["name"], phone=given["phone"], channel=given["channel"],
        note=given["note"], file=paper.id if paper else None, digest=paper.digest if paper else None,
        zh=f"代{who.zh}填报，{channel.zh}", en=f"entered for {who.in_('en')}, {channel.in_('en')}",
    )  # fmt: skip
    # where no post is asked (a start open to everybody, a message) the entry itself is the mandate
    mandate = Mandate(kind="intake", on_behalf_of=entered.behalf, zh=entered.zh, en=entered.en)
    return replace(actor, entered=entered, mandate=mandate)


def may_enter(seen: Look, area: str | None) -> bool:
    """Whether the reader may enter for others in this area."""
    return bool(decide(seen.reach, RIGHT, Scope(area=area)))


def _check(seen: Look, given: Mapping[str, str], paper: StoredFile | None, actor: str) -> None:
    """Raises FormInvalid with all that is missing."""
    wrong: list[tuple[str, Label]] = []
    whose = [key for key in ("person", "unit", "name") if given[key]]
    if len(whose) != 1:
        wrong.append(
            (
                "person",
                Label("请选择代谁填报（人员、单位或姓名，只填一项）", "Say whose words it is: a person, a unit or a name, one of them"),
            )
        )
    if given["person"] == actor:
        wrong.append(("person", Label("不能代自己填报", "You cannot enter on behalf of yourself")))
    for kind in ("person", "unit"):
        if given[kind] and seen.app.directory.describe(seen.connection, kind, given[kind], seen.now) is None:
            wrong.append((kind, Label("名册中没有此人或单位", "Not in the directory")))
    if given["name"] and not given["phone"]:
        wrong.append(("phone", Label("请填写联系电话", "Give a telephone number")))
    if given["channel"] not in CHANNELS:
        wrong.append(("channel", Label("请选择来件方式", "Say how it came")))
    if given["channel"] == "paper" and (paper is None or paper.uploaded_by != actor or paper.instance is not None):
        wrong.append(("file", Label("请上传本人刚扫描的纸质件", "Upload the scanned paper")))
    if given["channel"] == "telephone" and len(given["note"]) < 2:
        wrong.append(("note", Label("请写明来电时间和内容要点", "Note the call: when, and what was said")))
    wrong += [(key, Label("太长", "Too long")) for key, value in given.items() if len(value) > _LONGEST]
    if wrong:
        language = seen.actor.language
        raise FormInvalid([FieldError(pointer=f"/on_behalf_of/{key}", code="V-REQ", message=text.in_(language)) for key, text in wrong])


def _who(seen: Look, given: Mapping[str, str]) -> Label:
    if given["person"]:
        return seen.app.directory.names(seen.connection, [given["person"]])[given["person"]]
    if given["unit"]:
        return seen.app.directory.places(seen.connection, [given["unit"]], seen.now)[given["unit"]].name
    return Label(given["name"], given["name"])
