"""Camunda 8: the base of our own dialect."""

from __future__ import annotations

from engine.definitions.foreign.rows import (
    BINDING,
    CODE,
    DRAWING,
    FOLLOW_UP,
    HISTORY,
    LISTENER,
    PAGES,
    RETRY,
    Row,
    cannot,
    mapped,
    native,
    nothing,
)  # fmt: skip
from engine.definitions.model import Label

Z = "zeebe"
_EXTERNAL = Label(zh="表单由别的系统提供，这里先用自由填写", en="the form is another system's; here the task has a free form")
_HEADERS = Label(zh="请改为输入映射", en="pass them as inputs")
_COLLECTED = Label(zh="即席步骤的结果不收集", en="results of ad-hoc steps are not collected")
_WORK = ("userTask", "manualTask")
_CALLED = ("serviceTask", "sendTask", "businessRuleTask", "scriptTask", "intermediateThrowEvent", "endEvent")

ROWS: tuple[Row, ...] = (
    native("userTask", "userTask"),
    native("formDefinition", *_WORK, "startEvent"),
    native("formDefinition@formId", *_WORK, "startEvent"),
    native("formDefinition@formKey", *_WORK, "startEvent"),
    *nothing(Z, "formDefinition@bindingType formDefinition@versionTag", BINDING),
    *nothing(Z, "formDefinition@externalReference", _EXTERNAL),
    native("assignmentDefinition", *_WORK),
    native("assignmentDefinition@assignee", *_WORK),
    native("assignmentDefinition@candidateGroups", *_WORK),
    native("assignmentDefinition@candidateUsers", *_WORK),
    mapped(Z, "taskSchedule", "cogov:deadline", *_WORK),
    mapped(Z, "taskSchedule@dueDate", "cogov:deadline limit", *_WORK),
    *nothing(Z, "taskSchedule@followUpDate", FOLLOW_UP),
    *nothing(Z, "priorityDefinition/**", PAGES),
    native("taskDefinition", *_CALLED),
    native("taskDefinition@type", *_CALLED),
    *nothing(Z, "taskDefinition@retries", RETRY),
    *nothing(Z, "taskHeaders/**", _HEADERS),
    native("ioMapping"),
    *(native(f"ioMapping/{name}") for name in ("input", "input@source", "input@target", "output", "output@source", "output@target")),
    *(
        native(f"loopCharacteristics{attribute}", "multiInstanceLoopCharacteristics")
        for attribute in ("", "@inputCollection", "@inputElement", "@outputCollection", "@outputElement")
    ),
    *(
        native(f"calledElement{attribute}", "callActivity")
        for attribute in (
            "",
            "@processId",
            "@processIdExpression",
            "@bindingType",
            "@versionTag",
            "@propagateAllParentVariables",
            "@propagateAllChildVariables",
        )
    ),
    *(native(f"calledDecision{attribute}", "businessRuleTask") for attribute in ("", "@decisionId", "@resultVariable")),
    *nothing(Z, "calledDecision@bindingType calledDecision@versionTag", BINDING),
    *(native(f"script{attribute}", "scriptTask") for attribute in ("", "@expression", "@resultVariable")),
    *(native(f"subscription{attribute}", "message") for attribute in ("", "@correlationKey")),
    *cannot(Z, "executionListeners/** taskListeners/**", LISTENER),
    native("adHoc", "adHocSubProcess"),
    native("adHoc@activeElementsCollection", "adHocSubProcess"),
    *cannot(Z, "adHoc@outputCollection adHoc@outputElement", _COLLECTED),
    *cannot(Z, "conditionalFilter/**", Label(zh="条件在每次数据变化时都判断", en="a condition is asked at every change of data")),
    *nothing(Z, "properties/**", DRAWING),
    native("versionTag", "process"),
    native("versionTag@value", "process"),
    *nothing(Z, "publishMessage/** linkedResources/**", CODE),
    *nothing(Z, "historyTimeToLive/**", HISTORY),
    mapped(Z, "userTaskForm", "form-js form", "process"),
    mapped(Z, "userTaskForm@id", "form-js form", "process"),
    *nothing(Z, "@modelerTemplate @modelerTemplateVersion @modelerTemplateIcon @templateId @diagramRelationId @jobWorker", DRAWING),
)
