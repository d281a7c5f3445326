"""Why a result is null: what the standard answers with null, said in a sentence, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.feel.kinds import kind_of

if TYPE_CHECKING:
    from engine.feel.environment import Run

#: notices kept of one evaluation
MOST = 20

#: key → (English, Chinese)
SENTENCES: dict[str, tuple[str, str]] = {
    "operation": ("{left} {operator} {right} has no meaning: the result is null", "{left} {operator} {right} 没有意义，结果为 null"),
    "result": (
        "{left} {operator} {right} has no result that can be written: null",
        "{left} {operator} {right} 的结果无法表示，得 null",
    ),
    "order": ("{left} and {right} cannot be compared with {operator}: null", "{left} 与 {right} 不能用 {operator} 比较，得 null"),
    "arguments": ("{function}() does not take {given}: null", "函数 {function}() 不接受 {given}，得 null"),
    "outcome": ("{function}() has no result for {given} like this: null", "函数 {function}() 对这样的{given}没有结果，得 null"),
    "entry": ("there is no “{name}” in {value}: null", "{value} 里没有 “{name}”，得 null"),
    "function": ("{value} is no function: null", "{value} 不是函数，得 null"),
    "condition": ("the condition of “if” is {value}, not true or false: “else” is taken", "if 的条件是 {value}，不是真假值，按 else 处理"),
    "domain": ("this cannot be looped over: null", "这里不能逐项循环，得 null"),
    "pattern": ("{pattern} is no regular expression: {reason}", "{pattern} 不是正则表达式：{reason}"),
}

#: kind of a value → its Chinese name
KINDS_ZH: dict[str, str] = {
    "number": "数", "string": "文本", "boolean": "真假值", "date": "日期", "time": "时刻", "date and time": "日期时间",
    "days and time duration": "时长", "years and months duration": "年月时长", "list": "列表", "context": "上下文", "range": "区间",
    "function": "函数", "null": "null", "unknown": "未知的值",
}  # fmt: skip


@dataclass(slots=True)
class Note:
    """What is kept while an expression runs: nearly always nobody looks."""

    key: str
    facts: dict[str, Any]
    position: int | None = None

    def told(self) -> Notice:
        """The note in sentences; facts that are kinds, or several of them, are named in both languages."""
        english, chinese = SENTENCES[self.key]
        return Notice(
            self.key,
            english.format(**{name: _in_english(fact) for name, fact in self.facts.items()}),
            chinese.format(**{name: _in_chinese(fact) for name, fact in self.facts.items()}),
            self.position,
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """`message` is English, `message_zh` Chinese."""

    key: str
    message: str
    message_zh: str
    #: 0-based offset in the text of the expression, where it is known
    position: int | None = None


def no_order(operator: str, left: Any, right: Any, position: int, run: Run) -> None:
    """Record that two values cannot be compared."""
    run.note("order", operator=operator, left=kind_of(left), right=kind_of(right))
    run.place(position)


def given_kinds(values: Sequence[Any]) -> tuple[str, ...]:
    """The kinds of arguments, for a notice."""
    return tuple(map(kind_of, values))


def _in_english(fact: Any) -> str:
    if isinstance(fact, tuple):
        return ", ".join(map(_in_english, fact)) or "nothing"
    if fact not in KINDS_ZH or fact == "null":
        return str(fact)
    return f"an {fact}" if fact[0] in "aeiou" else f"a {fact}"


def _in_chinese(fact: Any) -> str:
    if isinstance(fact, tuple):
        return "、".join(map(_in_chinese, fact)) or "空"
    return KINDS_ZH.get(fact, str(fact))
