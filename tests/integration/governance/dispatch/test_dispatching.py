"""Who is competent, and a dispatch through objections to its final designation (SP08, D2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BpmnError, ServiceRefused
from engine.store.database import Database
from governance.directory import store as directory_store
from governance.directory.directory import Directory
from governance.directory.roster import load_roster, read_roster
from governance.dispatch.dispatching import Dispatching
from governance.dispatch.routing import Routing
from governance.settings.settings import Settings

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STREET = Path(__file__).parents[3] / "rosters" / "street.yaml"


@dataclass
class Centre:
    database: Database
    dispatching: Dispatching

    def route(self, **more: Any) -> dict[str, Any]:
        facts = {"category": None, "area": "yunqiao", "power": None, "exclude": (), "rule": None, "now": NOW, **more}
        with self.database.read() as connection:
            return self.dispatching.routing.route(connection, **facts)

    def check(self, unit: str, power: str, **more: Any) -> dict[str, Any]:
        with self.database.read() as connection:
            return self.dispatching.routing.check(connection, unit, power, more.pop("area", "yunqiao"), more.pop("now", NOW), **more)

    def assign(self, lead: str, power: str | None = "penalty", **more: Any) -> dict[str, Any]:
        facts = {
            "instance": "i", "case_no": "YQ-1", "area": "yunqiao", "category": None, "co_units": (), "basis": None,
            "by": "ma", "now": NOW, **more,
        }  # fmt: skip
        with self.database.write() as connection:
            return self.dispatching.assign(connection, lead=lead, power=power, **facts)

    def do(self, name: str, *args: Any, **more: Any) -> dict[str, Any]:
        with self.database.write() as connection:
            done: dict[str, Any] = getattr(self.dispatching, name)(connection, *args, by="x", now=NOW, **more)
            return done

    def designate(self, unit: str, **more: Any) -> dict[str, Any]:
        facts = {"instance": "i", "case_no": "YQ-1", "power": "penalty", "area": "yunqiao", "basis": "裁定", **more}
        return self.do("designate", unit=unit, **facts)


@pytest.fixture
def centre(empty_database: Database) -> Centre:
    settings = Settings()
    directory = Directory(settings)
    settings.use_tree(directory.area_path)
    with empty_database.write() as connection:
        load_roster(connection, read_roster(STREET), at=NOW)
    return Centre(empty_database, Dispatching(Routing(settings=settings, directory=directory)))


def test_the_nearest_unit_that_holds_the_power_leads_with_its_legal_basis(centre: Centre) -> None:
    found = centre.route(power="coordination")
    assert (found["lead"], found["found"], found["basis"]) == ("community_org", True, "章程")
    assert [c["unit"] for c in found["candidates"]] == ["community_org", "street_gov"]
    assert centre.route(power="coordination", area="nandu")["lead"] == "street_gov"


def test_a_rule_narrows_by_law_and_names_co_units(centre: Centre) -> None:
    rule = {"power": "penalty", "kinds": ["outpost"], "laws": ["治安"], "co_powers": ["coordination"], "lead": None, "co_units": []}
    found = centre.route(rule=rule)
    assert (found["lead"], found["co_units"]) == ("police_station", ["community_org"])
    assert "治安管理处罚法" in found["reason"]["zh"]


def test_a_unit_named_by_the_rule_leads_and_an_excluded_one_does_not(centre: Centre) -> None:
    rule = {"power": "penalty", "lead": "fire_office", "laws": [], "co_units": ["fire_office", "city_mgmt"]}
    assert (centre.route(rule=rule)["lead"], centre.route(rule=rule)["co_units"]) == ("fire_office", ["city_mgmt"])
    assert centre.route(power="penalty", exclude=["city_mgmt"])["lead"] == "fire_office"


def test_where_no_unit_fits_the_dispatcher_decides_among_what_there_is(centre: Centre) -> None:
    none = centre.route(power="purchase")
    assert (none["found"], none["lead"]) == (False, None)
    assert "由调度员决定" in none["reason"]["zh"]
    other = centre.route(rule={"power": "penalty", "laws": ["劳动"]})
    assert not other["found"]
    assert {c["unit"] for c in other["candidates"]} >= {"city_mgmt", "eco_office"}
    assert not centre.route(category="other")["found"]


def test_a_unit_without_the_power_is_refused_as_lead_with_the_law_and_those_who_have_it(centre: Centre) -> None:
    with pytest.raises(ServiceRefused, match=r"没有“行政处罚”职权.*行政处罚法第十七条.*城管中队（行政处罚法第二十四条）"):
        centre.assign("community_org")
    with pytest.raises(BpmnError) as thrown:
        centre.check("community_org", "penalty", required=True)
    assert thrown.value.code == "ERR_NO_POWER"
    assert not centre.check("community_org", "penalty")["holds"]


def test_a_power_ends_with_its_time(centre: Centre) -> None:
    with centre.database.write() as connection:
        row = {"id": "p", "unit": "water_bureau", "kind": "inspection", "legal_basis": "水法", "area": "district", "valid_from": NOW}
        directory_store.insert(connection, "power", [{**row, "valid_to": NOW + timedelta(days=1)}])
    assert centre.check("water_bureau", "inspection")["basis"] == "水法"
    assert not centre.check("water_bureau", "inspection", now=NOW + timedelta(days=1))["holds"]


def test_work_for_a_unit_goes_to_its_posts_and_for_a_body_without_posts_to_its_area(centre: Centre) -> None:
    assert centre.assign("market_office")["receivers"] == [
        "role:dept_officer@market_office", "role:dept_head@market_office", "role:enforcement_officer@market_office",
    ]  # fmt: skip
    with centre.database.read() as connection:
        assert "role:community_worker@yunqiao" in centre.dispatching.routing.receivers(connection, "community_org", NOW)


def test_two_counters_the_upheld_unit_is_out_and_the_second_objection_goes_upwards(centre: Centre) -> None:
    sent = centre.assign("city_mgmt")
    first = centre.do("object", sent["dispatch"], basis="食品安全法第六条", reason="食品经营")
    assert (first["objections"], first["designate"]) == (1, False)
    ruled = centre.do("rule", sent["dispatch"], upheld=True, reason="食品经营归市场监管")
    assert (ruled["reroutes"], ruled["excluded"]) == (1, ["city_mgmt"])
    with pytest.raises(ServiceRefused, match="异议已成立"):
        centre.assign("city_mgmt")
    again = centre.assign("market_office")
    assert (again["dispatch"], again["first_receiver"]) == (sent["dispatch"], "city_mgmt")
    second = centre.do("object", sent["dispatch"], basis="行政处罚法第二十四条", reason="占道")
    assert (second["objections"], second["designate"]) == (2, True)


def test_a_designation_is_final_and_cannot_be_returned_or_changed(centre: Centre) -> None:
    sent = centre.assign("city_mgmt")
    with pytest.raises(ServiceRefused, match="没有“行政处罚”职权"):
        centre.designate("community_org")
    done = centre.designate("market_office")
    assert (done["lead"], done["designated"]) == ("market_office", True)
    for attempt in (
        lambda: centre.do("object", sent["dispatch"], basis="职责清单", reason=""),
        lambda: centre.assign("city_mgmt"),
        lambda: centre.designate("city_mgmt"),
    ):
        with pytest.raises(ServiceRefused, match="不得退回"):
            attempt()
    assert centre.designate("market_office")["lead"] == "market_office"


def test_an_objection_needs_a_basis_and_comes_before_acceptance(centre: Centre) -> None:
    sent = centre.assign("city_mgmt")
    with pytest.raises(ServiceRefused, match="法律依据"):
        centre.do("object", sent["dispatch"], basis=" ", reason="忙")
    with pytest.raises(ServiceRefused, match="没有待裁决"):
        centre.do("rule", sent["dispatch"], upheld=True, reason="x")
    assert centre.do("accept", sent["dispatch"], silent=True)["accepted_at"] == NOW
    with pytest.raises(ServiceRefused, match="已签收"):
        centre.do("object", sent["dispatch"], basis="职责清单", reason="")
    with centre.database.read() as connection:
        kinds = [e["kind"] for e in centre.dispatching.events(connection, sent["dispatch"])]
    assert kinds == ["sent", "silent"]
