"""One FEEL text of a file: it can be read, its names exist, its kinds fit. Shared by processes, papers, registers and forms."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.checks.doubts import Add, add_doubts
from engine.definitions.model import Label
from engine.definitions.scope.functions import OWN_FUNCTIONS
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.inference import Anything, Shape, infer

_LONGEST = 200
_ANYTHING = Anything()


def check_feel(add: Add, where: str, text: str, names: Mapping[str, Shape] | None, wanted: tuple[str, ...] = ()) -> Shape | None:
    """What it gives; None where it cannot be read. `add` takes a code and its facts; `names` None: any name may be used."""
    try:
        compile_expression(text, names=frozenset(names or ()), named_zones=False)
    except FeelSyntaxError as error:
        reason, hint = Label(zh=error.message_zh, en=error.message), Label(zh=error.hint_zh, en=error.hint)
        add("FEEL-001", where=where, reason=reason, hint=hint, text=f" {text}"[:_LONGEST])
        return None
    inferred = infer(text, _ANYTHING if names is None else names, functions=OWN_FUNCTIONS, wanted=wanted)
    add_doubts(add, where, text, inferred.doubts)
    return inferred.shape
