"""What is said about one kind of finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One kind of finding. Texts are ``str.format`` templates over the facts given with it."""

    code: str
    severity: str
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    #: a rule of our own dialect: in files made by other tools it is a warning only
    house_rule: bool = False


def error(code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Code:
    return Code(code=code, severity="error", zh=zh, en=en, hint_zh=hint_zh, hint_en=hint_en)


def warning(code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Code:
    return Code(code=code, severity="warning", zh=zh, en=en, hint_zh=hint_zh, hint_en=hint_en)


def house(code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Code:
    return Code(code=code, severity="error", zh=zh, en=en, hint_zh=hint_zh, hint_en=hint_en, house_rule=True)
