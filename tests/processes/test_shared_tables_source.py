"""The shared decision tables say what the source says: each row, and each side of every boundary."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import yaml

from engine.decisions import read_dmn
from engine.decisions.checks import check_tables
from engine.feel import Environment
from engine.values import normalise
from tests.processes.conftest import ROOT

FOLDER = ROOT / "processes/decisions"
SETTINGS = {
    key: normalise(Decimal(str(declared["value"])) if declared["kind"] in ("number", "integer") else declared["value"])
    for path in sorted((ROOT / "processes").rglob("*.settings.yaml"))
    for key, declared in yaml.safe_load(path.read_text("utf8")).items()
}
CODES = yaml.safe_load((ROOT / "forms/shared/codes.yaml").read_text("utf8"))
ENVIRONMENT = Environment(functions={"setting": lambda key: SETTINGS[key]})
PATHS = [*sorted(FOLDER.glob("*.dmn")), ROOT / "processes/sp_score/d7_band.dmn"]
FILES = {path.stem: read_dmn(path.read_bytes(), path.name) for path in PATHS}


def decide(table: str, **inputs: Any) -> Any:
    decision = FILES[table][table]
    return decision.evaluate({**dict.fromkeys(decision.names), **inputs}, ENVIRONMENT).value


def rule_of(table: str, **inputs: Any) -> tuple[int, ...]:
    decision = FILES[table][table]
    return decision.evaluate({**dict.fromkeys(decision.names), **inputs}, ENVIRONMENT).rule_numbers


CALM = {"danger": False, "utilities": False, "units": 1, "complex": False}
D1: list[tuple[Mapping[str, Any], int, tuple[Any, ...]]] = [
    ({"category": "consult", **CALM, "danger": True, "units": 5}, 1, ("L1", "PT2H", "natural", None)),
    ({"category": "facilities", **CALM, "utilities": True}, 2, ("L2", "PT24H", "natural", None)),
    ({"category": "property", **CALM, "utilities": True, "units": 3}, 2, ("L2", "PT24H", "natural", None)),
    ({"category": "consult", **CALM, "units": 0}, 3, ("L3", "P3D", "natural", "PT24H")),
    ({"category": "consult", **CALM, "units": 1}, 3, ("L3", "P3D", "natural", "PT24H")),
    ({"category": "consult", **CALM, "units": 2}, 6, ("L5", "P14D", "natural", None)),
    ({"category": "enterprise", **CALM}, 4, ("L3", "P3D", "natural", None)),
    ({"category": "enterprise", **CALM, "complex": True}, 4, ("L3", "P3D", "natural", None)),
    ({"category": "safety", **CALM}, 5, ("L4", "P7D", "natural", None)),
    ({"category": "facilities", **CALM, "units": 2}, 6, ("L5", "P14D", "natural", None)),
    ({"category": "safety", **CALM, "complex": True}, 7, ("L5", "P14D", "natural", None)),
    ({"category": "safety", **CALM, "units": 0}, 8, ("L4", "P7D", "natural", None)),
    ({}, 8, ("L4", "P7D", "natural", None)),
]


@pytest.mark.parametrize(("inputs", "rule", "expected"), D1, ids=str)
def test_d1_case_level(inputs: Mapping[str, Any], rule: int, expected: tuple[Any, ...]) -> None:
    found = decide("d1_case_level", **inputs)
    assert tuple(found[key] for key in ("level", "limit", "clock", "answer")) == expected
    assert rule_of("d1_case_level", **inputs) == (rule,)


@pytest.mark.parametrize(
    ("inputs", "allowed"),
    [
        ({"kind": "hard_issue", "tried": 1}, True),
        ({"kind": "hard_issue", "tried": 0}, False),
        ({"kind": "joint_enforcement", "own_power": False}, True),
        ({"kind": "joint_enforcement", "own_power": True}, False),
        ({"kind": "emergency"}, True),
        ({"kind": "mobilisation", "notice_days": 3}, True),
        ({"kind": "mobilisation", "notice_days": Decimal("2.9")}, False),
        ({}, False),
    ],
)
def test_d4b_whistle_allowed(inputs: Mapping[str, Any], allowed: bool) -> None:
    assert decide("d4b_whistle_allowed", **inputs) is allowed


BANDS = [
    ("d7_band", ("90", "excellent"), ("89.95", "excellent"), ("89.94", "good"), ("75", "good"), ("74.95", "good"), ("74.94", "pass")),
    ("d7_band", ("60", "pass"), ("59.95", "pass"), ("59.94", "fail"), ("0", "fail"), ("100", "excellent"), ("-1", "fail")),
    (
        "d7b_duty_band",
        ("85", "excellent"),
        ("84.95", "excellent"),
        ("84.94", "middle"),
        ("60", "middle"),
        ("59.95", "middle"),
        ("59.94", "poor"),
    ),
    ("d7c_dimension_band", ("90", "model"), ("89.95", "model"), ("89.94", "reached"), ("80", "reached"), ("79.95", "reached")),
    ("d7c_dimension_band", ("79.94", "growing"), ("60", "growing"), ("59.95", "growing"), ("59.94", "rectify")),
]


@pytest.mark.parametrize(("table", "score", "band"), [(row[0], *pair) for row in BANDS for pair in row[1:]])
def test_d7_bands_are_closed_below_and_open_above_after_rounding_half_up_to_one_decimal(table: str, score: str, band: str) -> None:
    assert decide(table, score=Decimal(score), veto=False) == band


@pytest.mark.parametrize("score", ["0", "84.9", "100"])
def test_d7b_a_veto_makes_the_rating_poor(score: str) -> None:
    assert decide("d7b_duty_band", score=Decimal(score), veto=True) == "poor"


HOLDS = {"effective": True, "in_catalogue": True, "minor": False, "heard": True, "by_department": True}


def test_d8_sends_only_when_all_hold() -> None:
    assert decide("d8_credit_gate", **HOLDS) == {"result": "send", "missing": None}
    for name, holds in HOLDS.items():
        assert decide("d8_credit_gate", **{**HOLDS, name: not holds}) == {"result": "internal_only", "missing": name}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"danger": True, "by_party": True, "minutes": 1}, "D"),
        ({"by_party": True, "minutes": 30}, "A"),
        ({"by_party": True, "minutes": 31, "people": 1, "money": False, "same_day": True}, "B"),
        ({"people": 2, "money": False, "same_day": True, "needs_unit": True}, "C"),
        ({"people": 1, "money": True, "same_day": True, "days": 7}, "C"),
        ({"days": Decimal("7.1")}, "E"),
        ({}, "E"),
    ],
)
def test_d10_patrol_class(inputs: Mapping[str, Any], expected: str) -> None:
    assert decide("d10_patrol_class", **inputs) == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"risk_red": True, "headcount": 5}, ("key", "3WD", None, None)),
        ({"complaint_days": 30, "headcount": 500}, ("key", "3WD", None, None)),
        ({"complaint_days": 31, "headcount": 19}, ("small", None, "P1Y", "P6M")),
        ({"is_new": True, "headcount": 500}, ("new", "10WD", None, None)),
        ({"headcount": 300}, ("top", None, "P3M", "P1M")),
        ({"headcount": 299}, ("middle", None, "P6M", "P3M")),
        ({"headcount": 5, "top_list": True}, ("top", None, "P3M", "P1M")),
        ({"headcount": 20}, ("middle", None, "P6M", "P3M")),
        ({"headcount": 19}, ("small", None, "P1Y", "P6M")),
        ({"headcount": 0}, ("small", None, "P1Y", "P6M")),
    ],
)
def test_d11_visit_mode(inputs: Mapping[str, Any], expected: tuple[Any, ...]) -> None:
    found = decide("d11_visit_mode", **inputs)
    assert tuple(found[key] for key in ("mode", "first", "on_site", "phone")) == expected
    assert found["revisit"] == "P30D"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("policy", ("answer", "PT24H", None)),
        ("agency", ("agency", "3WD", None)),
        ("problem", ("solve", "3WD", "15WD")),
        ("bundle", ("tasks", None, None)),
        *((kind, ("match", None, None)) for kind in ("finance", "labour", "talent")),
    ],
)
def test_d12_enterprise_request(kind: str, expected: tuple[Any, ...]) -> None:
    found = decide("d12_enterprise_request", kind=kind)
    assert tuple(found[key] for key in ("way", "first", "solve")) == expected


D13 = {("high", 0): "fire_exit gas lift_stop electricity", ("middle", 1): "blocked_road collapsed_pipe", ("low", 4): "green clutter sign"}


@pytest.mark.parametrize(("expected", "hazard"), [(key, hazard) for key, hazards in D13.items() for hazard in hazards.split()])
def test_d13_property_severity(expected: tuple[str, int], hazard: str) -> None:
    found = decide("d13_property_severity", hazard=hazard)
    assert (found["severity"], found["wednesdays"]) == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"negative": True, "legal_duty": True}, ("refuse", False, None)),
        ({"legal_duty": True, "assist": True}, ("community", False, None)),
        ({"assist": True, "admitted": True}, ("assist", True, "training_and_money")),
        ({"admitted": True}, ("agreement", True, None)),
        ({}, ("apply", False, None)),
    ],
)
def test_d14_duty_list(inputs: Mapping[str, Any], expected: tuple[Any, ...]) -> None:
    found = decide("d14_duty_list", **inputs)
    assert tuple(found[key] for key in ("outcome", "fee", "needs")) == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"amount": 4_000_000, "needs_talk": True}, "open_tender"),
        ({"amount": Decimal("3999999.99"), "needs_talk": True, "standard": True}, "consultation"),
        ({"amount": 60_000, "standard": True, "single_supplier": True}, "inquiry"),
        ({"amount": 60_000, "single_supplier": True}, "single_source"),
        ({"amount": Decimal("49999.99")}, "quotes"),
        ({"amount": 50_000}, "undecided"),
    ],
)
def test_d15_procurement_method(inputs: Mapping[str, Any], expected: str) -> None:
    assert decide("d15_procurement_method", **inputs) == expected


@pytest.mark.parametrize(
    ("fits", "score", "propose"),
    [
        (("1", "1", "1", "1", "1"), "1", True),
        (("1", "0", "0", "0", "0"), "0.35", False),
        (("0", "1", "0", "0", "0"), "0.2", False),
        (("0", "0", "1", "0", "0"), "0.2", False),
        (("0", "0", "0", "1", "0"), "0.15", False),
        (("0", "0", "0", "0", "1"), "0.1", False),
        (("1", "0", "0", "1", "1"), "0.6", True),
        (("1", "0", "0", "1", "0.999"), "0.5999", False),
    ],
)
def test_d16_match_score(fits: tuple[str, ...], score: str, propose: bool) -> None:
    names = ("kind_fit", "time_fit", "distance_fit", "capacity_fit", "reliability_fit")
    inputs = {name: Decimal(fit) for name, fit in zip(names, fits, strict=True)}
    assert decide("d16_match_score", **inputs) == {"score": Decimal(score), "propose": propose}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.01", ("secretary", 2, False)),
        ("5000", ("secretary", 2, False)),
        ("5000.01", ("committee", None, False)),
        ("50000", ("committee", None, False)),
        ("50000.01", ("committee", None, True)),
    ],
)
def test_d17_fund_approval(amount: str, expected: tuple[Any, ...]) -> None:
    found = decide("d17_fund_approval", amount=Decimal(amount))
    assert tuple(found[key] for key in ("body", "members", "public_vote")) == expected


#: column → the code list its texts are from
LISTS = {
    ("d1_case_level", "level"): "case_level", ("d1_case_level", "category"): "case_category", ("d1_case_level", "clock"): "day_basis",
    ("d4b_whistle_allowed", "kind"): "whistle_kind", ("d7_band", "band"): "band", ("d7b_duty_band", "band"): "duty_band",
    ("d7c_dimension_band", "band"): "dimension_band", ("d8_credit_gate", "result"): "credit_result",
    ("d8_credit_gate", "missing"): "credit_missing", ("d10_patrol_class", "class"): "patrol_class",
    ("d11_visit_mode", "mode"): "visit_mode", ("d12_enterprise_request", "kind"): "enterprise_request",
    ("d12_enterprise_request", "way"): "request_way", ("d13_property_severity", "hazard"): "property_hazard",
    ("d13_property_severity", "severity"): "severity", ("d14_duty_list", "outcome"): "duty_outcome",
    ("d15_procurement_method", "method"): "procurement_method", ("d17_fund_approval", "body"): "fund_approver",
}  # fmt: skip


@pytest.mark.parametrize(("place", "codes"), LISTS.items(), ids=str)
def test_texts_in_cells_are_codes_with_both_languages(place: tuple[str, str], codes: str) -> None:
    file, column = place
    known = {entry["code"] for entry in CODES[codes]}
    assert all(entry["zh"] and entry["en"] for entry in CODES[codes])
    used: set[str] = set()
    for table in FILES[file].tables:
        for rule in table.rules:
            tests = [test.text for test, one in zip(rule.tests, table.inputs, strict=True) if one.expression.text == column]
            results = [cell.text for cell, one in zip(rule.outputs, table.outputs, strict=True) if one.name == column and cell]
            used |= {text.strip('" ') for cell in (*tests, *results) for text in cell.split(",") if text.strip().startswith('"')}
    assert used
    assert used <= known


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_tables_have_no_findings_labels_in_both_languages_and_a_source_in_every_row(path: Any) -> None:
    file = FILES[path.stem]
    assert file.findings == ()
    assert check_tables(file, "en", SETTINGS) == []
    for decision in file.values():
        assert decision.label.zh
        assert decision.label.en
    for table in file.tables:
        assert all(column.label.zh and column.label.en for column in (*table.inputs, *table.outputs))
        assert all(rule.fired.annotations.get("依据") for rule in table.rules)


def test_what_is_assumed_is_a_setting_and_not_written_into_the_table() -> None:
    for path in PATHS:
        for table in FILES[path.stem].tables:
            for rule in table.rules:
                texts = [cell.text for cell in (*rule.tests, *rule.outputs) if cell]
                numbers = [text for text in texts if any(character.isdigit() for character in text)]
                if "A]" in rule.fired.annotations["依据"] and "S4" not in rule.fired.annotations["依据"]:
                    literal = [text for text in numbers if "setting(" not in text and text.strip('"') not in ALLOWED]
                    assert not literal, (path.stem, rule.number)


#: codes and counts that are no thresholds: levels, "0–1", "1", "≥ 2" units of D1; the same day of D13; two members of D17
ALLOWED = {"L1", "L2", "L3", "L4", "L5", "<= 1", "1", ">= 2", "0", "2"}
