"""Expressions, forms, registers, cases, papers and the protection of data."""

from __future__ import annotations

from engine.definitions.code import error, house, warning

FEEL = (
    error(
        "FEEL-001",
        "{where}：表达式有误：{reason}",
        "{where}: the expression is wrong: {reason}",
        "{hint}{text}",
        "{hint}{text}",
    ),
    error(
        "FEEL-002",
        "{where}：没有声明的名称“{name}”{at}",
        "{where}: “{name}” is not declared{at}",
        "{near}用 cogov:data 声明，或检查拼写；此处可用：{known}。表达式：{text}",
        "{near}Declare it with cogov:data or check the spelling; known here: {known}. Expression: {text}",
    ),
    error(
        "FEEL-003",
        "{where}：代码表“{list}”里没有“{value}”",
        "{where}: the code list “{list}” has no “{value}”",
        "{near}可用：{known}",
        "{near}Known: {known}.",
    ),
    error(
        "FEEL-004",
        "{where}：没有函数“{name}”{at}",
        "{where}: there is no function “{name}”{at}",
        "{near}检查拼写。表达式：{text}",
        "{near}Check the spelling. Expression: {text}",
    ),
    error(
        "FEEL-005",
        "{where}：没有代码表“{name}”",
        "{where}: there is no code list “{name}”",
        "{near}在 forms/shared/codes.yaml 里加上",
        "{near}Add it to forms/shared/codes.yaml.",
    ),
    house(
        "FEEL-006",
        "{where}：{found}里没有“{name}”，结果总是空{at}",
        "{where}: {found} has no “{name}”, it is always null{at}",
        "{near}可用：{known}。表达式：{text}",
        "{near}It has: {known}. Expression: {text}",
    ),
    house(
        "FEEL-007",
        "{where}：{found}与{other}不能用“{name}”比较，结果总是空{at}",
        "{where}: “{name}” compares {found} with {other}, which is always null{at}",
        "把一边换成同一种值，例如 number(…)、string(…)、date(…)。表达式：{text}",
        "Make one side the kind of the other, for example with number(…), string(…), date(…). Expression: {text}",
    ),
    house(
        "FEEL-008",
        "{where}：“{name}”不能用于{found}{other_too}，结果总是空{at}",
        "{where}: “{name}” has no meaning for {found}{other_too}, it is always null{at}",
        '文本用 string(…) 转换后相接；日期加时长，例如 + duration("P1D")。表达式：{text}',
        'Turn values into texts with string(…) to join them; add a duration to a date, such as duration("P1D"). Expression: {text}',
    ),
    house(
        "FEEL-009",
        "{where}：此处要{wanted}，表达式给出的是{found}{at}",
        "{where}: this takes {wanted}, the expression gives {found}{at}",
        "改写表达式。表达式：{text}",
        "Write it so that it gives that. Expression: {text}",
    ),
    house(
        "FEEL-010",
        "{where}：{name}() 的参数“{parameter}”要{wanted}，给的是{found}{at}",
        "{where}: “{parameter}” of {name}() takes {wanted}, and is given {found}{at}",
        "转换或换一个参数。表达式：{text}",
        "Convert the argument or give another. Expression: {text}",
    ),
    error(
        "FEEL-011",
        "{where}：{name}() 的参数个数不对{at}",
        "{where}: {name}() does not take so many arguments{at}",
        "调用方式：{shown}。表达式：{text}",
        "It is called as: {shown}. Expression: {text}",
    ),
    warning(
        "FEEL-012",
        "{where}：写入“{target}”的是{found}，别处写入的是{other}",
        "{where}: writes {found} into “{target}”, which is {other} elsewhere",
        "转换成同一种值，或改用另一个变量。表达式：{text}",
        "Convert it, or use another variable. Expression: {text}",
    ),
    house(
        "FEEL-013",
        "服务“{service}”的输入“{target}”要{wanted}，表达式给出的是{found}",
        "the input “{target}” of the service “{service}” takes {wanted}, the expression gives {found}",
        "转换或换一个来源。表达式：{text}",
        "Convert it or take another source. Expression: {text}",
    ),
    house(
        "FEEL-014",
        "服务“{service}”没有输入“{target}”",
        "the service “{service}” takes no input “{target}”",
        "{near}可用：{known}",
        "{near}It takes: {known}.",
    ),
    house(
        "FEEL-015",
        "服务“{service}”缺少输入“{target}”",
        "the service “{service}” needs the input “{target}”",
        "加一个 zeebe:input",
        "Add a zeebe:input.",
    ),
    house(
        "FEEL-016",
        "{where}：{name}() 的正则表达式不能用{at}：{reason}",
        "{where}: the regular expression of {name}() cannot be used{at}: {reason}",
        "改写正则表达式，否则结果总是 null。表达式：{text}",
        "Write it another way: as it stands the result is always null. Expression: {text}",
    ),
)

