"""What operators and outsiders see of cases they may not read, and that administrators of an area find what is theirs.

The protected values of these cases have been renamed, looped over, decided upon or quoted by a failure: none of that opens them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.actor import SYSTEM, Actor
from engine.store import work
from governance.desk.procedures import AS_REFERENCE
from tests.acceptance.conftest import MANIFEST
from tests.acceptance.test_job_failures import failed
from tests.acceptance.test_messages import give_post
from tests.acceptance.test_powers import KEY, WORK
from tests.integration.engine.models import end, extensions, model, parallel, script, start, user
from tests.town import AREA, Browser, Town

READER, OUTSIDERS = "unit_li", ("admin", "liaison_wang", "resident_deng")
WORD = "SECRETq7"
PHONE = 13812345678
WITHHELD = "可能涉及受保护的内容"
NOTHING_CHOSEN = "没有选中故障"
BIG = 2**64 + 1
WHY = {"reason": "核对无误后处理"}

ENGLISH = '<cogov:text lang="en" name="English"/>'
PUBLIC = '<cogov:access class="public"/>'
GUARDED = "".join(f"""<cogov:data name="{name}" access="parties" of='=["{READER}"]'/>""" for name in ("report", "reports"))
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=reports" inputElement="one"/>'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f_{key}" name="f" namespace="urn:{key}">
<decision id="size_{key}" name="s"><variable name="size_{key}"/><decisionTable id="t" hitPolicy="UNIQUE">
<input><inputExpression typeRef="string"><text>{read}</text></inputExpression></input><output name="size_{key}"/>
<rule id="r"><inputEntry><text>-</text></inputEntry><outputEntry><text>"small"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def ours(files: dict[str, bytes], key: str) -> dict[str, bytes]:
    """The process in the dialect of our own files, in which data can be protected: a pool, and names in both languages."""
    ((path, content),) = files.items()
    xml = content.decode().replace('id="definitions"', 'xmlns:cogov="urn:cogov:bpmn:1" id="definitions"')
    xml = re.sub(r"<bpmn:extensionElements>(?!<zeebe:loop)", f"<bpmn:extensionElements>{ENGLISH}", xml)
    pool = f'<bpmn:participant id="pool" name="{key}" processRef="{key}">{extensions(ENGLISH)}</bpmn:participant>'
    xml = xml.replace("<bpmn:process ", f'<bpmn:collaboration id="together">{pool}</bpmn:collaboration><bpmn:process ', 1)
    return {path: xml.replace('<bpmn:parallelGateway id="fork" name="fork"/>', '<bpmn:parallelGateway id="fork"/>').encode()}


def inputs(**sources: str) -> str:
    found = "".join(f'<zeebe:input source="={read}" target="{name}"/>' for name, read in sources.items())
    return f"<zeebe:ioMapping>{found}</zeebe:ioMapping>"


def decided(key: str, *inner: str, body: str = "") -> str:
    called = f'<zeebe:calledDecision decisionId="size_{key}" resultVariable="found_{key}"/>'
    return f'<bpmn:businessRuleTask id="{key}" name="{key}">{extensions(called, *inner)}{body}</bpmn:businessRuleTask>'


def renaming() -> dict[str, bytes]:
    """A public case whose protected data is decided upon directly, under another name and one by one, and then handed to steps."""
    nodes = [
        extensions(PUBLIC + GUARDED), start(), decided("plain"), decided("renamed", inputs(word="report")), decided("looped", body=LOOP),
        parallel("fork"), user("ask", inputs(copy="report"), groups=f'["{READER}"]'), user("each", body=LOOP), end(),
    ]  # fmt: skip
    flows = "begin plain\nplain renamed\nrenamed looped\nlooped fork\nfork ask\nfork each\nask done\neach done"
    tables = {"plain": "report", "renamed": "word", "looped": "one"}
    files = {f"processes/renaming/{key}.dmn": TABLE.format(key=key, read=read).encode() for key, read in tables.items()}
    return {**ours(model("renaming", "".join(nodes), flows), "renaming"), **files}


def calling() -> dict[str, bytes]:
    """A public case without anything protected calls one that protects its data."""
    call = '<zeebe:calledElement processId="guarded" propagateAllChildVariables="false"/>'
    activity = f'<bpmn:callActivity id="call" name="call">{extensions(call, inputs(report="x"))}</bpmn:callActivity>'
    inner = model("guarded", extensions(PUBLIC + GUARDED) + start() + user("ask") + end(), "begin ask\nask done")
    outer = model("calling", extensions(PUBLIC) + start() + activity + end(), "begin call\ncall done")
    return {**ours(inner, "guarded"), **ours(outer, "calling")}


#: who operates may not open a case of it; its failure quotes a variable
QUOTING = model("quoting", start() + script("look", "=setting(phone)", "found") + end(), "begin look\nlook done")


def started(town: Town, key: str, variables: dict[str, Any], by: str = "liaison_wang", area: str = AREA) -> str:
    instance = town.app.engine.start(key, variables, actor=Actor(person=by), area=area).instance
    assert instance is not None
    return instance


def decisions(town: Town, case: str) -> dict[int, str | None]:
    """Number and element of the kept decisions of a case."""
    lines = town.app.engine.queries.history(case, limit=200).items
    return {line.seq: line.element for line in lines if line.kind == "decision_evaluated"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town with the procedures above; its tests have a case each."""
    town = Town(tmp_path_factory.mktemp("sight"), manifest=MANIFEST)
    for files in (renaming(), calling(), QUOTING, WORK):
        town.app.engine.deploy(files, actor=SYSTEM, change=AS_REFERENCE)
    return town


