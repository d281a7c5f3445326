"""Who is party to a row, and what it points at, are written as far as they changed."""

from __future__ import annotations

import pytest

from governance.registers import store


@pytest.mark.parametrize(
    ("parties", "links"),
    [
        ({"ent_a": "unit", "wu": "person"}, {"GJ-1"}),
        ({"ent_a": "unit", "wu": "person", "ent_b": "unit"}, {"GJ-1", "GJ-2"}),
        ({"wu": "party"}, set()),
        ({"ent_b": "unit"}, {"GJ-2"}),
        ({}, set()),
    ],
)
def test_a_row_has_the_references_it_was_given_last(database, put, parties, links):
    made = put(parties={"ent_a": "unit", "wu": "person"}, links=frozenset({"GJ-1"}))
    with database.write() as connection:
        row = store.row_by_id(connection, made.id)
        row.parties, row.links = parties, frozenset(links)
        store.replace_references(connection, row)
    with database.read() as connection:
        found = store.row_by_id(connection, made.id)
    assert (found.parties, found.links) == (parties, links)


def test_a_row_just_made_can_be_changed_in_the_same_command(database, put):
    row = put(parties={"ent_a": "unit"})
    row.parties = {"ent_b": "unit"}
    with database.write() as connection:
        store.replace_references(connection, row)
        assert store.row_by_id(connection, row.id).parties == {"ent_b": "unit"}
