"""Where elements may stand, and what may stand in them."""

from __future__ import annotations

from engine.definitions.reading.names import ACTIVITIES, BPMN, EVENTS, FLOW_NODES, SCOPES
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_bpmn, kind

family = Family("所在之处", "Places")

ROOTS = (
    "process collaboration choreography globalConversation message error escalation signal itemDefinition interface endPoint resource "
    "dataStore category correlationProperty partnerEntity partnerRole globalTask globalUserTask globalManualTask globalScriptTask "
    "globalBusinessRuleTask"
)
_WITHOUT_EVENTS = " ".join(sorted(FLOW_NODES - EVENTS))
_WITHOUT_LOOPS = " ".join(sorted(FLOW_NODES - ACTIVITIES))


@family.rule(
    "BPMN-101",
    ROOTS,
    "8.3.5",
    "{kind} 只能直接放在 definitions 里",
    "{kind} may stand directly in definitions only",
    "移到 definitions 下",
    "Move it up into definitions.",
)
def root_elements_stand_at_the_root(element: Element, look: Look) -> Faults:
    if element.getparent() is not look.root and is_bpmn(element.getparent()):
        yield at(element, kind=kind(element))


@family.rule(
    "BPMN-102",
    f"{' '.join(sorted(FLOW_NODES))} sequenceFlow dataObject dataObjectReference dataStoreReference",
    "8.4.8",
    "{kind} 不在流程或子流程里",
    "{kind} stands outside of any process or sub-process",
    "移进流程",
    "Move it into the process.",
)
def flow_elements_stand_in_a_scope(element: Element, look: Look) -> Faults:
    around = element.getparent()
    if is_bpmn(around) and kind(around) not in SCOPES and kind(around) not in ("subChoreography", "choreography", "globalChoreographyTask"):
        yield at(element, kind=kind(element))


@family.rule(
    "BPMN-110",
    _WITHOUT_EVENTS,
    "10.5.5",
    "{kind} 里不能有 {part}",
    "{kind} may not hold {part}",
    "放到事件里，例如附着在活动上的边界事件",
    "Put it into an event, such as a boundary event of the activity.",
)
def only_events_have_event_definitions(element: Element, look: Look) -> Faults:
    for item in element.iterchildren(f"{{{BPMN}}}*"):
        if kind(item).endswith("EventDefinition"):
            yield at(item, kind=kind(element), part=kind(item))


@family.rule(
    "BPMN-111",
    _WITHOUT_LOOPS,
    "10.3.8",
    "{kind} 不能有循环标记",
    "{kind} may not have a loop marker",
    "只有活动可以循环或多实例",
    "Only activities loop or have several instances.",
)
def only_activities_loop(element: Element, look: Look) -> Faults:
    for item in element.iterchildren(f"{{{BPMN}}}*"):
        if kind(item).endswith("LoopCharacteristics"):
            yield at(item, kind=kind(element))


@family.rule(
    "BPMN-112",
    "conversation subConversation callConversation globalConversation conversationLink",
    "9.5",
    "会话（{kind}）只是图示，不能执行",
    "conversations ({kind}) are drawn only, they are not executable",
    "交互用消息流和消息事件表达",
    "Say what is exchanged with message flows and message events.",
    severity="warning",
)
def conversations_are_not_run(element: Element, look: Look) -> Faults:
    yield at(element, kind=kind(element))


@family.rule(
    "BPMN-113",
    "choreography globalChoreographyTask",
    "2.5",
    "编排（{kind}）不能执行",
    "choreographies ({kind}) are not executable",
    "改写成各方的流程和消息流",
    "Write it as processes with message flows.",
    severity="warning",
)
def choreographies_are_not_run(element: Element, look: Look) -> Faults:
    yield at(element, kind=kind(element))
