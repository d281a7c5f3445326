"""Legal BPMN that the stock parser rejects, drops or misreads: it passes the check and runs as the standard says."""

from __future__ import annotations

import pytest
from scenario import HEAD, boundary, bpmn, end, error, escalation, many, message_top, node, sequence, start, sub_process, timer, user

from engine.definitions.check import check
from engine.definitions.model import Process
from engine.definitions.package import Package
from engine.definitions.reader import read_bpmn


def legal(body: str, flows: str = "", top: str = "", warned: tuple[str, ...] = ()) -> Process:
    """The process of a body that a deployment accepts; `warned`: the codes it is told all the same."""
    text = f'{HEAD}{top}<bpmn:process id="p" isExecutable="true">{body}{sequence(flows)}</bpmn:process></bpmn:definitions>'
    found = check(Package.from_files({"processes/p/p.bpmn": text.encode()}), language="en")
    assert [finding for finding in found if finding.severity == "error"] == []
    assert set(warned) <= {finding.code for finding in found}
    return bpmn(body, flows=flows, top=top)


def test_sequence_flows_need_no_id(scenario):
    flows = '<bpmn:sequenceFlow sourceRef="begin" targetRef="a"/><bpmn:sequenceFlow sourceRef="a" targetRef="done"/>'
    case = scenario(legal(start() + user("a") + end() + flows))
    assert case.start()[1:] == ["start begin", "end begin", "take flow_begin_a", "start a", "offer a person:wang"]
    assert case.complete("a") == ["submit a", "end a", "take flow_a_done", "start done", "end done", "process p completed done"]


def test_two_flows_without_an_id_between_the_same_nodes_are_two_flows(scenario):
    flows = '<bpmn:sequenceFlow sourceRef="begin" targetRef="a"/>' * 2
    case = scenario(legal(start() + user("a") + flows))
    assert [line for line in case.start() if line.startswith(("take", "start a"))] == [
        "take flow_begin_a",
        "take flow_begin_a_2",
        "start a",
        "start a",
    ]


def test_a_sub_process_needs_neither_start_nor_end_events(scenario):
    case = scenario(legal(start() + sub_process("sub", user("a", "b"), "a > b") + end(), "begin > sub > done"))
    assert case.start()[3:] == ["take begin_sub", "start sub", "start a", "offer a person:wang"]
    assert case.complete("a") == ["submit a", "end a", "take a_b", "start b", "offer b person:wang"]
    assert case.complete("b")[:4] == ["submit b", "end b", "end sub", "take sub_done"]


def test_a_sub_process_with_nothing_inside_completes_at_once(scenario):
    case = scenario(legal(start() + sub_process("sub", "", "") + end(), "begin > sub > done", warned=("BPMN-029",)))
    assert case.start()[4:] == ["start sub", "end sub", "take sub_done", "start done", "end done", "process p completed done"]


SPLIT = ["start b", "offer b person:wang", "start c", "offer c person:wang"]


def test_several_flows_out_of_an_activity_are_a_parallel_split_and_the_last_branch_ends_the_process(scenario):
    case = scenario(legal(start() + user("a", "b", "c"), "begin > a > b\na > c"))
    case.start()
    assert case.complete("a") == ["submit a", "end a", "take a_b", "take a_c", *SPLIT]
    assert case.complete("b") == ["submit b", "end b"]
    assert case.complete("c") == ["submit c", "end c", "process p completed"]


def test_several_flows_out_of_a_start_event_are_a_parallel_split(scenario):
    case = scenario(legal(start() + user("b", "c"), "begin > b\nbegin > c"))
    assert case.start() == ["process p", "start begin", "end begin", "take begin_b", "take begin_c", *SPLIT]


def test_several_flows_out_of_a_catching_event_are_a_parallel_split(scenario):
    case = scenario(legal(start() + node("intermediateCatchEvent", "late", timer("PT1H")) + user("b", "c"), "begin > late > b\nlate > c"))
    case.start()
    assert case.fire("late") == ["disarm late", "end late", "take late_b", "take late_c", *SPLIT]


