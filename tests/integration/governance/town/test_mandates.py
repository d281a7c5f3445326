"""Who holds what at an instant: posts, seats, delegations, acting, vacancies (domain 2.4, conventions 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.actor import Actor
from engine.errors import NotFound, ServiceRefused
from engine.ports import Offer
from engine.services import Call
from governance.directory import store
from governance.directory.directory import DirectoryRefused
from governance.directory.may import Data, Permissions, Scope, Task
from governance.directory.roster import RosterInvalid, check_roster, load_roster
from governance.directory.selectors import BadSelector
from governance.directory.services import holders, members

LEGAL = "role:legal@yunqiao"


def test_a_post_is_a_mandate_with_the_title_people_know(town: Any, connection: Any) -> None:
    held = town.directory.selectors_of(connection, "liaison_wang", town.now)
    assert held["role:community_worker@yunqiao"].zh == "云桥企业社区 社工"
    assert held["role:community_worker@yunqiao"].en == "Community worker, Yunqiao enterprise community"
    assert held["holder:community_worker@yunqiao"].kind == "post"
    assert held["member:council:committee_secretary"].kind == "membership"
    assert held["person:liaison_wang"].kind == "assignment"
    assert LEGAL not in held


def test_a_units_seat_is_held_by_its_representative(town: Any, connection: Any) -> None:
    held = town.directory.selectors_of(connection, "unit_li", town.now)
    assert held["member:council"].zh == "云桥共建协商会 委员（海纳文化有限公司代表）"
    assert list(town.directory.unit_of(connection, "unit_li", town.now)) == ["ent_haina"]


def test_the_unit_may_send_somebody_else_and_past_moments_keep_the_old_one(town: Any, connection: Any) -> None:
    later = town.now + timedelta(days=1)
    town.directory.replace_representative(connection, "council.ent_haina.member", "unit_liaison_lin", later)
    assert town.directory.is_member(connection, "unit_liaison_lin", "council", later)
    assert not town.directory.is_member(connection, "unit_li", "council", later)
    assert town.directory.is_member(connection, "unit_li", "council", town.now)
    with pytest.raises(DirectoryRefused):
        town.directory.replace_representative(connection, "grand_party.secretary_chen.chair", "unit_li", later)


@pytest.mark.parametrize(
    ("asked", "offers"),
    [
        (LEGAL, [Offer(selector=LEGAL)]),
        (
            "role:street_office@grid_1",
            [Offer(selector="role:street_office@grid_1", vacant=True), Offer(selector="role:street_office@street")],
        ),
        ("role:dept_head@street_gov", [Offer(selector="role:dept_head@street_gov", vacant=True)]),
        ("role:legal@ent_haina", [Offer(selector="role:legal@ent_haina", vacant=True), Offer(selector=LEGAL)]),
        (
            "role:community_party_sec@council",
            [Offer(selector="role:community_party_sec@council", vacant=True), Offer(selector="role:community_party_sec@yunqiao")],
        ),
        ("role:committee_convener@council", [Offer(selector="role:committee_convener@council")]),
        ("role:legal@nowhere", [Offer(selector="role:legal@nowhere", vacant=True)]),
        ("member:council", [Offer(selector="member:council")]),
        ("member:council:chair", [Offer(selector="member:council:chair", vacant=True)]),
        ("person:dong", [Offer(selector="person:dong")]),
        ("public", [Offer(selector="public")]),
    ],
)
def test_a_task_goes_to_the_holder_or_the_nearest_one_up_the_tree(town: Any, connection: Any, asked: str, offers: list[Offer]) -> None:
    assert town.directory.resolve(connection, [asked], town.now) == offers


@pytest.mark.parametrize("text", ["", "legal", "role:legal", "role:@yunqiao", "person:", "team:x"])
def test_what_is_no_selector_is_refused(town: Any, connection: Any, text: str) -> None:
    with pytest.raises(BadSelector):
        town.directory.resolve(connection, [text], town.now)


def test_nothing_is_held_before_the_term_begins_or_after_it_ends(town: Any, connection: Any) -> None:
    start = town.at("2024-07-01T00:00")
    assert LEGAL in town.directory.selectors_of(connection, "legal_zhao", start)
    assert LEGAL not in town.directory.selectors_of(connection, "legal_zhao", start - timedelta(microseconds=1))
    store.end(connection, "post", "legal_zhao.legal.yunqiao", town.now)
    assert LEGAL not in town.directory.selectors_of(connection, "legal_zhao", town.now)
    assert LEGAL in town.directory.selectors_of(connection, "legal_zhao", town.now - timedelta(microseconds=1))


def test_after_a_term_the_seat_stays_thirty_days_without_a_vote(town: Any, connection: Any) -> None:
    seat, end = "grand_party.delegate_xiao.member", town.now
    store.end(connection, "membership", seat, end)
    handover = end + timedelta(days=29)
    voters = {m.person for m in town.directory.members(connection, "grand_party", handover, voting=True)}
    assert "delegate_xiao" not in voters
    assert "delegate_tian" in voters
    mandate = town.directory.selectors_of(connection, "delegate_xiao", handover)["member:grand_party"]
    assert "交接期" in mandate.zh
    assert not town.directory.is_member(connection, "delegate_xiao", "grand_party", handover)
    assert "member:grand_party" not in town.directory.selectors_of(connection, "delegate_xiao", end + timedelta(days=30))


def test_the_length_of_the_hand_over_is_a_setting(town: Any, connection: Any) -> None:
    town.settings.put(connection, "membership.handover_days", 5, town.now, source="章程")
    store.end(connection, "membership", "grand_party.delegate_xiao.member", town.now)
    assert "member:grand_party" in town.directory.selectors_of(connection, "delegate_xiao", town.now + timedelta(days=4))
    assert "member:grand_party" not in town.directory.selectors_of(connection, "delegate_xiao", town.now + timedelta(days=5))


def test_a_ceased_seat_has_no_hand_over(town: Any, connection: Any) -> None:
    town.directory.end_membership(connection, "grand_party.delegate_xiao.member", "resigned", town.now)
    assert "member:grand_party" not in town.directory.selectors_of(connection, "delegate_xiao", town.now)
    with pytest.raises(NotFound):
        town.directory.end_membership(connection, "grand_party.delegate_xiao.member", "resigned", town.now)


def test_terms_that_end_soon_are_found_for_the_alert(town: Any, connection: Any) -> None:
    store.end(connection, "membership", "grand_party.delegate_xiao.member", town.now + timedelta(days=60))
    store.end(connection, "membership", "grand_party.delegate_tian.member", town.now + timedelta(days=91))
    assert [s.person for s in town.directory.expiring(connection, town.now)] == ["delegate_xiao"]


def delegate(town: Any, connection: Any, scope: dict[str, Any], giver: str = "legal_zhao", taker: str = "liaison_wang") -> str:
    return str(town.directory.delegate(connection, giver, taker, scope, town.now, town.now + timedelta(days=7)))


def test_a_delegation_opens_only_what_its_scope_says_and_names_both(town: Any, connection: Any) -> None:
    delegate(town, connection, {"kind": "tasks", "roles": ["legal"]})
    held = town.directory.selectors_of(connection, "liaison_wang", town.now)
    assert held[LEGAL].kind == "delegation"
    assert held[LEGAL].on_behalf_of == "legal_zhao"
    assert held[LEGAL].zh == "受赵明委托：云桥企业社区 法律顾问"
    assert "person:legal_zhao" not in held
    assert LEGAL not in town.directory.selectors_of(connection, "liaison_wang", town.now + timedelta(days=7))


def test_a_delegation_of_everything_opens_personal_tasks_too(town: Any, connection: Any) -> None:
    delegate(town, connection, {"kind": "all"})
    assert "person:legal_zhao" in town.directory.selectors_of(connection, "liaison_wang", town.now)


def test_one_committee_or_a_signature_opens_nothing_else(town: Any, connection: Any) -> None:
    delegate(town, connection, {"kind": "committee", "committee": "council"}, giver="unit_li", taker="unit_liaison_lin")
    held = town.directory.selectors_of(connection, "unit_liaison_lin", town.now)
    assert held["member:council"].on_behalf_of == "unit_li"
    assert "role:ent_head@ent_haina" not in held
    delegate(town, connection, {"kind": "signature"}, taker="worker_sun")
    assert LEGAL not in town.directory.selectors_of(connection, "worker_sun", town.now)


def test_what_was_delegated_cannot_be_delegated_again(town: Any, connection: Any) -> None:
    delegate(town, connection, {"kind": "all"}, "legal_zhao", "liaison_wang")
    delegate(town, connection, {"kind": "all"}, "liaison_wang", "worker_sun")
    held = town.directory.selectors_of(connection, "worker_sun", town.now)
    assert "member:council:committee_secretary" in held
    assert LEGAL not in held


def test_a_delegation_can_be_revoked_once(town: Any, connection: Any) -> None:
    given = delegate(town, connection, {"kind": "all"})
    town.directory.revoke_delegation(connection, given, town.now)
    assert LEGAL not in town.directory.selectors_of(connection, "liaison_wang", town.now)
    with pytest.raises(NotFound):
        town.directory.revoke_delegation(connection, given, town.now)
    with pytest.raises(DirectoryRefused):
        town.directory.delegate(connection, "legal_zhao", "legal_zhao", {"kind": "all"}, town.now, town.now + timedelta(days=1))


def test_an_acting_post_keeps_both_names(town: Any, connection: Any) -> None:
    row = {"id": "acting", "role": "legal", "code": "legal", "of": "yunqiao", "person": "worker_sun", "acting": True}
    until = town.now + timedelta(days=3)
    times = {"valid_from": town.now, "valid_to": until}
    store.insert(connection, "post", [{**row, **times, "substitute_of": "legal_zhao", "title_zh": "", "title_en": ""}])
    mandate = town.directory.selectors_of(connection, "worker_sun", town.now)[LEGAL]
    assert mandate.on_behalf_of == "legal_zhao"
    assert mandate.zh == "云桥企业社区 法律顾问（代赵明）"
    assert town.directory.people(connection, [LEGAL], town.now) == ["legal_zhao", "worker_sun"]


@pytest.mark.parametrize(
    ("approver", "person", "above"),
    [
        ("secretary_chen", "liaison_wang", True),
        ("director_gao", "liaison_wang", True),
        ("dept_head_song", "dept_liang", True),
        ("worker_sun", "liaison_wang", False),
        ("liaison_wang", "secretary_chen", False),
        ("secretary_chen", "secretary_chen", False),
        ("unit_li", "liaison_wang", False),
        ("resident_feng", "liaison_wang", False),
        ("stranger_dong", "liaison_wang", False),
    ],
)
def test_who_may_approve_for_whom(town: Any, connection: Any, approver: str, person: str, above: bool) -> None:
    assert town.directory.is_above(connection, approver, person, town.now) is above


def test_pickers_find_by_name_role_and_id_and_tell_namesakes_apart(town: Any, connection: Any) -> None:
    look = town.directory.lookup
    assert [(c.value, c.hint.zh) for c in look(connection, "person", "王", town.now)] == [("liaison_wang", "云桥企业社区 社工")]
    assert [c.value for c in look(connection, "unit", "haina", town.now)] == ["ent_haina"]
    assert [c.label.zh for c in look(connection, "post", "法律", town.now)] == ["云桥企业社区 法律顾问"]
    assert [c.value for c in look(connection, "committee", "协商", town.now, areas=["yunqiao"])] == ["council"]
    assert look(connection, "unit", "公司", town.now, kinds_of=["department"]) == []
    assert len(look(connection, "person", "", town.now, limit=3)) == 3
    assert look(connection, "person", "%", town.now) == []
    assert "ent_closed" not in [c.value for c in look(connection, "unit", "", town.now)]


@pytest.mark.parametrize(
    ("kind", "ref", "there"),
    [("person", "unit_li", True), ("unit", "ent_closed", False), ("area", "grid_1", True), ("committee", "none", False)],
)
def test_existence_is_that_of_the_moment(town: Any, connection: Any, kind: str, ref: str, there: bool) -> None:
    assert town.directory.exists(connection, kind, ref, town.now) is there


@pytest.mark.parametrize(
    ("kind", "ref", "facts"),
    [
        ("person", "unit_li", {"zh": "李海", "en": "Li Hai", "unit": "ent_haina", "roles": ["ent_head"]}),
        ("person", "liaison_wang", {"unit": "yunqiao"}),
        ("person", "resident_feng", {"unit": None}),
        ("unit", "ent_haina", {"kind": "enterprise", "area": "yunqiao", "status": "active"}),
        ("unit", "market_office", {"parent": "street_gov", "powers": ["inspection", "penalty"]}),
        ("area", "grid_1", {"kind": "grid", "parent": "yunqiao"}),
        ("committee", "council", {"kind": "cobuild_council", "zh": "云桥共建协商会"}),
        ("post", "legal_zhao.legal.yunqiao", {"zh": "云桥企业社区 法律顾问", "person": "legal_zhao", "of": "yunqiao"}),
    ],
)
def test_a_form_gets_what_it_shows_and_filters_by(town: Any, connection: Any, kind: str, ref: str, facts: dict[str, Any]) -> None:
    found = town.directory.describe(connection, kind, ref, town.now)
    assert facts.items() <= found.items()
    assert not {"phone", "party_member"} & found.keys()


@pytest.mark.parametrize(("kind", "ref"), [("unit", "ent_closed"), ("person", "ent_haina"), ("commitment", "c1"), ("post", "none")])
def test_what_is_not_there_is_not_described(town: Any, connection: Any, kind: str, ref: str) -> None:
    assert town.directory.describe(connection, kind, ref, town.now) is None
    assert not town.directory.exists(connection, kind, ref, town.now)


def test_selectors_are_described_for_readers(town: Any, connection: Any) -> None:
    asked = [LEGAL, "member:council", "person:unit_li", "public", "role:king@nowhere"]
    found = town.directory.describe_selectors(connection, asked, town.now)
    assert [found[s].zh for s in asked] == ["云桥企业社区 法律顾问", "云桥共建协商会 成员", "李海", "公众", "nowhere king"]


def test_every_area_is_listed_in_the_version_of_the_moment(town: Any, connection: Any) -> None:
    regrouped = town.now + timedelta(days=1)
    store.end(connection, "area", "grid_2", regrouped)
    assert [a.id for a in store.all_areas(connection, town.now)] == ["district", "grid_1", "grid_2", "street", "yunqiao"]
    assert "grid_2" not in [a.id for a in store.all_areas(connection, regrouped)]


def test_powers_gate_what_a_unit_may_do(town: Any, connection: Any) -> None:
    assert town.directory.power(connection, "market_office", "penalty", town.now)
    assert not town.directory.power(connection, "community_org", "penalty", town.now)


def test_staff_reach_their_area_and_below(town: Any, connection: Any) -> None:
    permissions = Permissions(town.directory)
    worker, office = Actor(person="liaison_wang"), Actor(person="office_xu")

    def may(actor: Actor, action: str, thing: object) -> bool:
        return bool(permissions.may(connection, actor, action, thing, town.now))

    assert may(worker, "case.read", Data(access="staff", area="grid_2"))
    assert not may(worker, "case.read", Data(access="staff", area="street"))
    assert may(office, "case.read", Data(access="staff", area="grid_2"))
    assert not may(Actor(person="unit_li"), "case.read", Data(access="staff", area="yunqiao"))
    assert may(Actor(person="unit_li"), "task.complete", Task(selectors=("role:ent_head@ent_haina",)))
    assert may(Actor(person="admin"), "admin.settings", Scope())
    assert may(office, "admin.settings", Scope(area="yunqiao"))
    assert not may(office, "admin.settings", Scope())


def call(town: Any, connection: Any) -> Call:
    where = {"instance": "i", "token": "t", "process": "p", "element": "e", "area": "yunqiao", "number": None}
    return Call(**where, now=town.now, actor=Actor(person="liaison_wang"), connection=connection, resources={"directory": town.directory})


def test_a_process_gets_a_committee_frozen_into_a_list(town: Any, connection: Any) -> None:
    found = members(call(town, connection), "council", voting=True)
    seats = {("head_zheng", "ent_yinwu", True), ("unit_li", "ent_haina", True), ("head_xie", "ent_anda", True)}
    assert {(m["person"], m["unit"], m["voting"]) for m in found} == seats
    assert [m["person"] for m in members(call(town, connection), "council", role="committee_secretary")] == ["liaison_wang"]
    assert holders(call(town, connection), [LEGAL]) == [{"person": "legal_zhao", "name": "赵明"}]
    with pytest.raises(ServiceRefused):
        members(call(town, connection), "nothing")


def test_a_roster_with_mistakes_names_each_and_loads_nothing(empty_town: Any) -> None:
    roster = {
        "areas": [{"id": "a", "level": "planet", "name": "A"}],
        "people": [{"id": "p", "name": "P", "posts": ["king@a", "legal@b"], "age": 3}, {"id": "p", "name": "Q"}],
    }
    assert list(check_roster(roster)) != []
    with empty_town.database.write() as connection:
        with pytest.raises(RosterInvalid) as refused:
            load_roster(connection, roster, at=empty_town.now)
        assert not empty_town.directory.exists(connection, "person", "p", empty_town.now)
    text = "\n".join(refused.value.mistakes)
    for mistake in ("planet", "'king' is no role code", "'b' is not in the roster", "unknown key 'age'", "used twice"):
        assert mistake in text
