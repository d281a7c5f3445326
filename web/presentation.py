"""How moments, deadlines, numbers and people are written (ui section 6), in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from engine.definitions.model import Label
from governance.desk.views import Due

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values for one reader: language, zone and the present moment."""

    language: str
    zone: tzinfo
    now: datetime

    def local(self, at: datetime) -> date:
        """The day of a moment in the installation's zone."""
        return self._local(at).date()

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def label(self, label: Label | str | None) -> str:
        if label is None:
            return ""
        return label if isinstance(label, str) else label.in_(self.language)

    def choose(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def day(self, at: date) -> str:
        """3月24日, 24 Mar; with the year when it is not this one."""
        year = "" if at.year == self._local(self.now).year else (f" {at.year}" if self.language == "en" else f"{at.year}年")
        if self.language == "en":
            return f"{at.day} {_MONTHS[at.month - 1]}{year}"
        return f"{year}{at.month}月{at.day}日"

    def today(self) -> str:
        """3月24日 星期二 14:40."""
        local = self._local(self.now)
        return (
            f"{self.day(local.date())} {self.weekday(local)} {local:%H:%M}"
            if self.language != "en"
            else f"{self.weekday(local)} {self.day(local.date())} {local:%H:%M}"
        )

    def weekday(self, at: date) -> str:
        name = _WEEKDAYS[self.language if self.language == "en" else "zh"][at.weekday()]
        return name if self.language == "en" else f"星期{name}"

    def moment(self, at: datetime | None) -> str:
        """今天 17:30, 3月24日 17:30; midnight at the end of a day reads 24:00 of that day."""
        if at is None:
            return ""
        local, today = self._local(at), self._local(self.now).date()
        clock = f"{local:%H:%M}"
        day = local.date()
        if clock == "00:00":
            day, clock = day - timedelta(days=1), "24:00"
        if day == today:
            return f"{self.choose('今天', 'today')} {clock}"
        return f"{self.day(day)} {clock}"

    def clock_of(self, at: datetime) -> str:
        """14:40 of its day."""
        return f"{self._local(at):%H:%M}"

    def clock(self, at: datetime | None) -> str:
        """14:40; with the day when it is not today; nothing for None."""
        if at is None:
            return ""
        local = self._local(at)
        return f"{local:%H:%M}" if local.date() == self._local(self.now).date() else f"{self.day(local.date())} {local:%H:%M}"

    def value(self, value: Any, kind: str = "text") -> str:
        """A variable's value as a person reads it; registers write dates as 2026-03-24."""
        if value is None or value == "" or value == []:
            return "—"
        if isinstance(value, Label):
            return self.label(value)
        if isinstance(value, bool):
            return self.choose("是", "yes") if value else self.choose("否", "no")
        if kind == "percent" and isinstance(value, (int, Decimal)):
            return f"{self.value(Decimal(value))}%"
        if isinstance(value, Decimal):
            return f"{value:,.2f}" if kind == "money" else format(value.normalize(), "f")
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list):
            return self.join(self.value(v, kind) for v in value)
        if isinstance(value, dict):
            return self.value(value.get("title") or value.get("name") or value.get("label"))
        return str(value)

    def join(self, items: Iterable[str]) -> str:
        """王芳、陈立; Wang Fang, Chen Li."""
        return self.choose("、", ", ").join(items)

    def size(self, count: int) -> str:
        """Of a file: 24 kB, 2.4 MB."""
        return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(round(count / 1e3), 1)} kB"

    def span(self, length: timedelta) -> str:
        """A natural span in its two largest units: 3 天 1 小时, 2 小时 50 分."""
        minutes = max(int(length.total_seconds() // 60), 0)
        days, rest = divmod(minutes, 24 * 60)
        hours, minutes = divmod(rest, 60)
        parts = [(days, "天", "day"), (hours, "小时", "hour"), (minutes, "分", "minute")]
        shown = [p for p in parts if p[0]][:2] or [parts[2]]
        if self.language == "en":
            return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, _, unit in shown)
        return " ".join(f"{n} {unit}" for n, unit, _ in shown)

    def due(self, due: Due) -> DuePill:
        """Text and tone of a due pill; late marks never go away (ui section 5)."""
        late = due.at < self.now
        if due.state == "paused":
            reason = due.pause_reason or ""
            return DuePill("held", "pause", self.choose("已暂停", "paused"), reason or self.moment(due.at))
        if due.state in ("met", "late_met", "cancelled"):
            word = {"met": ("按时", "in time"), "late_met": ("逾期完成", "done late"), "cancelled": ("已取消", "cancelled")}[due.state]
            return DuePill("late" if due.state == "late_met" else "", None, self.choose(*word), self.moment(due.at))
        days = due.working_days_left
        if days is not None and abs(days) >= 1:
            amount = self.choose(f"{abs(days)} 个工作日", f"{abs(days)} working day{'' if abs(days) == 1 else 's'}")
        else:
            amount = self.span(abs(due.at - self.now))
        if late:
            return DuePill("late", "circle-alert", self.choose(f"逾期 {amount}", f"{amount} late"), self.moment(due.at))
        tone, icon = ("soon", "timer") if due.used >= 0.8 else ("", None)
        return DuePill(tone, icon, self.choose(f"剩 {amount}", f"{amount} left"), self.moment(due.at))


@dataclass(frozen=True, slots=True)
class DuePill:
    """`tone` is a CSS class (soon, late, held or none), `icon` a sprite name or None."""

    tone: str
    icon: str | None
    text: str
    moment: str
