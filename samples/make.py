"""Writes the sample workbooks of this folder: ``python samples/make.py``. People, firms and phone numbers are invented."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from cogov.bootstrap import import_files  # noqa: E402
from cogov.demo.loading import ROSTER  # noqa: E402  the checkout is found first
from engine.definitions.model import Label  # noqa: E402
from governance.directory.catalogue import role_name  # noqa: E402
from governance.directory.roster import read_roster  # noqa: E402
from governance.importers import kinds, roster  # noqa: E402
from governance.importers.cells import Choices  # noqa: E402
from governance.importers.imported import own_choices  # noqa: E402
from governance.importers.layout import Layout  # noqa: E402
from governance.importers.template import filled  # noqa: E402

TERM = {"from": date(2024, 7, 1), "to": date(2027, 6, 30)}


def roster_rows(data: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The demo's roster as a clerk would write it: names instead of ids, Chinese instead of codes."""
    names = {e["id"]: e["name"]["zh"] for group in ("areas", "units", "committees", "people") for e in data[group]}
    kinds = roster.choices(roster.LAYOUT)

    def entry(e: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        own = {k: v for k, v in e.items() if k in ("id", "code", "uscc", "legal_form", "phone", "login")}
        return {**own, "name": e["name"]["zh"], "name_en": e["name"].get("en"), **more}

    posts = [(p["id"], *_post(post)) for p in data["people"] for post in p["posts"]]
    return {
        "areas": [entry(a, level=kinds["kinds:areas"][a["level"]].zh, parent=names.get(a.get("parent", ""))) for a in data["areas"]],
        "units": [
            entry(u, kind=kinds["kinds:units"][u["kind"]].zh, area=u["area"], parent=names.get(u.get("parent", ""))) for u in data["units"]
        ],
        "people": [entry(p, party_member="是" if p.get("party_member") else None) for p in data["people"]],
        "posts": [{"person": person, "role": role_name(role).zh, "of": of, "from": TERM["from"]} for person, role, of in posts],
        "committees": [entry(c, kind=kinds["kinds:committees"][c["kind"]].zh, area=c["area"]) for c in data["committees"]],
        "memberships": [
            {"committee": c["id"], "person": m["person"], "unit": m.get("unit"), "role": role_name(m["role"]).zh, **TERM}
            | {"voting": "否" if m.get("voting") is False else "是"}
            for c in data["committees"]
            for m in c.get("members", ())
        ],
        "delegations": [
            {"from_person": "worker_he", "to_person": "worker_zhou", "scope": "某些角色的任务", "roles": "社工"}
            | {"from": date(2026, 7, 1), "to": date(2026, 7, 31)}
        ],
    }


def broken(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The mistakes that clerks make, one of each kind, for trying the report."""
    rows = {key: [dict(r) for r in table] for key, table in rows.items()}
    units = [u for u in rows["units"] if u.get("uscc")]
    units[0]["uscc"] = units[0]["uscc"][:-1] + ("0" if units[0]["uscc"][-1] != "0" else "1")
    units[1]["kind"] = "公司"
    rows["areas"][2]["parent"] = "青河街道"
    rows["people"][0]["phone"] = "1380000"
    rows["people"][2]["id"] = rows["people"][1]["id"]
    rows["people"][4]["name"] = None
    rows["posts"][5]["role"] = "社工员"
    rows["memberships"][0]["to"] = TERM["from"] - timedelta(days=1)
    rows["delegations"][0]["to_person"] = rows["delegations"][0]["from_person"]
    rows["delegations"][0]["from"] = "07/01/26"
    return rows


def _post(post: str | Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(post, str):
        role, _, of = post.rpartition("@")
        return role, of
    return post["role"], post["of"]


#: the eight signed ones of the demo and two in talks: number → where it stands
STATES = ("in_force", "in_force", "signed", "in_force", "in_force", "in_force", "in_force", "evaluating", "negotiating", "legal_review")
YEAR = date(2026, 1, 1)
#: the day the sample tickets were copied from the paper ledger
TICKETS_ON = date(2026, 11, 23)


def agreement_rows(runs: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Agreements from before: those of the demo, with terms long enough for the sample to be of use for years."""
    agreements: list[dict[str, Any]] = []
    commitments: list[dict[str, Any]] = []
    for number, (run, state) in enumerate(zip((r for r in runs if r["values"].get("clauses")), STATES, strict=False), 1):
        values, old = run["values"], f"云桥共建〔2025〕{number}号"
        signed = state not in ("negotiating", "legal_review")
        agreements.append(
            {k: values[k] for k in ("unit", "category", "reason")}
            | {"number": old, "area": "yunqiao", "state": state, "contact_a": values["worker"], "contact_b": values["liaison"]}
            | {"term_from": YEAR, "term_to": date(2028, 12, 31), "signed_on": date(2025, 12, number) if signed else None}
            | {
                "exit_clause": "任何一方可提前三十日书面提出退出。",
                "note": f"纸质台账第 {number} 页；2025 年第四季度议定，{values['unit_name']}。",
            }
        )
        for clause in values["clauses"]:
            done = signed and (state == "evaluating" or clause["no"] % 3 == 0)
            commitments.append(
                {k: clause[k] for k in ("no", "party", "title", "owner_unit", "owner_person", "quantity", "quantity_unit", "weight")}
                | {"agreement": old, "deliverable": clause["deliverable"], "acceptance": clause["acceptance"]}
                | {"status": "confirmed" if done else "planned", "done_on": date(2026, 3, clause["no"]) if done else None}
                | {"due_at": date(2026, 4, 30) if done else date(2028, 6, 30), "quantity_done": clause["quantity"] if done else None}
            )
    return {"agreements": agreements, "commitments": commitments}


def ticket_rows(tickets: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Tickets from before, written down beside this file; their age counts from the day of `TICKETS_ON`."""
    rows: dict[str, list[dict[str, Any]]] = {"tickets": [], "departments": [], "history": [], "parties": []}
    for ticket in tickets:
        own = {k: v for k, v in ticket.items() if k not in ("days", "departments", "history", "parties", "review_in")}
        review = TICKETS_ON + timedelta(days=ticket["review_in"]) if ticket.get("review_in") else None
        rows["tickets"].append(
            {"area": "yunqiao", "committee": "joint_meeting", **own}
            | {"registered_on": TICKETS_ON - timedelta(days=ticket["days"]), "review_on": review}
        )
        rows["departments"] += [{"ticket": ticket["number"], "unit": unit} for unit in ticket["departments"]]
        for group in ("history", "parties"):
            rows[group] += [{"ticket": ticket["number"], **entry} for entry in ticket[group]]
    return rows


def in_chinese(rows: dict[str, list[dict[str, Any]]], layout: Layout, lists: Choices) -> dict[str, list[dict[str, Any]]]:
    """Names instead of codes, as a clerk writes."""
    coded = {s.key: {c.key: lists[c.choices] for c in s.columns if c.choices} for s in layout.sheets}

    def named(sheet: str, row: dict[str, Any]) -> dict[str, Any]:
        return {k: coded[sheet][k][v].zh if k in coded[sheet] and v is not None else v for k, v in row.items()}

    return {sheet: [named(sheet, row) for row in table] for sheet, table in rows.items()}


def code_lists(layout: Layout) -> Choices:
    """The layout's lists and those of the bundled forms, without an installation."""
    codes = yaml.safe_load((HERE.parent / "forms/shared/codes.yaml").read_text("utf-8"))
    bundled = {f"codes:{name}": {e["code"]: Label(e["zh"], e["en"]) for e in entries} for name, entries in codes.items()}
    return {**bundled, **own_choices(layout)}


def main() -> None:
    samples = {
        "agreements": agreement_rows(yaml.safe_load(ROSTER.with_name("agreements.yaml").read_text("utf-8"))["runs"]),
        "tickets": ticket_rows(yaml.safe_load((HERE / "tickets.yaml").read_text("utf-8"))),
    }
    for layout in kinds.layouts_in(import_files()).values():
        sheet = layout.data.get("take_over", {}).get("sheet")
        if sheet in samples:
            lists = code_lists(layout)
            (HERE / f"{sheet}.xlsx").write_bytes(filled(layout, lists, in_chinese(samples[sheet], layout, lists)))
    rows = roster_rows(read_roster(ROSTER))
    (HERE / "roster.xlsx").write_bytes(filled(roster.LAYOUT, roster.choices(roster.LAYOUT), rows))
    (HERE / "roster-with-mistakes.xlsx").write_bytes(filled(roster.LAYOUT, roster.choices(roster.LAYOUT), broken(rows)))


if __name__ == "__main__":
    main()
