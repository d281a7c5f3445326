"""jBPM: its own namespace. What it writes with BPMN's own elements (data inputs, potential owners) is read in `jbpm`."""

from __future__ import annotations

from engine.definitions.foreign.rows import CODE, DRAWING, JAVA, LOOKS, NUMBER, TRANSACTION, VERSIONS, Row, cannot, mapped, nothing
from engine.definitions.model import Label

J = "drools"
_DATA = Label(zh="变量不必声明类型", en="variables need no type")
_CALLED = Label(zh="被调用的流程属于调用它的案件", en="a called process is part of its caller's case")
_ORDER = Label(zh="连线按文件里的次序判断", en="flows are asked in the order of the file")
_RULES = Label(zh="规则组不能运行，请用决策表", en="rule flow groups are not run; use a decision table")
_SIGNALS = Label(zh="信号通知所有案件", en="a signal reaches every case")

ROWS: tuple[Row, ...] = (
    mapped(J, "@taskName", "zeebe:taskDefinition type"),
    *cannot(J, "@ruleFlowGroup", _RULES),
    *nothing(J, "@packageName @processType @adHoc @id @name @resolutionType @color @bgcolor @bordercolor @fontcolor @fontsize", DRAWING),
    *nothing(J, "@selectable @dg @boundaryca @dockerinfo @isAsync @templateId", DRAWING),
    *nothing(J, "@vmm @dtype @datastate @msgtype @errordtype", _DATA),
    *nothing(J, "@erefname @srefname @esccode @msgref @errorref @signalref", LOOKS),
    *nothing(J, "@waitForCompletion", TRANSACTION),
    *nothing(J, "@independent @abortParent", _CALLED),
    *nothing(J, "@version", VERSIONS),
    *nothing(J, "@priority", _ORDER),
    *cannot(J, "@serviceimplementation @serviceinterface @serviceoperation", JAVA),
    *cannot(J, "onEntry-script/** onExit-script/**", CODE),
    *cannot(J, "import/** global/**", JAVA),
    *nothing(J, "metadata/** metaData/**", LOOKS),
    *nothing(J, "comments/** dataObject/** monitoring/**", LOOKS),
    *nothing(J, "@correlationKey", NUMBER),
    *nothing(J, "@scope", _SIGNALS),
)
