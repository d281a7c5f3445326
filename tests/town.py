"""A small town for tests over HTTP: the Flask app on a world with a movable clock, and a login for everybody of the roster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from cogov.app import create_app
from cogov.cases import inputs
from cogov.cases.world import World
from cogov.settings import Settings
from engine.queries import TaskLine
from engine.store.database import Database
from tests.beginnings import Procedures, begin

ROSTERS = Path(__file__).parent / "rosters"
MONDAY = datetime.fromisoformat("2026-03-02T09:00+08:00")
PASSWORD = "a long password for tests"
AREA = "yunqiao"


class Town:
    """World, Flask app and people. `folder` takes uploads; the database is a file there unless another one is given."""

    def __init__(
        self,
        folder: Path,
        database: Database | None = None,
        *,
        manifest: Path | None = None,
        at: datetime = MONDAY,
        limited: bool = False,
        roster: str = "small_community",
        procedures: Procedures = None,
    ) -> None:
        database = database or Database(f"sqlite:///{folder / 'town.sqlite'}")
        self.database = database
        people = (ROSTERS / f"{roster}.yaml").read_text("utf8")
        self.roster: dict[str, Any] = yaml.safe_load(people)
        self.world: World = begin(database, people, at, folder / "files", area=AREA, procedures=procedures)
        self.app = self.world.app
        self._accounts()
        settings = Settings(
            data=folder, database_url=str(database.url), host="127.0.0.1", port=8000, zone=ZoneInfo("Asia/Shanghai"), secure_cookies=False,
            threads=4,
        )  # fmt: skip
        # many log in from one address here; that tries are limited has a test of its own
        config = {"TESTING": True, "RATELIMIT_ENABLED": limited, "COGOV_MANIFEST": manifest}
        self.flask: Flask = create_app(self.app, settings, config=config)

    def _accounts(self) -> None:
        with self.database.write() as connection:
            for person in self.roster["people"]:
                self.app.accounts.create(connection, person["id"], login_of(person), PASSWORD, self.world.clock.now())

    def browser(self, person: str | None = None, *, language: str = "zh") -> Browser:
        """A test client, logged in as `person`."""
        browser = Browser(self, self.flask.test_client(), language)
        if person is not None:
            browser.log_in(person)
        return browser

    def wait(self, length: timedelta | None = None, *, until: datetime | None = None) -> None:
        """Let time pass; what falls due happens in order."""
        self.world.jobs.run_until(until or self.world.clock.now() + (length or timedelta()))

    def login(self, person: str) -> str:
        return next(login_of(p) for p in self.roster["people"] if p["id"] == person)

    def task(self, node: str, person: str, instance: str | None = None) -> TaskLine:
        """The newest open task of a node that is offered to the person."""
        queries = self.app.engine.queries
        found = [t for t in queries.tasks_for(person, view="all", limit=200).items if t.node == node and instance in (None, t.instance)]
        if not found:
            raise AssertionError(f"{person} has no task {node}, but {[t.node for t in queries.tasks_for(person, view='all').items]}")
        return max(found, key=lambda t: t.id)

    def given(self, values: Any, person: str | None, variables: Mapping[str, Any] | None = None) -> Any:
        """Values as cases write them: ``{today: n}``, ``{upload: name}``, ``{variable: path}``."""
        return inputs.resolve(self.app, values, person, variables or {})


def upload(form: Mapping[str, Any]) -> dict[str, Any]:
    """`data` and `content_type` of a form post for a test client, which would leave its own temporary file open for a large one."""
    files = {name: FileStorage(*value) if isinstance(value, tuple) else value for name, value in form.items()}
    if not any(isinstance(value, FileStorage) for value in files.values()):
        return {"data": files}
    boundary, body = encode_multipart(files)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def login_of(person: Mapping[str, Any]) -> str:
    return str(person.get("login") or person["id"])


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser does, without one: cookies, the page's CSRF token, JSON as the form element sends it."""

    town: Town
    client: FlaskClient
    language: str = "zh"

    def log_in(self, person: str) -> None:
        answer = self.post("/login", {"name": self.town.login(person), "password": PASSWORD})
        assert answer.status_code == 302, answer.text

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, query_string=query or None, headers=self._headers())

    def page(self, path: str, **query: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:2000]}"
        return answer.text

    def csrf(self) -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.page("/public"))
        assert found is not None
        return found[1]

    def post(self, path: str, form: Mapping[str, Any] | None = None) -> TestResponse:
        """A form post with the page's token; a file is (stream, name)."""
        return self.client.post(path, **upload({**(form or {}), "csrf_token": self.csrf()}), headers=self._headers())

    def send(self, path: str, body: Any, *, method: str = "POST", key: str | None = None) -> TestResponse:
        """JSON as the form element sends it."""
        headers = {**self._headers(), "X-CSRF-Token": self.csrf(), **({"Idempotency-Key": key} if key else {})}
        answer = self.client.open(path, method=method, json=body, headers=headers)
        self.town.world.jobs.run_due()
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": "en-GB" if self.language == "en" else "zh-CN"}
