"""What a person may do, decided from what he holds (domain 2.4, 2.5); no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.actor import Mandate
from governance.directory.may import Button, Data, Reach, Scope, Start, Task, decide, sees

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LEGAL = "role:legal@yunqiao"


def reach(**held: object) -> Reach:
    selectors = {s: Mandate(kind="post", ref="p", selector=s) for s in ("person:zhao", LEGAL)}
    return Reach(**{"person": "zhao", "at": NOW, "selectors": selectors, **held})  # type: ignore[arg-type]


def test_an_offered_task_may_be_completed_under_the_post_it_was_offered_to() -> None:
    decision = decide(reach(), "task.complete", Task(selectors=("role:finance@yunqiao", LEGAL)))
    assert decision.allowed
    assert decision.mandate is not None
    assert decision.mandate.selector == LEGAL


@pytest.mark.parametrize(
    ("task", "word"),
    [
        (Task(selectors=("role:finance@yunqiao",)), "岗位"),
        (Task(selectors=(LEGAL,), excluded=("zhao",)), "回避"),
        (Task(selectors=(LEGAL,), excluded=("ent_haina",)), "回避"),
        (Task(selectors=(LEGAL,), assignee="qian"), "他人"),
        (Task(), "岗位"),
    ],
)
def test_a_task_is_refused_with_the_reason(task: Task, word: str) -> None:
    decision = decide(reach(units=frozenset({"ent_haina"})), "task.complete", task)
    assert not decision
    assert word in decision.reason.zh
    assert decision.reason.en


def test_a_task_assigned_to_oneself_may_be_completed_without_a_post() -> None:
    assert decide(reach(), "task.complete", Task(assignee="zhao")).mandate == reach().selectors["person:zhao"]


def test_nobody_acts_for_a_person_who_must_keep_out() -> None:
    stand_in = {LEGAL: Mandate(kind="delegation", ref="d", selector=LEGAL, on_behalf_of="zhao")}
    assert not decide(reach(person="qian", selectors=stand_in), "task.complete", Task(selectors=(LEGAL,), excluded=("zhao",)))
    assert decide(reach(person="qian", selectors=stand_in), "task.complete", Task(selectors=(LEGAL,)))


def test_without_an_account_only_public_things_are_open() -> None:
    public = Reach(person=None, at=NOW)
    assert decide(public, "action.use", Button(selectors=(LEGAL,), public=True))
    assert not decide(public, "action.use", Button(selectors=(LEGAL,)))
    assert decide(public, "instance.start", Start(selectors=("public",)))
    assert not decide(public, "instance.start", Start())
    assert not decide(public, "task.complete", Task(selectors=(LEGAL,)))
    assert sees(public, Data(access="public"))
    assert not sees(public, Data(access="staff", participants=()))


def test_a_procedure_without_a_lane_may_be_started_by_everybody_with_an_account() -> None:
    assert decide(reach(), "instance.start", Start())
    assert decide(reach(), "instance.start", Start(selectors=(LEGAL,)))
    assert not decide(reach(), "instance.start", Start(selectors=("role:finance@yunqiao",)))


STAFF = {"staff_areas": frozenset({"yunqiao", "grid_1"}), "staff_at": frozenset({"yunqiao"})}


@pytest.mark.parametrize(
    ("held", "data", "allowed"),
    [
        (STAFF, Data(access="staff", area="grid_1"), True),
        (STAFF, Data(access="staff", area="street"), False),
        (STAFF, Data(access="staff"), True),
        ({}, Data(access="staff"), False),
        ({}, Data(access="staff", area="street", participants=("zhao",)), True),
        ({"committees": frozenset({"council"})}, Data(access="members", committee="council"), True),
        (STAFF, Data(access="members", committee="council", area="yunqiao"), False),
        ({"committees": frozenset({"branch"}), "party_member": True}, Data(access="party", committee="branch"), True),
        ({"committees": frozenset({"branch"})}, Data(access="party", committee="branch"), False),
        ({"party_member": True}, Data(access="party", committee="branch"), False),
        ({}, Data(access="parties", parties=(LEGAL,)), True),
        (STAFF, Data(access="parties", area="yunqiao"), False),
        (STAFF, Data(access="parties", owner="yunqiao"), True),
        (STAFF, Data(access="reporter_protected", area="yunqiao"), False),
        ({}, Data(access="reporter_protected", participants=("zhao",)), True),
        ({"units": frozenset({"ent_haina"})}, Data(access="reporter_protected", participants=("zhao",), about=("ent_haina",)), False),
        ({}, Data(access="procurement_sealed", participants=("zhao",), opens_at=NOW + timedelta(seconds=1)), False),
        ({}, Data(access="procurement_sealed", participants=("zhao",)), False),
        ({}, Data(access="procurement_sealed", participants=("zhao",), opens_at=NOW), True),
        ({}, Data(access="procurement_sealed", parties=(LEGAL,)), True),
        ({}, Data(access="procurement_sealed", opens_at=NOW), False),
    ],
)
def test_access_classes(held: dict[str, object], data: Data, allowed: bool) -> None:
    decision = sees(reach(**held), data)
    assert decision.allowed is allowed
    assert allowed or decision.reason.zh


def test_an_unknown_class_or_action_is_a_mistake_and_never_a_yes() -> None:
    with pytest.raises(ValueError, match="secret"):
        sees(reach(), Data(access="secret"))
    with pytest.raises(ValueError, match=r"task\.eat"):
        decide(reach(), "task.eat", Task())


@pytest.mark.parametrize(
    ("action", "area", "allowed"),
    [
        ("admin.settings", "street", True),
        ("admin.settings", "other_street", False),
        ("admin.settings", None, False),
        ("admin.accounts", "street", False),
        ("register.export", "street", True),
    ],
)
def test_administration_reaches_as_far_as_the_post(action: str, area: str | None, allowed: bool) -> None:
    office = frozenset({"street", "yunqiao"})
    held = reach(grants={"admin.settings": office, "register.export": office}, roots=frozenset({"district"}))
    assert decide(held, action, Scope(area=area)).allowed is allowed


def test_the_administrator_of_the_root_administers_the_installation() -> None:
    held = reach(grants={"admin.*": frozenset({"district", "street"})}, roots=frozenset({"district"}))
    assert decide(held, "admin.definitions", Scope())
    assert not decide(reach(grants={"admin.*": frozenset()}, roots=frozenset()), "admin.definitions", Scope())
