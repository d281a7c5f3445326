"""Values of attributes: numbers, enumerations, names that the schema does not know."""

from __future__ import annotations

from engine.definitions.reading.names import ACTIVITIES, EVENTS, FLOW_NODES, GATEWAYS
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, integer, kind, text

family = Family("属性值", "Values")

_ENUMERATIONS = {
    "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
    "eventGatewayType": ("Exclusive", "Parallel"),
    "behavior": ("None", "One", "All", "Complex"),
    "processType": ("None", "Public", "Private"),
    "associationDirection": ("None", "One", "Both"),
    "ordering": ("Parallel", "Sequential"),
    "itemKind": ("Physical", "Information"),
}
_HOLDERS = " ".join(sorted(GATEWAYS | {"multiInstanceLoopCharacteristics", "process", "association", "adHocSubProcess", "itemDefinition"}))
_OF_ALL = {"id", "name"}
_OF_ACTIVITIES = {"isForCompensation", "startQuantity", "completionQuantity", "default"}
_OF_GATEWAYS = {"gatewayDirection"}
_OWN: dict[str, set[str]] = {
    "userTask": {"implementation"},
    "serviceTask": {"implementation", "operationRef"},
    "sendTask": {"implementation", "operationRef", "messageRef"},
    "receiveTask": {"implementation", "operationRef", "messageRef", "instantiate"},
    "scriptTask": {"scriptFormat"},
    "businessRuleTask": {"implementation"},
    "callActivity": {"calledElement"},
    "subProcess": {"triggeredByEvent"},
    "transaction": {"triggeredByEvent", "method"},
    "adHocSubProcess": {"triggeredByEvent", "cancelRemainingInstances", "ordering"},
    "startEvent": {"parallelMultiple", "isInterrupting"},
    "intermediateCatchEvent": {"parallelMultiple"},
    "boundaryEvent": {"parallelMultiple", "attachedToRef", "cancelActivity"},
    "exclusiveGateway": {"default"},
    "inclusiveGateway": {"default"},
    "complexGateway": {"default"},
    "eventBasedGateway": {"instantiate", "eventGatewayType"},
    "sequenceFlow": {"sourceRef", "targetRef", "isImmediate"},
    "messageEventDefinition": {"messageRef"},
    "signalEventDefinition": {"signalRef"},
    "errorEventDefinition": {"errorRef"},
    "escalationEventDefinition": {"escalationRef"},
    "compensateEventDefinition": {"waitForCompletion", "activityRef"},
    "multiInstanceLoopCharacteristics": {"isSequential", "behavior", "noneBehaviorEventRef", "oneBehaviorEventRef"},
    "standardLoopCharacteristics": {"testBefore", "loopMaximum"},
}
_DEFAULT = "default"


def _known(name: str) -> frozenset[str]:
    found = _OF_ALL | _OWN.get(name, set())
    found |= _OF_ACTIVITIES if name in ACTIVITIES else set()
    return frozenset(found | (_OF_GATEWAYS if name in GATEWAYS else set()))


_ATTRIBUTES = {name: _known(name) for name in FLOW_NODES | _OWN.keys()}

family.read(
    "BPMN-028",
    "15.3",
    "{attribute} 应是数字或布尔值，却是“{value}”",
    "{attribute} is “{value}”, not a number or truth value",
    "改正该值",
    "Correct the value.",
)


@family.rule(
    "BPMN-120",
    _HOLDERS,
    "15.3",
    "{attribute} 不能是“{value}”",
    "{attribute} may not be “{value}”",
    "可用：{known}",
    "It may be: {known}.",
)
def enumerations_hold(element: Element, look: Look) -> Faults:
    for attribute, value in element.attrib.items():
        known = _ENUMERATIONS.get(attribute)
        if known is not None and value not in known:
            yield at(element, attribute=attribute, value=value, known=", ".join(known))


