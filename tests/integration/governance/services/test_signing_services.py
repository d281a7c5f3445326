"""signing.*: who signs, by what authority, on which text."""

from datetime import timedelta

import pytest

from engine.errors import BpmnError, ServiceRefused
from governance.documents import services as documents
from governance.signing import services as signing

HEAD, SECRETARY = "role:ent_head@ent_a", "role:community_party_sec@c1"


@pytest.fixture
def frozen(desk):
    return desk(documents.freeze, title="协议", text="一")


@pytest.fixture
def opened(desk, frozen):
    return desk(
        signing.open_signing,
        document=frozen["document"],
        hash=frozen["hash"],
        signatories=[{"selector": HEAD, "unit": "ent_a"}, {"selector": SECRETARY}],
    )


def sign(desk, opened, slot, actor, **more):
    desk.person = actor
    form = {"capacity": "legal_representative", "method": "on_site", "doc_hash": opened["hash"], **more}
    return desk(signing.record, signing=opened["signing"], slot=slot, **form)


def test_all_signatures_complete_the_signing(desk, opened):
    first = sign(desk, opened, 1, "head")
    second = sign(desk, opened, 2, "sec", capacity="party_secretary")
    assert (first["complete"], first["state"], first["mandate"]["ref"]) == (False, "open", "post1")
    assert (second["complete"], second["state"]) == (True, "complete")
    status = desk(signing.status, signing=opened["signing"])
    assert (status["signed"], status["pending"], status["state"]) == (2, 0, "complete")
    assert [s["person"] for s in status["signatories"]] == ["head", "sec"]


def test_another_text_cannot_be_signed(desk, opened):
    with pytest.raises(BpmnError) as thrown:
        sign(desk, opened, 1, "head", doc_hash="sha256:other")
    assert thrown.value.code == "ERR_TAMPERED"


def test_a_text_that_changed_after_the_first_signature_stops_the_second(desk, opened, frozen):
    sign(desk, opened, 1, "head")
    desk(documents.freeze, title="协议", text="二", document=frozen["document"])
    with pytest.raises(BpmnError):
        sign(desk, opened, 2, "sec")


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"method": "e_signature"}, "L-QM 3"),
        ({"method": "e_signature", "agreed_e_sign": False}, "L-QM 3"),
        ({"capacity": "authorized_agent"}, "power of attorney"),
        ({"capacity": "friend"}, "capacity friend"),
        ({"method": "thumb"}, "method thumb"),
    ],
)
def test_what_the_signatory_can_mend_is_refused(desk, opened, more, complaint):
    with pytest.raises(ServiceRefused, match=complaint):
        sign(desk, opened, 1, "head", **more)


def test_a_time_of_signing_in_the_future_is_refused(desk, opened):
    with pytest.raises(ServiceRefused, match="future"):
        sign(desk, opened, 1, "head", signed_at=desk.now + timedelta(minutes=1))


def test_an_agreed_electronic_signature_counts(desk, opened):
    assert sign(desk, opened, 1, "head", method="e_signature", agreed_e_sign=True)["slot"] == 1


def test_who_does_not_hold_the_post_at_that_moment_cannot_sign(desk, opened):
    desk.directory.held["head"] = set()
    with pytest.raises(ServiceRefused, match="does not hold the post"):
        sign(desk, opened, 1, "head")


def test_the_successor_signs_without_the_signing_being_opened_again(desk, opened):
    desk.directory.held = {"new_head": {HEAD}}
    assert sign(desk, opened, 1, "new_head")["person"] == "new_head"


def test_whoever_the_task_went_to_up_the_tree_signs_for_a_vacant_post(desk, opened):
    """The post is vacant: the task of signing was offered to the nearest up the tree, so his signature is taken (conventions 5)."""
    desk.directory.held = {"boss": {"role:ent_head@group"}, "sec": {SECRETARY}}
    desk.directory.above = {HEAD: "role:ent_head@group"}
    assert sign(desk, opened, 1, "boss")["mandate"]["selector"] == "role:ent_head@group"
    with pytest.raises(ServiceRefused, match="does not hold the post"):
        sign(desk, opened, 2, "boss")


def test_an_agent_signs_with_a_power_of_attorney(desk, opened):
    signed = sign(desk, opened, 1, "lawyer", capacity="authorized_agent", authority=[{"id": "file1"}])
    assert signed["mandate"]["kind"] == "power_of_attorney"
    assert signed["mandate"]["ref"] == "file1"


def test_a_signature_on_paper_is_entered_by_another_person_for_the_signatory(desk, opened):
    assert sign(desk, opened, 1, "wang", person="head", method="handwritten_scan")["person"] == "head"


def test_nobody_signs_electronically_for_another(desk, opened):
    with pytest.raises(ServiceRefused, match="in person"):
        sign(desk, opened, 1, "wang", person="head", method="e_signature", agreed_e_sign=True)


def test_nobody_signs_twice(desk, opened):
    sign(desk, opened, 1, "head")
    with pytest.raises(ServiceRefused, match="answered already"):
        sign(desk, opened, 1, "head")


def test_in_a_row_the_second_waits_for_the_first(desk, frozen):
    opened = desk(
        signing.open_signing,
        document=frozen["document"],
        hash=frozen["hash"],
        signatories=[{"selector": HEAD}, {"selector": SECRETARY}],
        order="sequential",
    )
    with pytest.raises(ServiceRefused, match="turn"):
        sign(desk, opened, 2, "sec")
    sign(desk, opened, 1, "head")
    assert sign(desk, opened, 2, "sec")["complete"]


def test_a_refusal_ends_the_signing_and_keeps_the_reason(desk, opened):
    desk.person = "head"
    assert desk(signing.refuse, signing=opened["signing"], slot=1, reason="条款二超出能力")["state"] == "refused"
    assert desk(signing.status, signing=opened["signing"])["reason"] == "条款二超出能力"
    with pytest.raises(ServiceRefused):
        sign(desk, opened, 2, "sec")


def test_a_refusal_needs_a_reason(desk, opened):
    desk.person = "head"
    with pytest.raises(ServiceRefused, match="4 to 300"):
        desk(signing.refuse, signing=opened["signing"], slot=1, reason="不")


def test_voiding_cancels_every_signature_and_may_be_repeated(desk, opened):
    sign(desk, opened, 1, "head")
    assert desk(signing.void, signing=opened["signing"], reason="文本已改")["voided"] == 1
    assert desk(signing.void, signing=opened["signing"], reason="文本已改")["voided"] == 0
    status = desk(signing.status, signing=opened["signing"])
    assert (status["state"], status["signed"]) == ("void", 0)


def test_a_complete_signing_does_not_expire(desk, opened):
    sign(desk, opened, 1, "head")
    sign(desk, opened, 2, "sec")
    with pytest.raises(ServiceRefused):
        desk(signing.expire, signing=opened["signing"])


@pytest.mark.parametrize("signatories", [[], [{"unit": "ent_a"}]])
def test_a_signing_without_signatories_is_refused(desk, frozen, signatories):
    with pytest.raises(ServiceRefused):
        desk(signing.open_signing, document=frozen["document"], hash=frozen["hash"], signatories=signatories)
