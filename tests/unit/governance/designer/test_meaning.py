"""The meaning of a diagram: its drawing and its line breaks do not count, everything else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.definitions.layout import layout
from engine.errors import DeployRefused
from governance.designer.difference import element_changes, file_changes
from governance.designer.meaning import meaning
from governance.designer.templates import new_procedure

ROOT = Path(__file__).resolve().parents[4]
DIAGRAMS = sorted((ROOT / "processes").rglob("*.bpmn"))
PATH = "processes/toy/toy.bpmn"
TOY = new_procedure("toy", "玩具", "Toy", role=("community_worker", "社工", "Community worker"))[PATH]


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_bundled_diagram_means_the_same_when_it_is_drawn_anew(path: Path) -> None:
    content = path.read_bytes()
    assert meaning(layout(content)) == meaning(content)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_bundled_diagram_means_the_same_when_it_is_written_on_one_line(path: Path) -> None:
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False)
    assert meaning(etree.tostring(etree.fromstring(path.read_bytes(), parser))) == meaning(path.read_bytes())


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ('name="办理"', 'name="处理"', "handle"),
        ('source="=form"', 'source="=form.note"', "handle"),
        ('formId="toy/handle"', 'formId="toy/other"', "handle"),
        ('code="community_worker"', 'code="legal"', "lane_worker"),
        ('<cogov:access class="staff"/>', '<cogov:access class="public"/>', "toy"),
        ('<cogov:data name="handled"', '<cogov:data name="handed"', "handed"),
        ('<cogov:text lang="en" name="Done"/>', '<cogov:text lang="en" name="Closed"/>', "end_done"),
        ('sourceRef="handle" targetRef="end_done"', 'sourceRef="handle" targetRef="start"', "f_handle__end_done"),
        ("<zeebe:userTask/>", '<zeebe:userTask/><cogov:deadline id="due" limit="3WD"/>', "handle"),
    ],
)  # fmt: skip
def test_what_changes_the_meaning_is_seen_and_told(old: str, new: str, element: str) -> None:
    text = TOY.decode()
    changed = text.replace(old, new).encode()
    assert old in text
    assert meaning(changed) != meaning(TOY)
    told = {change.element: change for change in element_changes({PATH: TOY}, {PATH: changed})}
    assert element in told
    assert told[element].what.zh
    assert told[element].what.en


def test_moving_a_shape_changes_the_file_and_nothing_of_its_meaning() -> None:
    moved = TOY.replace(b'width="100"', b'width="160"')
    assert moved != TOY
    assert [c.state for c in file_changes({PATH: TOY}, {PATH: moved})] == ["changed"]
    assert element_changes({PATH: TOY}, {PATH: moved}) == []


def test_a_change_is_told_in_both_languages() -> None:
    excluded = TOY.replace(b"<zeebe:userTask/>", b'<zeebe:userTask/><cogov:exclude who="=starter"/>')
    (change,) = element_changes({PATH: TOY}, {PATH: excluded})
    assert (change.element, change.kind, change.change) == ("handle", "userTask", "changed")
    assert change.what.zh == "回避：无 → starter"
    assert change.what.en == "excluded: none → starter"


def test_added_and_removed_elements_are_told() -> None:
    changes = element_changes({}, {PATH: TOY})
    assert {c.change for c in changes} == {"added"}
    assert {"start", "handle", "end_done", "lane_worker", "pool_toy", "f_start__handle"} <= {c.element for c in changes}
    assert {c.change for c in element_changes({PATH: TOY}, {})} == {"removed"}


def test_a_note_belongs_to_the_meaning() -> None:
    note = b'<bpmn:textAnnotation id="note_1"><bpmn:text>\xe6\xb3\xa8\xe6\x84\x8f</bpmn:text></bpmn:textAnnotation></bpmn:process>'
    noted = TOY.replace(b"</bpmn:process>", note)
    (change,) = element_changes({PATH: TOY}, {PATH: noted})
    assert (change.element, change.kind, change.name.zh) == ("note_1", "textAnnotation", "注意")


def test_what_is_no_xml_has_no_meaning() -> None:
    with pytest.raises(DeployRefused):
        meaning("<bpmn:definitions")
