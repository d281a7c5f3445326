"""Camunda 7, Flowable and Activiti, which have a common ancestor."""

from __future__ import annotations

from engine.definitions.foreign.rows import (
    BINDING,
    CASES,
    CODE,
    CONNECTOR,
    DRAWING,
    EVENTS,
    FOLLOW_UP,
    HISTORY,
    JAVA,
    LISTENER,
    LOOKS,
    NUMBER,
    PAGES,
    RETRY,
    TENANT,
    TRANSACTION,
    TRANSIENT,
    VERSIONS,
    Row,
    cannot,
    mapped,
    nothing,
)  # fmt: skip
from engine.definitions.model import Label

C = "camunda"
ALL = "camunda flowable activiti"
FLOW = "flowable activiti"
_PEOPLE = ("userTask", "manualTask")
_RULES = Label(zh="网页表单自己的校验", en="a check of its own form")
_CALENDAR = Label(zh="工作日按本平台的日历计算", en="working time is counted by this platform's calendar")
_SKIP = Label(zh="没有跳过的步骤，请用网关", en="steps are not skipped; use a gateway")
_ROOT = Label(zh="任务没有上级任务", en="tasks are not nested")
_VARIABLE = Label(zh="用 FEEL 直接读取", en="FEEL reads what it needs")
_ALWAYS = Label(zh="结果总写到流程", en="results always go to the process")
_ASYNC = "@async @asyncBefore @asyncAfter @exclusive @asyncLeave @asyncLeaveExclusive"