def test_several_flows_out_of_a_boundary_event_are_a_parallel_split(scenario):
    case = scenario(legal(start() + user("a", "b", "c") + boundary("late", "a", timer("PT1H")), "begin > a\nlate > b\nlate > c"))
    case.start()
    left = ["withdraw a", "disarm late", "cancel a by late", "start late", "end late"]
    assert case.fire("late") == [*left, "take late_b", "take late_c", *SPLIT]


CONDITIONAL = start() + node("userTask", "a", ext="<zeebe:userTask/>", default="a_d") + user("b", "c", "d")


@pytest.mark.parametrize(("x", "taken"), [(3, ["b", "c"]), (2, ["b"]), (1, ["d"])])
def test_conditional_flows_out_of_an_activity_are_an_inclusive_split_with_a_default(scenario, x, taken):
    case = scenario(legal(CONDITIONAL, "begin > a\na > b: =x &gt; 1\na > c: =x &gt; 2\na > d"))
    case.start()
    steps = case.complete("a", {"x": x})
    assert [line for line in steps if line.startswith("take")] == [f"take a_{name}" for name in taken]
    assert case.at() == taken


def test_a_flow_without_a_condition_is_taken_beside_conditional_ones(scenario):
    case = scenario(legal(start() + user("a", "b", "c"), "begin > a\na > b: =x &gt; 1\na > c"))
    case.start()
    assert case.complete("a", {"x": 1}) == ["submit a", "end a", "take a_c", "start c", "offer c person:wang"]


@pytest.mark.parametrize(("kind", "taken"), [("exclusiveGateway", ["b"]), ("inclusiveGateway", ["b", "c"])])
def test_a_gateway_flow_without_a_condition_always_holds(scenario, kind, taken):
    body = start() + node(kind, "choice") + user("b", "c")
    case = scenario(legal(body, "begin > choice\nchoice > b: =x &gt; 1\nchoice > c", warned=("BPMN-054",)))
    steps = case.start({"starter": "wang", "x": 2})
    assert [line for line in steps if "choice" in line][3:] == [f"take choice_{name}" for name in taken]
    assert case.at() == taken


def test_without_a_start_event_everything_that_nothing_leads_to_begins(scenario):
    case = scenario(legal(user("a", "b") + end(), "a > done\nb > done"))
    assert case.start() == ["process p", "start a", "offer a person:wang", "start b", "offer b person:wang"]
    assert case.complete("a") == ["submit a", "end a", "take a_done", "start done", "end done"]
    assert case.complete("b")[-2:] == ["end done", "process p completed done"]


def test_without_any_flow_everything_begins_and_the_last_one_ends_the_process(scenario):
    case = scenario(legal(user("a", "b")))
    case.start()
    assert case.complete("b") == ["submit b", "end b"]
    assert case.complete("a") == ["submit a", "end a", "process p completed"]


CAUGHT = "begin > sub > done\nbad > z"


def test_an_error_code_may_be_written_where_the_error_is_named(scenario):
    body = start() + sub_process("sub", start("s1") + node("endEvent", "fail", error("E7")), "s1 > fail")
    body += boundary("other", "sub", error("E8")) + boundary("bad", "sub", error("E7")) + user("z") + end()
    case = scenario(legal(body, CAUGHT, warned=("BPMN-032",)))
    assert case.start()[-5:] == ["start bad", "end bad", "take bad_z", "start z", "offer z person:wang"]


def test_an_escalation_code_may_be_written_where_the_escalation_is_named(scenario):
    body = start() + sub_process("sub", start("s1") + node("intermediateThrowEvent", "tell", escalation("X7")), "s1 > tell")
    body += boundary("bad", "sub", escalation("X7"), interrupting=False) + user("z") + end()
    case = scenario(legal(body, CAUGHT, warned=("BPMN-032",)))
    assert "escalate tell X7 caught" in case.start()
    assert case.at() == ["z"]


