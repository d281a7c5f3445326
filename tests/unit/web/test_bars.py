"""Bars: the width is the base, the line is what is needed, and nothing is cut off. Names on a wall are short."""

from __future__ import annotations

from fractions import Fraction

import pytest

from web.bars import bar
from web.names import on_wall, surname
from web.votebars import amount


def test_pieces_stand_side_by_side_within_the_base() -> None:
    shape = bar(16, [("yes", 12), ("no", 2), ("abs", 1), ("none", 1)], 11)
    assert [(s.drawn, s.x, s.width) for s in shape.segments] == [
        ("yes", "0%", "75%"), ("no", "75%", "12.5%"), ("abs", "87.5%", "6.25%"), ("none", "93.75%", "6.25%"),
    ]  # fmt: skip
    assert shape.line is not None
    assert (shape.line.x, shape.line.anchor) == ("68.75%", "middle")


def test_what_nobody_chose_takes_no_room() -> None:
    assert [s.drawn for s in bar(3, [("yes", 0), ("none", 3)], 2).segments] == ["none"]


@pytest.mark.parametrize(("needed", "anchor"), [(0, "start"), (1, "start"), (5, "middle"), (10, "end"), (14, "end")])
def test_the_label_of_the_line_stays_inside_the_picture(needed: int, anchor: str) -> None:
    line = bar(10, [("yes", 4)], needed).line
    assert line is not None
    assert line.anchor == anchor
    assert float(line.x.removesuffix("%")) <= 100


def test_more_than_the_base_widens_the_bar_instead_of_being_cut_off() -> None:
    shape = bar(4, [("yes", 3), ("abs", 3)], 4)
    assert [s.width for s in shape.segments] == ["50%", "50%"]


def test_an_empty_base_has_no_bar() -> None:
    assert bar(0, [], 1).segments == ()
    assert bar(0, [], 1).line is None


@pytest.mark.parametrize(("value", "text"), [(12, "12"), (Fraction(1, 2), "0.5"), (Fraction(1, 3), "1/3"), ("2.50", "2.5"), ("0", "0")])
def test_amounts_are_exact_and_without_needless_zeros(value: object, text: str) -> None:
    assert amount(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "short"), [("王芳", "王"), ("欧阳明", "欧阳"), ("欧阳", "欧"), ("Wang Fang", "Wang"), ("", "")])
def test_a_surname_is_what_a_wall_shows(name: str, short: str) -> None:
    assert surname(name) == short


def test_a_post_stands_behind_the_surname() -> None:
    assert on_wall("郑强", "召集人") == "郑（召集人）"
    assert on_wall("郑强", "") == "郑"
