"""Sets of characters: unions, differences and complements of ranges and Unicode categories, written as RE2 takes them.

A set is a union of terms; a term is an intersection of one set of ranges with categories, some of them negated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_LAST = 0x10FFFF
#: beyond this no letter has another case
_LAST_CASED = 0x1E943
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
    more = [(ord(other), ord(other)) for letter, others in _cased() for first, last in ranges if first <= letter <= last for other in others]
    return merged((*ranges, *more))


@cache
def _cased() -> tuple[tuple[int, frozenset[str]], ...]:
    found = []
    for code in range(_LAST_CASED + 1):
        letter = chr(code)
        others = {form for form in (letter.lower(), letter.upper(), letter.title()) if len(form) == 1} - {letter}
        if others:
            found.append((code, frozenset(others)))
    return tuple(found)


# --- writing


def written(charset: CharSet) -> str:
    """As RE2 takes it; case does not matter any more."""
    simple = [term for term in charset if _is_simple(term)]
    parts = [f"[{''.join(map(_inside, simple))}]"] if simple else []
    parts += [f"[^{_ranges_text(inverted(term.ranges))}{_categories_text(term, True)}]" for term in charset if not _is_simple(term)]
    if not parts:
        return r"[^\x{0}-\x{10FFFF}]"
    return f"(?-i:{'|'.join(parts)})"


def _is_simple(term: Term) -> bool:
    return not term.categories or (term.ranges == EVERYTHING and len(term.categories) == 1)


def _inside(term: Term) -> str:
    return _categories_text(term, False) if term.categories else _ranges_text(term.ranges)


def _categories_text(term: Term, invert: bool) -> str:
    return "".join(rf"\{'P' if negated != invert else 'p'}{{{name}}}" for name, negated in sorted(term.categories))


def _ranges_text(ranges: Ranges) -> str:
    return "".join(rf"\x{{{first:X}}}" + (rf"-\x{{{last:X}}}" if last > first else "") for first, last in ranges)
