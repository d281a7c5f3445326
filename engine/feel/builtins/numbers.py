"""Functions of numbers."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.durations import YearsMonths, make_days, nanos_of
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, finite

_PLACES = range(-6111, 6177)  # the scales of DMN
_ZERO = Decimal(0)


def rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """The number with `scale` decimal places (negative: tens, hundreds …); null when the scale is out of range."""
    places = int(scale)
    if places not in _PLACES:
        return None
    exponent: Any = number.as_tuple().exponent
    if -exponent <= places:
        return number
    if number.adjusted() < -places - 1:
        # less than a tenth of the unit: quantize needs no more digits than this
        number = Decimal((number.as_tuple().sign, (1,), -places - 2)) if number else _ZERO
    result = number.quantize(Decimal(1).scaleb(-places), rounding=mode, context=NUMBERS)
    return finite(result) if places >= 0 or not result.is_finite() else finite(Decimal(int(result)))


def _declare_rounding(name: str, mode: str, signature: str) -> None:
    @builtin(name, signature)
    def _round(_: Run, n: Decimal, scale: Decimal = _ZERO) -> Decimal | None:
        return rounded(n, scale if scale is not None else _ZERO, mode)


_declare_rounding("decimal", ROUND_HALF_EVEN, "n: number, scale: number")
_declare_rounding("floor", ROUND_FLOOR, "n: number")
_declare_rounding("floor", ROUND_FLOOR, "n: number, scale: number")
_declare_rounding("ceiling", ROUND_CEILING, "n: number")
_declare_rounding("ceiling", ROUND_CEILING, "n: number, scale: number")
_declare_rounding("round up", ROUND_UP, "n: number, scale: number")
_declare_rounding("round down", ROUND_DOWN, "n: number, scale: number")
_declare_rounding("round half up", ROUND_HALF_UP, "n: number, scale: number")
_declare_rounding("round half down", ROUND_HALF_DOWN, "n: number, scale: number")


@builtin("abs", "n: number|days|months")
def _abs(_: Run, n: Any) -> Any:
    if isinstance(n, Decimal):
        return NUMBERS.abs(n)
    return YearsMonths(abs(n.months)) if isinstance(n, YearsMonths) else make_days(abs(nanos_of(n)))


@builtin("modulo", "dividend: number, divisor: number")
def _modulo(_: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    rest = NUMBERS.remainder(dividend, divisor)
    if not rest.is_finite():  # a quotient of more than 34 digits
        return None
    if rest and (rest < 0) != (divisor < 0):
        rest = NUMBERS.add(rest, divisor)
    return finite(rest)


@builtin("sqrt", "number: number")
def _sqrt(_: Run, number: Decimal) -> Decimal | None:
    return finite(NUMBERS.sqrt(number))


@builtin("log", "number: number")
def _log(_: Run, number: Decimal) -> Decimal | None:
    return finite(NUMBERS.ln(number)) if number > 0 else None


@builtin("exp", "number: number")
def _exp(_: Run, number: Decimal) -> Decimal | None:
    return finite(NUMBERS.exp(number))


def _is_odd(number: Decimal) -> bool | None:
    if number != number.to_integral_value():
        return None
    return bool(int(number) % 2)


@builtin("odd", "number: number")
def _odd(_: Run, number: Decimal) -> bool | None:
    return _is_odd(number)


@builtin("even", "number: number")
def _even(_: Run, number: Decimal) -> bool | None:
    odd = _is_odd(number)
    return None if odd is None else not odd
