"""The errors of FEEL. Reading: where it is, what was expected there, how to mend it, in English and Chinese."""

from __future__ import annotations

from typing import Any


class CogovError(Exception):
    """Something could not be done.

    The root of every error of Cogov; it stands here because this library imports nothing above it.
    """

    #: stable machine code, also the last part of the problem type URN
    code = "error"

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        #: facts for the edge: what, where, how to mend; JSON values only
        self.details = details

    @property
    def message(self) -> str:
        return str(self.args[0])


class UnknownVariable(CogovError):
    """The expression uses a name that no scope declares."""

    code = "unknown_variable"


class ExpressionFailed(CogovError):
    """The expression could not be evaluated."""

    code = "expression_failed"


#: key → (English, Chinese). Placeholders are filled by FeelSyntaxError.
SENTENCES: dict[str, tuple[str, str]] = {
    "expected": ("expected {expected}, found {found}", "此处应为 {expected}，实际是 {found}"),
    "unexpected": ("expected a value, found {found}", "此处应为一个值，实际是 {found}"),
    "trailing": ("expected an operator or the end, found {found}", "此处应为运算符或结尾，实际是 {found}"),
    "string_open": ("this text has no closing quotation mark", "文本缺少右引号"),
    "comment_open": ("this comment has no end", "注释没有结束"),
    "character": ("{found} has no meaning here", "{found} 在此处没有意义"),
    "nesting": ("nested more than {limit} levels deep", "嵌套超过 {limit} 层"),
    "length": ("longer than {limit} characters", "超过 {limit} 个字符"),
    "literal": ("{found} is no date, time or duration", "{found} 不是日期、时间或时长"),
    "zone": ("named time zones are refused", "不接受时区名称"),
    "duplicate": ("the name {found} is given twice", "名称 {found} 重复"),
    "arguments": ("{found} does not take these arguments", "函数 {found} 不接受这些参数"),
    "type": ("{found} is no type", "{found} 不是类型"),
    "external": ("functions in Java or PMML are refused", "不接受 Java 或 PMML 函数"),
    "pattern_bracket": ("a bracket is missing or stands alone", "括号不成对"),
    "pattern_escape": ("there is no such escape after the backslash", "反斜杠后没有这样的转义"),
    "pattern_quantity": ("? * + or {{n,m}} has nothing to repeat, or counts backwards", "? * + 或 {{n,m}} 没有可重复的内容，或次数颠倒"),
    "pattern_property": ("\\p{{…}} names no category or block", "\\p{{…}} 不是字符类别或区块的名称"),
    "pattern_range": ("a range of characters runs backwards", "字符范围前后颠倒"),
    "pattern_flag": ("flags are s, m, i, x and q", "标志只有 s、m、i、x、q"),
    "pattern_length": ("it is too long or too large", "过长或过大"),
    "pattern_nesting": ("it is nested too deeply", "嵌套过深"),
    "pattern_look": ("groups that look ahead or behind are not known here", "不支持前后断言"),
    "pattern_reference": ("\\1 and the like, which refer back to a group, are not known here", "不支持 \\1 这类反向引用"),
    "empty": ("there is no expression", "没有表达式"),
}

HINTS: dict[str, tuple[str, str]] = {
    "name": (
        "A name with spaces or dashes must be one that is in scope; otherwise put it between `backticks`.",
        "含空格或连字符的名称须是作用域内已有的名称，否则用反引号括起。",
    ),
    "equals": ("FEEL compares with a single =.", "FEEL 用一个 = 比较。"),
    "and": ("FEEL writes: and, or, not(…).", "FEEL 的写法是 and、or、not(…)。"),
    "ternary": ("FEEL writes: if … then … else …", "FEEL 的写法是 if … then … else …"),
    "quote": ('Text stands between "double quotes".', '文本用英文双引号 "…" 括起。'),
    "full_width": ("Write it as an ASCII character.", "请改用半角字符。"),
    "else": ("Every if needs then and else.", "if 必须同时有 then 和 else。"),
    "zone": ('Write an offset: @"2026-03-02T09:00:00+08:00".', '请写偏移量：@"2026-03-02T09:00:00+08:00"。'),
    "literal": ('Examples: @"2026-03-02", @"09:00:00", @"P14D".', '例如 @"2026-03-02"、@"09:00:00"、@"P14D"。'),
    "split": ("Split the expression into several, or use a decision table.", "请拆成几个表达式，或改用决策表。"),
    "signature": ("It is called as: {signatures}", "调用方式：{signatures}"),
}


_CHINESE = {"the end": "结尾", "a name": "名称"}


class FeelSyntaxError(CogovError):
    """This text is not a FEEL expression.

    `position` is the 0-based offset in `text`; `line` and `column` count from 1. `message` is English, `message_zh` Chinese.
    """

    code = "feel_syntax"

    def __init__(self, text: str, position: int, key: str, hint: str = "", **facts: str) -> None:
        english = SENTENCES[key][0].format(**facts)
        chinese = SENTENCES[key][1].format(**{name: _CHINESE.get(fact, fact) for name, fact in facts.items()})
        hints = HINTS[hint] if hint else ("", "")
        self.position = min(max(position, 0), len(text))
        self.line = text.count("\n", 0, self.position) + 1
        self.column = self.position - (text.rfind("\n", 0, self.position) + 1) + 1
        self.hint, self.hint_zh = (sentence.format(**facts) for sentence in hints)
        self.message_zh = f"第 {self.line} 行第 {self.column} 列：{chinese}"
        super().__init__(
            f"line {self.line}, column {self.column}: {english}",
            position=self.position, line=self.line, column=self.column, hint=self.hint, message_zh=self.message_zh, hint_zh=self.hint_zh,
        )  # fmt: skip
