"""The codes of findings: severity and text in both languages. `docs/reference/findings.md` is made from this table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One kind of finding. Texts are ``str.format`` templates over the facts given with it."""

    code: str
    severity: str
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    #: a rule of our own dialect: in files made by other tools it is a warning only
    house_rule: bool = False


def _error(code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Code:
    return Code(code=code, severity="error", zh=zh, en=en, hint_zh=hint_zh, hint_en=hint_en)


def _warning(code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Code:
    return Code(code=code, severity="warning", zh=zh, en=en, hint_zh=hint_zh, hint_en=hint_en)


def _house(code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Code:
    return Code(code=code, severity="error", zh=zh, en=en, hint_zh=hint_zh, hint_en=hint_en, house_rule=True)


_PACKAGE = (
    _error(
        "FILE-001",
        "这个路径不能放在流程包里",
        "this path may not be in a package",
        "路径必须是相对路径，不含“..”",
        "Use a relative path without “..”.",
    ),
    _error(
        "FILE-002",
        "压缩包过大或压缩率异常：{reason}",
        "the archive is too large or packed suspiciously: {reason}",
        "只打包流程与表单文件",
        "Pack only processes and forms.",
    ),
    _error(
        "FILE-003",
        "不是可读的 zip 压缩包：{reason}",
        "not a readable zip archive: {reason}",
        "请重新导出后再上传",
        "Export it again and upload that file.",
    ),
    _warning(
        "FILE-004",
        "文件未被使用",
        "this file is not used",
        "流程放在 processes/<key>/，表单放在 forms/<key>/<form>.form.json",
        "Processes go to processes/<key>/, forms to forms/<key>/<form>.form.json.",
    ),
    _error(
        "FILE-006",
        "YAML 格式有误：{reason}",
        "the YAML is broken: {reason}",
        "检查缩进与冒号",
        "Check indentation and colons.",
    ),
    _error("FILE-007", "设置“{id}”在“{first}”里已经有了", "the setting “{id}” is already declared in “{first}”", "改名", "Rename it."),
    _error(
        "IMP-001",
        "{where}：{reason}",
        "{where}: {reason}",
        "按导入说明 docs/howto/import.md 改正",
        "Follow docs/howto/import.md.",
    ),
    _error(
        "FILE-005",
        "流程包是空的",
        "the package holds nothing to deploy",
        "至少放入 processes/<key>/<key>.bpmn",
        "Put at least processes/<key>/<key>.bpmn into it.",
    ),
)

_FILE = (
    _error(
        "BPMN-001",
        "文件过大：{size} 字节，上限 {limit} 字节",
        "the file is too large: {size} bytes, the limit is {limit}",
        "把流程拆成若干被调用的流程",
        "Split the procedure into called processes.",
    ),
    _error("BPMN-002", "XML 格式有误：{reason}", "the XML is broken: {reason}", "用流程设计器重新保存", "Save it again with the designer."),
    _error(
        "BPMN-003", "不接受 DOCTYPE 和实体声明", "DOCTYPE and entity declarations are refused", "删除 <!DOCTYPE …>", "Delete <!DOCTYPE …>."
    ),
    _error(
        "BPMN-004",
        "不是 BPMN 2.0 文件（根元素是 {root}）",
        "not a BPMN 2.0 file (its root is {root})",
        "根元素应为 BPMN 2.0 命名空间的 definitions",
        "The root must be definitions in the BPMN 2.0 namespace.",
    ),
    _error("BPMN-005", "文件里没有流程", "the file holds no process", "加入一个 <process>", "Add a <process>."),
    _error("BPMN-006", "没有可执行的流程", "no process of the file is executable", '设置 isExecutable="true"', 'Set isExecutable="true".'),
    _error(
        "BPMN-007",
        "流程“{id}”是空的",
        "the process “{id}” is empty",
        "至少要有开始事件、一步工作和结束事件",
        "It needs a start, some work and an end.",
    ),
    _warning(
        "BPMN-008",
        "流程“{id}”不可执行，不会部署",
        "the process “{id}” is not executable and is left out",
        '需要运行时设置 isExecutable="true"',
        'Set isExecutable="true" if it shall run.',
    ),
)

_STRUCTURE = (
    _error("BPMN-010", "{kind} 没有 id", "{kind} has no id", "给它一个在文件内唯一的 id", "Give it an id, unique in the file."),
    _error(
        "BPMN-011",
        "id“{id}”重复，第一次出现在第 {first} 行",
        "the id “{id}” is used twice, first in line {first}",
        "改名，使 id 在文件内唯一",
        "Rename one: ids are unique in the file.",
    ),
    _error(
        "BPMN-012",
        "{attribute} 指向不存在的“{ref}”",
        "{attribute} refers to “{ref}”, which does not exist",
        "改正引用或补上被引用的元素",
        "Correct the reference or add what it names.",
    ),
    _error(
        "BPMN-013",
        "连线没有有效的起点（{ref}）",
        "the flow has no valid source ({ref})",
        "把连线接到同一层的节点上",
        "Connect it to a node of the same level.",
    ),
    _error(
        "BPMN-014",
        "连线没有有效的终点（{ref}）",
        "the flow has no valid target ({ref})",
        "把连线接到同一层的节点上",
        "Connect it to a node of the same level.",
    ),
    _error(
        "BPMN-015",
        "连线跨越了子流程边界（{source} → {target}）",
        "the flow crosses the border of a sub-process ({source} → {target})",
        "连线只能在同一层；离开子流程用结束事件或边界事件",
        "Flows stay within one level; leave a sub-process through its end or a boundary event.",
    ),
    _error(
        "BPMN-016",
        "边界事件没有附着在活动上（{ref}）",
        "the boundary event is attached to no activity ({ref})",
        "附着到同一层的任务、子流程或调用活动",
        "Attach it to a task, sub-process or call activity of the same level.",
    ),
    _error(
        "BPMN-017",
        "默认连线“{ref}”不是本节点的出线",
        "the default flow “{ref}” does not leave this node",
        "从出线中选一条作默认",
        "Choose one of its outgoing flows.",
    ),
    _error(
        "BPMN-018",
        "泳道引用了不存在的节点“{ref}”",
        "the lane lists “{ref}”, which is no node of this process",
        "删除该引用",
        "Remove the reference.",
    ),
    _error("BPMN-019", "消息事件没有指定消息", "the message event names no message", "选择或新建一条消息", "Choose or create a message."),
    _error(
        "BPMN-020",
        "定时器须且只须有一个：日期、时长或周期",
        "a timer needs exactly one of date, duration and cycle",
        "填写 timeDate、timeDuration 或 timeCycle",
        "Fill timeDate, timeDuration or timeCycle.",
    ),
    _error("BPMN-021", "{kind} 事件缺少{what}", "the {kind} event has no {what}", "补上后再部署", "Add it."),
    _error(
        "BPMN-022",
        "链接“{name}”{reason}",
        "the link “{name}” {reason}",
        "同一层内，每个名称有一个接收链接和至少一个发出链接",
        "Within a level each name has one catching and at least one throwing link.",
    ),
    _error(
        "BPMN-023",
        "补偿边界事件没有连到补偿活动",
        "the compensation boundary event leads to no compensation activity",
        "用关联线连到标为“补偿”的活动",
        "Draw an association to an activity marked for compensation.",
    ),
    _error(
        "BPMN-024",
        "多实例没有集合也没有次数",
        "the multi-instance marker has neither a collection nor a cardinality",
        "填写 inputCollection 或 loopCardinality",
        "Fill inputCollection or loopCardinality.",
    ),
    _error("BPMN-025", "条件事件没有条件", "the conditional event has no condition", "填写一个 FEEL 条件", "Write a FEEL condition."),
    _error("BPMN-026", "不认识的流程元素 {kind}", "unknown flow element {kind}", "只用 BPMN 2.0 的元素", "Use elements of BPMN 2.0 only."),
    _error(
        "BPMN-027",
        "standardLoop 没有条件也没有最大次数，不会结束",
        "the loop has neither a condition nor a maximum: it would never end",
        "填写 loopCondition 或 loopMaximum",
        "Fill loopCondition or loopMaximum.",
    ),
    _error(
        "BPMN-028",
        "{attribute} 应是数字或布尔值，却是“{value}”",
        "{attribute} is “{value}”, not a number or truth value",
        "改正该值",
        "Correct the value.",
    ),
    _house(
        "BPMN-029", "子流程“{id}”是空的", "the sub-process “{id}” is empty", "加入步骤或改为任务", "Put steps into it or make it a task."
    ),
)

_SUPPORT = (
    _error("BPMN-030", "暂不支持执行：{what}", "not run yet: {what}", "换一种已支持的写法", "Use a form that is run."),
    _warning(
        "BPMN-031",
        "其他工具的 {names} 没有对应含义，未采用（{count} 处）",
        "{names} of another tool has no meaning here and is not used ({count}×)",
        "若影响流程，请用本平台的写法补上",
        "If it matters, write it in our own dialect.",
    ),
    Code(code="BPMN-032", severity="info", zh="已把 {source} 读作 {target}", en="{source} was read as {target}"),
    _error(
        "BPMN-033",
        "无法换成 FEEL 的表达式：{text}",
        "this expression cannot be turned into FEEL: {text}",
        "改写为以“=”开头的 FEEL",
        "Rewrite it as FEEL with a leading “=”.",
    ),
    _error(
        "BPMN-034",
        "脚本语言“{written_in}”不执行",
        "scripts in “{written_in}” are not run",
        "改为 zeebe:script 里的 FEEL",
        "Write FEEL in zeebe:script.",
    ),
    _error("BPMN-035", "不认识的扩展元素 cogov:{name}", "unknown extension element cogov:{name}", "可用：{known}", "Known: {known}."),
    _error("BPMN-036", "cogov:{name} 缺少属性 {attribute}", "cogov:{name} lacks the attribute {attribute}", "补上该属性", "Add it."),
    _warning(
        "BPMN-037",
        "{names} 只作说明，不参与执行",
        "{names} is documentation here, it is not run",
        "变量用 cogov:data 声明，用 zeebe:ioMapping 传递",
        "Declare variables with cogov:data, pass them with zeebe:ioMapping.",
    ),
    _error(
        "BPMN-038",
        "cogov:{name} 有不认识的属性 {attribute}",
        "cogov:{name} has the unknown attribute {attribute}",
        "可用：{known}",
        "Known: {known}.",
    ),
    _error("BPMN-039", "cogov:{name} 不能放在 {kind} 上", "cogov:{name} may not stand in {kind}", "移到：{known}", "Move it to: {known}."),
)

_HOUSE = (
    _house(
        "BPMN-040",
        "id“{id}”不是小写下划线英文",
        "the id “{id}” is not snake_case",
        "例如 review、gw_opinion",
        "For example review, gw_opinion.",
    ),
    _house("BPMN-041", "网关没有默认出线", "the gateway has no default flow", "选一条出线作默认", "Choose a default flow."),
    _house(
        "BPMN-042",
        "离开网关的连线没有名称",
        "this flow leaves a gateway and has no name",
        "写上条件的说法，例如“通过”",
        "Say the condition in a word, such as “passed”.",
    ),
    _house(
        "BPMN-043",
        "“{name}”没有英文",
        "“{name}” has no English text",
        '加上 <cogov:text lang="en" name="…"/>',
        'Add <cogov:text lang="en" name="…"/>.',
    ),
    _house(
        "BPMN-044",
        "没有写明输出",
        "its outputs are not mapped",
        "用 zeebe:output 写明要留下的变量",
        "Name the variables to keep with zeebe:output.",
    ),
    _house(
        "BPMN-045",
        "一个文件只放一个可执行的泳池，这里有 {count} 个",
        "a file holds one executable pool, this one has {count}",
        "拆成几个文件",
        "Split the file.",
    ),
    _house("BPMN-046", "节点不在任何泳道里", "the node lies in no lane", "放进一条泳道", "Put it into a lane."),
    _house(
        "BPMN-047",
        "流程 id“{id}”与文件夹“{folder}”不一致",
        "the process id “{id}” differs from its folder “{folder}”",
        "两者同名",
        "Give both the same name.",
    ),
    _house("BPMN-048", "没有名称", "it has no name", "写上用户看得懂的名称", "Give it a name its readers understand."),
    _house("BPMN-049", "文件没有泳池", "the file has no pool", "加一个带泳道的泳池", "Add a pool with lanes."),
)

_GRAPH = (
    _error("BPMN-050", "从开始到不了这里", "it cannot be reached from a start", "连上它或删除它", "Connect it or delete it."),
    _error(
        "BPMN-051",
        "{scope}有 {count} 个空开始事件，只能有一个",
        "{scope} has {count} none start events, only one is allowed",
        "合并为一个",
        "Make it one.",
    ),
    _error(
        "BPMN-052",
        "事件网关后面不能是 {kind}",
        "an event-based gateway may not lead to {kind}",
        "只能接消息、定时、信号、条件接收事件或接收任务",
        "Only message, timer, signal or conditional catch events and receive tasks may follow.",
    ),
    _error("BPMN-053", "{reason}", "{reason}", "删除这条连线", "Delete the flow."),
    _house(
        "BPMN-054",
        "排他网关的连线“{id}”既没有条件也不是默认",
        "the flow “{id}” of the gateway has no condition and is not the default",
        "写条件或设为默认",
        "Write a condition or make it the default.",
    ),
    _error(
        "BPMN-055",
        "事件子流程须有且只有一个带触发器的开始事件",
        "an event sub-process needs exactly one start event, with a trigger",
        "加上消息、定时、错误等开始事件",
        "Give it a message, timer, error … start event.",
    ),
    _error("BPMN-056", "事件子流程不能有进出连线", "an event sub-process may have no flows in or out", "删除连线", "Delete the flows."),
    _error(
        "BPMN-057",
        "补偿活动不能在普通流向里",
        "a compensation activity may have no sequence flows",
        "只用关联线连接",
        "Connect it with an association only.",
    ),
    _warning(
        "BPMN-058",
        "并行网关的出线有条件，条件不会被判断",
        "a flow of a parallel gateway has a condition, which is never asked",
        "改用包容网关或删除条件",
        "Use an inclusive gateway or delete the condition.",
    ),
    _error("BPMN-059", "默认连线不能有条件", "a default flow may not have a condition", "删除条件", "Delete the condition."),
)

_REFERENCES = (
    _error("BPMN-060", "找不到表单“{ref}”", "there is no form “{ref}”", "放入 forms/{ref}.form.json", "Add forms/{ref}.form.json."),
    _error("BPMN-061", "找不到决策“{ref}”", "there is no decision “{ref}”", "放入含该决策的 .dmn 文件", "Add a .dmn file that holds it."),
    _error(
        "BPMN-062",
        "没有注册服务“{ref}”",
        "no service “{ref}” is registered",
        "可用的服务见 GET /api/v1/services",
        "GET /api/v1/services lists them.",
    ),
    _error(
        "BPMN-063",
        "找不到被调用的流程“{ref}”",
        "there is no process “{ref}” to call",
        "一起部署，或改用服务 handoffs.open",
        "Deploy it too, or use the service handoffs.open.",
    ),
    _error("BPMN-064", "找不到台账“{ref}”", "there is no register “{ref}”", "放入 {ref}.register.yaml", "Add {ref}.register.yaml."),
    _error(
        "BPMN-065", "台账“{register}”没有状态“{ref}”", "the register “{register}” has no state “{ref}”", "可用：{known}", "It has: {known}."
    ),
    _error("BPMN-066", "不认识的角色“{ref}”", "unknown role “{ref}”", "用角色表里的代码", "Use a code of the role table."),
    _error("BPMN-067", "不认识的数据级别“{ref}”", "unknown access class “{ref}”", "可用：{known}", "Known: {known}."),
    _error(
        "BPMN-068",
        "看不懂的时限“{text}”",
        "the limit “{text}” is not understood",
        "写成 PT2H、P14D、5WD、4WH 或 =FEEL",
        "Write PT2H, P14D, 5WD, 4WH or =FEEL.",
    ),
    _error(
        "BPMN-069",
        "看不懂的定时“{text}”",
        "the timer “{text}” is not understood",
        "写 ISO 8601(PT1H、2026-03-02T09:00:00+08:00、R3/PT1H)、5WD 或 =FEEL",
        "Write ISO 8601 (PT1H, 2026-03-02T09:00:00+08:00, R3/PT1H), 5WD or =FEEL.",
    ),
    _error(
        "BPMN-070",
        "台账“{ref}”一案多行，须写 key",
        "the register “{ref}” has many rows per case: key is needed",
        '例如 key="=commitment.no"',
        'For example key="=commitment.no".',
    ),
    _error("BPMN-071", "没有指定{what}", "no {what} is named", "补上后再部署", "Add it."),
    _error("BPMN-072", "流程“{id}”在“{first}”里已经有了", "the process “{id}” is already defined in “{first}”", "改名", "Rename it."),
    _error("BPMN-073", "没有名为“{ref}”的时限", "there is no deadline “{ref}”", "可用：{known}", "Known: {known}."),
    _error(
        "BPMN-075",
        "没有设置项“{ref}”",
        "there is no setting “{ref}”",
        "在 <process>.settings.yaml 里加上",
        "Add it to <process>.settings.yaml.",
    ),
    _warning(
        "BPMN-074",
        "边界事件写在泳道“{lane}”，它所附的活动在“{host_lane}”",
        "the boundary event is listed in the lane “{lane}”, its activity in “{host_lane}”",
        "两者放在同一泳道",
        "List both in the same lane.",
    ),
)

_FEEL = (
    _error(
        "FEEL-001",
        "{where}：表达式有误：{reason}",
        "{where}: the expression is wrong: {reason}",
        "{hint}{text}",
        "{hint}{text}",
    ),
    _error(
        "FEEL-002",
        "{where}：没有声明的名称“{name}”",
        "{where}: “{name}” is not declared",
        "用 cogov:data 声明，或检查拼写；此处可用：{known}",
        "Declare it with cogov:data or check the spelling; known here: {known}.",
    ),
    _error(
        "FEEL-003",
        "{where}：代码表“{list}”里没有“{value}”",
        "{where}: the code list “{list}” has no “{value}”",
        "可用：{known}",
        "Known: {known}.",
    ),
    _error("FEEL-004", "{where}：没有函数“{name}”", "{where}: there is no function “{name}”", "检查拼写", "Check the spelling."),
    _error(
        "FEEL-005",
        "{where}：没有代码表“{name}”",
        "{where}: there is no code list “{name}”",
        "在 forms/shared/codes.yaml 里加上",
        "Add it to forms/shared/codes.yaml.",
    ),
)

#: FORM-001 … FORM-099 are those of `engine.forms.findings`, which knows the inside of a form
_FORM = (
    _error(
        "FORM-101",
        "不是有效的 JSON:{reason}",
        "not valid JSON: {reason}",
        "用表单设计器重新保存",
        "Save it again with the form designer.",
    ),
    _error("FORM-102", "{where}：{reason}", "{where}: {reason}", "按表单约定改正", "Follow the conventions for forms."),
    _error("FORM-103", "{where}：{reason}", "{where}: {reason}", "每个代码写 code、zh、en", "Each code has code, zh and en."),
    _error("FORM-104", "代码表“{list}”里“{value}”重复", "the code “{value}” is twice in the list “{list}”", "删除一个", "Remove one."),
)

#: DMN-010 … are those of `engine.decisions`
_DATA = (
    _error("REG-001", "YAML 格式有误：{reason}", "the YAML is broken: {reason}", "检查缩进与冒号", "Check indentation and colons."),
    _error("REG-002", "{where}：{reason}", "{where}: {reason}", "按台账约定改正", "Follow the conventions for registers."),
    _error(
        "REG-003",
        "状态“{state}”转到不存在的“{ref}”",
        "the state “{state}” leads to “{ref}”, which does not exist",
        "可用：{known}",
        "It has: {known}.",
    ),
    _error(
        "REG-004",
        "状态“{state}”的阶段“{ref}”不存在",
        "the stage “{ref}” of the state “{state}” does not exist",
        "可用：{known}",
        "It has: {known}.",
    ),
    _error("REG-005", "台账“{id}”在“{first}”里已经有了", "the register “{id}” is already defined in “{first}”", "改名", "Rename it."),
    _warning(
        "REG-006",
        "状态“{state}”到不了",
        "the state “{state}” can never be reached",
        "从别的状态转到它，或删除它",
        "Lead to it from another state or delete it.",
    ),
    _error("REG-007", "列“{key}”重复", "the column “{key}” is there twice", "改名", "Rename one."),
    _error(
        "REG-008",
        "栏目引用了不存在的台账“{ref}”",
        "a panel refers to the register “{ref}”, which does not exist",
        "改正引用",
        "Correct the reference.",
    ),
    _error("CASE-001", "YAML 格式有误：{reason}", "the YAML is broken: {reason}", "检查缩进与冒号", "Check indentation and colons."),
    _error("CASE-002", "{where}：{reason}", "{where}: {reason}", "按案例约定改正", "Follow the conventions for cases."),
    _error("CASE-003", "找不到流程“{ref}”", "there is no process “{ref}”", "改正 process", "Correct process."),
    _error("CASE-004", "{where}：流程里没有节点“{ref}”", "{where}: the process has no node “{ref}”", "改正节点 id", "Correct the id."),
    _error("CASE-005", "{where}：没有消息“{ref}”", "{where}: there is no message “{ref}”", "改正消息名", "Correct the name."),
    _error("DMN-001", "决策“{id}”在“{first}”里已经有了", "the decision “{id}” is already defined in “{first}”", "改名", "Rename it."),
)

_PAPER = (
    _error("PAPER-001", "{where}：{reason}", "{where}: {reason}", "按文书约定改正", "Follow the conventions for papers."),
    _error("PAPER-002", "文书“{id}”在“{first}”里已经有了", "the paper “{id}” is already defined in “{first}”", "改名", "Rename it."),
    _error(
        "PAPER-003",
        "找不到模板“{ref}”",
        "there is no template “{ref}”",
        "把 docx 放在同一文件夹",
        "Put the docx into the same folder.",
    ),
    _error(
        "PAPER-004",
        "模板“{ref}”读不出来：{reason}",
        "the template “{ref}” cannot be read: {reason}",
        "用 Word 另存为 docx",
        "Save it as docx anew.",
    ),
    _error(
        "PAPER-005",
        "模板“{ref}”里的“{text}”：{reason}",
        "“{text}” in the template “{ref}”: {reason}",
        "改正模板",
        "Correct the template.",
    ),
    _error(
        "PAPER-006",
        "模板“{ref}”用了没有声明的“{name}”",
        "the template “{ref}” uses “{name}”, which is not declared",
        "可用：{known}",
        "It has: {known}.",
    ),
    _warning(
        "PAPER-007",
        "声明了“{name}”，但没有模板用到",
        "“{name}” is declared, but no template uses it",
        "删除它，或写进模板",
        "Delete it or write it into a template.",
    ),
    _warning(
        "PAPER-008",
        "模板没有文书用到",
        "no paper uses this template",
        "写进 *.paper.yaml 或删除",
        "Name it in a *.paper.yaml or delete it.",
    ),
    _warning(
        "PAPER-009",
        "模板“{ref}”里的{what}不会出现在 PDF 中",
        "{what} in the template “{ref}” will not be in the PDF",
        "改用段落或表格",
        "Use paragraphs or a table.",
    ),
    _error("PAPER-010", "流程里没有节点“{ref}”", "the process has no node “{ref}”", "改正节点 id", "Correct the id."),
)

_PROTECTION = (
    _warning(
        "ACC-001",
        "“{what}”的级别是 {access}，但没有写明给谁看",
        "“{what}” is of class {access}, but does not say who reads it",
        '写 of="=…"：机构、人员、单位或选择器；不写则只有提交人自己看得到',
        'Write of="=…": a committee, persons, units or selectors; without it only the one who hands it in reads it.',
    ),
    _warning(
        "ACC-002",
        "“{data}”（{access}）交给任务的“{target}”，不能确定办理人在可查阅范围内",
        "“{data}” ({access}) is handed to the task as “{target}”, and it is not certain that whoever does it may read it",
        "让办理人出现在 of 里，或只交出可以公开的部分；确属有意交出可保留",
        "Let whoever does it stand in of, or hand over only the part he may know; leave it if it is meant.",
    ),
    _warning(
        "ACC-003",
        "“{data}”（{access}）进入“{target}”，那里没有同样的保护",
        "“{data}” ({access}) goes into “{target}”, which is not protected alike",
        "给目标数据同样的 access 和 of；确属脱敏的，在节点上写 cogov:access",
        "Give the target the same access and of; where it is redacted on purpose, write cogov:access at the node.",
    ),
    _warning(
        "ACC-004",
        "台账“{register}”的“{column}”取自“{data}”（{access}），级别不同",
        "“{column}” of the register “{register}” comes from “{data}” ({access}), but has another class",
        "给这一列写同样的 access，或换一个数据来源",
        "Give the column the same access, or take it from other data.",
    ),
    _error(
        "ACC-005",
        "台账“{register}”的“{column}”取自“{data}”（{access}），但公众可见",
        "“{column}” of the register “{register}” comes from “{data}” ({access}), but the public sees it",
        "给这一列写 access，或换一个数据来源",
        "Give the column an access class, or take it from other data.",
    ),
    _warning(
        "ACC-006",
        "文书“{paper}”的“{field}”取自“{data}”（{access}），文书没有写明给谁看，只有能看该数据的人能打开",
        "“{field}” of the paper “{paper}” comes from “{data}” ({access}); the paper names no readers, so only who may read that opens it",
        "在文书上写 of（给谁看），或换一个数据来源",
        "Say in the paper who reads it (of), or take it from other data.",
    ),
    _error(
        "ACC-007",
        "文书“{paper}”的“{field}”取自“{data}”（{access}），但文书对公众开放",
        "“{field}” of the paper “{paper}” comes from “{data}” ({access}), but the paper is for the public",
        "给文书写 access 和 of，或换一个数据来源",
        "Give the paper access and of, or take it from other data.",
    ),
)

CODES: dict[str, Code] = {
    code.code: code
    for group in (_PACKAGE, _FILE, _STRUCTURE, _SUPPORT, _HOUSE, _GRAPH, _REFERENCES, _FEEL, _FORM, _DATA, _PAPER, _PROTECTION)
    for code in group
}
