"""What must not be published, and its redacted copy (domain SP01 step 2): telephone numbers, identity numbers, protected names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FULL_WIDTH = {ord("０") + n: ord("0") + n for n in range(10)} | {ord("Ｘ"): ord("X"), ord("ｘ"): ord("x")}
_GAP = r"[ \-]?"
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)(0\d{{2,3}}{_GAP}\d{{7,8}})(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{17}[0-9Xx])(?![0-9A-Za-z])")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_NAMES = {
    "phone": ("电话号码", "a telephone number"),
    "id_number": ("身份证件号码", "an identity number"),
    "secret": ("受保护的内容", "protected content"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A forbidden passage: its kind and place, shown only masked."""

    kind: str
    start: int
    end: int
    masked: str

    def sentence(self, language: str, where: str) -> str:
        zh, en = _NAMES[self.kind]
        return f"{where}含有{zh}：{self.masked}" if language == "zh" else f"{where} contains {en}: {self.masked}"


def find(text: str, secrets: Iterable[str] = (), allowed: Iterable[str] = ()) -> list[Found]:
    """Forbidden passages in order of place, none overlapping. `allowed`: public numbers such as the office's own telephone."""
    plain = text.translate(_FULL_WIDTH)
    open_numbers = {re.sub(r"\D", "", a) for a in allowed}
    hits = [_secret(m, text) for s in secrets if s.strip() for m in re.finditer(re.escape(s.strip()), text)]
    hits += [Found("id_number", *m.span(1), _mask(m.group(1), 3, 2)) for m in _IDENTITY.finditer(plain) if _is_identity(m.group(1))]
    for pattern in (_MOBILE, _LANDLINE):
        hits += [
            Found("phone", *m.span(1), _mask(m.group(1), 3, 2))
            for m in pattern.finditer(plain)
            if re.sub(r"\D", "", m.group(1)) not in open_numbers
        ]
    return _apart(hits)


def redact(text: str, found: Sequence[Found]) -> str:
    """The text with every passage masked."""
    for hit in sorted(found, key=lambda f: f.start, reverse=True):
        text = text[: hit.start] + hit.masked + text[hit.end :]
    return text


def _secret(match: re.Match[str], text: str) -> Found:
    start, end = match.span()
    return Found("secret", start, end, text[start] + "×" * (end - start - 1) if end - start > 1 else "×")


def _is_identity(number: str) -> bool:
    """GB 11643 check character; without it other 18-digit numbers would be taken for one."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11] == number[17].upper()


def _mask(number: str, head: int, tail: int) -> str:
    return number[:head] + "×" * (len(number) - head - tail) + number[-tail:]


def _apart(hits: Iterable[Found]) -> list[Found]:
    kept: list[Found] = []
    for hit in sorted(hits, key=lambda f: (f.start, -f.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