#: FORM-001 … FORM-099 are those of `engine.forms.findings`, which knows the inside of a form
FORM = (
    error(
        "FORM-101",
        "不是有效的 JSON:{reason}",
        "not valid JSON: {reason}",
        "用表单设计器重新保存",
        "Save it again with the form designer.",
    ),
    error("FORM-102", "{where}：{reason}", "{where}: {reason}", "按表单约定改正", "Follow the conventions for forms."),
    error("FORM-103", "{where}：{reason}", "{where}: {reason}", "每个代码写 code、zh、en", "Each code has code, zh and en."),
    error("FORM-104", "代码表“{list}”里“{value}”重复", "the code “{value}” is twice in the list “{list}”", "删除一个", "Remove one."),
)

#: DMN-010 … are those of `engine.decisions`
DATA = (
    error("REG-001", "YAML 格式有误：{reason}", "the YAML is broken: {reason}", "检查缩进与冒号", "Check indentation and colons."),
    error("REG-002", "{where}：{reason}", "{where}: {reason}", "按台账约定改正", "Follow the conventions for registers."),
    error(
        "REG-003",
        "状态“{state}”转到不存在的“{ref}”",
        "the state “{state}” leads to “{ref}”, which does not exist",
        "可用：{known}",
        "It has: {known}.",
    ),
    error(
        "REG-004",
        "状态“{state}”的阶段“{ref}”不存在",
        "the stage “{ref}” of the state “{state}” does not exist",
        "可用：{known}",
        "It has: {known}.",
    ),
    error("REG-005", "台账“{id}”在“{first}”里已经有了", "the register “{id}” is already defined in “{first}”", "改名", "Rename it."),
    warning(
        "REG-006",
        "状态“{state}”到不了",
        "the state “{state}” can never be reached",
        "从别的状态转到它，或删除它",
        "Lead to it from another state or delete it.",
    ),
    error("REG-007", "列“{key}”重复", "the column “{key}” is there twice", "改名", "Rename one."),
    error(
        "REG-008",
        "栏目引用了不存在的台账“{ref}”",
        "a panel refers to the register “{ref}”, which does not exist",
        "改正引用",
        "Correct the reference.",
    ),
    error("CASE-001", "YAML 格式有误：{reason}", "the YAML is broken: {reason}", "检查缩进与冒号", "Check indentation and colons."),
    error("CASE-002", "{where}：{reason}", "{where}: {reason}", "按案例约定改正", "Follow the conventions for cases."),
    error("CASE-003", "找不到流程“{ref}”", "there is no process “{ref}”", "改正 process", "Correct process."),
    error("CASE-004", "{where}：流程里没有节点“{ref}”", "{where}: the process has no node “{ref}”", "改正节点 id", "Correct the id."),
    error("CASE-005", "{where}：没有消息“{ref}”", "{where}: there is no message “{ref}”", "改正消息名", "Correct the name."),
    error("DMN-001", "决策“{id}”在“{first}”里已经有了", "the decision “{id}” is already defined in “{first}”", "改名", "Rename it."),
)

