"""Formatting of a docx as CSS: what a paragraph and a run look like after styles, their parents and direct formatting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.papers.docx import Docx, w

_ALIGN = {"center": "center", "right": "right", "end": "right", "both": "justify", "distribute": "justify", "left": "left", "start": "left"}
#: properties that a run's text inherits from its paragraph
_ON = ("1", "true", "on", None)
_RUN = ("b", "i", "u", "sz", "color", "strike", "vertAlign", "rFonts")
_PARAGRAPH = ("jc", "ind", "spacing", "pBdr", "pageBreakBefore", "keepNext", "keepLines")


class Styles:
    """Effective properties: element of ``w:pPr`` or ``w:rPr`` by name."""

    def __init__(self, document: Docx) -> None:
        root = document.xml("word/styles.xml")
        self._styles = {} if root is None else {style.get(w("styleId")): style for style in root.iterfind(w("style"))}
        self._default_paragraph = next(
            (k for k, s in self._styles.items() if s.get(w("type")) == "paragraph" and s.get(w("default"))), None
        )
        defaults = None if root is None else root.find(w("docDefaults"))
        self._run_defaults = _children(None if defaults is None else defaults.find(f"{w('rPrDefault')}/{w('rPr')}"), _RUN)
        self._paragraph_defaults = _children(None if defaults is None else defaults.find(f"{w('pPrDefault')}/{w('pPr')}"), _PARAGRAPH)

    def paragraph(self, paragraph: Any) -> dict[str, Any]:
        """Of the paragraph: its style's chain, then its own."""
        own = paragraph.find(w("pPr"))
        found = dict(self._paragraph_defaults)
        for style in self._chain(self.style_of(paragraph)):
            found |= _merged(found, _children(style.find(w("pPr")), _PARAGRAPH))
        return found | _merged(found, _children(own, _PARAGRAPH))

    def run(self, paragraph: Any, run: Any) -> dict[str, Any]:
        """Of a run: defaults, the paragraph's style, the run's style, its own."""
        found = dict(self._run_defaults)
        for style in self._chain(self.style_of(paragraph)):
            found |= _children(style.find(w("rPr")), _RUN)
        own = run.find(w("rPr"))
        name = None if own is None else own.find(w("rStyle"))
        if name is not None:
            for style in self._chain(name.get(w("val"))):
                found |= _children(style.find(w("rPr")), _RUN)
        return found | _children(own, _RUN)

    def style_of(self, paragraph: Any) -> str | None:
        name = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        return self._default_paragraph if name is None else name.get(w("val"))

    def table_borders(self, table: Any) -> dict[str, str]:
        """Lines that the table's style draws."""
        name = table.find(f"{w('tblPr')}/{w('tblStyle')}")
        found: dict[str, str] = {}
        for style in self._chain(None if name is None else name.get(w("val"))):
            found |= borders(style.find(f"{w('tblPr')}/{w('tblBorders')}"))
        return found

    def _chain(self, name: str | None) -> list[Any]:
        """The style and those it is based on, the outermost first."""
        chain: list[Any] = []
        while name in self._styles and self._styles[name] not in chain:
            chain.append(self._styles[name])
            based = chain[-1].find(w("basedOn"))
            name = None if based is None else based.get(w("val"))
        return chain[::-1]


