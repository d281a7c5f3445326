"""FEEL made at random by kind: `Maker(seed).boolean()` is an expression that gives a boolean (or null) over DATA."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

#: what the expressions read; JSON, so that a browser reads the same
DATA: dict[str, Any] = {
    "amount": 1250, "score": 87.5, "count of rooms": 4, "kind": "buy", "note": "", "done": True, "nothing": None, "ratio": 0.25,
    "words": ["pass", "revise", "fail", "pass"], "numbers": [3, 1, 2, 5, 2.5], "flags": [True, False, True], "holes": [1, None, 3],
    "partner": {"name": "Haina", "size": 120, "address": {"street": "Main", "no": 12}},
    "rows": [
        {"no": 1, "title": "gate", "paid": True, "sum": 100}, {"no": 2, "title": "lamp", "paid": False, "sum": 250},
        {"no": 3, "title": "tree", "paid": True, "sum": 75.5},
    ],
    "金额": 36000, "单位名称": "海纳公司", "合规意见": "通过", "已签约": True, "评分": [80, 92.5, 61], "备注": None,
    "条款": [
        {"序号": 1, "承诺方": "社区", "经费": 2000}, {"序号": 2, "承诺方": "单位", "经费": 0},
        {"序号": 3, "承诺方": "单位", "经费": 800}],
    "街道": {"名称": "和平街道", "社区数": 12},
}  # fmt: skip

_NUMBERS = ("amount", "score", "ratio", "金额", "partner.size", "街道.社区数", "rows[1].sum", "条款[2].经费", "partner.address.no")
_TEXTS = ("kind", "note", "单位名称", "合规意见", "partner.name", "街道.名称", "rows[2].title", "条款[1].承诺方", "words[1]")
_DAYS = ("2026-03-02", "2024-02-29", "2026-12-31", "1999-01-01", "2026-03-31")
_MOMENTS = ("2026-03-02T09:00:00", "2024-02-29T23:59:59", "2026-03-02T09:00:00Z", "2026-03-02T17:30:00+08:00")
_CLOCKS = ("09:00:00", "23:59:59", "00:00:00")
_SIZES = ("P1D", "P14D", "PT2H", "PT36H30M", "-P3D")
_SPANS = ("P1Y", "P14M", "P1Y2M", "-P1M")


class Maker:
    """Makes expressions. The same seed gives the same ones; `odd`: kinds are mixed up sometimes, as designers do."""

    def __init__(self, seed: int, odd: float = 0.04) -> None:
        self._chance = random.Random(seed)
        self._odd = odd
        self._bound: list[str] = []

    def any(self, depth: int = 3) -> str:
        """An expression of any kind."""
        return self._one_of(
            self.number, self.number, self.boolean, self.boolean, self.text, self.list, self.context, self.date, self.moment, self.duration
        )(depth)

    def _one_of(self, *makers: Callable[[int], str]) -> Callable[[int], str]:
        return self._chance.choice(makers)

    def _strays(self) -> bool:
        return self._chance.random() < self._odd

    def _name(self) -> str:
        return self._chance.choice(["x", "y", "it", "项", "行"]) + (str(len(self._bound)) if self._bound else "")

    # --- numbers

    def number(self, depth: int = 3) -> str:
        if self._strays():
            return self._one_of(self.text, self.list, self.boolean)(depth - 1) if depth > 0 else "null"
        if depth <= 0:
            return self._plain_number()
        return self._one_of(
            self._sum, self._sum, self._number_function, self._reduced, self._number_of_text, self._choice_of(self.number),
            self._negative, self._part, self._found_number,
        )(depth)  # fmt: skip

    def _plain_number(self) -> str:
        return self._chance.choice(
            [*_NUMBERS, str(self._chance.randint(-3, 40)), f"{self._chance.randint(0, 9)}.{self._chance.choice('05')}"]
        )

    def _sum(self, depth: int) -> str:
        operator = self._chance.choice(["+", "-", "*", "+", "-"])
        return f"({self.number(depth - 1)} {operator} {self.number(depth - 1)})"

    def _negative(self, depth: int) -> str:
        return f"-({self.number(depth - 1)})"

    def _number_function(self, depth: int) -> str:
        n = self.number(depth - 1)
        return self._chance.choice([
            f"abs({n})", f"floor({n})", f"ceiling({n})", f"decimal({n}, 1)", f"modulo({n}, {self._chance.choice('2357')})", f"({n}) ** 2",
            f"({n}) / {self._chance.choice(['2', '4', '8'])}", f"round half up({n}, 0)", f"round down({n}, 1)", f"number(string({n}))",
        ])  # fmt: skip

    def _reduced(self, depth: int) -> str:
        function = self._chance.choice(["sum", "min", "max", "count", "mean", "median"])
        return f"{function}({self.numbers(depth - 1)})"

    def _number_of_text(self, depth: int) -> str:
        return self._chance.choice([f"string length({self.text(depth - 1)})", f"count({self.list(depth - 1)})"])

    def _part(self, _: int) -> str:
        part = self._chance.choice(["year", "month", "day"])
        return self._chance.choice([
            f'date("{self._chance.choice(_DAYS)}").{part}', f'duration("{self._chance.choice(_SIZES)}").hours',
            f'time("{self._chance.choice(_CLOCKS)}").minute', f'duration("{self._chance.choice(_SPANS)}").months',
        ])  # fmt: skip

    def _found_number(self, depth: int) -> str:
        return f"{self.numbers(depth - 1)}[{self._chance.choice(['1', '2', '-1', '9'])}]"

    def numbers(self, depth: int = 3) -> str:
        """A list of numbers."""
        lists = ["numbers", "评分", "rows.sum", "条款.经费", "[1, 2, 3]", "[]", "holes"]
        if depth <= 0:
            return self._chance.choice(lists)
        name = self._name()
        domain = self._chance.choice([*lists, f"1..{self._chance.randint(1, 5)}"])
        self._bound.append(name)
        body = self._chance.choice([f"{name} * 2", f"{name} + {self.number(depth - 1)}", f"if {name} > 2 then {name} else 0"])
        self._bound.pop()
        return self._chance.choice([
            f"(for {name} in {domain} return {body})", f"{self._chance.choice(lists)}[item > {self.number(0)}]",
            f"[{self.number(depth - 1)}, {self.number(depth - 1)}]", f"sort({self._chance.choice(lists[:4])}, function(a, b) a < b)",
        ])  # fmt: skip

    # --- truth

    def boolean(self, depth: int = 3) -> str:
        if self._strays():
            return self._one_of(self.text, self.number, self.list)(depth - 1) if depth > 0 else "null"
        if depth <= 0:
            return self._chance.choice(["true", "false", "done", "已签约", "null", "flags[1]", "rows[2].paid"])
        return self._one_of(
            self._compared, self._compared, self._logic, self._within, self._quantified, self._text_test, self._null_test, self._ranges,
            self._choice_of(self.boolean), self._kind_test,
        )(depth)  # fmt: skip

    def _compared(self, depth: int) -> str:
        kind = self._one_of(self.number, self.number, self.text, self.date, self.moment)
        return f"{kind(depth - 1)} {self._chance.choice(['=', '!=', '<', '<=', '>', '>='])} {kind(depth - 1)}"

    def _logic(self, depth: int) -> str:
        word = self._chance.choice(["and", "or"])
        parts = [f"({self.boolean(depth - 1)})" for _ in range(self._chance.randint(2, 3))]
        return f" {word} ".join(parts) if self._chance.random() < 0.8 else f"not({parts[0]})"

    def _within(self, depth: int) -> str:
        n, low = self.number(depth - 1), self._chance.randint(-5, 100)
        high = low + self._chance.randint(0, 2000)
        return self._chance.choice([
            f"{n} between {low} and {high}", f"{n} in [{low}..{high}]", f"{n} in ({low}..{high})", f"{n} in (< {low}, > {high})",
            f"{self.text(depth - 1)} in (\"pass\", \"通过\")", f"list contains({self.numbers(depth - 1)}, {n})",
        ])  # fmt: skip

    def _quantified(self, depth: int) -> str:
        name, word = self._name(), self._chance.choice(["some", "every"])
        self._bound.append(name)
        domain, test = self._chance.choice([
            ("numbers", f"{name} > {self.number(0)}"), ("rows", f"{name}.sum > {self.number(0)}"), ("条款", f"{name}.经费 > 0"),
            ("words", f'{name} = "pass"'), ("评分", f"{name} between 60 and {self.number(0)}"),
            ("1..3", f"{name} > {self.number(depth - 1)}"),
        ])  # fmt: skip
        self._bound.pop()
        return f"{word} {name} in {domain} satisfies {test}"

    def _text_test(self, depth: int) -> str:
        text, part = self.text(depth - 1), self._chance.choice(["a", "Hai", "公司", "p", ""])
        return self._chance.choice([
            f'contains({text}, "{part}")', f'starts with({text}, "{part}")', f'ends with({text}, "{part}")', f'matches({text}, "^[a-z]+$")',
        ])  # fmt: skip

    def _null_test(self, depth: int) -> str:
        return f"{self.any(depth - 1)} {self._chance.choice(['=', '!='])} null"

    def _ranges(self, _: int) -> str:
        a, b = sorted(self._chance.sample(range(12), 2))
        c, d = sorted(self._chance.sample(range(12), 2))
        relation = self._chance.choice(["before", "after", "meets", "overlaps", "includes", "during", "starts", "finishes", "coincides"])
        return f"{relation}([{a}..{b}{self._chance.choice('])')}, [{c}..{d}])"

    def _kind_test(self, depth: int) -> str:
        return f"({self.any(depth - 1)}) instance of {self._chance.choice(['number', 'string', 'boolean', 'list<number>', 'date'])}"

    # --- texts

    def text(self, depth: int = 3) -> str:
        if self._strays():
            return self._one_of(self.number, self.boolean, self.list)(depth - 1) if depth > 0 else "null"
        if depth <= 0:
            return self._chance.choice([*_TEXTS, '"a"', '"pass"', '"和平街道"', '"Straße"', '"a-b c"', '"😀"'])
        text = self.text(depth - 1)
        return self._chance.choice([
            f"({text} + {self.text(depth - 1)})", f"upper case({text})", f"lower case({text})",
            f"substring({text}, {self._chance.choice(['1', '2', '-2'])})",
            f"substring({text}, 2, 2)", f'substring before({text}, "a")', f'substring after({text}, "公")', f'replace({text}, "[ao]", "_")',
            f'string join(split({text}, "a"), "+")', f"string({self.number(depth - 1)})", 'string join(words, "、")', f"trim({text})",
            f"if {self.boolean(depth - 1)} then {text} else {self.text(depth - 1)}",
        ])  # fmt: skip

    # --- lists and contexts

    def list(self, depth: int = 3) -> str:
        if depth <= 0:
            return self._chance.choice(["words", "numbers", "rows", "条款", "flags", "holes", "[]", "rows.title", "条款.承诺方", "评分"])
        items = self.list(depth - 1)
        return self._chance.choice([
            self.numbers(depth), f"append({items}, {self.any(0)})", f"concatenate({items}, {self.list(0)})", f"reverse({items})",
            f"distinct values({items})", f"sublist({items}, 1, 2)", f"insert before({items}, 1, {self.any(0)})", f"remove({items}, 1)",
            f"index of({items}, {self.any(0)})", f"union({items}, {self.list(0)})", f"flatten([{items}, [{self.any(0)}]])",
            f"rows[sum > {self.number(0)}]", '条款[承诺方 = "单位"].经费', f"{items}[{self._chance.choice(['1', '-1', '2'])}]",
            f"for r in rows return r.sum + {self.number(0)}", "for i in 1..3, j in 1..i return i * j", f"duplicate values({items})",
            f"[{self.any(depth - 1)}, {self.any(depth - 1)}]", "rows[paid].title",
        ])  # fmt: skip

    def context(self, depth: int = 3) -> str:
        n = self.number(depth - 1)
        return self._chance.choice([
            f"{{a: {n}, b: a + 1}}", f"{{a: {n}, b: {self.text(depth - 1)}}}.b", f"{{甲: {n}, 乙: 甲 * 2}}.乙",
            f'get value(partner, "{self._chance.choice(["name", "no"])}")',
            f"context put(partner.address, \"no\", {n})", f"context merge([partner.address, {{a: {n}}}])", "get entries(街道)",
            f'context([{{key: "k", value: {n}}}])', "partner", f"{{f: function(v) v * 2, r: f({n})}}.r",
        ])  # fmt: skip

    # --- time

    def date(self, depth: int = 3) -> str:
        day = f'date("{self._chance.choice(_DAYS)}")'
        if depth <= 0:
            return self._chance.choice([day, f'@"{self._chance.choice(_DAYS)}"'])
        size = self._chance.choice([*_SIZES[:2], _SIZES[-1], *_SPANS])
        return self._chance.choice(
            [f'{self.date(depth - 1)} {self._chance.choice("+-")} duration("{size}")', day, f"date({self.number(0)}, 3, 2)"]
        )

    def moment(self, depth: int = 3) -> str:
        at = f'date and time("{self._chance.choice(_MOMENTS)}")'
        if depth <= 0:
            return at
        size = self._chance.choice([*_SIZES, *_SPANS])
        return self._chance.choice([
            f'{self.moment(depth - 1)} {self._chance.choice("+-")} duration("{size}")', f'date and time({self.date(0)}, time("09:00:00"))',
            at,
            f'time("{self._chance.choice(_CLOCKS)}") + duration("PT2H")',
        ])  # fmt: skip

    def duration(self, depth: int = 3) -> str:
        size, span = f'duration("{self._chance.choice(_SIZES)}")', f'duration("{self._chance.choice(_SPANS)}")'
        return self._chance.choice([
            size, span, f"{self.date(0)} - {self.date(0)}", f"{size} * {self._chance.choice(['2', '0.5'])}", f"{size} + {size}",
            f"{span} - {span}",
            f"years and months duration({self.date(0)}, {self.date(0)})",
        ])  # fmt: skip

    def _choice_of(self, kind: Callable[[int], str]) -> Callable[[int], str]:
        return lambda depth: f"(if {self.boolean(depth - 1)} then {kind(depth - 1)} else {kind(depth - 1)})"

    # --- unary tests

    def tests(self) -> str:
        """The tests of a cell over a number."""
        a, b = sorted(self._chance.sample(range(-5, 60), 2))
        return self._chance.choice([
            f"< {a}", f">= {b}", f"[{a}..{b}]", f"({a}..{b}]", f"{a}, {b}", f"not({a}, > {b})", "-", f"? > {a} and ? < {b}",
            f"< {a}, > {b}",
            f"{a}, [{b}..{b + 5}]", "not(null)", f"list contains([{a}, {b}], ?)",
        ])  # fmt: skip


def expressions(seed: int, count: int, depth: int = 3) -> list[str]:
    """`count` different expressions over DATA."""
    maker = Maker(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[maker.any(depth)] = None
    return list(found)
