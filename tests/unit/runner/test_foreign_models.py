"""Models of other tools run: assignment, condition, due date, script, multi-instance and call mappings act as they do there."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from scenario import Scenario

from engine.definitions.model import Process
from engine.definitions.reader import read_bpmn

FOLDER = Path(__file__).parents[1] / "definitions" / "foreign"
BANDS = {"band": lambda variables: "high" if variables.get("total", variables.get("days", 0)) > 5 else "low"}
START = {"starter": "wang", "area": "a1"}


def models(*names: str) -> list[Process]:
    found = []
    for name in names:
        result = read_bpmn((FOLDER / name).read_bytes(), name, language="en")
        assert result.file is not None
        assert [finding for finding in result.findings if finding.severity == "error"] == []
        found += result.file.processes
    return found


def test_camunda_7(scenario: Callable[..., Scenario]):
    sent: list[str] = []

    def send(to: str) -> None:
        sent.append(to)

    run = scenario(*models("camunda7/grant.bpmn", "camunda7/pay.bpmn"), services={"notices.send": send}, decisions=BANDS)
    trace = run.start({**START, "title": "bench", "amount": Decimal(1000), "voters": ["a", "b", "c"]})
    assert "offer Activity_check person:wang" in trace  # camunda:initiator, camunda:assignee
    assert any(line.startswith("deadline Activity_check_due 2026-03-05") for line in run.world.log)  # three days after noon of 2 March
    check = run.stored[run.waiting("Activity_check")[0]]
    assert (check["heading"], check["steps"], check["facts"], check["big"]) == ("Grant for bench", ["read", "bench"], {"sum": 1000}, True)
    trace = run.complete("Activity_check", {"ok": True, "note": "fine"})
    assert run.variables()["checked"] is True
    assert (run.variables()["papers"], run.variables()["answer"]) == (["fine"], {"note": "fine"})
    assert "take Flow_yes" in trace  # ${checked && amount lt 50000 and not empty title}
    assert (run.variables()["total"], run.variables()["share"], run.variables()["large"]) == (2000, 500, True)
    assert run.variables()["band"] == "high"
    assert "offer Activity_vote#1 role:council@a1,person:li,person:wang" in trace
    assert run.at() == ["Activity_vote#1", "Activity_vote#2", "Activity_vote#3"]
    run.complete("Activity_vote")
    trace = run.complete("Activity_vote")  # two of three are 0.6
    assert sent == ["wang"]
    assert "cancel Activity_vote#3 by Activity_vote" in trace or "cancel Activity_vote#3" in " ".join(trace)
    paying = run.stored[next(row.id for row in run.rows.values() if row.node is None and row.parent is not None)]
    assert (paying["sum"], paying["own"], "title" in paying) == (2000, 1000, False)
    run.complete("Activity_pay", {"paid": True, "receipt": {"number": "R1"}})
    assert (run.variables()["paid_in"], run.variables()["receipt_number"]) == (True, "R1")
    run.complete("Activity_pay", {"seen": True})  # the second call: all variables in and out
    assert run.variables()["seen"] is True
    assert "deadline Activity_thank_due P2D" in run.world.log
    assert run.complete("Activity_thank", {"thanks": "yes"})[-1] == "process grant completed Event_done"


def test_camunda_7_refuses(scenario: Callable[..., Scenario]):
    run = scenario(*models("camunda7/grant.bpmn", "camunda7/pay.bpmn"), decisions=BANDS)
    run.start({**START, "title": "", "amount": Decimal(1000)})
    assert run.complete("Activity_check", {"ok": True, "note": ""})[-1] == "process grant completed Event_refused"


def test_an_error_fills_the_variables_of_camunda_7(scenario: Callable[..., Scenario]):
    run = scenario(*models("camunda7/grant.bpmn", "camunda7/pay.bpmn"), jobs=["notices.send"], decisions=BANDS)
    run.start({**START, "title": "bench", "amount": Decimal(10), "voters": ["a"]})
    run.complete("Activity_check", {"ok": True, "note": "x"})
    run.complete("Activity_vote")
    trace = run.service_done("Activity_notify", error=("REFUSED", {"message": "no money"}))
    assert trace[-1] == "process grant completed Event_refused"
    ended = {name: value for (_, name), value in run.changes.variables.items()} | run.stored.get(run.root, {})
    assert (ended["why"], ended["words"]) == ("REFUSED", "no money")


@pytest.mark.parametrize("tool", ["flowable", "activiti"])
def test_flowable_and_activiti(scenario: Callable[..., Scenario], tool: str):
    run = scenario(*models(f"{tool}/leave.bpmn20.xml", f"{tool}/replace.bpmn20.xml"), services={"notices.send": dict}, decisions=BANDS)
    trace = run.start({**START, "days": Decimal(6), "due": "2026-03-09T12:00:00Z", "people": ["a", "b", "c"]})
    assert "offer decide role:managers@a1,person:boss,person:deputy" in trace
    assert "deadline decide_due 2026-03-09T12:00:00Z" in run.world.log
    assert "take yes" in run.complete("decide", {"granted": True})
    assert run.at() == ["ask#1"]  # one after the other
    assert "offer ask#2 person:b" in run.complete("ask", {"answer": "fine"})
    trace = run.complete("ask", {"answer": "good"})  # the second is enough
    assert run.variables()["number_of_answers"] == (2 if tool == "flowable" else 3)
    if tool == "flowable":
        assert run.variables()["answers"] == [{"said": "fine", "by": "a"}, {"said": "good", "by": "b"}]
    assert run.variables()["twice"] == 12
    called = run.stored[next(row.id for row in run.rows.values() if row.node is None and row.parent is not None)]
    assert (called["length"], called["longer"], "people" in called) == (6, 7, False)
    run.complete("choose", {"who": "li"})
    assert (run.variables()["replacement"], run.variables()["also"]) == ("li", "li")
    assert run.complete("choose", {"who": "zhao"})[-1] == "process leave completed end"


@pytest.mark.parametrize("tool", ["flowable", "activiti"])
def test_the_english_of_flowable(tool: str):
    node = models(f"{tool}/leave.bpmn20.xml")[0].nodes["decide"]
    assert (node.name.zh, node.name.en, node.documentation.en) == ("决定", "Decide", "Decide within three days.")


def test_camunda_8(scenario: Callable[..., Scenario]):
    run = scenario(*models("camunda8/order.bpmn", "camunda8/deliver.bpmn"), services={"notices.send": dict}, decisions=BANDS)
    trace = run.start({**START, "owner": "wang", "total": Decimal(6), "people": ["a", "b"], "order_id": "o1"})
    assert "offer Activity_approve person:wang,role:sales@a1,role:board@a1,person:li" in trace
    assert any(line.startswith("deadline Activity_approve_due 2026-03-03") for line in run.world.log)
    assert run.stored[run.waiting("Activity_approve")[0]]["double"] == 12
    run.complete("Activity_approve", {"remark": "ok"})
    assert (run.variables()["said"], run.variables()["more"], run.variables()["band"]) == ("ok", 7, "high")
    run.complete("Activity_each", {"answer": 1})
    run.complete("Activity_each", {"answer": 2})
    assert run.variables()["answers"] == [1, 2]
    run.complete("Activity_carry")
    assert "listen Event_paid paid o1" in run.complete("Activity_carry")
    assert run.fire("Event_paid")[-1] == "process order completed EndEvent_1"


def test_jbpm(scenario: Callable[..., Scenario]):
    told: list[str] = []

    def send(to: str) -> dict[str, bool]:
        told.append(to)
        return {"sent": True}

    run = scenario(*models("jbpm/claim.bpmn2", "jbpm/payment.bpmn2"), services={"notices.send": send})
    trace = run.start({**START, "owner": "zhao", "amount": Decimal(600), "people": ["a", "b"]})
    assert "offer _review person:zhao,role:clerks@a1,role:board@a1" in trace
    assert run.stored[run.waiting("_review")[0]] | {"sum": 600, "limit": 500} == run.stored[run.waiting("_review")[0]]
    trace = run.complete("_review", {"decision": True})
    assert "take _yes" in trace  # return KieFunctions.isTrue(approved) && amount < 1000;
    assert "offer _ask#2 person:b" in trace
    run.complete("_ask", {"opinion": "yes"})
    run.complete("_ask", {"opinion": "no"})
    assert (run.variables()["opinions"], run.variables()["doubled"], run.variables()["mailed"]) == (["yes", "no"], 1200, True)
    assert told == ["zhao"]
    called = run.stored[next(row.id for row in run.rows.values() if row.node is None and row.parent is not None)]
    assert (called["sum"], "people" in called) == (600, False)
    assert run.complete("_ptask", {"paid": True})[-1] == "process claim completed _end"


def test_spiff_arena(scenario: Callable[..., Scenario]):
    fetched: list[tuple[str, dict[str, int]]] = []

    def get(url: str, headers: dict[str, int]) -> dict[str, int]:
        fetched.append((url, headers))
        return {"status": 200}

    run = scenario(*models("spiffarena/request.bpmn", "spiffarena/confirm.bpmn"), services={"http/GetRequestV2": get}, decisions=BANDS)
    run.start({**START, "price": Decimal(4), "who": "li"})
    assert (run.variables()["total"], run.variables()["labels"]) == (8, ["a", "for li"])
    assert run.stored[run.waiting("Activity_form")[0]]["shown"] == 9  # preScript
    trace = run.complete("Activity_form", {"reason": "new"})
    assert "take Flow_large" in trace
    assert fetched == [("https://example.org/li", {"a": 8})]
    assert run.variables()["fetched"] == {"status": 200}
    assert "send Event_tell told" in trace
    run.fire("Event_answer", payload={"ok": True})
    assert run.variables()["answer"] == {"ok": True}
    assert run.at() == ["Activity_confirm"]
    trace = run.complete("Activity_confirm", {"seen": True})  # all data go in and come back
    assert run.variables()["seen"] is True
    assert "arm Event_wait 02 14:00 1" in trace
    assert run.fire("Event_wait")[-1] == "process request completed Event_end"