def _children(properties: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {} if properties is None else {name: found for name in names if (found := properties.find(w(name))) is not None}


def _merged(before: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Indents and spacing are inherited attribute by attribute."""
    for name in ("ind", "spacing"):
        if name in before and name in own:
            merged = own[name].makeelement(own[name].tag, {**dict(before[name].attrib), **dict(own[name].attrib)})
            own = {**own, name: merged}
    return dict(own)


def is_on(element: Any) -> bool:
    return element is not None and element.get(w("val")) in _ON


def paragraph_css(found: Mapping[str, Any], size: float) -> str:
    """CSS of a paragraph. `size`: its text's size in points, for indents counted in characters."""
    css: list[str] = []
    if "jc" in found:
        css.append(f"text-align:{_ALIGN.get(found['jc'].get(w('val')), 'left')}")
    css += _indent(found.get("ind"), size)
    css += _spacing(found.get("spacing"))
    if is_on(found.get("pageBreakBefore")):
        css.append("break-before:page")
    if is_on(found.get("keepNext")):
        css.append("break-after:avoid")
    css += [f"border-{side}:{line}" for side, line in borders(found.get("pBdr")).items()]
    return ";".join(css)


def run_css(found: Mapping[str, Any]) -> str:
    css: list[str] = []
    if "sz" in found:
        css.append(f"font-size:{_half_points(found['sz']):g}pt")
    if is_on(found.get("b")):
        css.append("font-weight:bold")
    if is_on(found.get("i")):
        css.append("font-style:italic")
    lines = [name for key, name in (("u", "underline"), ("strike", "line-through")) if key in found and found[key].get(w("val")) != "none"]
    if lines:
        css.append(f"text-decoration:{' '.join(lines)}")
    if (color := _color(found.get("color"))) is not None:
        css.append(f"color:#{color}")
    if "vertAlign" in found and found["vertAlign"].get(w("val")) in ("superscript", "subscript"):
        css.append("vertical-align:" + ("super" if found["vertAlign"].get(w("val")) == "superscript" else "sub") + ";font-size:70%")
    if "rFonts" in found and (family := _family(found["rFonts"])):
        css.append(f"font-family:{family}")
    return ";".join(css)


def size_of(found: Mapping[str, Any]) -> float:
    """Text size in points; Word's own default is 10."""
    return _half_points(found["sz"]) if "sz" in found else 10.0


def borders(element: Any) -> dict[str, str]:
    """Side → CSS of ``w:pBdr``, ``w:tblBorders``, ``w:tcBorders``; inner lines as ``inside-h`` and ``inside-v``."""
    found: dict[str, str] = {}
    for line in () if element is None else element:
        side = str(line.tag).rpartition("}")[2]
        name = {"start": "left", "end": "right", "insideH": "inside-h", "insideV": "inside-v"}.get(side, side)
        if name not in ("top", "bottom", "left", "right", "inside-h", "inside-v"):
            continue
        value = line.get(w("val"))
        width = _number(line.get(w("sz")), 4) / 8
        shape = {"double": "double", "dashed": "dashed", "dotted": "dotted"}.get(str(value), "solid")
        color = line.get(w("color"))
        found[name] = "none" if value in ("nil", "none") else f"{width:g}pt {shape} #{color if _is_color(color) else '000'}"
    return found


def points(twentieths: str | None) -> float:
    return _number(twentieths, 0) / 20


def _indent(element: Any, size: float) -> list[str]:
    if element is None:
        return []
    css = []
    for side in ("left", "right"):
        logical = {"left": "start", "right": "end"}[side]
        if (value := element.get(w(side)) or element.get(w(logical))) is not None:
            css.append(f"margin-{side}:{points(value):g}pt")
    if (chars := element.get(w("firstLineChars"))) is not None:
        css.append(f"text-indent:{_number(chars, 0) / 100 * size:g}pt")
    elif (first := element.get(w("firstLine"))) is not None:
        css.append(f"text-indent:{points(first):g}pt")
    elif (hanging := element.get(w("hanging"))) is not None:
        css.append(f"text-indent:-{points(hanging):g}pt")
    return css


def _spacing(element: Any) -> list[str]:
    if element is None:
        return []
    css = [
        f"margin-{css}:{points(element.get(w(name))):g}pt" for name, css in (("before", "top"), ("after", "bottom")) if element.get(w(name))
    ]
    if (line := element.get(w("line"))) is not None:
        exact = element.get(w("lineRule")) in ("exact", "atLeast")
        css.append(f"line-height:{points(line):g}pt" if exact else f"line-height:{_number(line, 240) / 240 * 1.3:g}")
    return css


def _half_points(element: Any) -> float:
    return _number(element.get(w("val")), 20) / 2


def _color(element: Any) -> str | None:
    value = None if element is None else element.get(w("val"))
    return value if _is_color(value) else None


def _is_color(value: str | None) -> bool:
    return value is not None and len(value) == 6 and set(value.lower()) <= set("0123456789abcdef")


#: what a font is called in the docx → the family of our stylesheet
_FAMILIES = (
    ("小标宋", "title"), ("xiaobiaosong", "title"), ("黑体", "hei"), ("simhei", "hei"), ("仿宋", "fang"), ("fangsong", "fang"),
    ("楷", "kai"), ("kaiti", "kai"), ("宋", "song"), ("simsun", "song"),
)  # fmt: skip
FAMILIES: Mapping[str, str] = {
    "title": "'方正小标宋简体','FZXiaoBiaoSong-B05S','华文中宋','STZhongsong','Noto Serif CJK SC','Source Han Serif SC',serif",
    "hei": "'黑体','SimHei','STHeiti','Noto Sans CJK SC','Source Han Sans SC',sans-serif",
    "fang": "'仿宋','FangSong','仿宋_GB2312','STFangsong','Noto Serif CJK SC','Source Han Serif SC',serif",
    "kai": "'楷体','KaiTi','楷体_GB2312','STKaiti','Noto Serif CJK SC','Source Han Serif SC',serif",
    "song": "'宋体','SimSun','STSong','Noto Serif CJK SC','Source Han Serif SC',serif",
}


def _family(fonts: Any) -> str | None:
    """Never the name that stands in the file: it would be text of a designer in our style sheet."""
    for attribute in ("eastAsia", "ascii"):
        name = (fonts.get(w(attribute)) or "").lower()
        for part, family in _FAMILIES:
            if part in name:
                return FAMILIES[family]
    return None


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
