"""What is not run, not understood, or not as our own dialect wants it."""

from __future__ import annotations

from engine.definitions.code import Code, error, house, warning

SUPPORT = (
    error("BPMN-030", "暂不支持执行：{what}", "not run yet: {what}", "换一种已支持的写法", "Use a form that is run."),
    warning(
        "BPMN-031",
        "其他工具的 {names} 没有对应含义，未采用（{count} 处）：{why}",
        "{names} of another tool has no meaning here and is not used ({count}×): {why}",
        "位置：{elements}。若影响流程，请用本平台的写法补上",
        "At {elements}. If it matters, write it in our own dialect.",
    ),
    error(
        "FOREIGN-001",
        "其他工具的 {names} 不能在这里运行（{count} 处）：{why}",
        "{names} of another tool cannot run here ({count}×): {why}",
        "位置：{elements}",
        "At {elements}.",
    ),
    warning(
        "FOREIGN-002",
        "没有表单“{ref}”，先用自由填写",
        "there is no form “{ref}”; the step has a free form until there is one",
        "放入 forms/{ref}.form.json",
        "Add forms/{ref}.form.json.",
    ),
    Code(
        code="FOREIGN-003",
        severity="info",
        zh="已用模型里的 {count} 个字段做成表单 {form}",
        en="the form {form} was made of {count} fields in the model",
    ),
    error(
        "FOREIGN-004",
        "所调用的流程“{ref}”不能运行",
        "the called process “{ref}” cannot run",
        "见该流程的清单",
        "See the list of that process.",
    ),
    warning(
        "FOREIGN-005",
        "脚本第 {at} 行不能换成 FEEL：{text}",
        "line {at} of the script cannot be turned into FEEL: {text}",
        "改写为 FEEL，或注册为服务。{proposal}",
        "Rewrite it as FEEL, or register a service. {proposal}",
    ),
    Code(code="BPMN-032", severity="info", zh="已把 {source} 读作 {target}", en="{source} was read as {target}"),
    error(
        "BPMN-033",
        "无法换成 FEEL 的表达式：{text}",
        "this expression cannot be turned into FEEL: {text}",
        "改写为以“=”开头的 FEEL",
        "Rewrite it as FEEL with a leading “=”.",
    ),
    error(
        "BPMN-034",
        "脚本语言“{written_in}”不执行",
        "scripts in “{written_in}” are not run",
        "改为 zeebe:script 里的 FEEL",
        "Write FEEL in zeebe:script.",
    ),
    error("BPMN-035", "不认识的扩展元素 cogov:{name}", "unknown extension element cogov:{name}", "可用：{known}", "Known: {known}."),
    error("BPMN-036", "cogov:{name} 缺少属性 {attribute}", "cogov:{name} lacks the attribute {attribute}", "补上该属性", "Add it."),
    warning(
        "BPMN-037",
        "{names} 只作说明，不参与执行",
        "{names} is documentation here, it is not run",
        "变量用 cogov:data 声明，用 zeebe:ioMapping 传递",
        "Declare variables with cogov:data, pass them with zeebe:ioMapping.",
    ),
    error(
        "BPMN-038",
        "cogov:{name} 有不认识的属性 {attribute}",
        "cogov:{name} has the unknown attribute {attribute}",
        "可用：{known}",
        "Known: {known}.",
    ),
    error("BPMN-039", "cogov:{name} 不能放在 {kind} 上", "cogov:{name} may not stand in {kind}", "移到：{known}", "Move it to: {known}."),
)

HOUSE = (
    house(
        "BPMN-040",
        "id“{id}”不是小写下划线英文",
        "the id “{id}” is not snake_case",
        "例如 review、gw_opinion",
        "For example review, gw_opinion.",
    ),
    house("BPMN-041", "网关没有默认出线", "the gateway has no default flow", "选一条出线作默认", "Choose a default flow."),
    house(
        "BPMN-042",
        "离开网关的连线没有名称",
        "this flow leaves a gateway and has no name",
        "写上条件的说法，例如“通过”",
        "Say the condition in a word, such as “passed”.",
    ),
    house(
        "BPMN-043",
        "“{name}”没有英文",
        "“{name}” has no English text",
        '加上 <cogov:text lang="en" name="…"/>',
        'Add <cogov:text lang="en" name="…"/>.',
    ),
    house(
        "BPMN-044",
        "没有写明输出",
        "its outputs are not mapped",
        "用 zeebe:output 写明要留下的变量",
        "Name the variables to keep with zeebe:output.",
    ),
    house(
        "BPMN-045",
        "一个文件只放一个可执行的泳池，这里有 {count} 个",
        "a file holds one executable pool, this one has {count}",
        "拆成几个文件",
        "Split the file.",
    ),
    house("BPMN-046", "节点不在任何泳道里", "the node lies in no lane", "放进一条泳道", "Put it into a lane."),
    house(
        "BPMN-047",
        "流程 id“{id}”与文件夹“{folder}”不一致",
        "the process id “{id}” differs from its folder “{folder}”",
        "两者同名",
        "Give both the same name.",
    ),
    house("BPMN-048", "没有名称", "it has no name", "写上用户看得懂的名称", "Give it a name its readers understand."),
    house("BPMN-049", "文件没有泳池", "the file has no pool", "加一个带泳道的泳池", "Add a pool with lanes."),
)