ROWS: tuple[Row, ...] = (
    # people
    mapped(ALL, "@assignee", "zeebe:assignmentDefinition assignee", *_PEOPLE),
    mapped(ALL, "@candidateUsers", "zeebe:assignmentDefinition candidateUsers", *_PEOPLE),
    mapped(ALL, "@candidateGroups", "zeebe:assignmentDefinition candidateGroups", *_PEOPLE),
    mapped(ALL, "@dueDate", "cogov:deadline limit", *_PEOPLE),
    *nothing(ALL, "@followUpDate", FOLLOW_UP),
    *nothing(ALL, "@priority", PAGES),
    *nothing(FLOW, "@owner", _ROOT),
    *nothing(FLOW, "@category @localizationKey", LOOKS),
    *nothing(FLOW, "@businessCalendarName", _CALENDAR),
    *nothing(FLOW, "@taskIdVariableName @taskCompleterVariableName @processInstanceIdVariableName @idVariableName", _VARIABLE),
    *nothing(FLOW, "@formFieldValidation", _RULES),
    mapped(ALL, "@initiator", "starter", "startEvent"),
    mapped(ALL, "@candidateStarterUsers", "start permission", "process"),
    mapped(ALL, "@candidateStarterGroups", "start permission", "process"),
    *nothing(C, "potentialStarter/**", Label(zh="请用 candidateStarterGroups", en="use candidateStarterGroups")),
    # forms
    mapped(ALL, "@formKey", "zeebe:formDefinition formId", *_PEOPLE, "startEvent"),
    mapped(C, "@formRef", "zeebe:formDefinition formId", *_PEOPLE, "startEvent"),
    *nothing(C, "@formRefBinding @formRefVersion", BINDING),
    *cannot(ALL, "@formHandlerClass", JAVA),
    mapped(C, "formData", "form-js form", *_PEOPLE, "startEvent"),
    *nothing(C, "formData@businessKey", NUMBER),
    *(
        mapped(C, f"formData/formField{part}", "form-js field", *_PEOPLE, "startEvent")
        for part in (
            "",
            "@id",
            "@label",
            "@type",
            "@defaultValue",
            "/validation",
            "/validation/constraint",
            "/validation/constraint@name",
            "/validation/constraint@config",
            "/value",
            "/value@id",
            "/value@name",
        )
    ),
    *nothing(C, "formData/formField@datePattern", LOOKS),
    *nothing(C, "formData/formField/properties/**", LOOKS),
    *(
        mapped(FLOW, f"formProperty{part}", "form-js field", *_PEOPLE, "startEvent")
        for part in (
            "",
            "@id",
            "@name",
            "@type",
            "@default",
            "@required",
            "@readable",
            "@writable",
            "@variable",
            "/value",
            "/value@id",
            "/value@name",
        )
    ),
    *nothing(FLOW, "formProperty@datePattern", LOOKS),
    *nothing(FLOW, "formProperty@expression", Label(zh="字段值取同名变量", en="a field takes the variable of its name")),
    # automatic work
    mapped(ALL, "@topic", "zeebe:taskDefinition type"),
    mapped(ALL, "@type", "zeebe:taskDefinition / zeebe:calledDecision"),
    mapped(ALL, "@expression", "zeebe:script expression"),
    mapped(ALL, "@resultVariable", "zeebe:script resultVariable"),
    mapped(FLOW, "@resultVariableName", "zeebe:script resultVariable"),
    *cannot(ALL, "@class @delegateExpression", JAVA),
    *cannot(ALL, "field/**", JAVA),
    mapped(FLOW, "field", "zeebe:calledDecision decisionId", "serviceTask", "businessRuleTask"),
    mapped(FLOW, "field@name", "zeebe:calledDecision decisionId", "serviceTask", "businessRuleTask"),
    mapped(FLOW, "field@stringValue", "zeebe:calledDecision decisionId", "serviceTask", "businessRuleTask"),
    mapped(FLOW, "field/string", "zeebe:calledDecision decisionId", "serviceTask", "businessRuleTask"),
    *cannot(C, "connector/**", CONNECTOR),
    *cannot(FLOW, "mapException/**", JAVA),
    *cannot(C, "errorEventDefinition/**", Label(zh="请让服务自己报出 BPMN 错误", en="let the service raise the BPMN error")),
    *cannot(FLOW, "@ruleVariablesInput @rules @resultVariables @exclude", CODE),
    *nothing(C, "@taskPriority", RETRY),
    *nothing(ALL, "@jobPriority", RETRY),
    *nothing(FLOW, "@triggerable @doNotIncludeVariables externalWorkerInParameter/** externalWorkerOutParameter/**", TRANSACTION),
    *nothing(FLOW, "@useLocalScopeForResultVariable @useLocalScopeForOutParameters", _ALWAYS),
    *nothing(FLOW, "@storeResultVariableAsTransient", TRANSIENT),
    *nothing(FLOW, "@autoStoreVariables", _ALWAYS),
    *cannot(FLOW, "@skipExpression", _SKIP),
    mapped(C, "@decisionRef", "zeebe:calledDecision decisionId"),
    *nothing(C, "@decisionRefBinding @decisionRefVersion @decisionRefVersionTag", BINDING),
    *nothing(C, "@decisionRefTenantId @calledElementTenantId @caseTenantId", TENANT),
    *nothing(C, "@mapDecisionResult", Label(zh="结果按决策表的输出给出", en="the result is what the decision says")),
    *cannot(C, "@caseRef @caseBinding @caseVersion", CASES),
    *cannot(C, "@resource", Label(zh="脚本须写在模型里", en="a script must be in the model")),
    # data
    mapped(C, "inputOutput", "zeebe:ioMapping"),
    *(
        mapped(C, f"inputOutput/{way}{part}", f"zeebe:{ours}")
        for way, ours in (("inputParameter", "input"), ("outputParameter", "output"))
        for part in ("", "@name", "/script", "/script@scriptFormat", "/list", "/list/value", "/map", "/map/entry", "/map/entry@key")
    ),
    *cannot(C, "inputOutput/**", CODE),
    *nothing(ALL, "properties/**", DRAWING),
    # calls
    mapped(C, "@calledElementBinding", "zeebe:calledElement bindingType", "callActivity"),
    *nothing(C, "@calledElementVersion @calledElementVersionTag", BINDING, "callActivity"),
    *(
        mapped(ALL, f"{way}{part}", f"zeebe:{ours}", "callActivity")
        for way, ours in (("in", "input"), ("out", "output"))
        for part in ("", "@source", "@sourceExpression", "@target", "@variables")
    ),
    *nothing(ALL, "in@businessKey out@businessKey", NUMBER),
    *nothing(ALL, "in@local out@local in@transient out@transient", TRANSIENT),
    *cannot(FLOW, "in@targetExpression out@targetExpression", CODE),
    *cannot(C, "in/** out/**", Label(zh="信号不带数据", en="signals carry no data"), "signalEventDefinition"),
    *cannot(C, "@variableMappingClass @variableMappingDelegateExpression", JAVA),
    mapped(FLOW, "@inheritVariables", "zeebe:calledElement propagateAllParentVariables", "callActivity"),
    *nothing(FLOW, "@calledElementType @sameDeployment", BINDING),
    *nothing(FLOW, "@businessKey @inheritBusinessKey", NUMBER),
    *nothing(FLOW, "@processInstanceName", LOOKS),
    *nothing(FLOW, "@fallbackToDefaultTenant", TENANT),
    *nothing(FLOW, "@completeAsync", TRANSACTION),
    # several instances
    mapped(ALL, "@collection", "zeebe:loopCharacteristics inputCollection", "multiInstanceLoopCharacteristics"),
    mapped(ALL, "@elementVariable", "zeebe:loopCharacteristics inputElement", "multiInstanceLoopCharacteristics"),
    *cannot(FLOW, "@elementIndexVariable", Label(zh="请用 loopCounter（从 1 起）", en="use loopCounter, which counts from 1")),
    *(
        mapped(
            "flowable",
            f"variableAggregation{part}",
            "zeebe:loopCharacteristics outputCollection, outputElement",
            "multiInstanceLoopCharacteristics",
        )
        for part in ("", "@target", "/variable", "/variable@source", "/variable@sourceExpression", "/variable@target")
    ),
    *nothing("flowable", "variableAggregation@createOverviewVariable variableAggregation@storeAsTransientVariable", TRANSIENT),
    *cannot("flowable", "variableAggregation/**", CODE),
    *nothing(FLOW, "@noWaitStatesAsyncLeave", TRANSACTION),
    # events
    mapped(C, "@errorCodeVariable", "zeebe:output of error.code", "errorEventDefinition"),
    mapped(C, "@errorMessageVariable", "zeebe:output of error.message", "errorEventDefinition"),
    mapped(FLOW, "@errorVariableName", "zeebe:output of error", "errorEventDefinition"),
    *nothing(FLOW, "@errorVariableTransient @errorVariableLocalScope", TRANSIENT),
    mapped(C, "@escalationCodeVariable", "zeebe:output of escalation.code", "escalationEventDefinition"),
    *nothing(C, "@errorMessage", Label(zh="出错的说明由抛出者给出", en="who raises an error says what it means")),
    *nothing(C, "@variableName @variableEvents", Label(zh="条件在每次数据变化时都判断", en="a condition is asked at every change of data")),
    *nothing(FLOW, "@scope", Label(zh="信号通知所有案件", en="a signal reaches every case")),
    *cannot(
        FLOW, "eventType/** triggerEventType/** eventInParameter/** eventOutParameter/** eventCorrelationParameter/** channelKey/**", EVENTS
    ),
    # running
    *nothing(ALL, _ASYNC, TRANSACTION),
    *nothing(ALL, "failedJobRetryTimeCycle/**", RETRY),
    *cannot(ALL, "executionListener/** taskListener/** eventListener/**", LISTENER),
    *nothing(C, "@historyTimeToLive", HISTORY),
    *nothing(C, "@versionTag", VERSIONS),
    *nothing(C, "@isStartableInTasklist", Label(zh="谁能发起由角色决定", en="who may start a process is decided by roles")),
    *nothing(C, "@diagramRelationId @modelerTemplate @modelerTemplateVersion @modelerTemplateIcon", DRAWING),
    *nothing(FLOW, "@extensionId @isEagerExecutionFetching", DRAWING),
    mapped(FLOW, "localization", "cogov:text"),
    mapped(FLOW, "localization@locale", "cogov:text lang"),
    mapped(FLOW, "localization@name", "cogov:text name"),
    mapped(FLOW, "localization/documentation", "cogov:text"),
)
