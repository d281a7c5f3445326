"""What one completed task sends to the database, through the product's own API: the goals of the design. The counts are deterministic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient

from bench import real
from bench.costs import Statements
from bench.installation import Installation
from bench.workloads import Workload
from cogov.app import create_app
from cogov.bootstrap import application
from cogov.settings import Settings
from tests.integration.conftest import DATABASES, empty_database

BARE, REAL, PARTICIPANT = 12, 24, 12
#: an instance with more tokens than are loaded at once
MANY = 130


class Counted:
    """Completes tasks over the API and counts statements and commits of each; no worker runs beside it."""

    def __init__(self, installation: Installation, client: FlaskClient, statements: Statements) -> None:
        self.installation = installation
        self._client, self._statements = client, statements
        self._headers = {"Authorization": f"Bearer {installation.token}"}
        self.costs: list[tuple[int, int]] = []

    def complete(self, task: str, form: Mapping[str, Any]) -> list[str]:
        before = self._statements.statements, self._statements.commits
        answer = self._client.post(f"/api/v1/tasks/{task}/complete", json={"form": dict(form)}, headers=self._headers)
        assert answer.status_code == 200, answer.text
        self.costs.append((self._statements.statements - before[0], self._statements.commits - before[1]))
        found: list[str] = answer.get_json()["tasks"]
        return found


@pytest.fixture(scope="module", params=DATABASES)
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Prepared once for each database: the tests only add to it."""
    folder = tmp_path_factory.mktemp("counted")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'cogov.db'}"
        if request.param == "postgres":
            url = stack.enter_context(empty_database(request.getfixturevalue("postgres_server")))
        made = Installation(request.param, url, folder, None)
        yield made
        made.close()


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[tuple[FlaskClient, Statements]]:
    data = {"COGOV_DATA": str(installation.folder), "COGOV_DATABASE_URL": installation.url, "COGOV_HOST": "127.0.0.1"}
    settings = Settings.load(data)
    app = application(settings)
    yield create_app(app, settings).test_client(), Statements(app.database)
    app.database.dispose()


@pytest.fixture
def counted(installation: Installation, served: tuple[FlaskClient, Statements]) -> Counted:
    return Counted(installation, *served)


def _run(counted: Counted, workload: Workload) -> list[tuple[int, int]]:
    for _ in workload.run([counted.installation.start(workload.process, workload.variables)], counted.complete):
        pass
    return counted.costs


def test_a_bare_task_takes_twelve_statements_and_one_commit(counted: Counted) -> None:
    costs = _run(counted, Workload("bare", "bench_sequence", 1, 10))
    assert costs[1:9] == [(BARE, 1)] * 8  # the first fills the memories, the last ends the instance


def test_settle_terms_takes_twenty_four_statements_and_one_commit(counted: Counted) -> None:
    for _ in range(3):
        counted.complete(real.ready(counted.installation), real.terms(counted.installation))
    assert counted.costs[1:] == [(REAL, 1)] * 2


def test_one_of_many_participants_takes_no_more_than_a_bare_task(counted: Counted) -> None:
    people = {"people": [f"p{n}" for n in range(MANY)]}
    costs = _run(counted, Workload("participants", "bench_participants", 1, MANY, variables=people))
    assert max(statements for statements, _ in costs[1:-1]) <= PARTICIPANT
    assert {commits for _, commits in costs} == {1}


@pytest.mark.parametrize(("payload", "most"), [(1000, 12), (50_000, 13)])
def test_a_large_value_takes_one_statement_more(counted: Counted, payload: int, most: int) -> None:
    _run(counted, Workload("warm", "bench_data", 1, 2, payload=100))
    first, _last = _run(counted, Workload("data", "bench_data", 1, 2, payload=payload))[-2:]
    assert first <= (most, 1)