def test_in_a_file_of_our_own_an_error_that_is_not_there_is_refused():
    text = (
        f'{HEAD}<bpmn:process id="p" isExecutable="true"><bpmn:extensionElements><cogov:data name="x"/></bpmn:extensionElements>'
        f"{start()}{node('endEvent', 'fail', error('E7'))}{sequence('begin > fail')}</bpmn:process></bpmn:definitions>"
    )
    assert [(f.code, f.element) for f in read_bpmn(text.encode(), "p.bpmn").findings] == [("BPMN-012", "fail")]


def test_a_data_association_to_a_property_is_accepted_and_reported(scenario):
    inner = (
        '<bpmn:ioSpecification><bpmn:dataInput id="taken"/><bpmn:inputSet><bpmn:dataInputRefs>taken</bpmn:dataInputRefs></bpmn:inputSet>'
        "<bpmn:outputSet/></bpmn:ioSpecification>"
        "<bpmn:dataInputAssociation><bpmn:sourceRef>kept</bpmn:sourceRef><bpmn:targetRef>taken</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    body = '<bpmn:property id="kept" name="kept"/>' + start() + node("manualTask", "a", inner) + end()
    case = scenario(legal(body, "begin > a > done"))
    assert case.start()[-2:] == ["start a", "offer a person:wang"]


LATE = "begin > many > done\nlate > z"


@pytest.mark.parametrize("sequential", [False, True])
def test_an_interrupting_event_ends_every_instance_of_a_multi_instance_sub_process(scenario, sequential):
    body = start("s1") + user("i") + end("e1") + many("[1,2]", sequential=sequential)
    case = scenario(
        legal(start() + sub_process("many", body, "s1 > i > e1") + boundary("late", "many", timer("PT1H")) + user("z") + end(), LATE)
    )
    case.start()
    instances = [
        f for number in ((1,) if sequential else (1, 2)) for f in ("withdraw i", "cancel i by late", f"cancel many#{number} by late")
    ]
    after = ["disarm late", "cancel many#0 by late", "start late", "end late", "take late_z", "start z", "offer z person:wang"]
    assert case.fire("late") == [*instances, *after]


def test_an_interrupting_event_ends_every_called_process_of_a_multi_instance_call(scenario):
    called = bpmn(start("s1") + user("i") + end("e1"), flows="s1 > i > e1", process="q")
    call = node("callActivity", "many", many("[1,2]"), ext='<zeebe:calledElement processId="q"/>')
    caller = bpmn(start() + call + boundary("late", "many", timer("PT1H")) + user("z") + end(), flows=LATE)
    case = scenario(caller, called)
    case.start()
    assert case.at() == ["i", "i"]
    ended = [line for n in (1, 2) for line in ("withdraw i", "cancel i by late", "process q cancelled", f"cancel many#{n} by late")]
    after = ["disarm late", "cancel many#0 by late", "start late", "end late", "take late_z", "start z", "offer z person:wang"]
    assert case.fire("late") == [*ended, *after]


def test_a_receive_task_waits_for_its_message(scenario):
    case = scenario(legal(start() + node("receiveTask", "wait", messageRef="m") + end(), "begin > wait > done", message_top("m", "msg.hi")))
    assert case.start()[3:] == ["take begin_wait", "start wait", "listen wait msg.hi"]
    assert case.at() == ["wait"]
    assert case.fire("wait", payload={"k": "v"})[:3] == ["unlisten wait", "end wait", "take wait_done"]
    assert case.variables() == {"k": "v"}


def test_one_message_is_for_one_receiver(scenario):
    body = start() + node("receiveTask", "one", messageRef="m") + node("receiveTask", "two", messageRef="m") + end()
    case = scenario(legal(body, "begin > one > done\nbegin > two > done", message_top("m", "msg.hi")))
    case.start()
    assert case.fire("one") == ["unlisten one", "end one", "take one_done", "start done", "end done"]
    assert case.at() == ["two"]
    assert case.fire("two")[-1] == "process p completed done"
