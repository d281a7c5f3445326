"""FEEL, the expression language of every model: own parser, compiled closures, decimal numbers, no I/O.

>>> compile_expression("=x != null and x > 3").evaluate({"x": 5})
True
"""

from engine.feel.environment import Environment
from engine.feel.errors import FeelSyntaxError
from engine.feel.expressions import (
    OWN_FUNCTION_NAMES,
    Examined,
    Expression,
    UnaryTests,
    builtin_names,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.kinds import FunctionValue, Range
from engine.feel.limits import LimitReached, limit_time
from engine.feel.notices import Notice
from engine.feel.types import Type

__all__ = [
    "OWN_FUNCTION_NAMES",
    "Environment",
    "Examined",
    "Expression",
    "FeelSyntaxError",
    "FunctionValue",
    "LimitReached",
    "Notice",
    "Range",
    "Type",
    "UnaryTests",
    "builtin_names",
    "compile_expression",
    "compile_unary_tests",
    "limit_time",
]
