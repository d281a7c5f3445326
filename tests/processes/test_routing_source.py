"""D2 as it was written down: category × place × power → lead and co-units, the first row that fits; nothing fits in the last row."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.decisions import read_dmn
from tests.processes.conftest import ROOT

TABLE = read_dmn((ROOT / "processes/sp_dispatch/d2_routing.dmn").read_bytes(), "d2_routing.dmn")["d2_routing"]
CODES = yaml.safe_load((ROOT / "forms/shared/codes.yaml").read_text("utf8"))
KINDS = yaml.safe_load((ROOT / "governance/directory/kinds.yaml").read_text("utf8"))
POWERS, UNIT_KINDS = set(KINDS["powers"]), set(KINDS["units"])
NOTHING = {"power": None, "kinds": [], "laws": [], "lead": None, "co_powers": [], "co_units": []}
#: "other" is the category of what has none
CATEGORIES = [entry["code"] for entry in CODES["case_category"] if entry["code"] != "other"]


def routed(**key: Any) -> dict[str, Any]:
    found = TABLE.evaluate({"category": None, "area": None, "power": None, **key}).value
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_leads_to_a_power_that_somebody_can_hold(category: str) -> None:
    found = routed(category=category, area="yunqiao")
    assert found["power"] in POWERS
    assert set(found["co_powers"]) <= POWERS
    assert set(found["kinds"]) <= UNIT_KINDS


def test_a_power_that_is_asked_for_comes_first() -> None:
    assert routed(category="safety", power="penalty")["power"] == "penalty"
    assert routed(category="safety")["power"] == "inspection"


@pytest.mark.parametrize("category", ["other", "no_such_category", None])
def test_the_last_row_leaves_it_to_the_dispatcher(category: str | None) -> None:
    assert routed(category=category, area="yunqiao") == NOTHING
