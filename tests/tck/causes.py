"""Why cases fail: causes that are known and meant, and for the rest what kind of difference it is."""

from __future__ import annotations

from engine.errors import CogovError
from tests.tck.suite import Result

#: cause → beginnings of `folder/case`; each is explained in docs/reference/feel.md
KNOWN: dict[str, tuple[str, ...]] = {
    "functions in Java, which are not run: nothing a designer writes runs code": ("0076-feel-external-java/",),
    "equality by whole seconds, where the standard counts fractions": (
        "0068-feel-equality/time_005",
        "0068-feel-equality/datetime_003_a",
    ),
    "back-references in patterns, which cannot run in linear time": ("1111-feel-matches-function/K2-MatchesFunc-17",),
}


def cause_of(result: Result) -> str:
    for cause, beginnings in KNOWN.items():
        if result.key.startswith(beginnings):
            return cause
    if isinstance(result.actual, CogovError):
        return f"UNEXPLAINED: refused ({result.actual.code})"
    if not result.expects_value:
        return "UNEXPLAINED: a value instead of null"
    return "UNEXPLAINED: null instead of a value" if result.actual is None else "UNEXPLAINED: another value"
