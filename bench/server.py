"""The server that is measured: the product as ``cogov run`` serves it (waitress, one process, jobs worked on in it), and its costs.

``python -m bench.server`` is started by the benchmark, with the settings of an installation in its environment. It prints
``ready`` with its port and answers ``/bench/costs`` with what its own process has used so far.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import waitress
from sqlalchemy import event
from whitenoise import WhiteNoise

from cogov.app import create_app
from cogov.bootstrap import application
from cogov.settings import Settings
from engine.store.database import Database

PATH = "/bench/costs"


class Costs:
    """Counts statements (executemany is one) and commits on the engines of a database."""

    def __init__(self, database: Database) -> None:
        self.statements = self.commits = 0
        self.texts: dict[str, int] | None = {} if os.environ.get("BENCH_STATEMENTS") else None
        for engine in {id(e): e for e in (database.writer, database.reader)}.values():
            event.listen(engine, "before_cursor_execute", self._statement)
            event.listen(engine, "commit", self._commit)

    def _statement(self, _connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text.startswith("BEGIN"):
            return
        self.statements += 1
        if self.texts is not None:
            self.texts[text] = self.texts.get(text, 0) + 1

    def _commit(self, _connection: Any) -> None:
        self.commits += 1

    def body(self) -> bytes:
        return json.dumps(
            {"cpu": time.process_time(), "statements": self.statements, "commits": self.commits, "texts": self.texts}
        ).encode()


def measured(app: Callable[..., Iterable[bytes]], costs: Costs) -> Callable[..., Iterable[bytes]]:
    """The application with the address that tells its costs."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [costs.body()]

    return answer


def main() -> None:
    settings = Settings.load()
    app = application(settings)
    costs = Costs(app.database)
    app.jobs.launch()
    served = measured(WhiteNoise(create_app(app, settings)), costs)
    server = waitress.create_server(served, host=settings.host, port=0, threads=settings.threads, ident=None)
    print("ready", server.effective_port, flush=True)
    try:
        server.run()
    finally:
        app.jobs.shutdown()


if __name__ == "__main__":
    main()
