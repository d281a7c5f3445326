"""registers.*, handoffs.*, evidence.check, resources.*: what a model does on its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.errors import BpmnError, ServiceRefused
from engine.ports import StoredFile
from governance.directory.may import Reach
from governance.documents import services as documents
from governance.handoffs import services as handoffs
from governance.handoffs import store as handoff_store
from governance.registers import services as registers
from governance.registers import store
from governance.registers.archive import Archive
from governance.registers.rows import Row
from governance.registers.work import RegisterMove
from governance.resources import services as resources


@pytest.fixture
def put(desk):
    def add(row, **fields):
        values = {
            "register": "walks",
            "instance": "i1",
            "process": "walk",
            "title": row,
            "state": "planned",
            "stage": "talk",
            "access": "staff",
        }
        made = Row(**{**values, "id": row, "opened": desk.now, "moved": desk.now, **fields})
        with desk.database.write() as connection:
            store.insert_rows(connection, [made])
        return made

    return add


def read(desk, row):
    with desk.database.read() as connection:
        return store.row_by_id(connection, row)


def test_a_row_moves_and_takes_values(desk, put):
    put("r1")
    moved = desk(registers.move, register="walks", state="walking", values={"km": Decimal(5), "parent": "GJ-1"})
    row = read(desk, "r1")
    assert (moved["row"], moved["state"]) == ("r1", "walking")
    assert (row.state, row.access, row.columns["km"], row.links) == ("walking", "public", Decimal(5), frozenset({"GJ-1"}))
    with desk.database.read() as connection:
        (move,) = store.moves_of(connection, "r1")
    assert (move.before, move.after, move.person, move.element) == ("planned", "walking", "wang", "step")


def test_a_row_of_another_case_moves_by_its_number(desk, put):
    put("r1", instance="other", number="SB-1")
    assert desk(registers.move, register="walks", state="dropped", number="SB-1")["row"] == "r1"
    assert read(desk, "r1").closed == desk.now


def test_a_move_that_is_not_declared_is_refused(desk, put):
    put("r1")
    with pytest.raises(RegisterMove):
        desk(registers.move, register="walks", state="done")


@pytest.mark.parametrize("which", [{}, {"number": "SB-9"}, {"key": "7"}])
def test_a_row_that_does_not_exist_is_refused(desk, which):
    with pytest.raises(ServiceRefused, match="no such row"):
        desk(registers.move, register="walks", state="walking", **which)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"parent": "GJ-1"}, ["a", "b"]),
        ({"parent": "GJ-1", "state": "walking"}, ["b"]),
        ({"topic": "湖", "km": Decimal("4.5")}, ["a"]),
        ({"topic": "100%"}, ["c"]),
        ({"topic": "湖%"}, []),
        ({"unit": "ent_a"}, ["c"]),
        ({"instance": "i2"}, ["a"]),
    ],
)
def test_rows_are_found_by_equal_values(desk, put, where, found):
    put("a", instance="i2", columns={"topic": "湖", "km": Decimal("4.5"), "parent": "GJ-1"}, links=frozenset({"GJ-1"}), number="1")
    put(
        "b",
        instance="i3",
        columns={"topic": "湖", "km": Decimal(4), "parent": "GJ-1"},
        links=frozenset({"GJ-1"}),
        state="walking",
        number="2",
    )
    put("c", instance="i4", columns={"topic": "100%"}, unit="ent_a", number="3")
    rows = desk(registers.rows, register="walks", where=where)
    assert [r["row"] for r in rows] == found


def test_rows_bring_their_columns_and_head(desk, put):
    put("a", columns={"km": Decimal("4.5")}, score=Decimal("90.1"), flags=["late_start"])
    (row,) = desk(registers.rows, register="walks", where={"state": "planned"})
    assert (row["km"], row["score"], row["flags"], row["state"]) == (Decimal("4.5"), Decimal("90.1"), ["late_start"], "planned")


def test_a_condition_on_a_column_that_does_not_exist_is_refused(desk):
    with pytest.raises(ServiceRefused, match="colour"):
        desk(registers.rows, register="walks", where={"colour": "red"})


def test_flags_are_set_and_taken_away(desk, put):
    put("r1")
    assert desk(registers.flag, register="walks", flag="late_start")["flags"] == ["late_start"]
    assert desk(registers.flag, register="walks", flag="late_start")["flags"] == ["late_start"]
    assert read(desk, "r1").flags == ["late_start"]
    assert desk(registers.flag, register="walks", flag="late_start", on=False)["flags"] == []


@pytest.mark.parametrize(
    ("retention", "years", "keep_until"),
    [(None, 10, date(2036, 12, 31)), ("procurement", 15, date(2041, 12, 31)), ("mediation", None, None)],
)
def test_the_archive_catalogue_knows_how_long_a_case_is_kept(desk, put, retention, years, keep_until):
    put("r1", area="c1")
    line = desk(registers.archive, register="walks", retention=retention)
    assert (line["archive_no"], line["years"], line["keep_until"], line["row"]) == ("DA-c1-2026-00001", years, keep_until, "r1")
    assert desk(registers.archive, register="walks", retention=retention) == line


def test_a_case_without_rows_is_archived_as_a_whole(desk):
    assert desk(registers.archive, title="散步")["row"] is None


def test_an_unknown_retention_class_is_refused(desk, put):
    put("r1")
    with pytest.raises(ServiceRefused, match="no retention class"):
        desk(registers.archive, retention="eternal")


def test_the_catalogue_is_read_by_staff_of_the_area_and_tells_what_is_over(desk, put):
    put("r1", area="c1")
    desk(registers.archive)
    archive = Archive(desk.resources["registers"], desk.resources["settings"])
    with desk.database.read() as connection:
        assert len(archive.page(connection, Reach(person="p", at=desk.now, staff_areas=frozenset({"c1"})))) == 1
        assert archive.page(connection, Reach(person="p", at=desk.now, staff_areas=frozenset({"c2"}))) == []
        assert archive.expired(connection, date(2036, 12, 31)) == []
        assert len(archive.expired(connection, date(2037, 1, 1))) == 1


def test_a_hand_off_waits_until_it_is_closed(desk):
    opened = desk(handoffs.open_handoff, to="fund", title="资金", payload={"amount": Decimal("10.50")})
    with desk.database.read() as connection:
        (row,) = handoff_store.listed(connection, target="fund", areas=["c1"], is_open=True, limit=10)
    assert (row["id"], row["payload"]) == (opened["handoff"], {"amount": Decimal("10.50")})
    desk(handoffs.close, handoff=opened["handoff"], note="已接")
    desk(handoffs.close, handoff=opened["handoff"], note="再接")
    with desk.database.read() as connection:
        assert handoff_store.get(connection, opened["handoff"])["note"] == "已接"


@pytest.mark.parametrize(("handler", "inputs"), [(handoffs.open_handoff, {"to": ""}), (handoffs.close, {"handoff": "nothing"})])
def test_a_hand_off_to_nowhere_is_refused(desk, handler, inputs):
    with pytest.raises(ServiceRefused):
        desk(handler, **inputs)


class Shelf:
    """Files with their earlier uses."""

    def __init__(self, earlier):
        self.earlier = earlier

    def get(self, connection, file_id):
        return StoredFile(id=file_id, name="a.jpg", size=1, media_type="image/jpeg", digest="sha256:1")

    def used_before(self, connection, file_id):
        return self.earlier.get(file_id, [])


def stored(name, instance):
    return StoredFile(id=name, name=f"{name}.jpg", size=1, media_type="image/jpeg", digest="sha256:1", instance=instance)


def test_a_picture_of_another_case_is_found(desk):
    desk.resources["files"] = Shelf({"f1": [stored("old", "i0")], "f2": [stored("mine", "i1")]})
    found = desk(documents.check_evidence, files=[{"id": "f1"}, "f2"])
    assert found["reused"]
    assert found["duplicates"] == [{"file": "f1", "digest": "sha256:1", "earlier": [{"file": "old", "name": "old.jpg", "instance": "i0"}]}]


@pytest.mark.parametrize("files", [None, [], ["f2"]])
def test_new_pictures_and_those_of_the_same_case_are_fine(desk, files):
    desk.resources["files"] = Shelf({"f2": [stored("mine", "i1")]})
    assert desk(documents.check_evidence, files=files) == {"reused": False, "duplicates": []}


def reserve(desk, holder, first, last, *names):
    return desk(resources.reserve, holder=holder, resources=list(names), **{"from": date(2026, 4, first), "to": date(2026, 4, last)})


@pytest.mark.parametrize(
    ("first", "last", "free"), [(1, 4, True), (1, 5, False), (6, 7, False), (10, 12, False), (11, 12, True), (1, 30, False)]
)
def test_a_resource_is_never_promised_twice(desk, first, last, free):
    reserve(desk, "GJ-1", 5, 10, "hall")
    if free:
        assert reserve(desk, "GJ-2", first, last, "hall")["reserved"] == ["hall"]
    else:
        with pytest.raises(BpmnError) as thrown:
            reserve(desk, "GJ-2", first, last, "bus", "hall")
        assert (thrown.value.code, thrown.value.data) == ("ERR_DUPLICATE", {"resource": "hall", "held_by": "GJ-1"})
        assert reserve(desk, "GJ-3", first, last, "bus")["reserved"] == ["bus"]  # nothing of the refused one stayed


def test_a_released_resource_is_free_again(desk):
    reserve(desk, "GJ-1", 5, 10, "hall", "bus")
    assert reserve(desk, "GJ-1", 5, 10, "hall")["reserved"] == ["hall"]
    assert desk(resources.release, holder="GJ-1")["released"] == 2
    assert desk(resources.release, holder="GJ-1")["released"] == 0
    assert reserve(desk, "GJ-2", 5, 10, "hall")["reserved"] == ["hall"]


@pytest.mark.parametrize(
    "inputs", [{"from": date(2026, 4, 5), "to": date(2026, 4, 4)}, {"from": "soon", "to": date(2026, 4, 4)}, {"to": date(2026, 4, 4)}]
)
def test_a_period_that_is_none_is_refused(desk, inputs):
    with pytest.raises(ServiceRefused):
        desk(resources.reserve, holder="GJ-1", resources=["hall"], **inputs)
