"""A toy procedure with one datum of every class of access, a town that has run it, and the doors through which one may try to read.

A new class is a line of CLASSES (and who may read it, of READS); a new door a line of DOORS.
"""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import yaml

from cogov.cases.inputs import upload
from engine.actor import SYSTEM, Actor
from engine.store.guards import FILE
from governance.papers.outline import template_of
from tests.town import AREA, ROSTERS, Browser, Town

#: reader → person of the roster (None: without an account)
READERS: dict[str, str | None] = {
    "public": None,
    "stranger with an account": "stranger_dong",
    "starter and reporter": "resident_feng",
    "party A": "unit_li",
    "colleague of party A": "unit_liaison_lin",
    "party B": "liaison_he",
    "mediator": "mediator_zhou",
    "community worker": "liaison_wang",
    "street above": "office_xu",
    "staff of another area": "worker_far",
    "committee member": "resident_deng",
    "party member of the branch": "delegate_xiao",
    "party member of no branch": "member_loose",
    "reported unit": "head_xie",
    "administrator": "admin",
}
#: who is given a task in the case, and so may open it
INSIDE = [reader for reader in READERS if reader not in ("public", "stranger with an account")]


@dataclass(frozen=True)
class Kind:
    """One datum: its class as written in the model, who hands it in, and who reads it besides."""

    access: str
    by: str
    reads: frozenset[str]

    @staticmethod
    def of(access: str, by: str, *reads: str) -> Kind:
        return Kind(access, by, frozenset(reads))


CLASSES: dict[str, Kind] = {
    "plain": Kind.of("", "resident_feng", *INSIDE),
    "open_note": Kind.of('access="public"', "liaison_wang", *INSIDE),
    "note_a": Kind.of(
        """access="parties" of='=["unit_li", "ent_haina", "mediator_zhou"]'""", "unit_li", "party A", "colleague of party A", "mediator"
    ),
    "note_b": Kind.of("""access="parties" of='=["liaison_he", "mediator_zhou"]'""", "liaison_he", "party B", "mediator"),
    "staff_note": Kind.of('access="staff"', "liaison_wang", "community worker", "street above", "mediator"),
    "committee_note": Kind.of("""access="members" of='="mediation"'""", "resident_deng", "committee member", "mediator"),
    "branch_note": Kind.of("""access="party" of='="grand_party"'""", "delegate_xiao", "party member of the branch"),
    "report": Kind.of(
        """access="reporter_protected" of='=[role("community_worker", area), "head_xie"]' about='="ent_anda"'""",
        "resident_feng", "starter and reporter", "community worker",
    ),
    "bid": Kind.of('access="procurement_sealed"', "liaison_han"),
}  # fmt: skip
#: each party's own words of one multi-instance: in the list of all of them only who was named by everyone
EACH = {"unit_li": ("party A", "mediator"), "liaison_he": ("party B", "mediator")}
SECRETS = {
    **{name: f"SECRET{name}Q7".replace("_", "") for name in CLASSES},
    **{f"each_{person}": f"SECRETeach{person}Q7".replace("_", "") for person in EACH},
}
READS = {**{name: kind.reads for name, kind in CLASSES.items()}, **{f"each_{p}": frozenset(readers) for p, readers in EACH.items()}}
#: name of the protected reporter
REPORTER = "冯秀英"


def english(name: str) -> str:
    return f'<cogov:text lang="en" name="{name}"/>'


def _form(key: str, fields: list[dict[str, Any]]) -> bytes:
    head = {"type": "default", "id": f"guarded/{key}", "schemaVersion": 19, "title": key, "i18n": {"en": {"title": key}}}
    return json.dumps({**head, "components": fields}, ensure_ascii=False).encode()


def _field(key: str, kind: str = "textfield") -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind, "id": f"f_{key}", "key": key, "label": key, "i18n": {"en": {"label": key}}}
    return found | ({"properties": {"kind": "file"}} if kind == "filepicker" else {})


def _task(node: str, form: str, who: str, outputs: str, more: str = "") -> str:
    return (
        f'<bpmn:userTask id="{node}" name="{node}"><bpmn:extensionElements><zeebe:userTask/>'
        f'<zeebe:formDefinition formId="guarded/{form}"/><zeebe:assignmentDefinition candidateGroups={quoteattr(who)}/>'
        f"<zeebe:ioMapping>{outputs}</zeebe:ioMapping>{english(node)}</bpmn:extensionElements>{more}</bpmn:userTask>"
    )


def _service(node: str, name: str, inputs: dict[str, str]) -> str:
    mappings = "".join(f'<zeebe:input source={quoteattr("=" + source)} target="{target}"/>' for target, source in inputs.items())
    return (
        f'<bpmn:serviceTask id="{node}" name="{node}"><bpmn:extensionElements><zeebe:taskDefinition type="{name}"/>'
        f"<zeebe:ioMapping>{mappings}</zeebe:ioMapping>{english(node)}</bpmn:extensionElements></bpmn:serviceTask>"
    )


