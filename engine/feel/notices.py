"""Why a result is null: what the standard answers with null, said in a sentence, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
    "null_argument": ("{function}() was given null for “{parameter}”: null", "函数 {function}() 的参数 “{parameter}” 为 null，得 null"),
    "outcome": ("{function}() has no result for these values: null", "函数 {function}() 对这些值没有结果，得 null"),
    "entry": ("there is no “{name}” in {value}: null", "{value} 里没有 “{name}”，得 null"),
    "function": ("{value} is no function: null", "{value} 不是函数，得 null"),
    "condition": ("the condition of “if” is {value}, not true or false: “else” is taken", "if 的条件是 {value}，不是真假值，按 else 处理"),
    "domain": ("{value} cannot be looped over: null", "{value} 不能逐项循环，得 null"),
    "pattern": ("{pattern} is no regular expression: {reason}", "{pattern} 不是正则表达式：{reason}"),
}

#: kind of a value → its Chinese name
KINDS_ZH: dict[str, str] = {
    "number": "数", "string": "文本", "boolean": "真假值", "date": "日期", "time": "时刻", "date and time": "日期时间",
    "days and time duration": "时长", "years and months duration": "年月时长", "list": "列表", "context": "上下文", "range": "区间",
    "function": "函数", "null": "null", "unknown": "未知的值",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """`message` is English, `message_zh` Chinese."""

    key: str
    message: str
    message_zh: str


def notice(key: str, **facts: Any) -> Notice:
    """`facts` that are FEEL kinds are named in both languages."""
    english, chinese = SENTENCES[key]
    named = {name: KINDS_ZH.get(fact, fact) for name, fact in facts.items()}
    return Notice(key, english.format(**{name: _shown(fact) for name, fact in facts.items()}), chinese.format(**named))


def _shown(fact: Any) -> Any:
    if fact not in KINDS_ZH or fact == "null":
        return fact
    return f"an {fact}" if str(fact)[0] in "aeiou" else f"a {fact}"
