"""Namespaces and element names of the files we read."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
COGOV = "urn:cogov:bpmn:1"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
FLOWABLE = "http://flowable.org/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
JBPM = "http://www.jboss.org/drools"
MODELER = "http://camunda.org/schema/modeler/1.0"
COLOR = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"
BIOC = "http://bpmn.io/schema/bpmn/biocolor/1.0"

#: dialects whose attributes and extension elements are mapped on import, with the prefix a report names them by
FOREIGN = {CAMUNDA: "camunda", FLOWABLE: "flowable", ACTIVITI: "activiti", SPIFF: "spiffworkflow", JBPM: "drools"}
#: looks and tool bookkeeping, no meaning for a run
COSMETIC = frozenset({MODELER, COLOR, BIOC, XSI, BPMNDI, DC, DI})

TASKS = frozenset({"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"})
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
EVENTS = CATCHING | THROWING
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
FLOW_NODES = ACTIVITIES | EVENTS | GATEWAYS
SCOPES = SUB_PROCESSES | {"process"}

#: BPMN elements inside a scope or node that describe and do not run
DESCRIPTIVE = frozenset(
    {
        "potentialOwner",
        "humanPerformer",
        "performer",
        "resourceRole",
        "correlationSubscription",
    }
)
#: BPMN elements of a scope that are neither nodes nor in need of a word
SILENT = frozenset(
    {
        "categoryValueRef",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "property",
        "ioSpecification",
        "dataInput",
        "dataOutput",
        "dataInputAssociation",
        "dataOutputAssociation",
        "sequenceFlow",
        "laneSet",
        "textAnnotation",
        "association",
        "group",
        "documentation",
        "extensionElements",
        "artifact",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "incoming",
        "outgoing",
        "auditing",
        "monitoring",
        "completionCondition",
        "supportedInterfaceRef",
        "ioBinding",
        "supports",
    }
)


def bpmn(name: str) -> str:
    """The qualified name of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    return f"{{{ZEEBE}}}{name}"


def cogov(name: str) -> str:
    return f"{{{COGOV}}}{name}"