@pytest.fixture(scope="module")
def case(kept: Town) -> str:
    return started(kept, "renaming", {"report": WORD, "reports": [f"{WORD}1", f"{WORD}2"]}, READER)


@pytest.fixture(scope="module")
def admin(kept: Town) -> Browser:
    return kept.browser("admin")


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_kept_decisions_over_protected_data_are_shut_to_outsiders_also_in_loops_and_under_other_names(
    kept: Town, case: str, outsider: str
) -> None:
    browser, found = kept.browser(outsider), decisions(kept, case)
    assert sorted(filter(None, found.values())) == ["looped", "looped", "plain", "renamed"]
    assert browser.get(f"/cases/{case}").status_code == 200
    for seq, element in found.items():
        page = browser.get(f"/cases/{case}/decisions/{seq}")
        assert page.status_code == 403, element
        assert WORD not in page.text
        assert browser.send(f"/api/v1/instances/{case}/decisions/{seq}/reproduce", {}).status_code in (403, 404), element
    for path in ("history?limit=200", "variables"):
        answer = browser.get(f"/api/v1/instances/{case}/{path}")
        assert answer.status_code == 200
        assert WORD not in answer.text


def test_who_may_read_the_data_reads_the_decisions_over_it(kept: Town, case: str) -> None:
    reader = kept.browser(READER)
    for seq, element in decisions(kept, case).items():
        assert WORD in reader.page(f"/cases/{case}/decisions/{seq}"), element


def test_the_data_page_of_no_scope_shows_an_operator_protected_values(kept: Town, case: str, admin: Browser) -> None:
    tokens = kept.app.engine.queries.instance(case).tokens
    inner = [t for t in tokens if t.node in ("ask", "each")]
    assert len(inner) >= 4  # the copy at one step, the loop and its two runs
    held = kept.app.engine.oversight
    with kept.database.read() as connection:
        own = [str(held.own_variables(connection, case, t.id)) for t in inner]
    assert sum(WORD in values for values in own) >= 3  # there is something to hide
    for path in ("data", *(f"data?scope={t.id}" for t in tokens)):
        assert WORD not in admin.page(f"/operations/cases/{case}/{path}"), path


@pytest.fixture(scope="module")
def quoting(kept: Town) -> str:
    return started(kept, "quoting", {"phone": PHONE})


