"""Two ballots posted at the same moment over HTTP, by the same voter with different choices; on SQLite in a file and on PostgreSQL."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from cogov.app import create_app
from cogov.settings import Settings
from governance.votes.tables import box
from tests.hall import Hall

MANIFEST = Path(__file__).parents[3] / "acceptance" / "manifest.json"
PASSWORD = "a long password for tests"
SEATED = ["m1", "m2", "m3", "m4"]


@pytest.fixture
def hall(database, tmp_path):
    return Hall(database, tmp_path)


@pytest.fixture
def flask(hall, tmp_path):
    with hall.app.database.write() as connection:
        hall.app.accounts.create(connection, "m2", "m2", PASSWORD, hall.now)
    settings = Settings(
        data=tmp_path, database_url=str(hall.app.database.url), host="127.0.0.1", port=8000, zone=ZoneInfo("Asia/Shanghai"),
        secure_cookies=False, threads=4,
    )  # fmt: skip
    return create_app(hall.app, settings, config={"TESTING": True, "RATELIMIT_ENABLED": False, "COGOV_MANIFEST": MANIFEST})


@pytest.fixture
def vote(hall):
    return hall.v("freeze", meeting=hall.in_session(SEATED), item=1, method="secret", threshold="majority")["vote"]


def logged_in(flask):
    """A client of m2 with the token of its pages."""
    client = flask.test_client()

    def token():
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/public").text)
        assert found is not None
        return found[1]

    assert client.post("/login", data={"name": "m2", "password": PASSWORD, "csrf_token": token()}).status_code == 302
    return client, {"X-CSRF-Token": token()}


def posted(flask, path, options, key=None):
    """One post for each option, all let go at the same moment. → status and body, in the order of the options"""
    gate = Barrier(len(options))
    clients = [logged_in(flask) for _ in options]

    def post(client, option):
        browser, headers = client
        gate.wait()
        answer = browser.post(path, json={"option": option}, headers={**headers, **({"Idempotency-Key": key} if key else {})})
        return answer.status_code, answer.get_json()

    with ThreadPoolExecutor(max_workers=len(options)) as pool:
        return list(pool.map(post, clients, options))


def papers(hall):
    with hall.app.database.read() as connection:
        return list(connection.execute(sa.select(box.c.papers)).scalar_one())


def test_of_two_choices_posted_at_once_one_counts_and_the_answers_name_none(hall, flask, vote):
    answers = posted(flask, f"/api/v1/votes/{vote}/ballots", ["yes", "no"])
    assert [status for status, _ in answers] == [200, 200]
    first, second = sorted((body for _, body in answers), key=lambda body: body["already"])
    assert {**first, "already": True} == second, "but for that one word they are the same"
    assert len(papers(hall)) == 1
    again = posted(flask, f"/api/v1/votes/{vote}/ballots", ["yes", "no"])
    assert [body for _, body in again] == [second, second], "whichever was first cast"


def test_the_same_request_posted_twice_at_once_gets_one_answer(hall, flask, vote):
    answers = posted(flask, f"/api/v1/votes/{vote}/ballots", ["yes", "yes"], key="k1")
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][1]["already"]) == (200, False)
    assert papers(hall) == ["yes"]
    assert posted(flask, f"/api/v1/votes/{vote}/ballots", ["no"], key="k1")[0] == answers[0]
    assert papers(hall) == ["yes"]


def test_the_page_says_the_same_to_the_same_and_to_another_choice(hall, flask, vote):
    ((status, first),) = posted(flask, f"/votes/{vote}/ballots", ["yes"])
    assert (status, first) == (200, {"done": "已投票"})
    again = posted(flask, f"/votes/{vote}/ballots", ["yes", "no", "abstain"])
    assert again[0] == again[1] == again[2]
    assert again[0][1] == {"done": "这一席此前已经投票，以先投的为准；这次提交没有改变任何东西"}
