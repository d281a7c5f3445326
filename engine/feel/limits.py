"""What one evaluation may cost, and the error when it costs more: which limit, where, how to mend it, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.errors import ExpressionFailed

#: CPU milliseconds of one evaluation unless the installation says otherwise (COGOV_EXPRESSION_MS)
USUAL_MILLISECONDS = 200


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in words; `{most}` is filled in."""

    zh: str
    en: str
    hint_zh: str
    hint_en: str


LIMITS: dict[str, Limit] = {
    "steps": Limit(
        "计算步数超过 {most} 步", "more than {most} steps",
        "先筛选再循环，少套循环，或改用决策表。", "Filter before looping, nest fewer loops, or use a decision table.",
    ),
    "time": Limit(
        "计算时间超过 {most} 毫秒", "more than {most} milliseconds of computing",
        "把列表缩小，或拆成几个脚本任务；管理员可调整 COGOV_EXPRESSION_MS。",
        "Use smaller lists or several script tasks; an operator may raise COGOV_EXPRESSION_MS.",
    ),
    "depth": Limit(
        "函数调用嵌套超过 {most} 层", "more than {most} calls inside each other",
        "检查递归是否会结束，或改用 for … return … partial。", "See that the recursion ends, or use for … return … with partial.",
    ),
    "nesting": Limit(
        "表达式或数据嵌套过深", "the expression or its data are nested too deeply",
        "拆成几个表达式，或把数据展平。", "Split the expression, or flatten the data.",
    ),
    "items": Limit(
        "列表超过 {most} 项", "a list of more than {most} items",
        "缩小范围，或先筛选列表。", "Use a smaller range, or filter the list first.",
    ),
    "text": Limit(
        "文本超过 {most} 个字符", "a text of more than {most} characters",
        "缩短文本；长文请作为附件。", "Shorten the text; keep long papers as files.",
    ),
    "result": Limit(
        "结果过大（超过 {most} 个单位）", "a result that is too large (more than {most} units)",
        "只返回需要的字段。", "Return only the entries that are needed.",
    ),
    "pattern": Limit(
        "正则表达式对这段文本过于复杂（文本长度 × 表达式大小超过 {most}）",
        "a regular expression too complex for this text (length × size of the pattern above {most})",
        "缩短文本，或减少重复次数如 {{1,30}}。", "Shorten the text, or use fewer repetitions such as {{1,30}}.",
    ),
}  # fmt: skip


class LimitReached(ExpressionFailed):
    """表达式超过了限度 / The expression exceeds a limit"""

    def __init__(self, limit: str, most: int) -> None:
        words = LIMITS[limit]
        zh, en = words.zh.format(most=most), words.en.format(most=most)
        super().__init__(f"表达式超出限度：{zh} / The expression exceeds a limit: {en}", limit=limit, at_most=most)
        self.details |= {"hint_zh": words.hint_zh.format(), "hint": words.hint_en.format()}

    def place(self, position: int) -> None:
        """Say where; the innermost place wins."""
        self.details.setdefault("position", position)


_milliseconds = [USUAL_MILLISECONDS]


def limit_time(milliseconds: int) -> None:
    """CPU time of one evaluation in this process from now on; the composition root sets it once."""
    _milliseconds[0] = milliseconds


def time_limit() -> int:
    """CPU milliseconds an evaluation may take when its Environment does not say."""
    return _milliseconds[0]