def test_the_words_of_an_incident_are_kept_from_an_administrator_who_may_not_read_the_case(
    kept: Town, quoting: str, admin: Browser
) -> None:
    (incident,) = kept.app.engine.queries.instance(quoting).incidents
    assert str(PHONE) in str(incident.message)
    assert admin.get(f"/cases/{quoting}").status_code == 404
    page = admin.page("/operations")
    assert f'value="{incident.id}"' in page  # he may retry it all the same
    assert WITHHELD in page
    for path in ("/operations", f"/operations/cases/{quoting}", f"/operations/incidents?id={incident.id}"):
        assert str(PHONE) not in admin.page(path), path
    assert str(PHONE) in kept.browser("liaison_wang").page(f"/cases/{quoting}")


def test_the_words_of_a_failed_job_are_kept_from_an_administrator_who_may_not_read_the_case(
    kept: Town, quoting: str, admin: Browser
) -> None:
    failed(kept, "service:quoting:1", {"instance": quoting, "process": "quoting", "element": "look"})
    shut(kept, admin, "service:quoting:1", quoting)


def test_the_words_of_a_failed_job_of_a_called_procedure_with_protected_data_are_kept_back(kept: Town, admin: Browser) -> None:
    case = started(kept, "calling", {"x": WORD})
    token = next(t.id for t in kept.app.engine.queries.instance(case).tokens if t.node == "ask")
    failed(kept, "service:called:1", {"instance": case, "process": "guarded", "element": "ask", "token": token})
    assert admin.get(f"/cases/{case}").status_code == 200  # the case itself is open
    shut(kept, admin, "service:called:1", case)


def test_the_words_of_a_failed_job_of_a_removed_case_are_kept_back(kept: Town, admin: Browser) -> None:
    failed(kept, "service:gone:1", {"instance": "00000000-0000-7000-8000-00000000dead", "process": "quoting", "element": "look"})
    assert "SAYSWHY service:gone:1" not in admin.page("/operations")
    assert "SAYSWHY service:gone:1" not in admin.get("/api/v1/failed-jobs").text


def shut(town: Town, admin: Browser, failure: str, case: str) -> None:
    """The failure is there to be retried, in pages and API, without its words."""
    page = admin.page("/operations")
    assert f'value="{failure}"' in page
    told = admin.get("/api/v1/failed-jobs")
    assert told.status_code == 200
    assert failure in told.text
    for text in (page, admin.page(f"/operations/cases/{case}"), admin.page("/operations/jobs", id=failure), told.text):
        assert f"SAYSWHY {failure}" not in text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("incidents", {}),
        ("incidents", {"id": "gone"}),
        ("jobs", {}),
        ("jobs", {"do": "discard"}),
        ("jobs", {"id": "gone"}),
        ("jobs", {"id": "gone", "do": "discard"}),
    ],
)
def test_who_retries_or_discards_nothing_is_told_that_nothing_was_chosen(admin: Browser, path: str, form: dict[str, str]) -> None:
    assert admin.post(f"/operations/{path}", {**form, **WHY}).status_code == 302
    page = admin.page("/operations")
    assert NOTHING_CHOSEN in page
    for done in ("已重试", "已重新排队", "不再执行这些任务"):
        assert done not in page


@pytest.fixture
def answering(kept: Town) -> Iterator[None]:
    """The server answers an error of its own with 500, as in the field, instead of raising it into the test."""
    before = kept.flask.config["PROPAGATE_EXCEPTIONS"]
    kept.flask.config["PROPAGATE_EXCEPTIONS"], kept.flask.testing = False, False
    yield
    kept.flask.config["PROPAGATE_EXCEPTIONS"], kept.flask.testing = before, True


