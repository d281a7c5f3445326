"""An operator changes variables: typed, checked, in the history, and the process goes by them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import FormInvalid, NotFound
from tests.integration.engine.conftest import LI, WANG, Bench
from tests.integration.engine.models import boundary, end, extensions, model, start, user

WHY = "录入有误"
CONDITION = (
    '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=amount &gt; 10</bpmn:condition>'
    "</bpmn:conditionalEventDefinition>"
)
TEXT = '<cogov:text lang="en" name="English"/>'
DECLARED = extensions(
    TEXT,
    '<cogov:data name="amount"/><cogov:data name="day"/><cogov:data name="who" access="members" of="=[&quot;unit_a&quot;]"/>',
)
POOL = extensions(TEXT).join(('<bpmn:participant id="pool" name="watched" processRef="watched">', "</bpmn:participant>"))
WATCHED = {
    path: content.replace(b'id="definitions"', b'xmlns:cogov="urn:cogov:bpmn:1" id="definitions"')
    for path, content in model(
        "watched",
        DECLARED
        + start()
        + user("ask", TEXT)
        + boundary("high", "ask", CONDITION, TEXT, interrupting=False)
        + user("look", TEXT)
        + end()
        + end("seen"),
        "begin ask\nask done\nhigh look\nlook seen",
        top=f'<bpmn:collaboration id="together">{POOL}</bpmn:collaboration>',
    ).items()
}


def started(bench: Bench, **variables: Any) -> tuple[Any, str]:
    bench.deploy(WATCHED)
    receipt = bench.start("watched", variables)
    assert receipt.instance is not None
    return receipt, receipt.instance


def refused(bench: Bench, instance: str, variables: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(FormInvalid) as refusal:
        bench.engine.change_variables(instance, variables, WHY, actor=WANG, **more)
    return [(e.pointer, e.code) for e in refusal.value.errors]


def test_a_condition_is_looked_at_again(bench: Bench) -> None:
    receipt, instance = started(bench, amount=5)
    bench.engine.change_variables(instance, {"amount": 11}, WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["ask", "high", "look"]
    line = next(line for line in bench.engine.queries.history(instance).items if line.kind == "variables_changed")
    assert (line.actor, line.content["reason"], line.content["values"]) == ("wang", WHY, {"amount": Decimal(11)})


def test_in_a_suspended_case_it_is_looked_at_when_the_case_goes_on(bench: Bench) -> None:
    receipt, instance = started(bench, amount=5)
    bench.engine.suspend(instance, WHY, actor=WANG)
    bench.engine.change_variables(instance, {"amount": 11}, WHY, actor=WANG)
    assert bench.variables(receipt)["amount"] == 11
    assert bench.waits_at(receipt) == ["ask", "high"]
    bench.engine.resume(instance, WHY, actor=WANG)
    assert bench.waits_at(receipt) == ["ask", "high", "look"]


def test_a_variable_keeps_its_kind(bench: Bench) -> None:
    receipt, instance = started(bench, amount=5, day=date(2026, 3, 2))
    bench.engine.change_variables(instance, {"amount": "7.50", "day": "2026-03-09"}, WHY, actor=WANG)
    found = bench.variables(receipt)
    assert (found["amount"], found["day"]) == (Decimal("7.50"), date(2026, 3, 9))
    assert refused(bench, instance, {"amount": "many", "day": True}) == [("/amount", "V-TYPE"), ("/day", "V-TYPE")]
    bench.engine.change_variables(instance, {"day": None}, WHY, actor=WANG)
    bench.engine.change_variables(instance, {}, WHY, actor=WANG, expressions={"day": '=duration("P3D")'})
    assert bench.variables(receipt)["day"] == timedelta(days=3)


def test_what_nobody_declared_and_what_the_system_sets_is_refused_and_nothing_changes(bench: Bench) -> None:
    receipt, instance = started(bench, amount=5)
    before, kinds = bench.variables(receipt), bench.kinds(receipt)
    assert refused(bench, instance, {"amount": 6, "amuont": 1, "starter": "x"}) == [("/amuont", "V-UNKNOWN"), ("/starter", "V-READONLY")]
    assert refused(bench, instance, {}) == [("", "V-REQ")]
    assert (bench.variables(receipt), bench.kinds(receipt)) == (before, kinds)
    with pytest.raises(NotFound):
        bench.engine.change_variables(instance, {"amount": 6}, WHY, actor=WANG, scope="nowhere")


def test_an_expression_cannot_carry_protected_data_elsewhere(bench: Bench) -> None:
    _receipt, instance = started(bench, who="a reporter")
    assert refused(bench, instance, {}, expressions={"amount": "who"}) == [("/amount", "V-TYPE")]
    assert refused(bench, instance, {}, expressions={"amount": "1 +"}) == [("/amount", "V-TYPE")]


def test_protected_data_stay_protected_in_the_history(bench: Bench) -> None:
    _receipt, instance = started(bench, who="a reporter")
    bench.engine.change_variables(instance, {"who": "another", "amount": 3}, WHY, actor=WANG)
    lines = bench.engine.queries.history(instance).items
    shown = next(line for line in lines if line.kind == "variables_changed")
    assert (shown.content["values"], shown.content["names"], shown.guards) == ({"amount": Decimal(3)}, ["amount", "who"], ())
    kept = next(line for line in lines if line.kind == "protected_changed")
    assert kept.content["values"] == {"who": "another"}
    assert [(g.access, g.of) for g in kept.guards] == [("members", ("unit_a",))]


def test_a_local_variable_of_an_activity(bench: Bench) -> None:
    mapped = '<zeebe:input source="=1" target="local"/><zeebe:output source="=local" target="after"/>'
    task = user("ask", f"<zeebe:ioMapping>{mapped}</zeebe:ioMapping>")
    bench.deploy(model("local", start() + task + user("next") + end(), "begin ask\nask next\nnext done"))
    receipt = bench.start("local")
    assert receipt.instance is not None
    token = next(t.id for t in bench.engine.queries.instance(receipt.instance).tokens if t.node == "ask")
    bench.engine.change_variables(receipt.instance, {"local": 2}, WHY, actor=WANG, scope=token)
    assert refused(bench, receipt.instance, {"loccal": 2}, scope=token) == [("/loccal", "V-UNKNOWN")]
    bench.complete(receipt, "ask", {}, actor=LI)
    assert bench.variables(receipt)["after"] == 2
