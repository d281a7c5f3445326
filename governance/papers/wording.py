"""How values are written in a paper: dates, moments, money, shares, names, codes; in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.definitions.model import Label
from engine.values import YearsMonths, duration_text
from governance.papers.declaration import Field, Written

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
REFERENCES = ("person", "unit", "area", "committee", "selector")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Writes values for one paper. `codes`: code list → code → name."""

    language: str
    zone: tzinfo
    #: id or selector → name in the paper's language
    names: Mapping[str, str]
    codes: Mapping[str, Mapping[str, Label]]
    #: unit → unified social credit code
    credit_codes: Mapping[str, str] = field(default_factory=dict)

    def of_field(self, declared: Field, value: Any) -> Any:
        """The value as templates see it: references, codes, money … are texts, rows lists of such; null stays null."""
        if declared.rows is None:
            return self._as(declared.written, value)
        if not isinstance(value, list):
            return value
        rows = []
        for row in value:
            given = row if isinstance(row, Mapping) else {}
            rows.append({column: self._as(written, given.get(column)) for column, written in declared.rows.items()})
        return rows

    def write(self, value: Any) -> str:
        """Any value as text; null is nothing."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return self._choose("是", "Yes") if value else self._choose("否", "No")
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (timedelta, YearsMonths)):
            return duration_text(value) if isinstance(value, timedelta) else str(value)
        if isinstance(value, list):
            return self._choose("、", ", ").join(self.write(item) for item in value)
        if isinstance(value, Mapping):
            return self.write(next((value[k] for k in (self.language, "name", "title", "label", "zh", "id") if value.get(k)), None))
        return str(value)

    def day(self, day: date) -> str:
        """2026年3月2日; 2 March 2026."""
        return self._choose(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")

    def moment(self, moment: datetime) -> str:
        """2026年3月2日14:30; 2 March 2026, 14:30, in the installation's zone."""
        local = moment.astimezone(self.zone) if moment.tzinfo else moment
        return self._choose(f"{self.day(local)}{local:%H:%M}", f"{self.day(local)}, {local:%H:%M}")

    def _choose(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def _as(self, written: Written, value: Any) -> Any:
        if value is None or written.kind is None:
            return value
        if isinstance(value, list):
            return self.write([self._as(written, item) for item in value])
        if written.kind == "uscc":
            return self.credit_codes.get(str(value.get("id") if isinstance(value, Mapping) else value))
        if written.kind in REFERENCES:
            ref = value.get("id") if isinstance(value, Mapping) else value
            return self.names.get(str(ref)) or self.write(value)
        if written.kind == "code":
            label = self.codes.get(written.codes or "", {}).get(str(value))
            return label.in_(self.language) if label is not None else self.write(value)
        if written.kind in ("money", "capital", "percent", "number"):
            return self._amount(written.kind, value)
        if written.kind in ("date", "moment"):
            return self._day_or_moment(written.kind, value)
        return self.write(value)

    def _amount(self, kind: str, value: Any) -> Any:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        if kind == "number":
            return number
        if kind == "percent":
            return f"{(number * 100).normalize():f}%"
        if kind == "capital" and self.language == "zh":
            return in_capitals(number)
        return self._choose(f"{number:,.2f}元", f"CNY {number:,.2f}")

    def _day_or_moment(self, kind: str, value: Any) -> Any:
        if isinstance(value, str):
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        if kind == "date" and isinstance(value, datetime):
            value = (value.astimezone(self.zone) if value.tzinfo else value).date()
        return value


def in_capitals(amount: Decimal) -> str:
    """An amount in capital numerals (支付结算办法 annex 1): 12030.5 → 壹万贰仟零叁拾元伍角. At most 16 digits before the point."""
    cents = int((abs(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = "负" if amount < 0 else ""
    if yuan:
        text += f"{_whole(yuan)}元"
    if not jiao and not fen:
        return f"{text}整" if yuan else "零元整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """Groups of four digits, the highest first; a group below 1000 or an empty one leaves a 零 before what follows."""
    groups = []
    while number:
        number, part = divmod(number, 10_000)
        groups.append(part)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        part = groups[place]
        if part:
            text += ("零" if text and (gap or part < 1_000) else "") + _four(part) + _GROUPS[place]
            gap = False
        else:
            gap = True
    return text


def _four(part: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = part // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        else:
            gap = True
    return text
