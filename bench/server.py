"""The server that is measured: the product as ``cogov run`` serves it (waitress, one process, jobs worked on in it), and its costs.

``python -m bench.server`` is started by the benchmark, with the settings of an installation in its environment. It prints
``ready`` with its port and answers ``/bench/costs`` with what its own process has used so far.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import waitress
from whitenoise import WhiteNoise

from bench.costs import Statements
from cogov.app import create_app
from cogov.bootstrap import application
from cogov.settings import Settings

PATH = "/bench/costs"


def measured(app: Callable[..., Iterable[bytes]], costs: Statements) -> Callable[..., Iterable[bytes]]:
    """The application with the address that tells its costs."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"cpu": time.process_time(), "statements": costs.statements, "commits": costs.commits}).encode()]

    return answer


def main() -> None:
    settings = Settings.load()
    app = application(settings)
    costs = Statements(app.database)
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
