"""One cell: what a spreadsheet program kept → a typed value, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

from engine.definitions.model import Label
from engine.forms.context import FormContext
from engine.forms.rules import Checked
from engine.forms.standard_rules import STANDARD_RULES
from governance.importers.layout import Column

#: list of codes → its entries, code → name
Choices = Mapping[str, Mapping[str, Label]]

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PARTS = re.compile(r"[,，、;；\n]+")
_RULES = {"phone": "V-PHONE", "uscc": "V-USCC"}
_YES = frozenset({"是", "有", "yes", "y", "true", "1", "√"})
_NO = frozenset({"否", "无", "no", "n", "false", "0", "×"})
_SHOWN_CHOICES = 6
#: days outside are slips of the pen
_FIRST_DAY, _LAST_DAY = date(1949, 10, 1), date(2100, 1, 1)


class Unreadable(Exception):
    """The cell does not hold what its column asks for."""

    def __init__(self, what: Label, hint: Label) -> None:
        super().__init__(what.en)
        self.what, self.hint = what, hint


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def read_cell(column: Column, value: Any, choices: Choices) -> Any:
    """The typed value of a filled cell: text, Decimal, date, bool, a code; a list of them when the column takes many.

    References stay as they were typed: they are looked up when all sheets are read. Raises Unreadable.
    """
    if isinstance(value, str) and value.startswith("#"):
        raise Unreadable(Label(f"公式出错：{value}", f"a formula failed: {value}"), Label("请填入值", "put in the value itself"))
    if column.many:
        return [_read(column, part.strip(), choices) for part in _PARTS.split(_text(value)) if part.strip()]
    return _read(column, value, choices)


def _read(column: Column, value: Any, choices: Choices) -> Any:
    match column.kind:
        case "date":
            return _day(value)
        case "number" | "integer" | "money":
            return _number(column.kind, value)
        case "yes_no":
            return _yes_no(value)
        case "choice":
            return _choice(choices[column.choices or ""], _text(value))
        case "id":
            return _identifier(_text(value))
        case "phone" | "uscc":
            return _ruled(column, _text(value).replace(" ", "").upper())
        case _:
            text = _text(value)
            if len(text) > column.longest:
                raise Unreadable(
                    Label(f"超过 {column.longest} 字", f"longer than {column.longest} characters"), Label("请缩短", "make it shorter")
                )
            return text


def _text(value: Any) -> str:
    """Numbers that a spreadsheet program made of digits become those digits again."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    return str(value).strip()


def _day(value: Any) -> date:
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif match := _DAY.fullmatch(_text(value)):
        try:
            found = date(*map(int, match.groups()))
        except ValueError:
            found = None
    hint = Label("写成 2026-03-02", "write it as 2026-03-02")
    if found is None:
        raise Unreadable(Label(f"“{value}”不是日期", f"“{value}” is not a date"), hint)
    if not _FIRST_DAY <= found < _LAST_DAY:
        raise Unreadable(Label(f"日期 {found} 不可能", f"the date {found} cannot be right"), hint)
    return found


def _number(kind: str, value: Any) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        # repr gives the shortest digits that stand for the float: what the reader sees in the cell
        found = Decimal(repr(value)) if isinstance(value, float) else Decimal(_text(value).replace(",", "").replace("，", ""))
        if not found.is_finite():
            raise InvalidOperation
    except InvalidOperation as error:
        raise Unreadable(Label(f"“{value}”不是数", f"“{value}” is not a number"), Label("只填数字", "put in digits only")) from error
    if kind == "integer" and found != found.to_integral_value():
        raise Unreadable(Label(f"{found} 不是整数", f"{found} is not a whole number"), Label("填整数", "put in a whole number"))
    if kind == "money" and (found < 0 or found != round(found, 2)):
        raise Unreadable(
            Label(f"{found} 不是金额", f"{found} is not an amount"), Label("不得为负，最多两位小数", "not negative, at most two decimals")
        )
    # 3E+2 and 300.0 are 300
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()


def _yes_no(value: Any) -> bool:
    text = _text(value).casefold()
    if text in _YES or text in _NO:
        return text in _YES
    raise Unreadable(Label(f"“{value}”不是是或否", f"“{value}” is neither yes nor no"), Label("填 是 或 否", "put in yes or no"))


def _choice(entries: Mapping[str, Label], text: str) -> str:
    """A code, or its name in either language."""
    folded = text.casefold()
    for code, name in entries.items():
        if folded in (code.casefold(), name.zh.casefold(), name.en.casefold()):
            return code
    near = _nearest(folded, entries)
    more = len(entries) > len(near)
    zh, en = "、".join(n.zh for n in near), ", ".join(n.en for n in near)
    hint = Label(f"可选：{zh}{' ……（全部见模板）' if more else ''}", f"one of: {en}{' … (all in the template)' if more else ''}")
    raise Unreadable(Label(f"“{text}”不在可选范围", f"“{text}” is not among the choices"), hint)


def _nearest(text: str, entries: Mapping[str, Label]) -> list[Label]:
    """A few of the choices, the likeliest first."""

    def likeness(code: str, name: Label) -> float:
        return max(SequenceMatcher(None, text, other.casefold()).ratio() for other in (code, name.zh, name.en))

    return [name for code, name in sorted(entries.items(), key=lambda e: -likeness(*e))][:_SHOWN_CHOICES]


def _identifier(text: str) -> str:
    if _ID.fullmatch(text):
        return text
    raise Unreadable(
        Label(f"编号“{text}”不可用", f"the id “{text}” cannot be used"),
        Label("以字母开头，只用字母、数字、下划线，最多 64 个字符", "a letter, then letters, digits and _, at most 64 in all"),
    )


def _ruled(column: Column, text: str) -> str:
    """Checked by the same rule that a form uses."""
    sentences = {language: _violation(column, text, language) for language in ("zh", "en")}
    if sentences["zh"] is None:
        return text
    raise Unreadable(
        Label(f"“{text}”：{sentences['zh']}", f"“{text}”: {sentences['en']}"), Label("请核对后重填", "check it and type it again")
    )


def _violation(column: Column, text: str, language: str) -> str | None:
    # these rules look at the value alone: any moment will do
    context = FormContext(now=datetime(2000, 1, 1, tzinfo=UTC), zone=UTC, language=language)
    label = column.name.in_(language)
    checked = Checked(value=text, key=column.key, kind=column.kind, label=label, context=context, siblings={}, labels={}, root={})
    (rule,) = STANDARD_RULES.parse(_RULES[column.kind])
    return next((v.message for v in rule.check(checked)), None)
