"""Reading pages: the texts a person sees, the addresses a page leads to."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import html

from governance.registers import store as rows
from tests.walk import Agreement


def texts(page: str) -> list[str]:
    """Every piece of visible text, and what attributes say."""
    root = html.fromstring(page)
    for hidden in root.xpath("//script | //style | //head"):
        hidden.getparent().remove(hidden)
    found = [*root.xpath("//text()"), *root.xpath("//@title | //@aria-label | //@placeholder | //@data-l | //@data-submit-label")]
    return [re.sub(r"\s+", " ", str(text)).strip() for text in found if str(text).strip()]


def has_han(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def links(page: str) -> set[str]:
    """Addresses of our own that the page leads to."""
    root = html.fromstring(page)
    return {str(href).split("#")[0] for href in root.xpath("//a/@href") if str(href).startswith("/")} - {""}


def block(page: str, name: str) -> Any:
    """The JSON a page hands to its browser code."""
    (found,) = html.fromstring(page).xpath(f"//script[@id='{name}']/text()")
    return json.loads(found)


def slug_of(agreement: Agreement) -> str:
    """The address of the agreement's newest notice."""
    app = agreement.town.app
    with app.database.read() as connection:
        return str(app.publicity.of_instance(connection, agreement.instance, app.clock.now())[-1]["slug"])


def row_of(agreement: Agreement, register: str = "agreements") -> str:
    """The id of the case's row in a register."""
    with agreement.town.database.read() as connection:
        return next(r.id for r in rows.rows_of_instance(connection, agreement.instance) if r.register == register)


def doors(agreement: Agreement) -> list[str]:
    """Every address that shows something of the case."""
    app, case = agreement.town.app, agreement.instance
    with app.database.read() as connection:
        documents = [d["document"] for d in app.documents.of_instance(connection, case)]
        files = [f.id for f in app.files.of_instance(connection, case)]
    return [
        f"/cases/{case}", f"/cases/{case}/diagram.bpmn", f"/registers/agreements/{row_of(agreement)}", f"/api/v1/instances/{case}",
        *(f"/documents/{d}?instance={case}" for d in documents), *(f"/files/{f}" for f in files),
        *(f"{prefix}/tasks/{t.id}" for t in app.engine.queries.instance(case).tasks for prefix in ("", "/api/v1")),
        *(f"/cases/{case}/actions/{a.token}" for a in app.engine.queries.instance(case).actions),
    ]  # fmt: skip
