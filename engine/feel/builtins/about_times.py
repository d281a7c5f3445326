"""Rows of `about` on times and ranges: group, name, result, Chinese, English, example, answer."""

from __future__ import annotations

Row = tuple[str, str, str, str, str, str, str]

TIMES_AND_RANGES: tuple[Row, ...] = (
    ("dates", "now", "date and time", "现在（系统时钟）", "this moment, by the clock of the evaluation", "now() = now()", "true"),
    ("dates", "today", "date", "今天（系统时区）", "this day in the zone of the evaluation", "today() = date(now())", "true"),
    ("dates", "date", "date", "日期，由文本、日期时间或年月日得来", "a date, from a text, a moment, or year, month and day",
     "date(2026, 3, 2)", '@"2026-03-02"'),
    ("dates", "time", "time", "时刻", "a time of day", 'time(9, 30, 0, @"PT8H")', '@"09:30:00+08:00"'),
    ("dates", "date and time", "date and time", "日期时间，也可换到另一时区", "a moment, from a text or date and time, or in another zone",
     "date and time(date(2026, 3, 2), time(9, 0, 0))", '@"2026-03-02T09:00:00"'),
    ("dates", "duration", "days|months", "时长", "a duration from a text", 'duration("P1DT2H")', '@"PT26H"'),
    ("dates", "years and months duration", "years and months duration", "两日之间的整月数", "the whole months between two days",
     'years and months duration(@"2011-12-22", @"2013-08-24")', '@"P1Y8M"'),
    ("dates", "day of week", "string", "星期几（英文名）", "the English name of the day", 'day of week(@"2026-03-02")', '"Monday"'),
    ("dates", "day of year", "number", "一年中第几天", "the number of the day in its year", 'day of year(@"2026-03-02")', "61"),
    ("dates", "week of year", "number", "第几周（ISO 8601）", "the number of the week by ISO 8601", 'week of year(@"2026-01-01")', "1"),
    ("dates", "month of year", "string", "月份（英文名）", "the English name of the month", 'month of year(@"2026-03-02")', '"March"'),
    ("dates", "last day of month", "date", "当月最后一天", "the last day of its month",
     'last day of month(@"2028-02-01")', '@"2028-02-29"'),
    ("ranges", "range", "range", "由文本得到区间", "a range from a text", 'range("[1..10)")', "[1..10)"),
    ("ranges", "before", "boolean", "完全在前", "wholly before", "before([1..5], 6)", "true"),
    ("ranges", "after", "boolean", "完全在后", "wholly after", "after(6, [1..5])", "true"),
    ("ranges", "meets", "boolean", "前者的末端是后者的始端", "the end of one is the start of the other",
     "meets([1..5], [5..10])", "true"),
    ("ranges", "met by", "boolean", "前者的始端是后者的末端", "the start of one is the end of the other",
     "met by([5..10], [1..5])", "true"),
    ("ranges", "overlaps", "boolean", "有共同部分", "they share something", "overlaps([1..5], [3..8])", "true"),
    ("ranges", "overlaps before", "boolean", "先开始，且伸入后者", "begins earlier and reaches into the other",
     "overlaps before([1..5], [3..8])", "true"),
    ("ranges", "overlaps after", "boolean", "后结束，且始于前者之内", "begins inside the other and ends later",
     "overlaps after([3..8], [1..5])", "true"),
    ("ranges", "finishes", "boolean", "同时结束", "ends with the other", "finishes(10, [1..10])", "true"),
    ("ranges", "finished by", "boolean", "被同时结束", "the other ends with it", "finished by([1..10], 10)", "true"),
    ("ranges", "includes", "boolean", "包含", "has the other inside", "includes([1..10], 5)", "true"),
    ("ranges", "during", "boolean", "在其中", "lies inside the other", "during(5, [1..10])", "true"),
    ("ranges", "starts", "boolean", "同时开始", "begins with the other", "starts(1, [1..10])", "true"),
    ("ranges", "started by", "boolean", "被同时开始", "the other begins with it", "started by([1..10], 1)", "true"),
    ("ranges", "coincides", "boolean", "完全重合", "they are the same", "coincides([1..5], [1..5])", "true"),
)  # fmt: skip
