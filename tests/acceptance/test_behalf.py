"""Entering what others said on paper or on the telephone: who may, for whom, with what proof, and how it is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from cogov.cases.inputs import upload
from tests.walk import Agreement

TELEPHONE = {"person": "unit_li", "channel": "telephone", "note": "九点来电，同意共建"}


@pytest.fixture
def asked(agreement: Agreement) -> Agreement:
    """The unit has been asked whether it agrees."""
    return agreement.to_answer()


def answer(asked: Agreement, by: str, behalf: dict[str, Any], values: dict[str, Any] | None = None) -> Any:
    """`by` answers the request of cooperation on behalf of another."""
    token = next(a.token for a in asked.town.app.engine.queries.instance(asked.instance).actions if a.node == "accepted")
    body = {"form": values or {}, "on_behalf_of": behalf}
    return asked.browser(by).send(f"/api/v1/instances/{asked.instance}/actions/{token}", body)


def paper_of(asked: Agreement, person: str) -> str:
    (file,) = upload(asked.town.app, "回函", person)
    return file["id"]


def used(asked: Agreement) -> Any:
    """The newest row of the history that tells of a button."""
    lines = asked.town.app.engine.queries.history(asked.instance, newest_first=True).items
    return next(line for line in lines if line.kind == "action_used")


def test_a_worker_enters_the_paper_of_a_unit(asked: Agreement) -> None:
    file = paper_of(asked, "worker_sun")
    assert answer(asked, "worker_sun", {"person": "unit_li", "channel": "paper", "file": file}).status_code == 200
    line = used(asked)
    assert line.actor == "worker_sun"
    assert line.mandate["for"] == "unit_li"
    assert line.content["entered"]["digest"].startswith("sha256:")
    page = asked.browser("liaison_wang").page(f"/cases/{asked.instance}")
    assert "代李海填报，纸质件" in page
    with asked.browser("unit_li").get(f"/files/{file}") as got:
        assert got.status_code == 200


def test_the_one_in_whose_name_it_was_entered_is_told_and_can_open_it(asked: Agreement) -> None:
    assert answer(asked, "worker_sun", TELEPHONE).status_code == 200
    assert "以您的名义填报" in asked.browser("unit_li").page("/notices")
    asked.browser("unit_li").page(f"/cases/{asked.instance}")


@pytest.mark.parametrize(
    ("behalf", "pointer"),
    [
        ({"person": "unit_li", "channel": "paper"}, "/on_behalf_of/file"),
        ({"person": "unit_li", "channel": "telephone"}, "/on_behalf_of/note"),
        ({"channel": "counter"}, "/on_behalf_of/person"),
        ({"person": "unit_li", "unit": "ent_haina", "channel": "counter"}, "/on_behalf_of/person"),
        ({"person": "nobody", "channel": "counter"}, "/on_behalf_of/person"),
        ({"person": "worker_sun", "channel": "counter"}, "/on_behalf_of/person"),
        ({"name": "张阿婆", "channel": "counter"}, "/on_behalf_of/phone"),
    ],
)
def test_an_entry_without_its_proof_is_refused_with_the_place(asked: Agreement, behalf: dict[str, Any], pointer: str) -> None:
    refused = answer(asked, "worker_sun", behalf)
    assert refused.status_code == 422
    assert pointer in {e["pointer"] for e in refused.get_json()["errors"]}


def test_the_paper_must_be_the_enterers_own_upload(asked: Agreement) -> None:
    refused = answer(asked, "worker_sun", {"person": "unit_li", "channel": "paper", "file": paper_of(asked, "legal_zhao")})
    assert refused.status_code == 422


@pytest.mark.parametrize("by", ["legal_zhao", "unit_liaison_lin", "stranger_dong"])
def test_without_the_right_of_intake_nobody_enters_for_others(asked: Agreement, by: str) -> None:
    assert answer(asked, by, TELEPHONE).status_code == 403


def test_it_must_be_offered_to_the_one_for_whom_it_is_entered(asked: Agreement) -> None:
    for behalf in ({**TELEPHONE, "person": "head_xie"}, {"name": "张阿婆", "phone": "13800000009", "channel": "counter"}):
        refused = answer(asked, "worker_sun", behalf)
        assert refused.status_code == 403, behalf


def test_a_unit_can_be_the_one(asked: Agreement) -> None:
    assert answer(asked, "worker_sun", {"unit": "ent_haina", "channel": "counter"}).status_code == 200
    assert used(asked).mandate["for"] == "ent_haina"


def test_what_is_offered_to_oneself_is_done_in_ones_own_name(agreement: Agreement) -> None:
    agreement.start()
    task = agreement.town.task("draft_intention", "liaison_wang", agreement.instance)
    body = {"form": {}, "on_behalf_of": {"person": "worker_sun", "channel": "counter"}}
    assert agreement.browser("liaison_wang").send(f"/api/v1/tasks/{task.id}/complete", body).status_code == 403


def test_a_task_page_offers_the_entry_to_those_who_may(asked: Agreement) -> None:
    asked.act("accepted", "unit_li", {})
    task = asked.town.task("counter_proposal", "unit_liaison_lin", asked.instance)
    page = asked.browser("worker_sun").page(f"/tasks/{task.id}")
    assert "代他人填报" in page
    assert "林晓舟" in page
    assert "代他人填报" not in asked.browser("legal_zhao").page(f"/tasks/{task.id}")
    body = {
        "data": {"clause_replies": [{"clause": "周末停车难", "accept": "accept"}]},
        "behalf_person": "unit_liaison_lin", "behalf_channel": "counter", "behalf_note": "", "behalf_file": "",
    }  # fmt: skip
    assert asked.browser("worker_sun").send(f"/tasks/{task.id}/complete", body).status_code == 200