@pytest.fixture(scope="module")
def plain(kept: Town) -> str:
    return started(kept, KEY, {})


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize("version", [str(BIG), f"-{BIG}", "0", "first"])
def test_pages_find_no_version_that_cannot_be_one(plain: str, admin: Browser, version: str) -> None:
    case, procedure = f"/operations/cases/{plain}", f"/operations/procedures/{KEY}"
    for path in (f"{case}/migrate?to", f"{case}/restart?version", f"{procedure}/migrate?from", f"{procedure}/migrate?to",
                 f"{procedure}/suspend?version", f"{procedure}/resume?version"):  # fmt: skip
        assert admin.get(f"{path}={version}").status_code == 404, path
    posts: list[tuple[str, dict[str, Any]]] = [
        (f"{case}/restart", {"at": ["ask"], "do": "try", "version": version}),
        (f"{case}/migrate", {"do": "check", "to": version}),
        (f"{procedure}/migrate", {"do": "try", "from": version}),
    ]
    for path, form in posts:
        assert admin.post(path, form).status_code == 404, path


@pytest.mark.usefixtures("answering")
def test_pages_refuse_a_number_of_rows_and_find_no_decision_that_the_database_cannot_hold(plain: str, admin: Browser) -> None:
    assert admin.post(f"/operations/cases/{plain}/move", {"rows": str(BIG), "do": "try"}).status_code == 422
    assert admin.get(f"/cases/{plain}/decisions/{BIG}").status_code == 404


@pytest.mark.parametrize("version", [str(BIG), "first"])
def test_suspending_a_version_that_cannot_be_one_does_not_suspend_the_whole_procedure(kept: Town, admin: Browser, version: str) -> None:
    answer = admin.post(f"/operations/procedures/{KEY}/suspend", {**WHY, "version": version})
    assert answer.status_code == 404
    assert started(kept, KEY, {})  # it still takes new cases


@pytest.mark.usefixtures("answering")
def test_the_api_refuses_a_number_the_database_cannot_hold_as_bad_input(plain: str, admin: Browser) -> None:
    versions = {"process": KEY, "from": BIG, "to": 1}
    plan = {"process": KEY, "from": 1, "to": 1, "mappings": []}
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("decisions/size_plain/evaluate", {"variables": {"report": "a"}, "version": BIG}),
        ("migrations/plan", versions),
        ("migrations/plan", {**versions, "from": 1, "to": BIG}),
        (f"instances/{plain}/migrate", {**WHY, "plan": {**plan, "from": BIG}}),
        (f"instances/{plain}/migrate", {**WHY, "plan": {**plan, "called": [{**plan, "to": BIG}]}}),
    ]
    for path, body in bodies:
        answer = admin.send(f"/api/v1/{path}", body)
        assert answer.status_code == 422, f"{path}: {answer.text}"
    assert admin.send(f"/api/v1/instances/{plain}/decisions/{BIG}/reproduce", {}).status_code == 404


def test_the_administrator_of_an_area_finds_his_failures_behind_two_hundred_newer_ones_elsewhere(kept: Town) -> None:
    mine, other = started(kept, "quoting", {"phone": 1}), started(kept, "quoting", {"phone": 2}, area="district")
    (incident,) = kept.app.engine.queries.instance(mine).incidents
    failed(kept, "service:mine:1", {"instance": mine})
    crowd(kept, other)
    give_post(kept, "director_gao", f"system_admin@{AREA}")
    gao = kept.browser("director_gao")
    page = gao.page("/operations")
    assert f'value="{incident.id}"' in page
    assert 'value="service:mine:1"' in page
    assert other not in page
    assert NOTHING_CHOSEN not in gao.page("/operations/incidents", id=incident.id)
    assert gao.post("/operations/incidents", {"id": incident.id, **WHY}).status_code == 302
    assert "已重试" in gao.page("/operations")


def crowd(town: Town, case: str) -> None:
    """Two hundred newer incidents and failed jobs of one case."""
    details, now = town.app.engine.queries.instance(case), town.app.clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": f"ffffffff-0000-7000-8000-{number:012}", "instance": case, "token": details.root, "process": details.line.process,
            "node": None, "code": "expression_failed", "message": "elsewhere", "details": {}, "at": now, "state": "open",
            "closed_at": None, "closed_by": None,
        }
        for number in range(200)
    ]  # fmt: skip
    with town.database.write() as connection:
        work.add_incidents(connection, rows)
    town.wait(timedelta(seconds=1))
    for number in range(200):
        failed(town, f"service:elsewhere:{number}", {"instance": case})
