"""The REST API: tokens and scopes, the same rules as the pages, a complete description of itself."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cogov.bootstrap import bundled_files
from tests.town import PASSWORD, Town, upload
from tests.walk import INTENTION, PROCESS, Agreement


class Program:
    """A caller with a token."""

    def __init__(self, town: Town, person: str, *scopes: str) -> None:
        self.client: FlaskClient = town.flask.test_client()
        body: dict[str, Any] = {"name": town.login(person), "password": PASSWORD}
        if scopes:
            body["scopes"] = list(scopes)
        answer = self.client.post("/api/v1/tokens", json=body)
        assert answer.status_code == 201, answer.text
        self.headers = {"Authorization": f"Bearer {answer.get_json()['token']}"}

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body if body is not None else {}, headers=self.headers | headers)


def test_a_case_is_started_and_worked_on_by_token(town: Town) -> None:
    program = Program(town, "liaison_wang")
    started = program.post("/instances", {"process": PROCESS, "area": "yunqiao", "variables": {}})
    assert started.status_code == 201
    instance = started.get_json()["instance"]
    (task,) = program.get("/tasks").get_json()["items"]
    assert task["name"] == {"zh": "拟共建意向", "en": "Draft intention"}
    form = program.get(f"/tasks/{task['id']}").get_json()["form"]
    assert form["schema"]["components"]
    data = town.given(INTENTION, "liaison_wang")
    done = program.post(f"/tasks/{task['id']}/complete", {"form": data}, **{"Idempotency-Key": "k"})
    assert done.status_code == 200, done.text
    assert program.post(f"/tasks/{task['id']}/complete", {"form": data}, **{"Idempotency-Key": "k"}).get_json() == done.get_json()
    case = program.get(f"/instances/{instance}").get_json()
    assert case["title"] == INTENTION["reason"]
    assert any("拟共建意向" in entry["text"]["zh"] for entry in case["history"])
    assert program.get("/tasks?view=done").get_json()["items"][0]["id"] == task["id"]
    assert program.get("/tasks?view=started").get_json()["items"][0]["instance"] == instance


def test_an_action_is_used_by_token(agreement: Agreement) -> None:
    agreement.to_answer()
    program = Program(agreement.town, "unit_li")
    actions = program.get(f"/instances/{agreement.instance}").get_json()["actions"]
    accept = next(a["token"] for a in actions if a["name"]["en"] == "Unit accepts")
    assert program.post(f"/instances/{agreement.instance}/actions/{accept}").status_code == 200


@pytest.mark.parametrize(
    ("scope", "path", "allowed"),
    [
        ("tasks:read", "/tasks", True),
        ("tasks:read", "/registers", False),
        ("registers:read", "/registers", True),
        ("registers:read", "/tasks", False),
        ("definitions:read", "/definitions", True),
        ("definitions:read", "/services", True),
        ("directory:read", "/lookup/unit?q=海", True),
        ("tasks:read", "/lookup/unit?q=海", False),
    ],
)
def test_a_token_opens_what_its_scope_says(town: Town, scope: str, path: str, allowed: bool) -> None:
    assert Program(town, "liaison_wang", scope).get(path).status_code == (200 if allowed else 403)


def test_without_or_with_a_wrong_token_nothing_opens(town: Town) -> None:
    client = town.flask.test_client()
    for headers in ({}, {"Authorization": "Bearer cogov_wrong"}):
        answer = client.get("/api/v1/tasks", headers=headers)
        assert answer.status_code == 401
        assert answer.get_json()["code"] == "unauthenticated"


def test_a_token_ends(town: Town) -> None:
    program = Program(town, "liaison_wang")
    town.wait(timedelta(days=31))
    assert program.get("/tasks").status_code == 401


def test_an_unknown_scope_or_key_is_told(town: Town) -> None:
    client = town.flask.test_client()
    login = {"name": "wang", "password": PASSWORD}
    assert client.post("/api/v1/tokens", json={**login, "scopes": ["everything"]}).status_code in (400, 422)
    answer = client.post("/api/v1/tokens", json={**login, "scoope": []})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"].endswith("/scoope")


def test_lists_come_in_pages(town: Town) -> None:
    program = Program(town, "liaison_wang")
    for _ in range(3):
        program.post("/instances", {"process": PROCESS})
    first = program.get("/tasks?limit=2").get_json()
    rest = program.get(f"/tasks?limit=2&cursor={first['next']}").get_json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert not {t["id"] for t in first["items"]} & {t["id"] for t in rest["items"]}
    assert program.get("/tasks?cursor=nonsense").status_code in (400, 422)
    assert program.get("/tasks?limit=0").status_code == 422


def test_expressions_are_tried_out_with_exact_numbers(town: Town) -> None:
    program = Program(town, "liaison_wang")
    answer = program.post("/expressions", {"expression": "a + 0.2 = 0.3", "variables": {"a": 0.1}})
    assert answer.get_json()["value"] is True
    wrong = program.post("/expressions", {"expression": "1 +"})
    assert wrong.status_code in (400, 422)


def test_only_administrators_deploy_and_a_faulty_package_changes_nothing(town: Town) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in bundled_files().items():
            archive.writestr(path, content.replace(b'id="review"', b'id="review" ', 1))
    worker, admin = Program(town, "liaison_wang"), Program(town, "admin")

    def deploy(program: Program, content: bytes, query: str = "") -> TestResponse:
        package = upload({"package": (io.BytesIO(content), "package.zip")})
        return program.client.post(f"/api/v1/deployments{query}", **package, headers=program.headers)

    assert deploy(worker, package.getvalue()).status_code == 403
    assert deploy(admin, package.getvalue(), "?dry_run=true").status_code == 201
    before = admin.get("/definitions").get_json()
    faulty = io.BytesIO()
    with zipfile.ZipFile(faulty, "w") as archive:
        archive.writestr("processes/broken/broken.bpmn", "<definitions/>")
    refused = deploy(admin, faulty.getvalue())
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["code"]
    assert admin.get("/definitions").get_json() == before


def test_a_message_nobody_waits_for_is_kept(town: Town) -> None:
    answer = Program(town, "admin").post("/messages", {"name": "msg.nobody.waits", "key": "x"})
    assert answer.status_code == 202
    assert answer.get_json()["outcome"] == "buffered"


def test_the_process_tells_that_it_lives_and_is_ready(town: Town) -> None:
    client = town.flask.test_client()
    assert client.get("/healthz").get_json()["status"] == "ok"
    assert client.get("/readyz").get_json()["checks"]["database"] == "ok"
    assert "python_info" in client.get("/metrics").text


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_references(v) for v in node.values()))
    return set().union(*(_references(v) for v in node)) if isinstance(node, list) else set()


def test_the_description_is_whole(town: Town) -> None:
    document = town.flask.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    described = {
        (method, path.replace("{", "<").replace("}", ">"))
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    served = {
        (method.lower(), re.sub(r"<\w+(\([^)]*\))?:", "<", rule.rule))
        for rule in town.flask.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and rule.rule != "/api/v1/openapi.json"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert served - described == set()
    for reference in _references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            assert operation["summary"], path
            assert operation["tags"], path
            assert operation["responses"]["default"], path
            assert any(status.startswith("2") for status in operation["responses"]), path
    problem = document["components"]["responses"]["DEFAULT_ERROR"]["content"]["application/json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}
