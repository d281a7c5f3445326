"""A handful of runs in which every kind of element takes part."""

from __future__ import annotations

from scenario import (
    ERRORS,
    SIGNAL,
    Scenario,
    boundary,
    bpmn,
    end,
    error,
    event_sub_process,
    many,
    message,
    message_top,
    node,
    script,
    sequence,
    service,
    start,
    sub_process,
    timer,
    user,
)

MESSAGES = message_top("m", "letter")
CANCEL = "<bpmn:cancelEventDefinition/>"
LINK = '<bpmn:linkEventDefinition name="on"/>'


def tasks() -> Scenario:
    rule = node("businessRuleTask", "rule", ext='<zeebe:calledDecision decisionId="d" resultVariable="r"/>')
    send = node("sendTask", "send", messageRef="m")
    receive = node("receiveTask", "receive", messageRef="m")
    call = node("callActivity", "call", ext='<zeebe:calledElement processId="q"/>')
    body = start() + node("task", "pass") + user("person") + node("manualTask", "hand") + script("count", "=1", "n")
    body += service("quick", "quick") + service("slow", "slow") + send + receive + rule + call + end()
    path = "begin > pass > person > hand > count > quick > slow > send > receive > rule > call > done"
    called = bpmn(start() + user("inner") + end(), flows="begin > inner > done", process="q")
    case = Scenario(
        bpmn(body, flows=path, top=MESSAGES),
        called,
        services={"quick": lambda: 1},
        jobs=["slow"],
        decisions={"d": lambda _: 1},
        restored=True,
    )
    case.start()
    case.complete("person")
    case.complete("hand")
    case.service_done("slow", 1)
    case.fire("receive")
    case.complete("inner")
    return case


def gateways() -> Scenario:
    some = '<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">=activationCount >= 1</bpmn:activationCondition>'
    body = (
        start()
        + node("parallelGateway", "fork")
        + user("a", "b", "c")
        + node("inclusiveGateway", "any")
        + node("complexGateway", "some", some)
    )
    body += node("exclusiveGateway", "one", default="one_events") + node("eventBasedGateway", "events") + node("parallelGateway", "all")
    body += node("intermediateCatchEvent", "soon", timer("PT1H")) + node("intermediateCatchEvent", "came", message("m"))
    body += node("intermediateThrowEvent", "jump", LINK) + node("intermediateCatchEvent", "land", LINK) + end()
    flows = "begin > fork\nfork > a > any\nfork > b > any\nany > some\nfork > c > some\nsome > one > events\none > done: =false\n"
    flows += "events > soon > jump\nevents > came > done\nland > done\nany > all\nfork > all > done"
    case = Scenario(bpmn(body, flows=flows, top=MESSAGES), restored=True)
    case.start()
    for name in "abc":
        case.complete(name)
    case.fire("soon")
    return case


def scopes() -> Scenario:
    inside = start("s1") + user("x") + node("endEvent", "fails", error("err1"))
    late = event_sub_process("late", timer("PT1H"), interrupting=False, body=user("hurry") + end("e9"), flows="caught > hurry > e9")
    body = start() + sub_process("sub", inside + late, "s1 > x > fails") + boundary("bad", "sub", error("err1"))
    body += user("each").replace("</bpmn:userTask>", many("=[1, 2]") + "</bpmn:userTask>") + boundary("over", "each", timer("PT2H"))
    body += node("intermediateThrowEvent", "tell", SIGNAL)
    free = node("adHocSubProcess", "free", user("choice"))
    body += free + end("done", "over_end")
    flows = "begin > sub > done\nbad > each > tell > free > done\nover > over_end"
    case = Scenario(bpmn(body, flows=flows, top=ERRORS), restored=True)
    case.start()
    case.fire("caught")
    case.complete("hurry")
    case.complete("x")
    case.complete("each")
    case.complete("each")
    return case


def undoing() -> Scenario:
    undo = boundary("undo", "a", "<bpmn:compensateEventDefinition/>").replace(' cancelActivity="true"', "")
    undo += node("userTask", "back", ext="<zeebe:userTask/>", isForCompensation="true")
    undo += '<bpmn:association id="as" sourceRef="undo" targetRef="back" associationDirection="One"/>'
    inside = start("s1") + user("a") + undo + node("endEvent", "stop", CANCEL) + sequence("s1 > a > stop")
    body = start() + node("transaction", "deal", inside) + boundary("off", "deal", CANCEL) + end("done", "told")
    case = Scenario(bpmn(body, flows="begin > deal > done\noff > told"), restored=True)
    case.start()
    case.complete("a")
    case.complete("back")
    return case


def incidents() -> Scenario:
    case = Scenario(bpmn(start() + script("bad", "=nobody + 1", "n") + user("u") + end(), flows="begin > bad > u > done"), restored=True)
    case.start()
    case.stored[case.root]["nobody"] = 1
    case.retry("bad")
    case.rearm()
    case.cancel()
    return case


RUNS = (tasks, gateways, scopes, undoing, incidents)
