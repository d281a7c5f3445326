"""DMN: decision tables, boxed expressions and requirement graphs over engine.feel.

>>> read_dmn(data, "fees.dmn")["fee"].evaluate({"amount": 120}).value
"""

from engine.decisions.file import DmnFile
from engine.decisions.graph import Decision
from engine.decisions.imports import imports_decisions
from engine.decisions.model import Fired, Outcome, Tested
from engine.decisions.reader import read_dmn

Decisions = DmnFile

__all__ = ["Decision", "Decisions", "DmnFile", "Fired", "Outcome", "Tested", "imports_decisions", "read_dmn"]
