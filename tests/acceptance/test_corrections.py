"""Corrections after completion: who asks, who decides, what follows, what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.history import store as history
from tests.walk import INTENTION, Agreement

REASON = "需求写错了一个字"


@pytest.fixture
def asked(agreement: Agreement) -> Agreement:
    """The unit has been asked whether it agrees; the intention was handed in a while ago."""
    agreement.to_answer()
    agreement.town.wait(timedelta(hours=1))
    return agreement


def done(agreement: Agreement, node: str = "draft_intention") -> str:
    return next(t.id for t in agreement.town.app.engine.queries.instance(agreement.instance).done if t.node == node)


def corrected(agreement: Agreement, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = agreement.town.given({**INTENTION, **changes}, "liaison_wang")
    return values


def ask(agreement: Agreement, by: str = "liaison_wang", *, reason: str = REASON, behalf: Any = None, **changes: Any) -> Any:
    body = {"form": corrected(agreement, **(changes or {"needs": [{"need": "周末停车困难"}]})), "reason": reason}
    return agreement.browser(by).send(f"/api/v1/tasks/{done(agreement)}/corrections", {**body, **({"on_behalf_of": behalf} if behalf else {})})


def approve(agreement: Agreement, request: str, by: str = "secretary_chen") -> Any:
    return agreement.browser(by).send(f"/api/v1/corrections/{request}/approve", {})


def needs(agreement: Agreement) -> list[str]:
    return [row["need"] for row in agreement.town.app.engine.queries.variables(agreement.instance)["intention"]["needs"]]


def test_an_approved_correction_becomes_a_new_version(asked: Agreement) -> None:
    made = ask(asked)
    assert made.status_code == 201, made.text
    request = made.get_json()["id"]
    assert needs(asked) == ["周末停车难"]
    answer = approve(asked, request)
    assert answer.status_code == 200, answer.text
    assert needs(asked) == ["周末停车困难"]
    versions = asked.town.app.engine.queries.submissions(done(asked))
    assert [v.version.form["needs"][0]["need"] for v in versions] == ["周末停车难", "周末停车困难"]
    with asked.town.app.database.read() as connection:
        assert history.verify(connection, asked.instance) == []
