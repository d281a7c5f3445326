"""Files damaged at random never make reader, check or layout fail: they give findings."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from lxml import etree

from engine.definitions.check import check
from engine.definitions.layout import layout
from engine.definitions.package import Package
from engine.errors import DeployRefused

ROOT = Path(__file__).parents[3]
SMALL = [path.read_bytes() for path in sorted((ROOT / "processes").rglob("*.bpmn")) if path.stat().st_size < 60_000]


def damaged(seed: int) -> bytes:
    """A bundled file with some elements removed, moved, and attributes removed or exchanged."""
    chance = random.Random(seed)
    root = etree.fromstring(chance.choice(SMALL))
    elements = [element for element in root.iter() if isinstance(element.tag, str) and element is not root]
    values = [element.get("id") for element in elements if element.get("id")] + ["", "=", "${x", "true", "x y", "1e999"]
    for _ in range(chance.randint(1, 10)):
        element, other, kind = chance.choice(elements), chance.choice(elements), chance.random()
        if kind < 0.3 and element.getparent() is not None:
            element.getparent().remove(element)
        elif kind < 0.5 and element.attrib:
            del element.attrib[chance.choice(list(element.attrib))]
        elif kind < 0.8 and element.attrib:
            element.set(chance.choice(list(element.attrib)), chance.choice(values))
        elif other is not element and element not in other.iterancestors() and other not in element.iterancestors():
            other.append(element)
    return bytes(etree.tostring(root))


@pytest.mark.parametrize("seed", range(80))
def test_a_damaged_file_gives_findings(seed):
    data = damaged(seed)
    package = Package.from_files({"processes/x/x.bpmn": data})
    assert check(package, services=(), roles=(), settings=())
    with suppress(DeployRefused):
        layout(data)
