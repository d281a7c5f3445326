"""Pages that list procedures ask the database the same, however many procedures there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from governance.desk import procedures, starting
from tests.hall import actor
from tests.integration.engine.models import end, model, start, user
from tests.town import Town


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    found: list[str] = []

    def seen(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        found.append(text)

    event.listen(town.database.reader, "before_cursor_execute", seen)
    try:
        yield found
    finally:
        event.remove(town.database.reader, "before_cursor_execute", seen)


def asked(town: Town, what: Any) -> int:
    what()  # definitions and reference data are remembered from here on
    with statements(town) as found:
        what()
    return len(found)


@pytest.mark.parametrize("page", ["library", "start page", "start page of intake"])
def test_twenty_more_procedures_cost_no_statement_more(town: Town, page: str) -> None:
    ask = {
        "library": lambda: procedures.library(town.app),
        "start page": lambda: starting.options(town.app, actor("unit_li")),
        "start page of intake": lambda: starting.options(town.app, actor("liaison_wang")),
    }[page]
    before = asked(town, ask)
    for n in range(20):
        town.app.engine.deploy(model(f"more{n}", start() + user("ask") + end(), "begin ask\nask done"), actor=actor("admin"))
    assert asked(town, ask) == before
    assert before <= 12


def test_the_library_counts_what_is_running(town: Town) -> None:
    town.app.engine.deploy(model("more", start() + user("ask") + end(), "begin ask\nask done"), actor=actor("admin"))
    for _ in range(2):
        town.app.engine.start("more", {}, actor=actor("unit_li"))
    found = {p.key: p for p in procedures.library(town.app)}
    assert (found["more"].active, found["more"].version, found["sp_vote"].active, found["sp_vote"].shared) == (2, 1, 0, True)
