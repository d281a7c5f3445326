r"""The escapes of XPath that stand for many characters: `\d`, `\w`, `\p{Lu}`, `\p{IsHiragana}` …"""

from __future__ import annotations

from engine.feel.patterns.sets import CharSet, Ranges, complement, of_category, of_ranges, union

_SPACES: Ranges = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))
#: characters that begin a name of XML, and those that continue one
_NAME_START: Ranges = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF),
    (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME_PART: Ranges = ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))

_WORD = union(*(of_category(name) for name in "LMNS"))
_NAMED: dict[str, CharSet] = {
    "d": of_category("Nd"),
    "s": of_ranges(_SPACES),
    "w": _WORD,
    "i": of_ranges(_NAME_START),
    "c": union(of_ranges(_NAME_START), of_ranges(_NAME_PART)),
}
CLASS_ESCAPES: dict[str, CharSet] = _NAMED | {name.upper(): complement(charset) for name, charset in _NAMED.items()}

CATEGORIES = frozenset({
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
    "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co",
})  # fmt: skip

#: blocks of Unicode by the name that follows `Is`
_BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF), "LatinExtended-A": (0x100, 0x17F), "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF), "SpacingModifierLetters": (0x2B0, 0x2FF), "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF), "GreekandCoptic": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "CyrillicSupplement": (0x500, 0x52F),
    "Armenian": (0x530, 0x58F), "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF), "Syriac": (0x700, 0x74F), "Thaana": (0x780, 0x7BF),
    "Devanagari": (0x900, 0x97F), "Bengali": (0x980, 0x9FF), "Gurmukhi": (0xA00, 0xA7F), "Gujarati": (0xA80, 0xAFF),
    "Oriya": (0xB00, 0xB7F), "Tamil": (0xB80, 0xBFF), "Telugu": (0xC00, 0xC7F), "Kannada": (0xC80, 0xCFF), "Malayalam": (0xD00, 0xD7F),
    "Sinhala": (0xD80, 0xDFF), "Thai": (0xE00, 0xE7F), "Lao": (0xE80, 0xEFF), "Tibetan": (0xF00, 0xFFF), "Myanmar": (0x1000, 0x109F),
    "Georgian": (0x10A0, 0x10FF), "HangulJamo": (0x1100, 0x11FF), "Ethiopic": (0x1200, 0x137F), "Cherokee": (0x13A0, 0x13FF),
    "UnifiedCanadianAboriginalSyllabics": (0x1400, 0x167F), "Ogham": (0x1680, 0x169F), "Runic": (0x16A0, 0x16FF),
    "Khmer": (0x1780, 0x17FF), "Mongolian": (0x1800, 0x18AF), "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF), "GeneralPunctuation": (0x2000, 0x206F), "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF), "CombiningMarksforSymbols": (0x20D0, 0x20FF),
    "CombiningDiacriticalMarksforSymbols": (0x20D0, 0x20FF), "LetterlikeSymbols": (0x2100, 0x214F), "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF), "MathematicalOperators": (0x2200, 0x22FF), "MiscellaneousTechnical": (0x2300, 0x23FF),
    "ControlPictures": (0x2400, 0x243F), "OpticalCharacterRecognition": (0x2440, 0x245F), "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "BoxDrawing": (0x2500, 0x257F), "BlockElements": (0x2580, 0x259F), "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF), "Dingbats": (0x2700, 0x27BF), "BraillePatterns": (0x2800, 0x28FF),
    "CJKRadicalsSupplement": (0x2E80, 0x2EFF), "KangxiRadicals": (0x2F00, 0x2FDF), "IdeographicDescriptionCharacters": (0x2FF0, 0x2FFF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F), "Hiragana": (0x3040, 0x309F), "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F), "HangulCompatibilityJamo": (0x3130, 0x318F), "Kanbun": (0x3190, 0x319F),
    "BopomofoExtended": (0x31A0, 0x31BF), "EnclosedCJKLettersandMonths": (0x3200, 0x32FF), "CJKCompatibility": (0x3300, 0x33FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF), "YijingHexagramSymbols": (0x4DC0, 0x4DFF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF), "YiSyllables": (0xA000, 0xA48F), "YiRadicals": (0xA490, 0xA4CF),
    "HangulSyllables": (0xAC00, 0xD7AF), "PrivateUse": (0xE000, 0xF8FF), "PrivateUseArea": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF), "AlphabeticPresentationForms": (0xFB00, 0xFB4F),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF), "CombiningHalfMarks": (0xFE20, 0xFE2F), "CJKCompatibilityForms": (0xFE30, 0xFE4F),
    "SmallFormVariants": (0xFE50, 0xFE6F), "ArabicPresentationForms-B": (0xFE70, 0xFEFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF), "Specials": (0xFFF0, 0xFFFF), "Gothic": (0x10330, 0x1034F),
    "MathematicalAlphanumericSymbols": (0x1D400, 0x1D7FF), "Emoticons": (0x1F600, 0x1F64F),
    "CJKUnifiedIdeographsExtensionB": (0x20000, 0x2A6DF), "CJKCompatibilityIdeographsSupplement": (0x2F800, 0x2FA1F),
    "Tags": (0xE0000, 0xE007F),
}  # fmt: skip


def property_set(name: str) -> CharSet | None:
    r"""What `\p{name}` stands for, or None."""
    if name in CATEGORIES:
        return of_category(name)
    block = _BLOCKS.get(name[2:]) if name.startswith("Is") else None
    return of_ranges((block,)) if block else None