@family.rule(
    "BPMN-121",
    " ".join(sorted(_ATTRIBUTES)),
    "15.3",
    "{kind} 没有属性 {attribute}，不会起作用",
    "{kind} has no attribute {attribute}: it does nothing",
    "检查拼写；扩展属性须带命名空间前缀",
    "Check the spelling; attributes of extensions need a prefix.",
    severity="warning",
)
def attributes_are_known(element: Element, look: Look) -> Faults:
    known = _ATTRIBUTES[kind(element)]
    for attribute in element.attrib:
        if attribute[0] != "{" and attribute not in known and attribute != _DEFAULT:
            yield at(element, kind=kind(element), attribute=attribute)


@family.rule(
    "BPMN-122",
    " ".join(sorted(EVENTS | {"parallelGateway", "eventBasedGateway"})),
    "8.4.13",
    "{kind} 不能有默认连线",
    "{kind} may not have a default flow",
    "只有活动和排他、包容、复杂网关有默认连线",
    "Only activities and exclusive, inclusive and complex gateways have one.",
)
def only_deciders_have_a_default(element: Element, look: Look) -> Faults:
    if element.get(_DEFAULT) is not None:
        yield at(element, kind=kind(element))


def _quantity(element: Element, attribute: str) -> Faults:
    value = element.get(attribute)
    if value is not None and (integer(value) or 0) < 1:
        yield at(element, value=value)


@family.rule(
    "BPMN-123",
    " ".join(sorted(ACTIVITIES)),
    "10.3",
    "startQuantity 须是 1 或更大的整数，却是“{value}”",
    "startQuantity is “{value}”; it has to be 1 or more",
    "写 1 或更大的整数",
    "Write a whole number from 1.",
)
def start_quantity_is_positive(element: Element, look: Look) -> Faults:
    yield from _quantity(element, "startQuantity")


@family.rule(
    "BPMN-124",
    " ".join(sorted(ACTIVITIES)),
    "10.3",
    "completionQuantity 须是 1 或更大的整数，却是“{value}”",
    "completionQuantity is “{value}”; it has to be 1 or more",
    "写 1 或更大的整数",
    "Write a whole number from 1.",
)
def completion_quantity_is_positive(element: Element, look: Look) -> Faults:
    yield from _quantity(element, "completionQuantity")


@family.rule(
    "BPMN-125",
    "dataStore",
    "10.4.1",
    "capacity 须是整数，却是“{value}”",
    "capacity is “{value}”, not a whole number",
    "写整数，或删除并写 isUnlimited",
    "Write a whole number, or leave it and set isUnlimited.",
)
def capacity_is_a_number(element: Element, look: Look) -> Faults:
    value = element.get("capacity")
    if value is not None and (integer(value) is None or int(value) < 0):
        yield at(element, value=value)


@family.rule(
    "BPMN-126",
    "sequenceFlow",
    "8.4.13",
    "可执行流程的连线不能写 isImmediate=false",
    "a flow of an executable process may not say isImmediate=false",
    "删除该属性",
    "Delete the attribute.",
    severity="warning",
)
def flows_are_immediate(element: Element, look: Look) -> Faults:
    if element.get("isImmediate", "true").strip() in ("false", "0"):
        yield at(element)


@family.rule(
    "BPMN-127",
    "resource resourceParameter interface operation",
    "15.3",
    "{kind} 没有名称",
    "{kind} has no name",
    "写上 name",
    "Give it a name.",
    severity="warning",
)
def named_things_have_names(element: Element, look: Look) -> Faults:
    if not (element.get("name") or "").strip():
        yield at(element, kind=kind(element))


@family.rule(
    "BPMN-128",
    "conditionExpression loopCondition loopCardinality completionCondition activationCondition",
    "8.4.6",
    "{kind} 是空的",
    "{kind} is empty",
    "写表达式，或删除该元素",
    "Write an expression or delete the element.",
    severity="warning",
)
def expressions_say_something(element: Element, look: Look) -> Faults:
    if not text(element):
        yield at(element, kind=kind(element))
