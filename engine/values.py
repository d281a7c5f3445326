"""Values of process variables: Python ⇄ typed JSON for the database, and Python → plain JSON for API and pages.

Kinds: None, bool, str, Decimal (every number), date, datetime (aware), time, timedelta (days-time duration),
YearsMonths (years-months duration), list, dict with str keys. Ints and floats are accepted and become Decimal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import CogovError
from engine.feel.builtins.conversions import text as feel_text
from engine.feel.durations import WideDays
from engine.feel.durations import YearsMonths as YearsMonths
from engine.feel.durations import duration_text as duration_text
from engine.feel.environment import DEFAULT, Run
from engine.feel.kinds import FunctionValue, Range
from engine.feel.wide import WideDate, WideMoment, WideTime
from engine.feel.zones import settled

#: Key that marks a typed scalar; a user's dict that has such a key is wrapped, so no user data can be mistaken for a type.
TAG = "@"


#: what a message may be matched by
Key = str | bool | int | Decimal | date | time | timedelta | YearsMonths
#: longest name, key and id of a message, in characters: an index of the database holds name and key
MESSAGE_NAME, MESSAGE_KEY, MESSAGE_ID = 255, 500, 255

#: containers inside containers; deeper ones would end the recursion of every reader
_DEEPEST = 100


class ValueRefused(CogovError, TypeError):
    """A value that no variable can have."""

    code = "value_refused"


def normalise(value: Any, _room: int = _DEEPEST) -> Any:
    """Own Python kinds only: numbers become Decimal, tuples lists, mappings dicts.

    Raises ValueRefused (a TypeError) for anything else: NaN and infinities, text that is no Unicode or holds NUL (PostgreSQL
    stores neither), more than 100 levels.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (datetime, time)):
        return settled(value)
    if value is None or isinstance(value, (bool, date, timedelta, YearsMonths)):
        return value
    if isinstance(value, (int, float, Decimal)):
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        if not number.is_finite():
            raise ValueRefused(f"{number} 不是数 / {number} is not a number")
        return number
    if _room < 1:
        raise ValueRefused(f"嵌套超过 {_DEEPEST} 层 / nested more than {_DEEPEST} levels deep")
    if isinstance(value, Mapping):
        return {_text(str(k)): normalise(v, _room - 1) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [normalise(v, _room - 1) for v in value]
    if isinstance(value, (WideDate, WideTime, WideMoment, WideDays)):
        limits = ("年份须在 0001–9999 之间，秒至多六位小数", "years 0001-9999, seconds to six decimal places")
        raise ValueRefused(f"{value} 不能保存：{limits[0]} / {value} cannot be stored: {limits[1]}")
    raise ValueRefused(f"{type(value).__name__} 不能作为变量的值 / a {type(value).__name__} cannot be the value of a variable")


def _text(value: str) -> str:
    if "\0" in value or not (value.isascii() or value.isprintable() or _is_unicode(value)):
        raise ValueRefused("文字含有不能保存的字符 / the text holds a character that cannot be stored")
    return value


def _is_unicode(value: str) -> bool:
    """Without lone surrogates, which JSON can carry."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def dumps(value: Any) -> str:
    """Typed JSON text; `loads` gives the same value back."""
    return json.dumps(_encode(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def loads(text: str) -> Any:
    return _decode(json.loads(text))


def plain(value: Any) -> Any:
    """JSON for people and programs outside: decimals, dates and durations as strings, nothing tagged."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, (YearsMonths, WideDate, WideTime, WideMoment, WideDays)):
        return str(value)
    if isinstance(value, (Range, FunctionValue)):  # an expression that is tried out may give one
        return feel_text(value, Run(DEFAULT))
    return value


def key_text(value: Any) -> str:
    """A scalar as the text that messages are matched by: values equal in FEEL give one text. Numbers are written plainly without
    trailing zeros (1 = 1.0 = "1"), moments in UTC; a date is never a moment."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        text = format(value if isinstance(value, Decimal) else Decimal(str(value)), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(plain(value))


def _encode(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        value = Decimal(str(value))
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else {TAG: "n", "v": str(value)}
    if isinstance(value, datetime):
        return {TAG: "dt", "v": value.isoformat()}
    if isinstance(value, date):
        return {TAG: "d", "v": value.isoformat()}
    if isinstance(value, time):
        return {TAG: "t", "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {TAG: "td", "v": value // timedelta(microseconds=1)}
    if isinstance(value, YearsMonths):
        return {TAG: "ym", "v": value.months}
    if isinstance(value, Mapping):
        encoded = {str(k): _encode(v) for k, v in value.items()}
        return {TAG: "o", "v": encoded} if TAG in encoded else encoded
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_encode(v) for v in value]
    raise TypeError(f"a {type(value).__name__} cannot be the value of a variable")


_DECODERS: dict[str, Any] = {
    "n": Decimal,
    "dt": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "td": lambda v: timedelta(microseconds=v),
    "ym": YearsMonths,
    "o": lambda v: {k: _decode(x) for k, x in v.items()},
}


def _decode(value: Any) -> Any:
    if isinstance(value, dict):
        if TAG in value:
            return _DECODERS[value[TAG]](value["v"])
        return {k: _decode(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_decode(v) for v in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return value
