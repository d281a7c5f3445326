"""What a process names and is not there."""

from __future__ import annotations

from engine.definitions.code import error, warning

REFERENCES = (
    error("BPMN-060", "找不到表单“{ref}”", "there is no form “{ref}”", "放入 forms/{ref}.form.json", "Add forms/{ref}.form.json."),
    error("BPMN-061", "找不到决策“{ref}”", "there is no decision “{ref}”", "放入含该决策的 .dmn 文件", "Add a .dmn file that holds it."),
    error(
        "BPMN-062",
        "没有注册服务“{ref}”",
        "no service “{ref}” is registered",
        "可用的服务见 GET /api/v1/services",
        "GET /api/v1/services lists them.",
    ),
    error("BPMN-064", "找不到台账“{ref}”", "there is no register “{ref}”", "放入 {ref}.register.yaml", "Add {ref}.register.yaml."),
    error(
        "BPMN-065", "台账“{register}”没有状态“{ref}”", "the register “{register}” has no state “{ref}”", "可用：{known}", "It has: {known}."
    ),
    error("BPMN-066", "不认识的角色“{ref}”", "unknown role “{ref}”", "{near}用角色表里的代码", "{near}Use a code of the role table."),
    error("BPMN-067", "不认识的数据级别“{ref}”", "unknown access class “{ref}”", "可用：{known}", "Known: {known}."),
    error(
        "BPMN-068",
        "看不懂的时限“{text}”",
        "the limit “{text}” is not understood",
        "写成 PT2H、P14D、5WD、4WH 或 =FEEL",
        "Write PT2H, P14D, 5WD, 4WH or =FEEL.",
    ),
    error(
        "BPMN-070",
        "台账“{ref}”一案多行，须写 key",
        "the register “{ref}” has many rows per case: key is needed",
        '例如 key="=commitment.no"',
        'For example key="=commitment.no".',
    ),
    error("BPMN-071", "没有指定{what}", "no {what} is named", "补上后再部署", "Add it."),
    error("BPMN-072", "流程“{id}”在“{first}”里已经有了", "the process “{id}” is already defined in “{first}”", "改名", "Rename it."),
    error("BPMN-073", "没有名为“{ref}”的时限", "there is no deadline “{ref}”", "可用：{known}", "Known: {known}."),
    error(
        "BPMN-075",
        "没有设置项“{ref}”",
        "there is no setting “{ref}”",
        "{near}在 <process>.settings.yaml 里加上",
        "{near}Add it to <process>.settings.yaml.",
    ),
    warning(
        "BPMN-074",
        "边界事件写在泳道“{lane}”，它所附的活动在“{host_lane}”",
        "the boundary event is listed in the lane “{lane}”, its activity in “{host_lane}”",
        "两者放在同一泳道",
        "List both in the same lane.",
    ),
    warning(
        "BPMN-076",
        "流程会自行开始（{kinds}），没有发起人；这个任务没有写明谁办，会没有人收到",
        "the process begins by itself ({kinds}), so nobody started it; the task names nobody and is offered to nobody",
        "给任务写 zeebe:assignmentDefinition，或放进有 cogov:role 的泳道",
        "Give it a zeebe:assignmentDefinition, or put it into a lane with a cogov:role.",
    ),
    warning(
        "BPMN-077",
        "“{text}”谁也没有指定",
        "“{text}” names nobody",
        "写上人、岗位选择式，或去掉它，由泳道决定",
        "Name a person or a selector, or take it out and let the lane decide.",
    ),
    warning(
        "BPMN-078",
        "消息“{message}”也发起 {others}：一条消息只有一个接收者，只有先部署的会开始",
        "the message “{message}” starts {others}, too: a message has one receiver, so only the one deployed first would begin",
        "各用一个消息名，或改用信号",
        "Give each a message of its own, or use a signal.",
    ),
    error(
        "BPMN-079",
        "“{text}”不是 90 天以内的时长",
        "“{text}” is no duration of at most 90 days",
        "写成 PT2H、P14D；PT0S 表示没有人等就不保留",
        "Write PT2H or P14D; PT0S keeps nothing when nobody waits.",
    ),
)
