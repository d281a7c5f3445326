"""Finished cases are kept as long as their class says; then an administrator removes them, and the proof stays."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.history import store as history
from engine.store import data as stores
from engine.store.metadata import metadata
from governance.retention.store import conditions
from tests.acceptance.test_powers import WHY, Office
from tests.town import Town
from tests.walk import Agreement


def rows_of(town: Town, instance: str) -> set[str]:
    """Tables with rows of a case, by what names it and by what hangs below."""
    found = set()
    with town.database.read() as connection:
        for table, where in conditions(instance).items():
            if connection.execute(sa.select(sa.literal(1)).select_from(table).where(where).limit(1)).first():
                found.add(table.name)
        for name in ("file", "instance", "finished_instance", "variable"):
            table = metadata.tables[name]
            key = table.c.id if name.endswith("instance") else table.c.instance
            if connection.execute(sa.select(sa.literal(1)).where(key == instance).limit(1)).first():
                found.add(name)
    return found


def later(town: Town, year: int) -> None:
    town.world.clock.move_to(datetime(year, 1, 5, 2, tzinfo=UTC))


def test_a_case_never_archived_is_due_when_its_class_is_over_and_not_before(town: Town) -> None:
    office = Office(town)
    for node in ("ask", "check"):
        office.post(f"tasks/{office.task(node)}/complete", {"form": {}}, by=office.other)
    with town.database.write() as connection:
        stores.write(connection, {"stock": 3}, office.case, town.world.clock.now())
    later(town, 2036)
    assert office.get("retention/due") == []
    later(town, 2037)
    (due,) = office.get("retention/due")
    assert (due["instance"], due["retention"], due["keep_until"]) == (office.case, "case", "2036-12-31")
    assert office.get("retention/due?retention=procurement") == []
    office.get("retention/due", by=office.other, status=403)
    office.post("retention/remove", WHY, by=office.other, status=403)
    office.get("retention/removed", by=office.other, status=403)
    done = office.post("retention/remove", WHY, status=202)
    town.world.jobs.run_due()
    assert office.get(f"batches/{done['batch']}")["done"] == 1
    assert office.get("retention/removed")["items"][0]["instance"] == office.case
    office.get(f"instances/{office.case}", status=404)
    with town.database.read() as connection:
        assert stores.read(connection, "stock") == 3, "what cases share outlives the one that wrote it last"
        assert not history.verify(connection)
        assert [r.actor for r in history.entries(connection, "installation")] == ["admin"]
    assert office.post("retention/remove", WHY, status=202) == {"batch": None, "total": 0}


def test_everything_of_a_case_with_registers_papers_and_signatures_goes(agreement: Agreement) -> None:
    town, instance = agreement.to_signing().town, agreement.instance
    town.app.engine.cancel(instance, "withdrawn", actor=SYSTEM)
    assert {"register_row", "register_move", "document", "finished_instance"} <= rows_of(town, instance)
    with town.database.read() as connection:
        before = {row.kind for row in history.entries(connection, instance)}
        assert town.app.retention.due(connection) == []
    later(town, 2037)
    with town.database.read() as connection:
        assert [one.instance for one in town.app.retention.due(connection)] == [instance]
    town.app.engine.remove(instance, WHY["reason"], actor=SYSTEM, retention="case")
    assert rows_of(town, instance) == set()
    with town.database.read() as connection:
        assert not history.verify(connection)
        assert {row.kind for row in history.entries(connection, instance)} == before | {"removed"}


def test_what_is_not_due_any_more_when_its_turn_comes_stays(town: Town) -> None:
    office = Office(town)
    batch = town.app.engine.remove_many({office.case: "case"}, WHY["reason"], actor=SYSTEM)
    town.world.jobs.run_due()
    assert batch is not None
    assert [f.code for f in town.app.engine.batch(batch).failures] == ["conflict"]
