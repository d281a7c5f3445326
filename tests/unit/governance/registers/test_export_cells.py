"""What somebody typed is never run by the spreadsheet program of whoever exports it."""

from __future__ import annotations

import csv
import io

import pytest

from governance.registers.export import to_csv


@pytest.mark.parametrize("typed", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(1)"])
def test_a_cell_that_begins_like_a_formula_is_text(typed: str) -> None:
    (row,) = csv.reader(io.StringIO(to_csv([[typed, "通过"]]).decode("utf-8-sig"), newline=""))
    assert row == ["'" + typed, "通过"]
