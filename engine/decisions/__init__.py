"""DMN: decision tables, boxed expressions and requirement graphs over engine.feel.

>>> read_dmn(data, "fees.dmn")["fee"].evaluate({"amount": 120}).value
"""

from engine.decisions.graph import Decision, DmnFile
from engine.decisions.model import Outcome
from engine.decisions.reader import read_dmn

Decisions = DmnFile

__all__ = ["Decision", "Decisions", "DmnFile", "Outcome", "read_dmn"]
