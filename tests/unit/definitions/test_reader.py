"""The reader keeps everything a file says."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest

from engine.definitions.model import Called, Data, Deadline, Label, Loop, Mapping_, Message, Record

EXT = "bpmn:extensionElements"


def flow(source, target, attributes="", inner=""):
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}" {attributes}>{inner}</bpmn:sequenceFlow>'


@pytest.mark.parametrize("name", ["Start", "End", "Root", "start", "None"])
def test_any_id_is_an_ordinary_id(process, name):
    model = process(f'<bpmn:startEvent id="{name}"/><bpmn:task id="t"/>' + flow(name, "t"))
    assert list(model.nodes) == [name, "t"]
    assert model.nodes[name].outgoing == (f"{name}_t",)


def test_a_flow_without_an_id_gets_a_stable_one(process):
    body = '<bpmn:task id="a"/><bpmn:task id="b"/>' + 2 * '<bpmn:sequenceFlow sourceRef="a" targetRef="b"/>'
    model = process(body)
    assert list(model.flows) == ["flow_a_b", "flow_a_b_2"]
    assert model.nodes["a"].outgoing == model.nodes["b"].incoming == ("flow_a_b", "flow_a_b_2")


def test_incoming_and_outgoing_come_from_the_flows_and_not_from_the_child_elements(process):
    model = process('<bpmn:task id="a"><bpmn:outgoing>nonsense</bpmn:outgoing></bpmn:task><bpmn:task id="b"/>' + flow("a", "b"))
    assert model.nodes["a"].outgoing == ("a_b",)
    assert model.nodes["b"].incoming == ("a_b",)


def test_several_conditional_flows_out_of_a_task_are_kept(process):
    condition = "<bpmn:conditionExpression>=x &gt; 1</bpmn:conditionExpression>"
    body = '<bpmn:task id="a" default="a_c"/><bpmn:task id="b"/><bpmn:task id="c"/>'
    model = process(body + flow("a", "b", inner=condition) + flow("a", "c", 'name="否则"'))
    assert model.flows["a_b"].condition == "x > 1"
    assert model.nodes["a"].default == "a_c"
    assert model.flows["a_c"].name == Label(zh="否则")


def test_sub_processes_nest_to_any_depth_without_recursion(process):
    depth = 100
    body = "".join(f'<bpmn:subProcess id="s{i}">' for i in range(depth)) + '<bpmn:task id="t"/>' + depth * "</bpmn:subProcess>"
    model = process(body)
    assert model.nodes["t"].parent == "s99"
    assert model.nodes["s99"].parent == "s98"
    assert model.nodes["s0"].parent == "p"
    assert [n.id for n in model.children("s98")] == ["s99"]


def test_five_thousand_nodes_in_a_row_are_read(process):
    count = 5000
    body = "".join(f'<bpmn:task id="t{i}"/>' for i in range(count)) + "".join(flow(f"t{i}", f"t{i + 1}") for i in range(count - 1))
    assert len(process(body).flows) == count - 1


def test_lanes_give_nodes_their_lane_and_sub_processes_hand_it_down(process):
    body = """<bpmn:laneSet><bpmn:lane id="outer" name="街道"><bpmn:extensionElements><cogov:text lang="en" name="Street"/>
      <cogov:role code="legal" of="=community"/></bpmn:extensionElements><bpmn:flowNodeRef>a</bpmn:flowNodeRef>
      <bpmn:childLaneSet><bpmn:lane id="inner"><bpmn:flowNodeRef>sub</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane>
      <bpmn:lane id="other"><bpmn:extensionElements><cogov:role from="=reviewer"/></bpmn:extensionElements></bpmn:lane></bpmn:laneSet>
      <bpmn:task id="a"/><bpmn:subProcess id="sub"><bpmn:task id="deep"/>
      <bpmn:boundaryEvent id="late" attachedToRef="deep"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>
      </bpmn:timerEventDefinition></bpmn:boundaryEvent></bpmn:subProcess>"""
    model = process(body)
    assert {n.id: n.lane for n in model.nodes.values()} == {"a": "outer", "sub": "inner", "deep": "inner", "late": "inner"}
    assert model.lanes["outer"].name == Label(zh="街道", en="Street")
    assert (model.lanes["inner"].role, model.lanes["inner"].of, model.lanes["inner"].parent) == ("legal", "community", "outer")
    assert (model.lanes["other"].role, model.lanes["other"].source) == (None, "reviewer")


def test_a_user_task_of_our_dialect(process):
    body = f"""<bpmn:userTask id="review" name="合规审查"><bpmn:documentation>自愿吗</bpmn:documentation><{EXT}>
      <zeebe:userTask/><zeebe:formDefinition formId="agreement/review"/>
      <zeebe:assignmentDefinition assignee="=party.person" candidateGroups="=[role(&quot;legal&quot;)]"/>
      <zeebe:ioMapping><zeebe:input source="=clauses" target="clauses"/><zeebe:output source="=form" target="review"/></zeebe:ioMapping>
      <cogov:text lang="en" name="Compliance review">Voluntary?</cogov:text>
      <cogov:deadline id="review_due" limit="3WD" ladder="standard"/><cogov:exclude who="=[starter]"/>
      <cogov:record register="agreements" state="legal_review" on="start"/>
      <cogov:record register="commitments" on="end" key="=c.no" values="={{a: 1}}"/><cogov:access class="members"/></{EXT}></bpmn:userTask>"""
    node = process(body).nodes["review"]
    assert (node.kind, node.name, node.documentation) == (
        "userTask",
        Label(zh="合规审查", en="Compliance review"),
        Label(zh="自愿吗", en="Voluntary?"),
    )
    assert (node.form, node.assignee, node.candidates, node.exclude) == ("agreement/review", "party.person", '[role("legal")]', "[starter]")
    assert node.inputs == (Mapping_(source="clauses", target="clauses"),)
    assert node.outputs == (Mapping_(source="form", target="review"),)
    assert node.deadline == Deadline(id="review_due", limit="3WD", ladder="standard")
    assert node.records == (
        Record(register="agreements", state="legal_review", on="start"),
        Record(register="commitments", state=None, on="end", key="c.no", values="{a: 1}"),
    )
    assert node.access == "members"


def test_declared_data_and_access_of_a_process(process):
    model = process(
        f'<{EXT}><cogov:access class="party"/><cogov:data name="review" form="a/review" access="staff"/></{EXT}><bpmn:task id="t"/>'
    )
    assert model.access == "party"
    declared = model.data["review"]
    assert (declared.name, declared.form, declared.access) == ("review", "a/review", "staff")
    assert isinstance(declared, Data)


def test_static_text_becomes_a_literal_and_numbers_stay_numbers(process):
    mappings = "".join(f'<zeebe:input source="{s}" target="{t}"/>' for s, t in (("wang", "a"), ("3.5", "b"), ("=x + 1", "c")))
    body = (
        f'<bpmn:userTask id="t"><{EXT}><zeebe:ioMapping>{mappings}</zeebe:ioMapping>'
        f'<zeebe:assignmentDefinition assignee="wang" candidateGroups="legal, finance" candidateUsers="li"/></{EXT}></bpmn:userTask>'
    )
    node = process(body).nodes["t"]
    assert [m.source for m in node.inputs] == ['"wang"', "3.5", "x + 1"]
    assert node.assignee == '"wang"'
    assert node.candidates == 'concatenate(["legal", "finance"], ["person:li"])'


def test_automatic_tasks(process):
    body = f"""<bpmn:serviceTask id="s"><{EXT}><zeebe:taskDefinition type="documents.freeze"/></{EXT}></bpmn:serviceTask>
      <bpmn:scriptTask id="c"><{EXT}><zeebe:script expression="=1 + 1" resultVariable="two"/></{EXT}></bpmn:scriptTask>
      <bpmn:scriptTask id="f" scriptFormat="feel"><bpmn:script>2 + 2</bpmn:script></bpmn:scriptTask>
      <bpmn:businessRuleTask id="d"><{EXT}><zeebe:calledDecision decisionId="band" resultVariable="r"/></{EXT}></bpmn:businessRuleTask>
      <bpmn:callActivity id="k"><{EXT}><zeebe:calledElement processId="sp_sign" propagateAllParentVariables="false"
        propagateAllChildVariables="true" bindingType="latest"/></{EXT}></bpmn:callActivity>
      <bpmn:sendTask id="m" messageRef="msg"/><bpmn:receiveTask id="w" messageRef="msg" instantiate="true"/>"""
    around = f'<bpmn:message id="msg" name="msg.x"><{EXT}><zeebe:subscription correlationKey="=number"/></{EXT}></bpmn:message>'
    nodes = process(body, around).nodes
    assert nodes["s"].service == "documents.freeze"
    assert (nodes["c"].script, nodes["c"].result_variable) == ("1 + 1", "two")
    assert nodes["f"].script == "2 + 2"
    assert (nodes["d"].decision, nodes["d"].result_variable) == ("band", "r")
    assert nodes["k"].called == Called(process="sp_sign", binding="latest", propagate_parent=False, propagate_child=True)
    assert nodes["m"].message == nodes["w"].message == Message(id="msg", name="msg.x", correlation_key="number")
    assert nodes["w"].instantiate


EVENTS = [
    ("<bpmn:errorEventDefinition errorRef='e'/>", {"kind": "error", "code": "E1"}),
    ("<bpmn:errorEventDefinition/>", {"kind": "error", "code": None}),
    ("<bpmn:escalationEventDefinition escalationRef='x'/>", {"kind": "escalation", "code": "X1"}),
    ("<bpmn:signalEventDefinition signalRef='s'/>", {"kind": "signal", "name": "sig.s"}),
    ("<bpmn:eventDefinitionRef>root_signal</bpmn:eventDefinitionRef>", {"kind": "signal", "name": "sig.s"}),
    (
        "<bpmn:timerEventDefinition><bpmn:timeDate>=deadline('d').due</bpmn:timeDate></bpmn:timerEventDefinition>",
        {"kind": "timer", "timer_kind": "date", "timer": "=deadline('d').due"},
    ),
    (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>",
        {"kind": "timer", "timer_kind": "duration", "timer": "PT1H"},
    ),
    (
        "<bpmn:conditionalEventDefinition><bpmn:condition>=x</bpmn:condition></bpmn:conditionalEventDefinition>",
        {"kind": "conditional", "condition": "x"},
    ),
]


@pytest.mark.parametrize(("definition", "expected"), EVENTS)
def test_event_definitions_inline_and_referenced(process, definition, expected):
    around = """<bpmn:error id="e" errorCode="E1"/><bpmn:escalation id="x" escalationCode="X1"/><bpmn:signal id="s" name="sig.s"/>
      <bpmn:signalEventDefinition id="root_signal" signalRef="s"/>"""
    body = f'<bpmn:task id="t"/><bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{definition}</bpmn:boundaryEvent>'
    node = process(body, around).nodes["b"]
    assert (node.attached_to, node.interrupting) == ("t", False)
    assert {name: getattr(node.events[0], name) for name in expected} == expected


def test_an_event_sub_process_with_its_action(process):
    body = f"""<bpmn:subProcess id="withdraw" triggeredByEvent="true"><bpmn:startEvent id="s" isInterrupting="false"><{EXT}>
      <cogov:action role="=[role(&quot;head&quot;)]" form="a/withdraw" public="true"/></{EXT}>
      <bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent></bpmn:subProcess>"""
    nodes = process(body, '<bpmn:message id="m" name="msg.w"/>').nodes
    assert nodes["withdraw"].triggered_by_event
    action = nodes["s"].action
    assert (action.role, action.form, action.public, nodes["s"].interrupting) == ('[role("head")]', "a/withdraw", True, False)


def test_a_compensation_boundary_knows_its_handler(process):
    body = """<bpmn:serviceTask id="reserve"/><bpmn:boundaryEvent id="undo" attachedToRef="reserve"><bpmn:compensateEventDefinition/>
      </bpmn:boundaryEvent><bpmn:serviceTask id="release" isForCompensation="true"/>
      <bpmn:association id="as" sourceRef="undo" targetRef="release" associationDirection="One"/>
      <bpmn:endEvent id="e"><bpmn:compensateEventDefinition activityRef="reserve"/></bpmn:endEvent>"""
    nodes = process(body).nodes
    assert nodes["undo"].compensation_handler == "release"
    assert nodes["release"].for_compensation
    assert nodes["e"].events[0].activity_ref == "reserve"


ZEEBE_LOOP = f"""<bpmn:multiInstanceLoopCharacteristics isSequential="true"><{EXT}><zeebe:loopCharacteristics inputCollection="=members"
  inputElement="member" outputCollection="votes" outputElement="=form.vote"/></{EXT}>
  <bpmn:completionCondition>=numberOfCompletedInstances = 3</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"""
STANDARD_MULTI = """<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>
  <bpmn:loopDataInputRef>list</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef>
  <bpmn:inputDataItem name="one"/><bpmn:outputDataItem name="out"/></bpmn:multiInstanceLoopCharacteristics>"""
STANDARD_LOOP = """<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="5"><bpmn:loopCondition>=again</bpmn:loopCondition>
  </bpmn:standardLoopCharacteristics>"""


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            ZEEBE_LOOP,
            Loop(
                kind="sequential",
                collection="members",
                element="member",
                output_collection="votes",
                output_element="form.vote",
                completion_condition="numberOfCompletedInstances = 3",
            ),
        ),
        (
            STANDARD_MULTI,
            Loop(kind="parallel", collection="list", element="one", output_collection="results", output_element="out", cardinality="3"),
        ),
        (STANDARD_LOOP, Loop(kind="standard", condition="again", maximum=5, test_before=True)),
    ],
)
def test_loops(process, xml, expected):
    assert process(f'<bpmn:userTask id="t">{xml}</bpmn:userTask>').nodes["t"].loop == expected


def test_a_data_object_reference_names_the_collection(process, read):
    body = """<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="ref" dataObjectRef="do" name="people"/><bpmn:task id="t">
      <bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>ref</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics></bpmn:task>"""
    assert process(body).nodes["t"].loop.collection == "people"
    assert not read(body).findings


def test_bounds_and_waypoints_are_read(read):
    di = """<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
      xmlns:di="http://www.omg.org/spec/DD/20100524/DI"><bpmndi:BPMNPlane><bpmndi:BPMNShape id="t" bpmnElement="t">
      <dc:Bounds x="1" y="2" width="100" height="80"/></bpmndi:BPMNShape><bpmndi:BPMNEdge bpmnElement="t_t"><di:waypoint x="1" y="2"/>
      <di:waypoint x="3" y="4"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
    result = read('<bpmn:task id="t"/>' + flow("t", "t"), around=di)
    model = result.file.processes[0]
    assert model.nodes["t"].bounds == (1, 2, 100, 80)
    assert model.flows["t_t"].waypoints == ((1, 2), (3, 4))


def test_pools_are_kept_and_an_empty_one_has_no_process(read):
    around = '<bpmn:collaboration id="c"><bpmn:participant id="a" name="街道" processRef="p"/><bpmn:participant id="b" name="居民"/></bpmn:collaboration>'
    pools = read('<bpmn:task id="t"/>', around).file.pools
    assert [(pool.id, pool.process) for pool in pools] == [("a", "p"), ("b", None)]


def test_a_file_without_the_cogov_namespace_is_foreign(read):
    assert read('<bpmn:task id="t"/>').file.foreign
    assert not read(f'<{EXT}><cogov:data name="x"/></{EXT}><bpmn:task id="t"/>').file.foreign
