"""Which file an import means: the one with its namespace, among the files of the same deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from lxml import etree

from engine.decisions.xml import Element


def namespace_of(data: bytes) -> str | None:
    """The namespace of a decision file; None for one that is broken or has none."""
    try:
        events = etree.iterparse(BytesIO(data), events=("start",), resolve_entities=False, no_network=True, load_dtd=False)
        _, root = next(iter(events))
    except (etree.XMLSyntaxError, StopIteration):
        return None
    namespace: str | None = root.get("namespace")
    return namespace


def imports_decisions(data: bytes) -> bool:
    """Whether a decision file may import another one: a quick look that never misses one."""
    return b"import" in data


def files_of(element: Element, path: str, files: Mapping[str, bytes]) -> Sequence[str]:
    """The paths of the files an import can mean; `locationURI` chooses between several."""
    namespace = element.get("namespace") or ""
    found = [other for other, data in files.items() if other != path and other.endswith(".dmn") and namespace_of(data) == namespace]
    location = (element.get("locationURI") or "").replace("\\", "/").rpartition("/")[2]
    chosen = [other for other in found if other.rpartition("/")[2] == location]
    return chosen or found


def is_of_decisions(element: Element) -> bool:
    """Whether it imports a decision file, not a PMML model or an XML schema."""
    kind = element.get("importType") or ""
    return not kind or "/DMN/" in kind or kind.endswith("dmn.xsd")