PAPER = (
    error("PAPER-001", "{where}：{reason}", "{where}: {reason}", "按文书约定改正", "Follow the conventions for papers."),
    error("PAPER-002", "文书“{id}”在“{first}”里已经有了", "the paper “{id}” is already defined in “{first}”", "改名", "Rename it."),
    error(
        "PAPER-003",
        "找不到模板“{ref}”",
        "there is no template “{ref}”",
        "把 docx 放在同一文件夹",
        "Put the docx into the same folder.",
    ),
    error(
        "PAPER-004",
        "模板“{ref}”读不出来：{reason}",
        "the template “{ref}” cannot be read: {reason}",
        "用 Word 另存为 docx",
        "Save it as docx anew.",
    ),
    error(
        "PAPER-005",
        "模板“{ref}”里的“{text}”：{reason}",
        "“{text}” in the template “{ref}”: {reason}",
        "改正模板",
        "Correct the template.",
    ),
    error(
        "PAPER-006",
        "模板“{ref}”用了没有声明的“{name}”",
        "the template “{ref}” uses “{name}”, which is not declared",
        "可用：{known}",
        "It has: {known}.",
    ),
    warning(
        "PAPER-007",
        "声明了“{name}”，但没有模板用到",
        "“{name}” is declared, but no template uses it",
        "删除它，或写进模板",
        "Delete it or write it into a template.",
    ),
    warning(
        "PAPER-008",
        "模板没有文书用到",
        "no paper uses this template",
        "写进 *.paper.yaml 或删除",
        "Name it in a *.paper.yaml or delete it.",
    ),
    warning(
        "PAPER-009",
        "模板“{ref}”里的{what}不会出现在 PDF 中",
        "{what} in the template “{ref}” will not be in the PDF",
        "改用段落或表格",
        "Use paragraphs or a table.",
    ),
    error("PAPER-010", "流程里没有节点“{ref}”", "the process has no node “{ref}”", "改正节点 id", "Correct the id."),
)

PROTECTION = (
    warning(
        "ACC-001",
        "“{what}”的级别是 {access}，但没有写明给谁看",
        "“{what}” is of class {access}, but does not say who reads it",
        '写 of="=…"：机构、人员、单位或选择器；不写则只有提交人自己看得到',
        'Write of="=…": a committee, persons, units or selectors; without it only the one who hands it in reads it.',
    ),
    warning(
        "ACC-002",
        "“{data}”（{access}）交给任务的“{target}”，不能确定办理人在可查阅范围内",
        "“{data}” ({access}) is handed to the task as “{target}”, and it is not certain that whoever does it may read it",
        "让办理人出现在 of 里，或只交出可以公开的部分；确属有意交出可保留",
        "Let whoever does it stand in of, or hand over only the part he may know; leave it if it is meant.",
    ),
    warning(
        "ACC-003",
        "“{data}”（{access}）进入“{target}”，那里没有同样的保护",
        "“{data}” ({access}) goes into “{target}”, which is not protected alike",
        "给目标数据同样的 access 和 of；确属脱敏的，在节点上写 cogov:access",
        "Give the target the same access and of; where it is redacted on purpose, write cogov:access at the node.",
    ),
    warning(
        "ACC-004",
        "台账“{register}”的“{column}”取自“{data}”（{access}），级别不同",
        "“{column}” of the register “{register}” comes from “{data}” ({access}), but has another class",
        "给这一列写同样的 access，或换一个数据来源",
        "Give the column the same access, or take it from other data.",
    ),
    error(
        "ACC-005",
        "台账“{register}”的“{column}”取自“{data}”（{access}），但公众可见",
        "“{column}” of the register “{register}” comes from “{data}” ({access}), but the public sees it",
        "给这一列写 access，或换一个数据来源",
        "Give the column an access class, or take it from other data.",
    ),
    warning(
        "ACC-006",
        "文书“{paper}”的“{field}”取自“{data}”（{access}），文书没有写明给谁看，只有能看该数据的人能打开",
        "“{field}” of the paper “{paper}” comes from “{data}” ({access}); the paper names no readers, so only who may read that opens it",
        "在文书上写 of（给谁看），或换一个数据来源",
        "Say in the paper who reads it (of), or take it from other data.",
    ),
    error(
        "ACC-007",
        "文书“{paper}”的“{field}”取自“{data}”（{access}），但文书对公众开放",
        "“{field}” of the paper “{paper}” comes from “{data}” ({access}), but the paper is for the public",
        "给文书写 access 和 of，或换一个数据来源",
        "Give the paper access and of, or take it from other data.",
    ),
)
