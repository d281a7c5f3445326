"""Every answer as a table, for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from engine.definitions.model import Label
from governance.application import Application
from governance.desk.opinions.readers import require_staff, round_of
from governance.opinions import store


def lines(app: Application, actor: Actor, slug: str) -> tuple[list[Label], list[list[Any]]]:
    """Head and rows of every answer, for the export of staff. Raises NotFound, Forbidden."""
    with app.database.read() as connection:
        seen, row = round_of(app, actor, connection, slug)
        require_staff(seen, row)
        found = store.answers(connection, row["id"], counted=False)
        entered = seen.names(a["entered_by"] for a in found)
    codes = app.engine.queries.codes()
    head = [
        Label("提交时间", "At"), Label("对象", "Who"), Label("组别", "Group"), Label("渠道", "Channel"), Label("代填人", "Entered by"),
        Label("计入", "Counts"), Label("不计入原因", "Why not"), Label("姓名", "Name"), Label("电话", "Telephone"),
        *(Label(f"{n}. {q['text']['zh']}", f"{n}. {q['text']['en']}") for n, q in enumerate(row["questions"], 1)),
    ]  # fmt: skip
    groups = {g["key"]: g[actor.language if actor.language == "en" else "zh"] for g in row["groups"]}
    name_of = _namer(codes, actor.language)
    rows = []
    for a in found:
        identity = a["identity"] or {}
        told = [_plain(q, a["answers"].get(q["key"]), name_of) for q in row["questions"]]
        rows.append(
            [
                a["at"], a["slot_name"], groups.get(a["slot_group"], a["slot_group"]), name_of("opinion_channel", a["channel"]),
                entered.get(a["entered_by"] or ""), a["counted"], name_of("opinion_mark", a["mark"]), identity.get("name"),
                identity.get("phone"), *told,
            ]
        )  # fmt: skip
    return head, rows


def _namer(codes: Mapping[str, Any], language: str) -> Any:
    def name(listed: str, code: str | None) -> str | None:
        found = next((c for c in codes.get(listed, ()) if c["code"] == code), None)
        return str(found["en" if language == "en" else "zh"]) if found else code

    return name


def _plain(question: Mapping[str, Any], value: Any, name_of: Any) -> Any:
    if value is None:
        return None
    if question["kind"] == "clause":
        stance = name_of("opinion_stance", value["stance"])
        return f"{stance}：{value['text']}" if value["text"] else stance
    return "；".join(value) if isinstance(value, list) else value
