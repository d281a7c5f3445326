"""Cogov's own FEEL functions (conventions 4): how they are called and what they give."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Label
from engine.feel.builtins.registry import Parameter
from engine.feel.inference import ANY, MOMENT, NUMBER, TEXT, Shape, Signature, context_of

_TEXT, _NUMBER, _DAY = frozenset({"string"}), frozenset({"number"}), frozenset({"date", "date and time"})
_OF = Parameter("of", _TEXT, optional=True)
#: null while there is no such deadline
_DEADLINE = context_of(
    {"id": TEXT, "due": MOMENT, "started": MOMENT, "clock": TEXT, "state": TEXT, "remaining": ANY},
)


def _own(name: str, result: Shape, *parameters: Parameter) -> Signature:
    return Signature(name, parameters, result)


OWN_FUNCTIONS: Mapping[str, Signature] = {
    signature.name: signature
    for signature in (
        # a date gives a date, a date and time that day's closing time
        _own("add working days", ANY, Parameter("day", _DAY), Parameter("count", _NUMBER)),
        _own("working days between", NUMBER, Parameter("start", _DAY), Parameter("end", _DAY)),
        _own("deadline", _DEADLINE, Parameter("id", _TEXT)),
        _own("role", TEXT, Parameter("code", _TEXT), _OF),
        _own("member", TEXT, Parameter("committee", _TEXT), Parameter("seat", _TEXT, optional=True)),
        _own("holder", TEXT, Parameter("post", _TEXT), _OF),
        _own("setting", ANY, Parameter("key", _TEXT)),
    )
}

#: what they are for, in a completion list
DESCRIPTIONS: Mapping[str, Label] = {
    "add working days": Label(zh="某天之后第 n 个工作日", en="the n-th working day after a day"),
    "working days between": Label(zh="两天之间的工作日数", en="how many working days lie between two days"),
    "deadline": Label(zh="本案的一个时限", en="a deadline of the case"),
    "role": Label(zh="某处担任某角色的人", en="whoever holds a role somewhere"),
    "member": Label(zh="委员会成员", en="the members of a committee"),
    "holder": Label(zh="某岗位的现任", en="the holder of a post"),
    "setting": Label(zh="设置项的值", en="the value of a setting"),
}
