"""The canonical plain text of a document. No template language: designers give structured data, so nothing they write runs.

The same data always gives the same text, hence the same hash.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

#: how the fields of FG-ACTION (domain 4) are called in a Chinese document; `labels` of the call adds to them
LABELS: Mapping[str, str] = {
    "owner_unit": "责任单位",
    "owner_person": "责任人",
    "co_units": "配合单位",
    "due_at": "完成时限",
    "due": "完成时限",
    "deliverable": "成果形式",
    "acceptance": "验收标准",
    "quantity": "数量",
    "quantity_unit": "计量单位",
    "unit": "单位",
    "budget": "经费",
    "weight": "权重",
    "source": "来源",
    "party": "承诺方",
    "old": "原内容",
    "new": "新内容",
    "reason": "理由",
}
#: keys of a clause that stand in its heading or body instead of a line of their own
_HEADING = ("no", "title", "text")


def canonical(text: str) -> str:
    """NFC, LF line ends, no trailing blanks, one newline at the end: what is hashed."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def compose(
    title: str,
    *,
    parties: Sequence[Mapping[str, Any]] = (),
    facts: Sequence[Mapping[str, Any]] = (),
    clauses: Sequence[Mapping[str, Any]] = (),
    ending: str = "",
    labels: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    zone: tzinfo | None = None,
) -> str:
    """Text of an agreement, letter or report from its parts. `names` turns ids of persons and units into their names; a label
    ``party.unit`` names the value ``unit`` of the key ``party``."""
    known = {**LABELS, **(labels or {})}

    def show(value: Any, key: str = "") -> str:
        return _show(value, key, known, names or {}, zone)

    blocks = [title]
    if parties:
        blocks.append("\n".join(_party(party, show) for party in parties))
    if facts:
        blocks.append("\n".join(f"{fact['label']}：{show(fact.get('value'))}" for fact in facts))
    for position, clause in enumerate(clauses, 1):
        blocks.append(_clause(position, clause, known, show))
    if ending:
        blocks.append(ending)
    return canonical("\n\n".join(blocks))


def as_html(text: str) -> str:
    """The text as HTML, escaped: the first line is a heading, blocks are paragraphs, single line ends stay."""
    first, *rest = text.strip("\n").split("\n\n")
    body = "\n".join(f"<p>{html.escape(block).replace(chr(10), '<br>')}</p>" for block in rest)
    return f"<h1>{html.escape(first)}</h1>\n{body}"


def _party(party: Mapping[str, Any], show: Any) -> str:
    parts = [f"{party.get('label', '当事方')}：{show(party.get('name') or party.get('id'))}"]
    if party.get("code"):
        parts.append(f"统一社会信用代码：{party['code']}")
    if party.get("contact"):
        parts.append(f"联系人：{show(party['contact'])}")
    return "，".join(parts)


def _clause(position: int, clause: Mapping[str, Any], labels: Mapping[str, str], show: Any) -> str:
    lines = [f"第{show(clause.get('no') or position)}条　{show(clause.get('title') or '')}".rstrip("　 ")]
    if clause.get("text"):
        lines.append(str(clause["text"]))
    rest = (key for key in clause if key not in _HEADING and clause[key] not in (None, "", []))
    lines += [f"{labels.get(key, key)}：{show(clause[key], key)}" for key in sorted(rest, key=lambda k: _order(k, labels))]
    return "\n".join(lines)


def _order(key: str, labels: Mapping[str, str]) -> tuple[int, str]:
    known = list(labels)
    return (known.index(key) if key in known else len(known), key)


def _show(value: Any, key: str, labels: Mapping[str, str], names: Mapping[str, str], zone: tzinfo | None) -> str:
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (Decimal, int)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        local = value.astimezone(zone) if zone else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _show(next((value[k] for k in ("name", "zh", "title", "label", "id") if value.get(k)), ""), key, labels, names, zone)
    if isinstance(value, (list, tuple)):
        return "、".join(_show(v, key, labels, names, zone) for v in value)
    text = str(value)
    return labels.get(f"{key}.{text}") or names.get(text) or text


def references(value: Any) -> set[str]:
    """Every short text in the data that may be the id of a person or unit, to look its name up."""
    if isinstance(value, str):
        return {value} if 0 < len(value) <= 64 and " " not in value else set()
    if isinstance(value, Mapping):
        return {ref for v in value.values() for ref in references(v)}
    if isinstance(value, (list, tuple)):
        return {ref for v in value for ref in references(v)}
    return set()
