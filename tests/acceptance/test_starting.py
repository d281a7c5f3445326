"""Who finds which procedure on the start page: the lane's role and the roles of the start event itself."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import MANIFEST
from tests.town import AREA, Town

COUNCIL = "/start/consult_enterprise"


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("street"), manifest=MANIFEST, roster="street")


@pytest.mark.parametrize("person", ["liaison_wang", "head_xie", "unit_liaison_lin", "advisor_wu"])
def test_workers_members_and_advisers_find_the_council_on_the_start_page_and_start_it(street: Town, person: str) -> None:
    """Domain 6.1: any member enterprise, community worker, party adviser."""
    browser = street.browser(person)
    assert COUNCIL in browser.page("/start")
    assert "共建协商会" in browser.page(COUNCIL)
    answer = browser.send(COUNCIL, {"data": {}})
    assert answer.status_code == 200, answer.text
    task = street.task("propose_topic", person)
    assert (task.area, [str(s) for s in task.selectors]) == (AREA, [f"person:{person}"])


@pytest.mark.parametrize("person", ["dept_market", "police_he", "property_kang"])
def test_others_neither_find_it_nor_start_it(street: Town, person: str) -> None:
    browser = street.browser(person)
    assert COUNCIL not in browser.page("/start")
    assert browser.get(COUNCIL).status_code == 404
    assert browser.send(COUNCIL, {"data": {}}).status_code == 404
