"""The designer over HTTP: two designers at once, checks one can click, publishing while cases run, trials that leave nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from werkzeug.test import TestResponse

from engine.definitions.package import Package
from engine.services import Call, service
from engine.store.metadata import metadata
from governance.designer.files import of_procedure
from governance.designer.stage import Budget
from tests.acceptance.conftest import MANIFEST
from tests.town import AREA, Browser, Town, upload

API = "/api/v1/designer"
BPMN, FORM, CASES = "processes/toy/toy.bpmn", "forms/toy/handle.form.json", "processes/toy/cases.yaml"
#: the street office and the administrator design
DESIGNER, OTHER = "office_xu", "admin"
#: works cases, with a post
WORKER = "liaison_wang"
NOTE = {"note": "已办妥"}


#: procedures of these towns: a few are enough here, and quicker to deploy
PROCEDURES = ("commitment", "sp_rectify", "sp_sign", "sp_archive", "sp_score", "shared")


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town for tests that leave it as it is."""
    return Town(tmp_path_factory.mktemp("designer"), manifest=MANIFEST, procedures=PROCEDURES)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A town for tests that publish."""
    return Town(tmp_path, manifest=MANIFEST, procedures=PROCEDURES)


class Designer:
    """A designer at the browser."""

    def __init__(self, town: Town, person: str = DESIGNER) -> None:
        self.town, self.browser = town, town.browser(person)

    def get(self, path: str, **query: str) -> Any:
        answer = self.browser.get(API + path, **query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def ask(self, path: str, body: Any = None, method: str = "POST") -> TestResponse:
        return self.browser.send(API + path, {} if body is None else body, method=method)

    def send(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = self.ask(path, body, method)
        assert answer.status_code in (200, 201), answer.text
        return answer.get_json()

    def new(self, key: str = "toy") -> dict[str, Any]:
        return dict(self.send("/drafts", {"new": {"key": key, "zh": "玩具", "en": "Toy"}}))

    def edit(self, key: str = "toy") -> dict[str, Any]:
        return dict(self.send("/drafts", {"key": key}))

    def text(self, draft: str, path: str) -> str:
        return str(self.get(f"/drafts/{draft}/files/{path}")["text"])

    def save(self, draft: str, path: str, text: str) -> int:
        revision = self.get(f"/drafts/{draft}")["revision"]
        return int(self.send(f"/drafts/{draft}/files/{path}", {"text": text, "revision": revision}, "PUT")["revision"])

    def change(self, draft: str, path: str, old: str, new: str) -> int:
        text = self.text(draft, path)
        assert old in text
        return self.save(draft, path, text.replace(old, new))

    def publish(self, draft: str, note: str = "") -> dict[str, Any]:
        revision = self.get(f"/drafts/{draft}")["revision"]
        return dict(self.send(f"/drafts/{draft}/publish", {"revision": revision, "note": note}))

    def published(self, key: str = "toy") -> dict[str, Any]:
        return self.publish(self.new(key)["id"])

    def procedure(self, key: str = "toy") -> dict[str, Any]:
        return dict(next(p for p in self.get("/procedures") if p["key"] == key))

    def play(self, draft: str, *steps: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        return dict(self.send(f"/drafts/{draft}/sandbox", {"start": {"by": WORKER}, "steps": list(steps), **more}))


@pytest.fixture
def designer(read_only: Town) -> Iterator[Designer]:
    """In the shared town; drafts are thrown away afterwards, and nothing is published."""
    made = Designer(read_only)
    yield made
    for line in made.get("/procedures"):
        if draft := line["draft"]:
            assert made.ask(f"/drafts/{draft['id']}?revision={draft['revision']}", method="DELETE").status_code == 204


@pytest.fixture
def publisher(town: Town) -> Designer:
    """In a town of its own."""
    return Designer(town)


# Who may ---------------------------------------------------------------------------------------------------------------

READS = ["/procedures", "/catalogue", "/drafts/x", "/drafts/x/files/processes/toy/toy.bpmn", "/drafts/x/diff", "/drafts/x/export.zip",
         "/procedures/toy/versions/1/export.zip"]  # fmt: skip
WRITES: list[tuple[str, str, Any]] = [
    ("POST", "/drafts", {"key": "toy"}),
    ("POST", "/drafts", {"new": {"key": "toy", "zh": "a", "en": "b"}}),
    ("POST", "/drafts/import", {}),
    ("DELETE", "/drafts/x?revision=1", None),
    ("PUT", "/drafts/x/files/processes/toy/toy.bpmn", {"text": "x", "revision": 1}),
    ("DELETE", "/drafts/x/files/processes/toy/toy.bpmn?revision=1", None),
    ("POST", "/drafts/x/rename", {"from": "a", "to": "b", "revision": 1}),
    ("POST", "/drafts/x/check", {}),
    ("POST", "/drafts/x/layout", {"xml": "<x/>"}),
    ("POST", "/drafts/x/refresh", {}),
    ("POST", "/drafts/x/publish", {"revision": 1}),
    ("POST", "/drafts/x/sandbox", {}),
    ("POST", "/drafts/x/sandbox/save", {"name": "a", "revision": 1, "case": {}}),
    ("POST", "/drafts/x/cases", {}),
    ("POST", "/expressions/check", {"expression": "1"}),
]


def test_every_door_of_the_designer_is_tried(read_only: Town) -> None:
    rules = {rule.rule for rule in read_only.flask.url_map.iter_rules() if rule.rule.startswith(API)}
    tried = {path.split("?")[0] for path in READS} | {path.split("?")[0] for _m, path, _b in WRITES}
    replaced = {p.replace("/x", "/<draft>").replace("files/processes/toy/toy.bpmn", "files/<path:path>") for p in tried}
    assert {API + p.replace("procedures/toy/versions/1", "procedures/<key>/versions/<int:version>") for p in replaced} == rules


@pytest.mark.parametrize("person", [WORKER, "secretary_chen", "director_gao", "stranger_dong"])
def test_nobody_without_the_grant_reads_or_writes(read_only: Town, person: str) -> None:
    browser = read_only.browser(person)
    assert {path: browser.get(API + path).status_code for path in READS} == dict.fromkeys(READS, 403)
    for method, path, body in WRITES:
        assert browser.send(API + path, body, method=method).status_code == 403, path


def test_without_an_account_every_door_is_shut(read_only: Town) -> None:
    browser = read_only.browser()
    assert {browser.get(API + path).status_code for path in READS} == {401}
    assert {browser.send(API + path, body, method=method).status_code for method, path, body in WRITES} == {401}


def test_writing_needs_the_token_of_the_page(read_only: Town) -> None:
    answer = read_only.browser(DESIGNER).client.post(f"{API}/drafts", json={"key": "toy"})
    assert answer.status_code == 400


# Drafts ----------------------------------------------------------------------------------------------------------------


def test_a_new_procedure_is_legal_and_in_the_list(designer: Designer) -> None:
    draft = designer.new()
    assert [f["kind"] for f in draft["files"]] == ["form", "bpmn", "text"]
    assert designer.send(f"/drafts/{draft['id']}/check") == {"ok": True, "errors": 0, "warnings": 0, "problems": []}
    line = designer.procedure()
    assert (line["name"]["en"], line["versions"], line["draft"]["updated_by"]) == ("Toy", [], "徐蕾")
    assert line["draft"]["problems"] == {"errors": 0, "warnings": 0}


def test_a_key_that_is_taken_is_refused(designer: Designer) -> None:
    key = designer.get("/procedures")[0]["key"]
    answer = designer.ask("/drafts", {"new": {"key": key, "zh": "a", "en": "b"}})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "key_taken")
    designer.new()
    assert designer.ask("/drafts", {"new": {"key": "toy", "zh": "a", "en": "b"}}).status_code == 409
    assert designer.ask("/drafts", {"new": {"key": "No Key", "zh": "a", "en": "b"}}).status_code == 422
    assert designer.ask("/drafts", {"key": "toy", "copy": "x"}).status_code == 422


def test_two_designers_at_once_lose_nothing(read_only: Town, designer: Designer) -> None:
    first, second = Designer(read_only), Designer(read_only, OTHER)
    draft = first.new()["id"]
    seen = second.get(f"/drafts/{draft}/files/{FORM}")
    first.save(draft, FORM, seen["text"].replace("说明", "备注"))
    mine = seen["text"].replace("说明", "意见")
    answer = second.ask(f"/drafts/{draft}/files/{FORM}", {"text": mine, "revision": seen["revision"]}, "PUT")
    assert answer.status_code == 409
    facts = answer.get_json()["details"]
    assert (facts["by_name"], facts["yours"]) == ("徐蕾", mine)
    assert "备注" in facts["theirs"]
    # another file is free, and so is this one for who has seen the newest
    second.save(draft, "processes/toy/toy.md", "# 玩具")
    body = {"text": mine, "revision": facts["revision"]}
    assert second.ask(f"/drafts/{draft}/files/{FORM}", body, "PUT").status_code == 200
    assert "意见" in first.text(draft, FORM)


def test_the_revision_may_come_as_if_match(designer: Designer) -> None:
    draft = designer.new()["id"]
    headers = {"X-CSRF-Token": designer.browser.csrf()}
    url = f"{API}/drafts/{draft}/files/{FORM}"
    client = designer.browser.client
    assert client.put(url, json={"text": "{}"}, headers=headers).status_code == 422
    assert client.put(url, json={"text": "{}"}, headers={**headers, "If-Match": '"1"'}).status_code == 200
    assert client.put(url, json={"text": "[]"}, headers={**headers, "If-Match": '"1"'}).status_code == 409
    assert client.delete(url, headers={**headers, "If-Match": '"2"'}).status_code == 200


def test_a_draft_holds_only_its_own_files(designer: Designer) -> None:
    draft = designer.new()["id"]
    other = next(p["key"] for p in designer.get("/procedures") if p["key"] != "toy")
    answer = designer.ask(f"/drafts/{draft}/files/processes/{other}/{other}.bpmn", {"text": "x", "revision": 1}, "PUT")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_path")


def test_a_file_that_is_no_text_is_kept_byte_by_byte(designer: Designer) -> None:
    draft = designer.new()["id"]
    path = "processes/toy/letter.docx"
    designer.send(f"/drafts/{draft}/files/{path}", {"base64": "UEsDBP8A", "revision": 1}, "PUT")
    found = designer.get(f"/drafts/{draft}/files/{path}")
    assert (found["kind"], found["text"], found["base64"]) == ("paper", None, "UEsDBP8A")


def test_a_copy_stands_beside_its_original(publisher: Designer) -> None:
    publisher.published()
    copied = publisher.send("/drafts", {"copy": "toy", "as": "doll"})
    assert copied["name"] == {"zh": "玩具（副本）", "en": "Toy (copy)"}
    assert publisher.send(f"/drafts/{copied['id']}/check")["ok"]
    publisher.publish(copied["id"])
    assert {p["key"] for p in publisher.get("/procedures")} >= {"toy", "doll"}


def test_a_draft_thrown_away_leaves_what_is_published(publisher: Designer) -> None:
    publisher.published()
    draft = publisher.edit()
    assert publisher.ask(f"/drafts/{draft['id']}?revision=9", method="DELETE").status_code == 409
    assert publisher.ask(f"/drafts/{draft['id']}?revision=1", method="DELETE").status_code == 204
    assert publisher.procedure()["draft"] is None


# Checks ----------------------------------------------------------------------------------------------------------------


def test_a_broken_draft_is_refused_with_problems_one_can_click(designer: Designer) -> None:
    draft = designer.new()["id"]
    designer.change(draft, BPMN, 'formId="toy/handle"', 'formId="toy/nothing"')
    report = designer.send(f"/drafts/{draft}/check")
    (problem,) = [p for p in report["problems"] if p["severity"] == "error" and p["element"] == "handle"]
    assert (report["ok"], problem["file"]) == (False, BPMN)
    assert problem["line"] > 1
    assert problem["message"]
    answer = designer.ask(f"/drafts/{draft}/publish", {"revision": 2})
    assert answer.status_code == 422
    assert problem in answer.get_json()["errors"]
    assert designer.procedure()["versions"] == []
    assert designer.procedure()["draft"]["problems"]["errors"] == report["errors"]


def test_problems_are_told_in_the_language_of_the_reader(read_only: Town, designer: Designer) -> None:
    draft = Designer(read_only).new()["id"]
    Designer(read_only).change(draft, BPMN, 'formId="toy/handle"', 'formId="toy/nothing"')
    english = read_only.browser(DESIGNER, language="en").send(f"{API}/drafts/{draft}/check", {}).get_json()
    assert not any("一" <= ch <= "鿿" for p in english["problems"] for ch in p["message"])


def test_a_draft_that_breaks_another_procedure_is_told_so(publisher: Designer) -> None:
    publisher.published()
    caller = publisher.send("/drafts", {"new": {"key": "caller", "zh": "调用", "en": "Caller"}})["id"]
    call = '<bpmn:callActivity id="handle" name="办理"><bpmn:extensionElements><zeebe:calledElement processId="toy" '
    call += 'propagateAllParentVariables="false" propagateAllChildVariables="false"/><cogov:text lang="en" name="Handle"/>'
    text = publisher.text(caller, "processes/caller/caller.bpmn")
    begin, end = text.index('<bpmn:userTask id="handle"'), text.index("</bpmn:extensionElements>", text.index('<bpmn:userTask id="handle"'))
    text = text[:begin] + call + text[end:].replace("</bpmn:userTask>", "</bpmn:callActivity>", 1)
    publisher.save(caller, "processes/caller/caller.bpmn", text)
    assert publisher.send(f"/drafts/{caller}/check")["errors"] == 0
    publisher.publish(caller)
    draft = publisher.edit()["id"]
    publisher.change(draft, BPMN, '<bpmn:process id="toy"', '<bpmn:process id="toy_two"')
    found = publisher.send(f"/drafts/{draft}/check")["problems"]
    assert any(p["file"] == "processes/caller/caller.bpmn" and p["severity"] == "error" for p in found)


def test_the_picture_is_drawn_anew(designer: Designer) -> None:
    draft = designer.new()["id"]
    text = designer.text(draft, BPMN)
    bare = text[: text.index("<bpmndi:BPMNDiagram")] + "</bpmn:definitions>"
    assert "BPMNShape" in designer.send(f"/drafts/{draft}/layout", {"xml": bare})["xml"]
    assert designer.send(f"/drafts/{draft}/layout", {"path": BPMN})["xml"] == text
    assert designer.ask(f"/drafts/{draft}/layout", {"xml": "<not"}).status_code == 422


@pytest.mark.parametrize(
    ("expression", "names", "ok", "value"),
    [("= 1 + 2", [], True, "3"), ("x > 3", ["x"], True, None), ("1 +", [], False, None), ("y", ["x"], False, None),
     ('setting("no.such")', [], False, None)],
)  # fmt: skip
def test_an_expression_is_read(read_only: Town, expression: str, names: list[str], ok: bool, value: str | None) -> None:
    found = Designer(read_only).send("/expressions/check", {"expression": expression, "names": names})
    assert (found["ok"], found["value"]) == (ok, value)
    assert (found["error"] is None) == ok


def test_where_an_expression_breaks_is_told(read_only: Town) -> None:
    error = Designer(read_only).send("/expressions/check", {"expression": "=1 + * 2"})["error"]
    assert (error["code"], error["position"]) == ("feel_syntax", 4)


def test_the_catalogue_offers_what_models_may_name(designer: Designer) -> None:
    draft = designer.new()["id"]
    found = designer.get("/catalogue", draft=draft)
    assert {"code": "legal", "zh": "法律顾问", "en": "Legal reviewer"} in found["roles"]
    assert "toy/handle" in [form["id"] for form in found["forms"]]
    assert {"id": "toy", "name": {"zh": "玩具", "en": "Toy"}}.items() <= next(p for p in found["processes"] if p["id"] == "toy").items()
    assert all(found[part] for part in ("services", "registers", "codes", "committees", "areas", "ladders", "settings", "kinds", "rules"))
    assert {"public", "staff", "parties"} <= {entry["code"] for entry in found["access"]}
    assert "toy" not in [p["id"] for p in designer.get("/catalogue")["processes"]]


# Versions --------------------------------------------------------------------------------------------------------------


def _start(town: Town) -> str:
    answer = town.browser(WORKER).send("/api/v1/instances", {"process": "toy", "area": AREA})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["instance"])


def test_running_cases_keep_their_version_when_a_new_one_is_published(town: Town) -> None:
    designer = Designer(town)
    assert designer.published()["version"] == 1
    old = _start(town)
    draft = designer.edit()["id"]
    designer.change(draft, BPMN, 'name="办理"', 'name="处理"')
    made = designer.publish(draft, note="换个名字")
    assert (made["version"], made["staying"]) == (2, [{"version": 1, "instances": 1}])
    new = _start(town)
    versions = {v["version"]: v for v in designer.procedure()["versions"]}
    assert {n: v["instances_running"] for n, v in versions.items()} == {1: 1, 2: 1}
    assert (versions[2]["by"], versions[2]["note"]) == ("徐蕾", "换个名字")
    queries = town.app.engine.queries
    assert [queries.process_of(i).nodes["handle"].name.zh for i in (old, new)] == ["办理", "处理"]
    for instance, name in ((old, "办理"), (new, "处理")):
        task = town.task("handle", WORKER, instance)
        assert task.name.zh == name
        town.browser(WORKER).send(f"/api/v1/tasks/{task.id}/complete", {"form": NOTE})
        assert queries.instance(instance).line.state == "completed"


def test_a_form_alone_makes_a_new_version_of_its_procedure(town: Town) -> None:
    designer = Designer(town)
    designer.published()
    old = _start(town)
    draft = designer.edit()["id"]
    designer.change(draft, FORM, '"maxLength": 500', '"maxLength": 2')
    assert designer.publish(draft)["version"] == 2
    new = _start(town)
    statuses = {}
    for instance in (old, new):
        task = town.task("handle", WORKER, instance)
        statuses[instance] = town.browser(WORKER).send(f"/api/v1/tasks/{task.id}/complete", {"form": NOTE}).status_code
    assert statuses == {old: 200, new: 422}


def test_a_draft_that_changes_nothing_is_not_published(publisher: Designer) -> None:
    publisher.published()
    draft = publisher.edit()["id"]
    answer = publisher.ask(f"/drafts/{draft}/publish", {"revision": 1})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing_to_publish")


def test_only_what_was_looked_at_is_published(designer: Designer) -> None:
    draft = designer.new()["id"]
    designer.save(draft, "processes/toy/toy.md", "# x")
    assert designer.ask(f"/drafts/{draft}/publish", {"revision": 1}).status_code == 409
    assert designer.procedure()["versions"] == []


def test_what_was_published_meanwhile_is_not_overwritten(town: Town) -> None:
    designer = Designer(town)
    designer.published()
    draft = designer.edit()["id"]
    designer.change(draft, BPMN, 'name="办理"', 'name="处理"')
    form = designer.text(draft, FORM).replace("说明", "备注")
    operator = town.browser(OTHER)
    answer = operator.client.post(
        "/api/v1/deployments", data={"file": (io.BytesIO(form.encode()), FORM)}, headers={"X-CSRF-Token": operator.csrf()}
    )
    assert answer.status_code == 201, answer.text
    assert designer.get(f"/drafts/{draft}")["outdated"] == [FORM]
    refused = designer.ask(f"/drafts/{draft}/publish", {"revision": 2})
    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["details"]["files"]) == (409, "outdated", [FORM])
    assert designer.send(f"/drafts/{draft}/refresh")["clashes"] == []
    designer.publish(draft)
    files = town.app.engine.queries.current_files()
    assert "备注" in files[FORM].decode()
    assert 'name="处理"' in files[BPMN].decode()


def test_a_file_taken_away_is_gone_in_the_new_version(publisher: Designer) -> None:
    publisher.published()
    draft = publisher.edit()["id"]
    publisher.ask(f"/drafts/{draft}/files/processes/toy/toy.md?revision=1", method="DELETE")
    assert publisher.publish(draft)["version"] == 2
    assert "processes/toy/toy.md" not in [f["path"] for f in publisher.edit()["files"]]


def test_the_difference_is_shown_as_texts_and_in_words(publisher: Designer) -> None:
    publisher.published()
    draft = publisher.edit()["id"]
    publisher.change(draft, BPMN, "<zeebe:userTask/>", '<zeebe:userTask/><cogov:deadline id="due" limit="3WD"/>')
    found = publisher.get(f"/drafts/{draft}/diff")
    (file,) = found["changed"]
    assert (file["path"], file["state"], found["base"]["version"]) == (BPMN, "changed", 1)
    assert "3WD" in file["after"]
    assert "3WD" not in file["before"]
    (element,) = found["meaning"]
    assert (element["element"], element["kind"], element["change"]) == ("handle", "userTask", "changed")
    assert element["what"] == {"zh": "时限：无 → due · limit=3WD", "en": "deadline: none → due · limit=3WD"}


def test_what_more_people_may_read_must_be_confirmed_and_the_version_keeps_who_did(publisher: Designer) -> None:
    publisher.published()
    draft = publisher.edit()["id"]
    revision = publisher.change(draft, BPMN, '<cogov:access class="staff"', '<cogov:access class="public"')
    (one,) = publisher.get(f"/drafts/{draft}/diff")["lowered"]
    assert (one["kind"], one["key"], one["file"], one["from"]["access"], one["to"]["access"]) == ("process", "toy", BPMN, "staff", "public")
    assert (one["name"]["en"], one["from"]["zh"], one["to"]["en"]) == ("Toy", "工作人员可见", "Public")

    for confirmed in ([], ["another"]):
        refused = publisher.ask(f"/drafts/{draft}/publish", {"revision": revision, "confirmed": confirmed})
        assert (refused.status_code, refused.get_json()["code"]) == (409, "protection_lowered")
        assert refused.get_json()["details"]["lowered"] == [one]
    assert publisher.procedure()["draft"]["id"] == draft, "a refused publication leaves the draft"

    publisher.send(f"/drafts/{draft}/publish", {"revision": revision, "confirmed": [one["id"]]})
    newest, first = publisher.procedure()["versions"]
    assert (newest["lowered"], first["lowered"]) == ([one], [])
    assert newest["by"] is not None
    assert "工作人员可见 → 公开" in publisher.browser.get("/procedures").text


# Zips ------------------------------------------------------------------------------------------------------------------


def _unzipped(answer: TestResponse) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_comes_back_as_the_same_draft(read_only: Town, designer: Designer) -> None:
    draft = designer.new()["id"]
    content = designer.browser.get(f"{API}/drafts/{draft}/export.zip")
    files = _unzipped(content)
    assert set(files) == {f["path"] for f in designer.get(f"/drafts/{draft}")["files"]}
    designer.ask(f"/drafts/{draft}?revision=1", method="DELETE")
    (made,) = _imported(designer.browser, content.data)
    assert made["name"] == {"zh": "玩具", "en": "Toy"}
    assert {f["path"]: designer.text(made["id"], f["path"]).encode() for f in made["files"]} == files


def _imported(browser: Browser, content: bytes) -> list[dict[str, Any]]:
    package = upload({"package": (io.BytesIO(content), "toy.zip")})
    answer = browser.client.post(f"{API}/drafts/import", **package, headers={"X-CSRF-Token": browser.csrf()})
    assert answer.status_code == 201, answer.text
    return list(answer.get_json())


def test_what_is_no_zip_is_refused(designer: Designer) -> None:
    headers = {"X-CSRF-Token": designer.browser.csrf(), "Content-Type": "application/zip"}
    for content in (b"no zip", b""):
        assert designer.browser.client.post(f"{API}/drafts/import", data=content, headers=headers).status_code == 422


def test_a_version_and_everything_are_exported(town: Town) -> None:
    designer = Designer(town)
    designer.published()
    draft = designer.edit()["id"]
    designer.change(draft, BPMN, 'name="办理"', 'name="处理"')
    old = _unzipped(designer.browser.get(f"{API}/procedures/toy/versions/1/export.zip"))
    assert 'name="办理"'.encode() in old[BPMN]
    assert all(of_procedure(path, "toy") for path in old)
    everything = _unzipped(designer.browser.get(f"{API}/drafts/{draft}/export.zip", all="true"))
    assert 'name="处理"'.encode() in everything[BPMN]
    assert set(everything) == set(town.app.engine.queries.current_files())
    assert not [p for p in Package.from_files(everything).problems if p.severity == "error"]
    assert designer.browser.get(f"{API}/procedures/toy/versions/9/export.zip").status_code == 404


# Trials ----------------------------------------------------------------------------------------------------------------


def _counts(town: Town) -> dict[str, int]:
    with town.database.read() as connection:
        inspector = sa.inspect(connection)
        tables = [t for t in metadata.sorted_tables if inspector.has_table(t.name)]
        return {t.name: connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in tables}


def test_a_trial_leaves_every_table_as_it_was_and_sends_nothing(read_only: Town, designer: Designer) -> None:
    draft = designer.new()["id"]
    text = designer.text(draft, BPMN).replace("<zeebe:userTask/>", '<zeebe:userTask/><cogov:deadline id="due" limit="3WD"/>')
    designer.save(draft, BPMN, text)
    before, files, jobs = _counts(read_only), _tree(read_only), read_only.world.jobs.outstanding()
    stand = designer.play(draft, {"wait": "5WD"}, {"do": "handle", "by": WORKER, "with": NOTE})
    assert stand["instances"][0]["state"] == "completed"
    assert stand["notices"], "the deadline was late: somebody would have been told"
    assert (_counts(read_only), _tree(read_only), read_only.world.jobs.outstanding()) == (before, files, jobs)


def _tree(town: Town) -> list[str]:
    folder = Path(str(town.database.url.database)).parent
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.name.startswith("town.sqlite"))


@service("outside.call", inline=False)
def _outside(_call: Call) -> None:
    """Reaches outside: a trial must never come here."""
    raise AssertionError("a trial called a service that reaches outside")


def test_a_trial_calls_no_service_that_reaches_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogov.cases.world.extra_services", lambda: [_outside])
    designer = Designer(Town(tmp_path, manifest=MANIFEST, procedures=PROCEDURES))
    draft = designer.new()["id"]
    text = designer.text(draft, BPMN)
    begin, end = text.index("<bpmn:userTask"), text.index("</bpmn:userTask>") + len("</bpmn:userTask>")
    call = '<bpmn:serviceTask id="handle" name="办理"><bpmn:extensionElements><zeebe:taskDefinition type="outside.call"/><zeebe:ioMapping>'
    call += '<zeebe:output source="=result" target="handled"/></zeebe:ioMapping><cogov:text lang="en" name="Handle"/>'
    call += "</bpmn:extensionElements></bpmn:serviceTask>"
    designer.save(draft, BPMN, text[:begin] + call + text[end:])
    refused = designer.play(draft)
    assert (refused["steps"][0]["ok"], refused["steps"][0]["error"]["code"]) == (False, "service_refused")
    answered = designer.play(draft, services={"outside.call": {"sum": 3}})
    assert answered["instances"][0]["variables"]["handled"] == {"sum": "3"}


def test_a_trial_shows_where_it_stands(designer: Designer) -> None:
    draft = designer.new()["id"]
    stand = designer.play(draft, clock="2026-03-02T10:00+08:00")
    assert (stand["now"], stand["area"]) == ("2026-03-02T02:00:00+00:00", AREA)
    (instance,) = stand["instances"]
    assert instance["tokens"] == [{"process": "toy", "element": "handle", "state": "WAITING"}]
    assert instance["taken"] == {"toy": {"f_start__handle": 1}}
    (task,) = instance["tasks"]
    assert (task["node"], task["name"], task["vacant"]) == ("handle", {"zh": "办理", "en": "Handle"}, False)
    assert {"person": WORKER, "name": "王芳"} in task["offered"]
    assert task["form"]["schema"]["components"]
    after = designer.play(draft, {"do": "handle", "by": WORKER, "with": NOTE})
    assert [step["ok"] for step in after["steps"]] == [True, True]
    (done,) = after["instances"]
    assert (done["state"], done["ends"], done["tokens"]) == ("completed", ["end_done"], [])
    assert done["variables"]["handled"]["note"] == NOTE["note"]
    assert [line["text"]["zh"] for line in after["history"]] == ["发起", "办理", "办结"]
    assert after["history"][1]["by"] == "王芳"


def test_without_a_start_a_trial_says_who_could_begin(designer: Designer) -> None:
    draft = designer.new()["id"]
    (start,) = designer.send(f"/drafts/{draft}/sandbox", {})["starts"]
    assert (start["process"], start["role"], start["area"], start["form"]) == ("toy", "community_worker", AREA, None)
    assert {"person": WORKER, "name": "王芳", "area": AREA} in start["people"]


def test_what_is_refused_in_a_trial_is_told_and_nothing_after_it_is_played(designer: Designer) -> None:
    draft = designer.new()["id"]
    stand = designer.play(draft, {"do": "handle", "by": WORKER, "with": {}}, {"do": "handle", "by": WORKER, "with": NOTE})
    assert [step["ok"] for step in stand["steps"]] == [True, False]
    error = stand["steps"][1]["error"]
    assert (error["code"], error["errors"][0]["pointer"]) == ("form_invalid", "/note")
    assert stand["instances"][0]["state"] == "running"
    for step in ({"do": "handle", "by": "unit_li", "with": NOTE}, {"do": "nothing", "by": WORKER}, {"do": "handle"}, {"wait": "xyz"}):
        stand = designer.play(draft, step)
        assert not stand["steps"][1]["ok"], step
        assert stand["steps"][1]["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [{"steps": [{"fly": 1}]}, {"clock": "tomorrow"}, {"start": {"by": 3}}, {"start": {"by": WORKER}, "steps": [{"wait": "1WD"}] * 201}],
    ids=["step", "clock", "start", "many"],
)
def test_a_document_that_is_no_case_is_refused_before_anything_runs(designer: Designer, body: dict[str, Any]) -> None:
    draft = designer.new()["id"]
    answer = designer.ask(f"/drafts/{draft}/sandbox", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "form_invalid")


def test_a_trial_of_a_broken_draft_answers_its_problems(designer: Designer) -> None:
    draft = designer.new()["id"]
    designer.change(draft, BPMN, 'formId="toy/handle"', 'formId="toy/nothing"')
    answer = designer.ask(f"/drafts/{draft}/sandbox", {})
    assert (answer.status_code, answer.get_json()["errors"][0]["file"]) == (422, BPMN)


def test_a_trial_that_never_ends_is_stopped(designer: Designer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("governance.desk.trials.Budget", lambda: Budget(seconds=0))
    draft = designer.new()["id"]
    answer = designer.ask(f"/drafts/{draft}/sandbox", {"start": {"by": WORKER}, "steps": [{"wait": "1WD"}]})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "too_long")


def test_a_trial_is_kept_as_a_case_and_the_case_passes(designer: Designer) -> None:
    draft = designer.new()["id"]
    case = {"start": {"by": WORKER}, "steps": [{"do": "handle", "by": WORKER, "with": NOTE}]}
    body = {"name": "办完 / done", "revision": 1, "case": case}
    assert designer.send(f"/drafts/{draft}/sandbox/save", body)["revision"] == 2
    (kept,) = yaml.safe_load(designer.text(draft, CASES))["cases"]
    assert (kept["name"], kept["steps"], kept["ends"]) == ("办完 / done", case["steps"], {"at": ["end_done"]})
    assert designer.send(f"/drafts/{draft}/check")["errors"] == 0
    report = designer.send(f"/drafts/{draft}/cases")
    assert report["cases"] == [{"name": "办完 / done", "ok": True, "step": None, "error": None}]
    assert report["coverage"] == [{"process": "toy", "flows": 2, "taken": ["f_handle__end_done", "f_start__handle"], "missing": []}]


def test_a_case_that_fails_says_at_which_step(designer: Designer) -> None:
    draft = designer.new()["id"]
    case = {"start": {"by": WORKER}, "steps": [{"do": "handle", "by": WORKER, "with": NOTE}]}
    designer.send(f"/drafts/{draft}/sandbox/save", {"name": "a", "revision": 1, "case": case})
    designer.change(draft, FORM, '"maxLength": 500', '"maxLength": 2')
    (line,) = designer.send(f"/drafts/{draft}/cases")["cases"]
    assert (line["ok"], line["step"], line["error"]["code"]) == (False, 0, "form_invalid")
    assert line["error"]["errors"][0]["pointer"] == "/note"
