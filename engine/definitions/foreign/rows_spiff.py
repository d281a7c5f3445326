"""SpiffArena and SpiffWorkflow's own modeler."""

from __future__ import annotations

from engine.definitions.foreign.rows import CODE, LOOKS, NUMBER, Row, cannot, mapped, nothing
from engine.definitions.model import Label

S = "spiffworkflow"
_CASES = Label(zh="例子写在 cases.yaml 里", en="example runs are written in cases.yaml")
_GUEST = Label(zh="不登录的人只能用公开的动作（cogov:action public）", en="people without an account act through cogov:action public")
_AFTER = Label(zh="步骤之后的脚本请另画一步", en="draw a step of its own for a script that runs after a step")
_EACH = Label(zh="脚本本来就对每个实例运行", en="scripts run for each instance anyway")
_STORE = Label(zh="数据存储请用台账", en="use a register as a data store")

ROWS: tuple[Row, ...] = (
    *(
        mapped(S, f"properties{part}", "zeebe:formDefinition formId", "userTask", "manualTask", "startEvent")
        for part in ("", "/property", "/property@name", "/property@value")
    ),
    *nothing(S, "properties/**", LOOKS),
    mapped(S, "instructionsForEndUser", "documentation"),
    *cannot(S, "postScript/**", _AFTER),
    mapped(S, "preScript", "zeebe:input"),
    *(
        mapped(S, f"serviceTaskOperator{part}", "zeebe:taskDefinition type, zeebe:input, zeebe:output", "serviceTask")
        for part in (
            "",
            "@id",
            "@resultVariable",
            "/parameters",
            "/parameters/parameter",
            "/parameters/parameter@id",
            "/parameters/parameter@value",
        )
    ),
    *nothing(S, "serviceTaskOperator/parameters/parameter@type", LOOKS),
    mapped(S, "calledDecisionId", "zeebe:calledDecision decisionId", "businessRuleTask"),
    mapped(S, "messagePayload", "zeebe:input"),
    mapped(S, "messageVariable", "zeebe:output of message"),
    *cannot(S, "processVariableCorrelation/**", NUMBER),
    *nothing(S, "unitTests/**", _CASES),
    *nothing(S, "allowGuest/** guestConfirmation/**", _GUEST),
    *nothing(S, "@scriptsOnInstances", _EACH),
    *nothing(S, "@isOutputSynced @category", LOOKS),
    *nothing(S, "category/** variableName/** taskMetadataValues/**", LOOKS),
    *cannot(S, "signalButtonLabel/**", Label(zh="请用 cogov:action 画按钮", en="draw the button with cogov:action")),
    *cannot(S, "conditionalEvents/** extensionScript/**", CODE),
    *nothing(S, "dataStore/** dataObject/**", _STORE),
)
