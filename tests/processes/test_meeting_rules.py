"""The rules of each kind of meeting (D5) say what the source says, and every one of them names where it comes from."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.decisions import read_dmn
from tests.processes.conftest import ROOT

TABLE = read_dmn((ROOT / "processes/sp_run_meeting/d5_meeting_rules.dmn").read_bytes(), "d5_meeting_rules.dmn")["d5_meeting_rules"]
CODES = yaml.safe_load((ROOT / "forms/shared/codes.yaml").read_text("utf8"))
KINDS = [entry["code"] for entry in CODES["meeting_kind"]]

#: kind, special → notice, materials, quorum, majority, base, method, proxies, access, published, how the minutes are confirmed
ROWS: dict[tuple[str, bool], tuple[Any, ...]] = {
    ("consultation", False): ("P7D", "P3D", "two_thirds", "two_thirds", "present", "named", 1, "members", True, "silence"),
    ("hearing", False): ("P7D", "P7D", "two_thirds", None, None, None, 2, "public", True, "signature"),
    ("coordination", False): ("P7D", "P7D", None, "unanimous", "entitled", "written", 1, "parties", False, "signature"),
    ("evaluation", False): ("P7D", "P7D", "two_thirds", "most", "voting", "secret", 0, "public", True, "silence"),
    ("party_council", False): ("P1D", "P1D", "majority", "majority", "present", "hands", 0, "party", False, "silence"),
    ("residents_assembly", False): ("P3D", None, "majority", "majority", "present", "hands", 0, "public", True, "silence"),
    ("owners_committee", False): ("P5D", None, "majority", "majority", "entitled", "named", 0, "members", True, "silence"),
    ("residents_committee", False): ("P1D", None, "majority", "majority", "present", "hands", 0, "members", False, "silence"),
    ("owners_assembly", False): ("P15D", None, "two_thirds", "majority", "voting", "written", 1, "members", True, "silence"),
    ("owners_assembly", True): ("P15D", None, "two_thirds", "three_quarters", "voting", "written", 1, "members", True, "silence"),
    ("joint", False): ("P3D", "P2D", "majority", "majority", "present", "hands", 1, "staff", False, "silence"),
    ("topic", False): ("P3D", "P2D", "majority", "majority", "present", "hands", 1, "staff", False, "silence"),
    ("on_site", False): ("P3D", "P2D", "majority", "majority", "present", "hands", 1, "staff", False, "silence"),
    ("fund_committee", False): ("P7D", "P3D", "two_thirds", "majority", "present", "named", 0, "members", True, "silence"),
    ("fund_committee", True): ("P7D", "P3D", "two_thirds", "two_thirds", "present", "named", 0, "members", True, "silence"),
    ("other", False): ("P3D", None, "majority", "majority", "present", "hands", 0, "members", False, "silence"),
}
SHOWN = ("notice", "materials", "quorum", "threshold", "base", "method", "proxies", "access", "publish", "confirm")
#: what a rule rests on when it decides who may act or what counts
TAGGED = {"notice": "notice", "quorum": "quorum", "threshold": "threshold", "proxies": "proxy"}


def rules(kind: str, special: bool = False) -> dict[str, Any]:
    found = TABLE.evaluate({"kind": kind, "special": special}).value
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("kind", "special"), ROWS, ids=str)
def test_the_rules_of_a_kind_are_those_of_the_source(kind: str, special: bool) -> None:
    found = rules(kind, special)
    assert tuple(found[key] for key in SHOWN) == ROWS[kind, special]
    assert found["kind"] == kind
    assert found["rule"].startswith(f"D5.{kind}")
    assert found["casting_vote"] is False  # a tie is not passed unless a charter says so


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_meeting_has_rules_in_codes_that_are_known(kind: str) -> None:
    found = rules(kind)
    for key, codes in (
        ("quorum", "vote_threshold"),
        ("threshold", "vote_threshold"),
        ("base", "vote_base"),
        ("method", "vote_method"),
        ("access", "access_class"),
    ):
        assert found[key] is None or found[key] in [entry["code"] for entry in CODES[codes]], key


@pytest.mark.parametrize(("kind", "special"), ROWS, ids=str)
def test_every_rule_names_its_source_in_both_languages(kind: str, special: bool) -> None:
    found = rules(kind, special)
    sources = {source["what"]: source for source in found["sources"]}
    for column, what in TAGGED.items():
        if found[column] is not None and not (column == "threshold" and found["decision_vote"] is False):
            assert sources[what]["tag"].startswith("["), f"{column} of {kind} has no source"
    assert all(source["zh"] and source["en"] for source in sources.values())


def test_a_hearing_wants_at_least_half_of_those_affected_and_decides_nothing() -> None:
    found = rules("hearing")
    assert (found["quorum_group"], found["quorum_group_share"], found["decision_vote"]) == ("affected", "1/2", False)


def test_a_party_council_may_be_called_four_hours_ahead_when_it_is_urgent() -> None:
    assert rules("party_council")["notice_urgent"] == "PT4H"


def test_a_caller_that_does_not_say_special_gets_the_plain_rules() -> None:
    plain = TABLE.evaluate({"kind": "fund_committee"}).value
    assert isinstance(plain, dict)
    assert plain["threshold"] == "majority"


def test_a_kind_that_is_not_in_the_table_has_no_rules() -> None:
    assert TABLE.evaluate({"kind": "tea_party", "special": False}).value is None
