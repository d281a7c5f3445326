"""The query shows a row exactly when the rule of its access class allows it."""

from __future__ import annotations

import itertools

import pytest

from engine.actor import Mandate
from engine.definitions.protection import ACCESS_CLASSES
from governance.directory.may import Reach
from governance.registers import store
from governance.registers.access import may_read
from governance.registers.rows import Filters
from tests.integration.governance.registers.conftest import NOW


def reach(person, **more):
    """As `Permissions.reach` makes it: everybody satisfies the selector of his own person."""
    own = {f"person:{person}": Mandate(kind="assignment", selector=f"person:{person}")}
    return Reach(person=person, at=NOW, selectors=own, **more)


VIEWERS = {
    "the public": Reach(person=None, at=NOW),
    "the system": Reach(person=None, at=NOW, system=True),
    "a resident": reach("res"),
    "the starter": reach("wang"),
    "staff of the area": reach("zhao", staff_areas=frozenset({"c1"}), staff_at=frozenset({"c1"})),
    "staff of another area": reach("qian", staff_areas=frozenset({"c2"}), staff_at=frozenset({"c2"})),
    "staff of the street above": reach("sun", staff_areas=frozenset({"c1", "c2", "s1"}), staff_at=frozenset({"s1"})),
    "someone of the unit": reach("li", units=frozenset({"ent_a"})),
    "someone of another unit": reach("zhou", units=frozenset({"ent_b"})),
    "the named person": reach("wu"),
    "a member of the committee": reach("zheng", committees=frozenset({"k1"})),
    "a party member of the branch": reach("feng", committees=frozenset({"k1"}), party_member=True),
    "a party member elsewhere": reach("chen", committees=frozenset({"k2"}), party_member=True),
}


@pytest.mark.parametrize("name", VIEWERS)
def test_query_and_rule_agree_for_every_class_owner_and_area(database, put, name):
    viewer = VIEWERS[name]
    rows = [
        put(access=access, owner=owner, area=area, starter=starter, parties=parties)
        for access, owner, area, starter, parties in itertools.product(
            ACCESS_CLASSES, (None, "c1", "k1"), (None, "c1"), (None, "wang"), ({}, {"ent_a": "unit", "wu": "person"})
        )
    ]
    with database.read() as connection:
        shown, _ = store.page(connection, "walks", viewer, Filters(), NOW, limit=1000)
        assert store.total(connection, "walks", viewer, Filters(), NOW) == len(shown)
    assert {r.id for r in shown} == {r.id for r in rows if may_read(r.access, r.subject, viewer)}


@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        ("public", set(VIEWERS)),
        ("staff", {"the system", "staff of the area", "staff of the street above"}),
        ("parties", {"the system", "the starter", "staff of the area", "someone of the unit", "the named person"}),
        ("members", {"the system"}),
        ("reporter_protected", {"the system", "the starter", "the named person"}),
        ("procurement_sealed", {"the system", "the starter"}),
    ],
)
def test_who_reads_which_class(access, allowed, put):
    row = put(access=access, owner="c1", area="c1", starter="wang", parties={"ent_a": "unit", "wu": "person"})
    assert {name for name, viewer in VIEWERS.items() if may_read(access, row.subject, viewer)} == allowed


@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        ("members", {"the system", "a member of the committee", "a party member of the branch"}),
        ("party", {"the system", "a party member of the branch"}),
    ],
)
def test_what_a_committee_keeps_its_members_read(access, allowed, put):
    row = put(access=access, owner="k1", area="c1", starter="wang")
    assert {name for name, viewer in VIEWERS.items() if may_read(access, row.subject, viewer)} == allowed
