"""The fixed parts of a docx made from an outline. Sizes and faces follow GB/T 9704-2012 (党政机关公文格式): title 小标宋 22 pt, text
仿宋 16 pt with 28 pt lines, headings 黑体 and 楷体, A4 with 37/35/28/26 mm margins."""

from __future__ import annotations

from governance.papers.docx import W

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("footer1", "footer"))
    )
    + "</Types>"
)
RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}.xml"/>'
        for number, kind, target in ((1, "styles", "styles"), (2, "settings", "settings"), (3, "footer", "footer1"))
    )
    + "</Relationships>"
)
SETTINGS = (
    f'{_HEAD}<w:settings xmlns:w="{W}"><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting '
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)


def footer() -> str:
    """— 1 —, centred."""
    run = '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    return f'{_HEAD}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{run.format("— ")}{page}{run.format(" —")}</w:p></w:ftr>'


def styles(language: str) -> str:
    """Paragraph styles in the measures of the language."""
    english = language == "en"
    song, fang = ("Times New Roman", "Times New Roman") if english else ("宋体", "仿宋")
    size = 24 if english else 32
    base = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(fang)}<w:sz w:val="{size}"/><w:lang w:val="{"en-GB" if english else "zh-CN"}" '
        'w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    line = '<w:spacing w:after="120" w:line="300" w:lineRule="auto"/>' if english else '<w:spacing w:line="560" w:lineRule="exact"/>'
    first = "" if english else '<w:ind w:firstLine="640" w:firstLineChars="200"/>'
    tail = 0 if english else 640
    head, hei, kai = (song, song, song) if english else ("方正小标宋简体", "黑体", "楷体")
    bold, italic = ("<w:b/>", "<w:i/>") if english else ("", "")
    small = _size(20 if english else 24)
    tight = '<w:spacing w:before="40" w:after="40" w:line="320" w:lineRule="atLeast"/>'
    centre = '<w:jc w:val="center"/>'
    made = [
        _style("Body", "公文正文", f'{line}{first}<w:jc w:val="both"/>', default=True),
        _style("Plain", "公文正文（不缩进）", f'{line}<w:jc w:val="both"/>'),
        _style("RedHead", "发文机关标志", f'{_red_line()}<w:spacing w:before="240" w:after="480"/>{centre}',
               f'{_fonts(head)}<w:b/><w:color w:val="C00000"/>{_size(44 if english else 56)}'),
        _style("Title", "公文标题", f'<w:keepNext/><w:spacing w:before="240" w:after="240" w:line="640" w:lineRule="atLeast"/>{centre}',
               f"{_fonts(head)}<w:b/>{_size(36 if english else 44)}"),
        _style("Number", "文号", f'<w:spacing w:after="360"/>{centre}', _size(size - 4)),
        _style("Addressee", "主送机关", f"<w:keepNext/>{line}"),
        _style("Heading1", "公文一级标题", f"<w:keepNext/>{line}{first}", _fonts(hei) + bold),
        _style("Heading2", "公文二级标题", f"<w:keepNext/>{line}{first}", _fonts(kai) + italic),
        _style("Signature", "落款", f'<w:keepLines/>{line}<w:ind w:right="{tail}"/><w:jc w:val="right"/>'),
        _style("Note", "说明", '<w:spacing w:before="60" w:line="320" w:lineRule="atLeast"/>',
               f'<w:color w:val="595959"/>{_size(20 if english else 22)}'),
        _style("Cell", "表格文字", tight, small),
        _style("CellHead", "表头", f"<w:keepNext/>{tight}{centre}", f"{_fonts(hei)}{bold}{small}"),
    ]  # fmt: skip
    return f'{_HEAD}<w:styles xmlns:w="{W}">{base}{"".join(made)}</w:styles>'


def _style(key: str, name: str, paragraph: str, run: str = "", *, default: bool = False) -> str:
    based = "" if default else '<w:basedOn w:val="Body"/>'
    if key != "Body" and "<w:ind" not in paragraph:
        paragraph = _before_jc(paragraph, '<w:ind w:firstLine="0" w:firstLineChars="0"/>')
    mark = ' w:default="1"' if default else ""
    properties = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{mark} w:styleId="{key}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>{properties}</w:style>"
    )


def _before_jc(paragraph: str, indent: str) -> str:
    """Word wants ``ind`` before ``jc``."""
    head, jc, tail = paragraph.partition("<w:jc")
    return head + indent + jc + tail


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/>'


def _red_line() -> str:
    return '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="8" w:color="C00000"/></w:pBdr>'


def _fonts(name: str) -> str:
    ascii_name = name if name.isascii() else "Times New Roman"
    east = "宋体" if name.isascii() else name
    return f'<w:rFonts w:ascii="{ascii_name}" w:hAnsi="{ascii_name}" w:eastAsia="{east}" w:cs="{ascii_name}"/>'
