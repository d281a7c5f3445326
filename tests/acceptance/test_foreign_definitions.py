"""A model of another tool that cannot run: the library, its page and the API show it with the list; nobody starts it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from tests.acceptance.pages import texts
from tests.acceptance.test_api import Program
from tests.town import Town, upload

JAVA = Path(__file__).parents[1] / "unit/definitions/foreign/camunda7/java.bpmn"


def test_it_is_stored_shown_and_not_started(town: Town) -> None:
    admin = Program(town, "admin")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("processes/java/java.bpmn", JAVA.read_bytes())
    body = upload({"package": (io.BytesIO(package.getvalue()), "package.zip")})
    deployed = admin.client.post("/api/v1/deployments", **body, headers=admin.headers)
    assert deployed.status_code == 201
    assert any(finding["stored"] for finding in deployed.get_json()["report"])

    shown = admin.get("/definitions/java").get_json()
    assert (shown["version"], shown["executable"]) == (1, False)
    assert {finding["element"] for finding in shown["cannot_run"]} >= {"Activity_class", "Activity_bean", "Activity_groovy"}
    listed = {line["key"]: line["executable"] for line in admin.get("/definitions").get_json() if line["kind"] == "process"}
    assert [key for key, executable in listed.items() if not executable] == ["java"]
    assert b"Activity_class" in admin.get("/definitions/java/xml").data
    assert admin.get("/definitions/nothing").status_code == 404

    refused = admin.post("/instances", {"process": "java", "variables": {}})
    assert refused.status_code == 409
    assert (refused.get_json()["code"], len(refused.get_json()["errors"])) == ("not_executable", len(shown["cannot_run"]))

    reader = town.browser("liaison_wang")
    page = reader.page("/procedures/java")
    assert "不能在这里运行的部分" in texts(page)
    assert "Activity_class" in texts(page)
    assert "/start/java" not in page
    assert "只能查看" in texts(reader.page("/procedures", q="java"))
    assert reader.get("/start/java").status_code == 409

    designer = town.browser("admin", language="en")
    assert "View only" in texts(designer.page("/procedures", q="java"))
    assert "Parts that cannot run here" in texts(designer.page("/procedures/java"))
