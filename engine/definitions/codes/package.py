"""What cannot be packed, read or used at all."""

from __future__ import annotations

from engine.definitions.code import error, warning

PACKAGE = (
    error(
        "FILE-001",
        "这个路径不能放在流程包里",
        "this path may not be in a package",
        "路径必须是相对路径，不含“..”",
        "Use a relative path without “..”.",
    ),
    error(
        "FILE-002",
        "压缩包过大或压缩率异常：{reason}",
        "the archive is too large or packed suspiciously: {reason}",
        "只打包流程与表单文件",
        "Pack only processes and forms.",
    ),
    error(
        "FILE-003",
        "不是可读的 zip 压缩包：{reason}",
        "not a readable zip archive: {reason}",
        "请重新导出后再上传",
        "Export it again and upload that file.",
    ),
    warning(
        "FILE-004",
        "文件未被使用",
        "this file is not used",
        "流程放在 processes/<key>/，表单放在 forms/<key>/<form>.form.json",
        "Processes go to processes/<key>/, forms to forms/<key>/<form>.form.json.",
    ),
    error(
        "FILE-006",
        "YAML 格式有误：{reason}",
        "the YAML is broken: {reason}",
        "检查缩进与冒号",
        "Check indentation and colons.",
    ),
    error("FILE-007", "设置“{id}”在“{first}”里已经有了", "the setting “{id}” is already declared in “{first}”", "改名", "Rename it."),
    error(
        "IMP-001",
        "{where}：{reason}",
        "{where}: {reason}",
        "按导入说明 docs/howto/import.md 改正",
        "Follow docs/howto/import.md.",
    ),
    error(
        "FILE-005",
        "流程包是空的",
        "the package holds nothing to deploy",
        "至少放入 processes/<key>/<key>.bpmn",
        "Put at least processes/<key>/<key>.bpmn into it.",
    ),
)

FILE = (
    error(
        "BPMN-001",
        "文件过大：{size} 字节，上限 {limit} 字节",
        "the file is too large: {size} bytes, the limit is {limit}",
        "把流程拆成若干被调用的流程",
        "Split the procedure into called processes.",
    ),
    error("BPMN-002", "XML 格式有误：{reason}", "the XML is broken: {reason}", "用流程设计器重新保存", "Save it again with the designer."),
    error(
        "BPMN-003", "不接受 DOCTYPE 和实体声明", "DOCTYPE and entity declarations are refused", "删除 <!DOCTYPE …>", "Delete <!DOCTYPE …>."
    ),
    error(
        "BPMN-004",
        "不是 BPMN 2.0 文件（根元素是 {root}）",
        "not a BPMN 2.0 file (its root is {root})",
        "根元素应为 BPMN 2.0 命名空间的 definitions",
        "The root must be definitions in the BPMN 2.0 namespace.",
    ),
    error("BPMN-005", "文件里没有流程", "the file holds no process", "加入一个 <process>", "Add a <process>."),
    error("BPMN-006", "没有可执行的流程", "no process of the file is executable", '设置 isExecutable="true"', 'Set isExecutable="true".'),
    error(
        "BPMN-007",
        "流程“{id}”是空的",
        "the process “{id}” is empty",
        "至少要有开始事件、一步工作和结束事件",
        "It needs a start, some work and an end.",
    ),
    warning(
        "BPMN-008",
        "流程“{id}”不可执行，不会部署",
        "the process “{id}” is not executable and is left out",
        '需要运行时设置 isExecutable="true"',
        'Set isExecutable="true" if it shall run.',
    ),
)
