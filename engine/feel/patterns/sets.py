"""Sets of characters: unions, differences and complements of ranges and Unicode categories, written as RE2 takes them.

A set is a union of terms; a term is an intersection of one set of ranges with categories, some of them negated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import category

_LAST = 0x10FFFF
_LAST_ASCII = 0x7F
_ASCII_CATEGORIES = tuple(category(chr(code)) for code in range(_LAST_ASCII + 1))
#: where the letters with two cases are
_CASED = (
    (0x41, 0x587), (0x10A0, 0x10FF), (0x13A0, 0x13FD), (0x1C80, 0x1CBF), (0x1D79, 0x1D8E), (0x1E00, 0x1FFC), (0x2126, 0x2184),
    (0x24B6, 0x24E9), (0x2C00, 0x2D2D), (0xA640, 0xA7FF), (0xAB53, 0xABBF), (0xFF21, 0xFF5A), (0x10400, 0x104FB), (0x10570, 0x105BC),
    (0x10C80, 0x10CF2), (0x118A0, 0x118DF), (0x16E40, 0x16E7F), (0x1E900, 0x1E943),
)  # fmt: skip
#: terms of one set; more are refused, since differences multiply them
_MOST_TERMS = 60

Ranges = tuple[tuple[int, int], ...]
EVERYTHING: Ranges = ((0, _LAST),)


class TooManyTerms(Exception):
    """A character class whose differences cannot be written out."""


@dataclass(frozen=True, slots=True)
class Term:
    ranges: Ranges = EVERYTHING
    #: (name of a category, negated)
    categories: frozenset[tuple[str, bool]] = frozenset()


CharSet = tuple[Term, ...]


def of_ranges(ranges: Ranges) -> CharSet:
    return (Term(ranges),) if ranges else ()


def of_category(name: str, negated: bool = False) -> CharSet:
    return (Term(categories=frozenset({(name, negated)})),)


def union(*sets: CharSet) -> CharSet:
    plain = [term for item in sets for term in item if not term.categories]
    others = [term for item in sets for term in item if term.categories]
    return (*of_ranges(merged(tuple(pair for term in plain for pair in term.ranges))), *others)


def complement(charset: CharSet) -> CharSet:
    result: CharSet = (Term(),)
    for term in charset:
        result = _intersection(result, _negated(term))
    return result


def difference(left: CharSet, right: CharSet) -> CharSet:
    return _intersection(left, complement(right))


def _negated(term: Term) -> CharSet:
    categories = [Term(categories=frozenset({(name, not negated)})) for name, negated in sorted(term.categories)]
    return (*of_ranges(inverted(term.ranges)), *categories)


def _intersection(left: CharSet, right: CharSet) -> CharSet:
    terms: list[Term] = []
    for one in left:
        for other in right:
            ranges, categories = _common(one.ranges, other.ranges), one.categories | other.categories
            contradiction = any((name, not negated) in categories for name, negated in categories)
            if ranges and not contradiction:
                terms.append(Term(ranges, categories))
    if len(terms) > _MOST_TERMS:
        raise TooManyTerms
    return union(tuple(terms))


def merged(ranges: Ranges) -> Ranges:
    """Sorted, without overlaps."""
    result: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return tuple(result)


def inverted(ranges: Ranges) -> Ranges:
    result, start = [], 0
    for first, last in merged(ranges):
        if first > start:
            result.append((start, first - 1))
        start = last + 1
    if start <= _LAST:
        result.append((start, _LAST))
    return tuple(result)


def _common(left: Ranges, right: Ranges) -> Ranges:
    if EVERYTHING in (left, right):
        return right if left == EVERYTHING else left
    return inverted((*inverted(left), *inverted(right)))


def with_cases(ranges: Ranges) -> Ranges:
    """The ranges and what their letters are in the other cases."""
    cased = _cased()
    more: list[tuple[int, int]] = []
    for first, last in ranges:
        codes = range(first, last + 1) if last - first < len(cased) else (code for code in cased if first <= code <= last)
        more += [(other, other) for code in codes for other in cased.get(code, ())]
    return merged((*ranges, *more))


@cache
def _cased() -> dict[int, tuple[int, ...]]:
    """Letters that differ by case only, each with all of its kind."""
    groups: dict[str, list[int]] = {}
    for first, last in _CASED:
        for code in range(first, last + 1):
            groups.setdefault(chr(code).upper().lower(), []).append(code)
    return {code: tuple(group) for group in groups.values() if len(group) > 1 for code in group}


def in_ascii(charset: CharSet) -> Ranges:
    """The part of a set that a text of ASCII can meet."""
    codes = [code for code in range(_LAST_ASCII + 1) if any(_has(term, code) for term in charset)]
    return merged(tuple((code, code) for code in codes))


def _has(term: Term, code: int) -> bool:
    if not any(first <= code <= last for first, last in term.ranges):
        return False
    kind = _ASCII_CATEGORIES[code]
    return all(kind.startswith(name) != negated for name, negated in term.categories)


# --- writing


def written(charset: CharSet, *, ascii_only: bool = False) -> str:
    """As RE2 takes it; `ascii_only`: for texts of ASCII, which makes far smaller programs."""
    if ascii_only:
        charset = of_ranges(in_ascii(charset))
    simple = [term for term in charset if _is_simple(term)]
    parts = [f"[{''.join(map(_inside, simple))}]"] if simple else []
    parts += [f"[^{_ranges_text(inverted(term.ranges))}{_categories_text(term, True)}]" for term in charset if not _is_simple(term)]
    if not parts:
        return r"[^\x{0}-\x{10FFFF}]"
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _is_simple(term: Term) -> bool:
    return not term.categories or (term.ranges == EVERYTHING and len(term.categories) == 1)


def _inside(term: Term) -> str:
    return _categories_text(term, False) if term.categories else _ranges_text(term.ranges)


def _categories_text(term: Term, invert: bool) -> str:
    return "".join(rf"\{'P' if negated != invert else 'p'}{{{name}}}" for name, negated in sorted(term.categories))


def _ranges_text(ranges: Ranges) -> str:
    return "".join(rf"\x{{{first:X}}}" + (rf"-\x{{{last:X}}}" if last > first else "") for first, last in ranges)
