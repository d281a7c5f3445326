"""Every attribute and extension element of a file that is not BPMN's own, each with its fate. By construction none is forgotten.

Readers note what they take. At the end `settle` walks the whole file: what nobody took gets the fate its row in the table
says, and what has no row is reported as unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from engine.definitions.foreign.fates import Fate, Item
from engine.definitions.foreign.table import find
from engine.definitions.model import Label
from engine.definitions.reading.document import Element, local, namespace
from engine.definitions.reading.names import BPMN, BPMNDI, COGOV, COSMETIC, DC, DI, FOREIGN, ZEEBE

if TYPE_CHECKING:
    from engine.definitions.reading.context import Context


@dataclass(frozen=True, slots=True)
class _Verdict:
    fate: Fate
    ours: str = ""
    why: Label = Label()  # noqa: RUF009  frozen
    #: a finding of its own says it
    said: bool = False


#: of a list of element ids in a hint
_LONGEST = 200
_UNKNOWN = _Verdict(Fate.NO_MEANING, why=Label(zh="不认识", en="not known here"))


class Ledger:
    """What readers took of one file. Holding the elements keeps lxml's proxies, and so their identity, alive."""

    def __init__(self) -> None:
        self._noted: dict[Element, dict[str | None, _Verdict]] = {}

    def take(self, element: Element, attribute: str | None, ours: str) -> None:
        """`attribute` (qualified if it has a namespace) of `element`, or the element itself, was read as `ours`."""
        self._note(element, attribute, _Verdict(Fate.MAPPED, ours=ours))

    def cannot(self, element: Element, attribute: str | None, why: Label, *, said: bool = False) -> None:
        """It would have to run and cannot. `said`: a finding of its own tells."""
        self._note(element, attribute, _Verdict(Fate.CANNOT_RUN, why=why, said=said))

    def without_meaning(self, element: Element, attribute: str | None, why: Label) -> None:
        self._note(element, attribute, _Verdict(Fate.NO_MEANING, why=why))

    def _note(self, element: Element, attribute: str | None, verdict: _Verdict) -> None:
        known = self._noted.setdefault(element, {})
        worse = attribute in known and known[attribute].fate is Fate.CANNOT_RUN
        if not worse:
            known[attribute] = verdict

    def settle(self, context: Context) -> tuple[Item, ...]:
        """Every foreign item of the file in document order, and the findings about them."""
        items: list[Item] = []
        said: list[bool] = []
        for element in context.root.iter("*"):
            if namespace(element) != BPMN or local(element) == "extensionElements":
                continue
            for tool, place, at, attribute in places(element):
                verdict = self._noted.get(at, {}).get(attribute) or _of_row(tool, place, local(element))
                owner = element.get("id") or _owner(element)
                said.append(verdict.said)
                items.append(
                    Item(
                        tool=tool, place=place, holder=local(element), element=owner, line=at.sourceline or 0, fate=verdict.fate,
                        ours=verdict.ours, why=verdict.why,
                    )
                )  # fmt: skip
        _report(context, [item for item, was_said in zip(items, said, strict=True) if not was_said])
        return tuple(items)


def places(element: Element) -> Iterator[tuple[str, str, Element, str | None]]:
    """(tool, place, XML element, attribute) of all that is foreign on one BPMN element and not on the BPMN elements inside it."""
    for key in element.attrib:
        name = etree.QName(key)
        if name.namespace and name.namespace not in COSMETIC | {BPMN}:
            yield prefix(element, name.namespace), f"@{name.localname}", element, key
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag == f"{{{BPMN}}}extensionElements":
            for item in child:
                yield from _inside(item, "")
        elif namespace(child) not in (BPMN, BPMNDI, DC, DI):
            yield from _inside(child, "")


def _inside(item: Element, above: str) -> Iterator[tuple[str, str, Element, str | None]]:
    if not isinstance(item.tag, str):
        return
    uri = namespace(item)
    if uri in COSMETIC or uri in (COGOV, BPMN):
        return
    tool, place = prefix(item, uri), f"{above}{local(item)}"
    yield tool, place, item, None
    for key in item.attrib:
        yield tool, f"{place}@{etree.QName(key).localname}", item, key
    for child in item:
        yield from _inside(child, f"{place}/")


def prefix(element: Element, uri: str) -> str:
    """The name of a tool by its namespace; the file's own prefix for one that is not known."""
    if uri == ZEEBE:
        return "zeebe"
    return FOREIGN.get(uri) or next((p for p, known in element.nsmap.items() if known == uri and p), uri or "?")


def _owner(element: Element) -> str | None:
    return next((above.get("id") for above in element.iterancestors() if above.get("id")), None)


def _of_row(tool: str, place: str, holder: str) -> _Verdict:
    row = find(tool, place, holder)
    if row is None:
        return _UNKNOWN
    if row.fate is Fate.MAPPED and not row.native:
        return _Verdict(Fate.NO_MEANING, why=Label(zh="在这个位置不采用", en="not used at this place"))
    return _Verdict(row.fate, ours=row.ours, why=row.why)


def _report(context: Context, items: list[Item]) -> None:
    """One line for what was read, per element; one line for all of the same kind that has no meaning or cannot run."""
    read: dict[tuple[str | None, str], list[Item]] = {}
    rest: dict[tuple[Fate, Label, str], list[Item]] = {}
    for item in items:
        if item.fate is not Fate.MAPPED:
            rest.setdefault((item.fate, item.why, _top(item)), []).append(item)
        elif item.tool != "zeebe":
            read.setdefault((item.element, _top(item)), []).append(item)
    for group in read.values():
        ours = ", ".join(dict.fromkeys(item.ours for item in group if item.ours))
        context.report.add("BPMN-032", group[0].element, group[0].line, source=_names(group), target=ours)
    for (fate, why, _), group in rest.items():
        elements = ", ".join(dict.fromkeys(item.element or "–" for item in group))
        code = "FOREIGN-001" if fate is Fate.CANNOT_RUN else "BPMN-031"
        count = max(sum(item.name == name for item in group) for name in {item.name for item in group})
        context.report.add(code, group[0].element, group[0].line, names=_names(group), count=count, why=why, elements=elements[:_LONGEST])


def _top(item: Item) -> str:
    """The attribute, or the extension element with all that is inside."""
    return item.name if item.place.startswith("@") else f"{item.tool}:{item.place.split('/')[0].split('@')[0]}"


def _names(group: list[Item]) -> str:
    return ", ".join(dict.fromkeys(item.name for item in group))
