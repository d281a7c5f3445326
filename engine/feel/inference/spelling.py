"""The nearest spellings of a name, for Chinese names as for Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_MOST = 3
_LONGEST = 60


def nearest(name: str, known: Iterable[str], most: int = _MOST) -> list[str]:
    """Names that `name` may have been meant to be, best first: a third of its characters may differ, one in a short name."""
    wanted = _folded(name)
    allowed = max(1, len(wanted) // 3)
    found = []
    for candidate in known:
        folded = _folded(candidate)
        if candidate == name or abs(len(folded) - len(wanted)) > allowed or not folded:
            continue
        distance = _distance(wanted[:_LONGEST], folded[:_LONGEST])
        if distance <= allowed and distance < max(len(wanted), len(folded)):
            found.append((distance, _start_differs(wanted, folded), candidate))
    found.sort()
    return [candidate for distance, _, candidate in found[:most] if found[0][0] or not distance]


def _folded(name: str) -> str:
    """Case, width and the marks between words are what people mistake first."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c not in " _-")


def _start_differs(one: str, other: str) -> bool:
    return one[:1] != other[:1]


def _distance(one: str, other: str) -> int:
    """Insertions, deletions, changes and swaps of neighbours that turn one text into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, previous, row = row, before, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