def package() -> dict[str, bytes]:
    """The procedure: for every class a form, a frozen document, a notice to everybody; then a task for everybody."""
    nodes, order = ['<bpmn:startEvent id="start"/>'], ["start"]
    everybody = json.dumps([f"person:{READERS[r]}" for r in INSIDE])
    for name, kind in CLASSES.items():
        outputs = f'<zeebe:output source="=form.text" target="{name}"/>'
        nodes.append(_task(f"say_{name}", "say", f'=["person:{kind.by}"]', outputs))
        nodes.append(_service(f"freeze_{name}", "documents.freeze", {"title": '"定稿"', "text": f'"定稿\\n\\n" + {name}'}))
        nodes.append(_service(f"tell_{name}", "notices.send", {"to": everybody, "kind": '"guarded"', "title": name}))
        order += [f"say_{name}", f"freeze_{name}", f"tell_{name}"]
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=sides" '
        'inputElement="side" outputCollection="each" outputElement="=said"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    nodes.append(
        f'<bpmn:scriptTask id="parties" name="parties"><bpmn:extensionElements><zeebe:script expression={quoteattr("=" + json.dumps(list(EACH)))} '
        f'resultVariable="sides"/>{english("parties")}</bpmn:extensionElements></bpmn:scriptTask>'
    )
    each = _task("say_each", "say", '=["person:" + side]', '<zeebe:output source="=form.text" target="said"/>', loop)
    nodes += [
        each,
        _task("wrap", "wrap", f"={everybody}", '<zeebe:output source="=form.done" target="done"/>'),
        '<bpmn:endEvent id="end"/>',
    ]
    order += ["parties", "say_each", "wrap", "end"]
    flows = "".join(f'<bpmn:sequenceFlow id="f_{a}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(order))
    data = "".join(f'<cogov:data name="{name}" {kind.access}/>' for name, kind in CLASSES.items())
    data += """<cogov:data name="each" access="parties" of='=[side, "mediator_zhou"]'/><cogov:data name="said" access="parties" of='=[side, "mediator_zhou"]'/><cogov:data name="sides"/><cogov:data name="done"/>"""
    record = '<cogov:record register="guarded_rows" state="open" on="start"/>'
    body = "".join(nodes).replace(english("wrap"), english("wrap") + record)
    model = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:cogov="urn:cogov:bpmn:1" id="defs" targetNamespace="t"><bpmn:collaboration id="collaboration">
  <bpmn:participant id="pool" name="池" processRef="guarded"><bpmn:extensionElements>{english("Pool")}</bpmn:extensionElements></bpmn:participant>
  </bpmn:collaboration><bpmn:process id="guarded" name="保密样例" isExecutable="true"><bpmn:extensionElements>{english("Guarded")}
  <cogov:access class="parties"/>{data}</bpmn:extensionElements>{body}{flows}</bpmn:process></bpmn:definitions>"""
    register = """register: guarded_rows
name: {zh: 保密台账, en: Guarded}
number: "BM-{area}-{year}-{seq:4}"
owner: "=area"
access: staff
title: "=plain"
columns:
  - {key: note, kind: text, from: "=staff_note", zh: 内部意见, en: Note, list: true, access: staff}
states: {open: {zh: 在办, en: Open}}
panels: [facts, columns, documents, timeline]
"""
    wrap = [*(_field(name) for name in CLASSES), _field("done")]
    papers = {}
    for name in (*CLASSES, "each"):
        declared = {
            "paper": f"paper_{name}", "name": {"zh": name, "en": name}, "templates": {x: f"{name}.{x}.docx" for x in ("zh", "en")}, "access": "parties",
            "kind": "preview", "data": {"told": f"={name}" if name in CLASSES else '=string join(each, "、")'},
        }  # fmt: skip
        papers[f"processes/guarded/{name}.paper.yaml"] = yaml.safe_dump(declared, allow_unicode=True).encode()
        papers |= {f"processes/guarded/{name}.{language}.docx": template_of("{{told}}", language) for language in ("zh", "en")}
    return {
        **papers,
        "processes/guarded/guarded.bpmn": model.encode(),
        "processes/guarded/guarded_rows.register.yaml": register.encode(),
        "forms/guarded/say.form.json": _form("say", [_field("text"), _field("paper", "filepicker")]),
        "forms/guarded/wrap.form.json": _form("wrap", wrap),
    }


class Guarded:
    """The town after everybody has said his secret; the task for everybody is open."""

    def __init__(self, folder: Path, manifest: Path) -> None:
        roster = yaml.safe_load((ROSTERS / "small_community.yaml").read_text("utf8"))
        roster["areas"].append({"id": "far", "code": "YF", "level": "community", "name": {"zh": "远社区", "en": "Far"}, "parent": "street"})
        far = {"id": "worker_far", "name": {"zh": "远方", "en": "Yuan Fang"}, "login": "far", "posts": ["community_worker@far"]}
        loose = {
            "id": "member_loose",
            "name": {"zh": "白党员", "en": "Bai"},
            "login": "bai",
            "party_member": True,
            "posts": ["resident_rep@yunqiao"],
        }
        roster["people"] += [far, loose]
        (folder / "roster.yaml").write_text(yaml.safe_dump(roster, allow_unicode=True), "utf8")
        self.town = Town(folder, manifest=manifest, roster=str(folder / "roster"))
        self.app = self.town.app
        self.app.engine.deploy(package(), actor=SYSTEM)
        receipt = self.app.engine.start("guarded", {}, actor=Actor(person="resident_feng", name=REPORTER), area=AREA)
        assert receipt.instance is not None
        self.instance = receipt.instance
        for name, kind in CLASSES.items():
            self.say(f"say_{name}", kind.by, SECRETS[name])
        for person in EACH:
            self.say("say_each", person, SECRETS[f"each_{person}"])
        (self.wrap,) = [t.id for t in self.app.engine.queries.instance(self.instance).tasks]
        self._browsers: dict[str, Browser] = {}

    def say(self, node: str, person: str, text: str) -> None:
        task = self.town.task(node, person, self.instance).id
        form = {"text": text, "paper": upload(self.app, text, person)}
        self.app.engine.complete(task, form, actor=Actor(person=person, name=person))
        self.town.world.jobs.run_due()

    def browser(self, reader: str) -> Browser:
        if reader not in self._browsers:
            self._browsers[reader] = self.town.browser(READERS[reader])
        return self._browsers[reader]

    def text(self, browser: Browser, *paths: str) -> str:
        return "\n".join(browser.get(path).text for path in paths)

    def files(self, browser: Browser) -> str:
        """The secret of every file that the reader gets: they are named after it."""
        with self.app.database.read() as connection:
            found = self.app.files.of_instance(connection, self.instance)
        got = []
        for file in found:
            with browser.get(f"/files/{file.id}") as answer:
                got += [file.name] if answer.status_code == 200 else []
        return "\n".join(got)

    def documents(self, browser: Browser) -> str:
        with self.app.database.read() as connection:
            found = {d["document"] for d in self.app.documents.of_instance(connection, self.instance)}
        return self.text(browser, *(f"/documents/{d}?instance={self.instance}" for d in sorted(found)))

    def papers(self, browser: Browser) -> str:
        """What previews of the papers print, one paper for each class."""
        got = []
        for name in (*CLASSES, "each"):
            answer = browser.get(f"/cases/{self.instance}/papers/paper_{name}.docx?preview=1")
            if answer.status_code == 200:
                got.append(zipfile.ZipFile(io.BytesIO(answer.data)).read("word/document.xml").decode())
        return "\n".join(got)

    def record(self, browser: Browser) -> str:
        with self.app.database.read() as connection:
            from governance.registers import store

            (row,) = store.rows_of_instance(connection, self.instance)
        return self.text(browser, f"/registers/guarded_rows/{row.id}", "/registers/guarded_rows", "/registers/guarded_rows/table")

    def guarded_files(self) -> int:
        with self.app.database.read() as connection:
            return len(self.app.engine.queries.guards_of(connection, self.instance, FILE))


Door = Callable[[Guarded, Browser], str]
#: doors that show content: whoever may read it finds it there (classes of which the door holds nothing are named)
CONTENT: dict[str, tuple[Door, frozenset[str]]] = {
    "variables over the API": (lambda g, b: g.text(b, f"/api/v1/instances/{g.instance}/variables"), frozenset({"each_unit_li", "each_liaison_he"})),
    "history over the API": (lambda g, b: g.text(b, f"/api/v1/instances/{g.instance}/history"), frozenset()),
    "files": (Guarded.files, frozenset()),
    "documents": (Guarded.documents, frozenset({"each_unit_li", "each_liaison_he"})),
    "a form that is filled in": (lambda g, b: g.text(b, f"/tasks/{g.wrap}"), frozenset({"each_unit_li", "each_liaison_he"})),
    "the same over the API": (lambda g, b: g.text(b, f"/api/v1/tasks/{g.wrap}"), frozenset({"each_unit_li", "each_liaison_he"})),
    "notices": (lambda g, b: g.text(b, "/notices"), frozenset({"each_unit_li", "each_liaison_he", "colleague"})),
}  # fmt: skip
#: doors that show little or nothing of it: nobody else finds it there
OTHER: dict[str, Door] = {
    "case page": lambda g, b: g.text(b, f"/cases/{g.instance}"),
    "case over the API": lambda g, b: g.text(b, f"/api/v1/instances/{g.instance}"),
    "diagram": lambda g, b: g.text(b, f"/cases/{g.instance}/diagram.bpmn"),
    "lists": lambda g, b: g.text(b, "/inbox", "/inbox?view=done", "/inbox?view=started", "/api/v1/tasks?view=done"),
    "register": Guarded.record,
    "export": lambda g, b: g.text(b, "/registers/guarded_rows/export.csv", "/api/v1/registers/guarded_rows"),
    "search": lambda g, b: g.text(b, "/search?q=SECRET", "/search?q=note"),
    "papers": Guarded.papers,
    "public pages": lambda g, b: g.text(b, "/public", "/public?q=SECRET"),
    "operations": lambda g, b: g.text(b, "/operations"),
}
DOORS: dict[str, Door] = {**{name: door for name, (door, _) in CONTENT.items()}, **OTHER}
