"""Whole files as the modelers of other tools write them: every foreign attribute and element has its line in the report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from engine.definitions.foreign.fates import Fate
from engine.definitions.foreign.reference import reference
from engine.definitions.foreign.rows import Row
from engine.definitions.foreign.table import rows
from engine.definitions.package import Package
from engine.definitions.reader import ReadResult, read_bpmn

FILES = sorted(path for path in (Path(__file__).parent / "foreign").rglob("*") if path.is_file())
ROOT = Path(__file__).parents[3]
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
#: what a drawing tool notes about looks and about itself
NOT_FOREIGN = {
    "http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.w3.org/2001/XMLSchema-instance", "http://camunda.org/schema/modeler/1.0", BPMN, "",
}  # fmt: skip
URIS = {
    "zeebe": "http://camunda.org/schema/zeebe/1.0", "camunda": "http://camunda.org/schema/1.0/bpmn", "flowable": "http://flowable.org/bpmn",
    "activiti": "http://activiti.org/bpmn", "drools": "http://www.jboss.org/drools",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
}  # fmt: skip


def read(path: Path) -> ReadResult:
    return read_bpmn(path.read_bytes(), path.name, language="en")


def in_xml(data: bytes) -> Counter[tuple[int, str]]:
    """(line, local name) of every foreign attribute and element, found without the reader."""
    found: Counter[tuple[int, str]] = Counter()
    for element in etree.fromstring(data).iter("*"):
        name = etree.QName(element)
        foreign = (name.namespace or "") not in NOT_FOREIGN
        if foreign:
            found[element.sourceline, name.localname] += 1
        for key in element.attrib:
            attribute = etree.QName(key)
            if foreign or (attribute.namespace or "") not in NOT_FOREIGN:
                found[element.sourceline, attribute.localname] += 1
    return found


def in_report(result: ReadResult) -> Counter[tuple[int, str]]:
    return Counter((item.line, item.place.split("/")[-1].split("@")[-1]) for item in result.items)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_foreign_attribute_and_element_is_in_the_report(path):
    result = read(path)
    assert in_report(result) == in_xml(path.read_bytes())
    said = {word for finding in result.findings for word in finding.message.replace(",", " ").split()}
    untranslated = [finding.message for finding in result.findings if finding.code == "BPMN-033"]
    for item in result.items:
        if item.tool == "zeebe" and item.fate is Fate.MAPPED:
            continue  # our own dialect
        assert item.name in said or any(f" {item.place.split('/')[-1].removeprefix('@')}: " in text for text in untranslated), item


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_nobody_has_heard_of_is_in_the_report_too(path):
    root = etree.fromstring(path.read_bytes())
    task = next(root.iter(f"{{{BPMN}}}userTask", f"{{{BPMN}}}manualTask"))
    for uri in (*URIS.values(), "urn:nobody"):
        task.set(f"{{{uri}}}unheardOf", "x")
    holder = etree.SubElement(task, f"{{{BPMN}}}extensionElements")
    etree.SubElement(etree.SubElement(holder, "{urn:nobody}outer", a="1"), "{urn:nobody}inner", b="2")
    data = etree.tostring(root)
    result = read_bpmn(data, path.name, language="en")
    assert in_report(result) == in_xml(data)
    unknown = {item.place for item in result.items if item.why.en == "not known here"}
    assert unknown == {"@unheardOf", "outer", "outer@a", "outer/inner", "outer/inner@b"}


@pytest.mark.parametrize("path", [path for path in FILES if path.stem != "java"], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_models_that_are_to_run_have_no_errors(path):
    assert [finding for finding in read(path).findings if finding.severity == "error"] == []


def fates() -> dict[tuple[str, str, Fate], str]:
    return {(item.tool, item.place, item.fate): item.ours for path in FILES for item in read(path).items}


def test_every_row_that_says_mapped_is_shown_by_a_file():
    shown = fates()
    missing = [
        (tool, row.place) for row in rows() if row.fate is Fate.MAPPED for tool in row.tools if (tool, row.place, Fate.MAPPED) not in shown
    ]
    assert missing == []


MAPPED = {(tool, row.place) for row in rows() if row.fate is Fate.MAPPED for tool in row.tools}


@pytest.mark.parametrize("row", [row for row in rows() if row.fate is not Fate.MAPPED], ids=lambda row: f"{row.tools[0]}-{row.place}")
def test_every_other_row_is_what_a_file_with_it_is_told(row: Row):
    for tool in row.tools:
        place = row.place.removesuffix("/**")
        if (tool, place) in MAPPED:
            place += "/odd"  # what is mapped but for parts that are not known
        for holder in row.holders or ("serviceTask",):
            result = read_bpmn(_file(tool, place, holder), "p.bpmn", language="en")
            assert [(item.fate, item.why) for item in result.items if item.place == place] == [(row.fate, row.why)]
            code = "FOREIGN-001" if row.fate is Fate.CANNOT_RUN else "BPMN-031"
            name = f"{tool}:{place.removeprefix('@')}"
            assert [f.code for f in result.findings if name in f.message and row.why.en in f.message] == [code]


def _file(tool: str, place: str, holder: str) -> bytes:
    """A process with one element that has just that."""
    path, _, attribute = place.partition("@")
    if not path:
        inner, on = "", f' {tool}:{attribute}="x"'
    else:
        inner, on = "", ""
        for step in reversed(path.split("/")):
            given = f' {attribute}="x"' if attribute and not inner else ""
            inner = f"<{tool}:{step}{given}>{inner}</{tool}:{step}>"
        inner = f"<extensionElements>{inner}</extensionElements>"
    element = f'<{holder} id="t"{on}>{inner}</{holder}>'
    if holder == "process":
        return f'<definitions xmlns="{BPMN}" xmlns:{tool}="{URIS[tool]}">{element}</definitions>'.encode()
    if holder.endswith("EventDefinition"):
        element = f'<endEvent id="e">{element}</endEvent>'
    process = f'<process id="p" isExecutable="true">{element}</process>'
    return f'<definitions xmlns="{BPMN}" xmlns:{tool}="{URIS[tool]}">{process}</definitions>'.encode()


def test_the_page_about_foreign_files_is_made_from_the_table():
    page = (ROOT / "docs/reference/foreign-files.md").read_text("utf-8")
    assert page == reference(page)
    assert all(f"`{row.place.removeprefix('@').replace('/**', ' …')}`" in page for row in rows())


def test_fields_in_a_model_become_a_form():
    package = Package.from_files({"processes/grant/grant.bpmn": (Path(__file__).parent / "foreign/camunda7/grant.bpmn").read_bytes()})
    form = package.forms["grant/start_event_1"]
    fields = {field["key"]: field for field in form["components"]}
    assert fields["title"] | {"i18n": {}} == {
        "type": "textfield", "id": "f_title", "key": "title", "label": "Title", "i18n": {}, "defaultValue": "A bench",
        "validate": {"required": True, "minLength": 2, "maxLength": 80},
    }  # fmt: skip
    assert (fields["amount"]["type"], fields["amount"]["validate"]) == ("number", {"min": 1.0, "max": 50000.0})
    assert (fields["urgent"]["type"], fields["urgent"]["defaultValue"]) == ("checkbox", False)
    assert (fields["needed_on"]["type"], fields["needed_on"]["subtype"]) == ("datetime", "date")
    assert [option["value"] for option in fields["field"]["values"]] == ["culture", "sport"]
    assert package.files["forms/grant/start_event_1.form.json"].startswith(b"{")


def test_a_form_that_is_given_goes_before_the_one_in_the_model():
    own = b'{"type": "default", "id": "grant/start_event_1", "schemaVersion": 19, "components": []}'
    model = (Path(__file__).parent / "foreign/camunda7/grant.bpmn").read_bytes()
    package = Package.from_files({"processes/grant/grant.bpmn": model, "forms/grant/start_event_1.form.json": own})
    assert package.files["forms/grant/start_event_1.form.json"] == own
