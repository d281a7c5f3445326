"""XPath's regular expressions over RE2."""

from __future__ import annotations

import random
import re
import time
from typing import Any

import pytest

from engine.feel import compile_expression
from engine.feel.errors import ExpressionFailed
from engine.feel.patterns import PatternError, compiled
from engine.feel.patterns.classes import CLASS_ESCAPES
from engine.feel.patterns.sets import complement, in_ascii


def matches(text: str, pattern: str, flags: str = "") -> Any:
    return compile_expression("matches(t, p, f)").evaluate({"t": text, "p": pattern, "f": flags})


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("居民议事", r"^\w+$", "", True),
        ("居民_议事", r"^\w+$", "", False),  # XPath counts the low line as punctuation
        ("٣", r"^\d$", "", True),
        ("a\u00a0b", r"a\sb", "", False),  # only the four white spaces of XML
        ("a\nb", r"a\sb", "", True),
        ("a\rb", "a.b", "", False),
        ("a\rb", "a.b", "s", True),
        ("一\n二", "^二$", "m", True),
        ("一\n二", "^二$", "", False),
        ("ABC", "abc", "i", True),
        ("ÄÖ", "[äö]+", "i", True),
        ("K", "[A-Z-[K]]", "", False),
        ("k", "[A-Z-[K]]", "i", False),
        ("l", "[A-Z-[K]]", "i", True),
        ("5", r"[\w-[\d]]", "", False),
        ("五", r"[\w-[\d]]", "", True),
        ("x", r"[^\d-[a-c]]", "", True),
        ("b", r"[^\d-[a-c]]", "", False),
        ("b", "[a-z-[aeiou-[i]]]", "", True),
        ("i", "[a-z-[aeiou-[i]]]", "", True),
        ("e", "[a-z-[aeiou-[i]]]", "", False),
        ("-", "[a-]", "", True),
        ("-", "[-a]", "", True),
        ("]", r"[\]]", "", True),
        ("é", r"\p{Ll}", "", True),
        ("é", r"\P{Ll}", "", False),
        ("ひ", r"\p{IsHiragana}", "", True),
        ("中", r"^\p{IsCJKUnifiedIdeographs}$", "", True),
        ("中", r"\P{IsBasicLatin}", "", True),
        ("a:b", r"^\i\c*$", "", True),
        ("1a", r"^\i\c*$", "", False),
        ("-1", r"^[\I]", "", True),
        ("hello world", "hello world", "x", False),
        ("helloworld", "hello world", "x", True),
        ("hello world", "hello[ ]world", "x", True),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("A.B", "a.b", "qi", True),
        ("aaa", "^a{3}$", "", True),
        ("aaa", "^a{2,}?$", "", True),
        ("ab", "^(?:a|b)+$", "", True),
        ("", "^$", "", True),
        ("a$b", r"a\$b", "", True),
    ],
)
def test_what_a_pattern_matches(text, pattern, flags, expected):
    assert matches(text, pattern, flags) is expected


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(a", ""), ("a)", ""), ("[a", ""), ("[]", ""), ("a]", ""), ("a}", ""), ("*a", ""), ("a**", ""), ("a{2,1}", ""), ("a{,2}", ""),
        (r"\y", ""), ("\\", ""), (r"[\0]", ""), (r"\p{Xx}", ""), (r"\p{IsNowhere}", ""), (r"\pL", ""), ("[z-a]", ""), ("a", "g"),
        ("[a[b]]", ""),
    ],
)  # fmt: skip
def test_what_is_no_pattern_gives_null_and_says_why(pattern, flags):
    assert matches("a", pattern, flags) is None
    with pytest.raises(PatternError):
        compiled(pattern, flags)


@pytest.mark.parametrize(
    ("pattern", "said"), [(r"(a)\1", "refer back"), ("(?=a)", "look ahead"), ("(?<a>b)", "look ahead"), ("a" * 1001, "too long")]
)
def test_what_cannot_run_in_linear_time_is_refused_with_a_sentence(pattern, said):
    with pytest.raises(ExpressionFailed, match=said) as raised:
        matches("a", pattern)
    assert "不" in raised.value.message or "过" in raised.value.message


def test_patterns_for_ascii_texts_accept_the_same_ascii_characters():
    for name in CLASS_ESCAPES:
        small, whole = compiled(rf"^\{name}$", "", True), compiled(rf"^\{name}$", "", False)
        for code in range(128):
            assert bool(small.search(chr(code))) == bool(whole.search(chr(code))), (name, code)


def test_a_set_and_its_complement_share_no_character_of_ascii():
    for charset in CLASS_ESCAPES.values():
        one, other = in_ascii(charset), in_ascii(complement(charset))
        assert sum(last - first + 1 for first, last in (*one, *other)) == 128


def test_replacing_and_splitting_use_the_same_patterns():
    assert compile_expression(r'replace("2026-03-02", "(\d+)-(\d+)-(\d+)", "$3.$2.$1")').evaluate({}) == "02.03.2026"
    assert compile_expression(r'split("甲、乙，丙", "[、，]")').evaluate({}) == ["甲", "乙", "丙"]
    assert compile_expression(r'replace("aBc", "b", "-", "i")').evaluate({}) == "a-c"


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", r"(\w+\s?)+$", "(.*a){20}$", "[a-z-[aeiou-[i-[x-[y]]]]]*$"])
def test_no_pattern_takes_long(pattern):
    before = time.thread_time()
    matches("a" * 2_000 + "!", pattern)
    assert time.thread_time() - before < 0.3


def _made(chance: random.Random, depth: int = 3) -> str:
    """A pattern of what XPath and Python share."""
    if not depth or chance.random() < 0.4:
        return chance.choice(["a", "b", "c", "[ab]", "[^a]", "[a-c]", r"[\-a]", r"\.", "(?:a|b)"])
    inner = _made(chance, depth - 1)
    way = chance.randrange(4)
    if way == 0:
        return f"(?:{inner}){chance.choice(['?', '*', '+', '{1,2}', '*?'])}"
    return inner + _made(chance, depth - 1) if way == 1 else f"({inner}|{_made(chance, depth - 1)})"


def test_what_xpath_and_python_share_matches_the_same():
    chance = random.Random(20260302)
    for _ in range(400):
        pattern, text = _made(chance), "".join(chance.choices("abc.-d", k=chance.randrange(6)))
        wanted = re.search(f"^(?:{pattern})$", text) is not None
        for flags in ("", "i", "s"):
            assert matches(text, f"^(?:{pattern})$", flags) is wanted, (pattern, text, flags)
        assert matches(text.upper(), f"^(?:{pattern})$", "i") is wanted, (pattern, text)


def test_no_text_is_more_than_a_wrong_pattern():
    chance = random.Random(20260302)
    for _ in range(3000):
        pattern = "".join(chance.choices(r"ab[]()-^$\pdLu{}1,*+?|. 居", k=chance.randrange(12)))
        flags = "".join(chance.sample("smixq", chance.randrange(3)))
        for ascii_only in (True, False):
            try:
                compiled(pattern, flags, ascii_only)
            except PatternError as error:
                assert error.key != "pattern_length", pattern  # noqa: PT017  what is read can be compiled
