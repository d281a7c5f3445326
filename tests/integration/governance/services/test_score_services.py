"""scores.*: frozen sheets, conflicts, results that can be counted again."""

from decimal import Decimal

import pytest

from engine.errors import NotFound, ServiceRefused
from governance.scoring import services as scores
from governance.scoring.tables import score_result
from governance.settings.declared import read

INDICATORS = [{"key": "effect", "name": "成效", "weight": Decimal(60)}, {"key": "attitude", "name": "态度", "weight": Decimal(40)}]


def sheets(*points):
    return [
        {"scorer": f"p{i}", "rows": [{"indicator": "effect", "score": Decimal(p)}, {"indicator": "attitude", "score": Decimal(p)}]}
        for i, p in enumerate(points)
    ]


def test_the_same_sheet_keeps_its_id_and_another_one_is_the_next_version(desk):
    first = desk(scores.sheet, sheet="walks", indicators=INDICATORS)
    same = desk(scores.sheet, sheet="walks", indicators=INDICATORS)
    other = desk(scores.sheet, sheet="walks", indicators=INDICATORS, veto=[{"key": "fire"}])
    assert (first["version"], same["sheet"], other["version"]) == (1, first["sheet"], 2)
    assert first["min_valid"] == 5


def test_a_sheet_may_come_from_a_setting(desk):
    declared = read(["score_sheet.walks: {value: {indicators: [{key: a, weight: 100}]}, kind: context, source: '[A]', zh: 表, en: Sheet}"])
    desk.resources["scoring"]._settings.declare(declared)
    assert desk(scores.sheet, sheet="walks")["indicators"][0]["key"] == "a"


def test_a_sheet_that_nobody_declared_is_refused(desk):
    with pytest.raises(ServiceRefused, match="no score sheet"):
        desk(scores.sheet, sheet="walks")


def test_people_of_the_scored_unit_and_submitters_do_not_score(desk):
    found = desk(scores.eligible, scorers=["head", {"person": "sec", "group": "party"}, "zhao"], units=["ent_a"], submitters=["zhao"])
    assert found["eligible"] == [{"person": "sec", "group": "party"}]
    assert [(e["person"], e["reason"]) for e in found["excluded"]] == [("head", "own_unit"), ("zhao", "own_submission")]


def test_a_result_is_kept_with_its_sheets_and_counts_alike_again(desk):
    frozen = desk(scores.sheet, sheet="walks", indicators=INDICATORS)
    result = desk(scores.compute, sheet=frozen["sheet"], sheets=sheets(80, 90, 90, 91, 100), direction="to_unit")
    assert (result["complete"], result["score"]) == (True, Decimal("90.3"))
    again = desk(scores.recount, result=result["result"])
    assert again["same"]
    assert again["score"] == result["score"]
    with desk.database.read() as connection:
        (shown,) = desk.resources["scoring"].of_instance(connection, "i1")
    assert (shown["direction"], shown["version"], shown["outcome"]["score"]) == ("to_unit", 1, Decimal("90.3"))
    assert "p0" not in str(shown)


def test_a_result_that_was_altered_does_not_count_alike(desk):
    frozen = desk(scores.sheet, sheet="walks", indicators=INDICATORS)
    result = desk(scores.compute, sheet=frozen["sheet"], sheets=sheets(80, 90, 90, 91, 100))
    with desk.database.write() as connection:
        altered = {**{k: v for k, v in result.items() if k != "result"}, "score": Decimal("99.9")}
        connection.execute(score_result.update().values(outcome=altered))
    assert desk(scores.recount, result=result["result"])["same"] is False


def test_too_few_sheets_leave_the_score_open(desk):
    frozen = desk(scores.sheet, sheet="walks", indicators=INDICATORS)
    result = desk(scores.compute, sheet=frozen["sheet"], sheets=sheets(80, 90))
    assert (result["complete"], result["score"], result["missing"]) == (False, None, 3)
    assert desk(scores.compute, sheet=frozen["sheet"], sheets=sheets(80, 90), min_valid=Decimal(2))["score"] == Decimal("85.0")


def test_the_weights_of_an_evaluation_are_a_setting(desk):
    parts = {"fulfilment": Decimal(95), "timeliness": Decimal(92), "effect": Decimal("90.5"), "satisfaction": Decimal(94)}
    assert desk(scores.weigh, parts=parts)["score"] == Decimal("93.3")


@pytest.mark.parametrize("rows", [[{"indicator": "effect", "score": Decimal(101)}], [{"indicator": "effect", "score": Decimal(1)}] * 2])
def test_impossible_scores_are_refused(desk, rows):
    frozen = desk(scores.sheet, sheet="walks", indicators=INDICATORS)
    with pytest.raises(ServiceRefused):
        desk(scores.compute, sheet=frozen["sheet"], sheets=[{"scorer": "x", "rows": rows}])


def test_a_result_that_does_not_exist_is_not_found(desk):
    with pytest.raises(NotFound):
        desk(scores.recount, result="nothing")
