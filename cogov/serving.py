"""Web servers around the Flask app, and stopping them: waitress for one process, gunicorn for several."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from whitenoise import WhiteNoise

from cogov.settings import Settings


def on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` at the first SIGTERM or SIGINT; a second one ends the process at once."""

    def first(_number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, first)


def with_waitress(flask: Any, settings: Settings) -> None:
    """Serve in this process until it is told to stop; returns then."""

    def leave() -> None:
        raise SystemExit(0)

    on_stop(leave)
    waitress.serve(WhiteNoise(flask), host=settings.host, port=settings.port, threads=settings.threads, ident=None)


def with_gunicorn(make: Callable[[], Any], settings: Settings) -> None:
    """Serve with `settings.processes` processes, each of which makes its own app after the fork: connections and the job client
    are not shared. Raises ValueError when gunicorn is not installed. Does not return."""
    try:
        from gunicorn.app.base import BaseApplication
    except ImportError as missing:
        raise ValueError(
            "缺少 gunicorn：请安装，或用 --server waitress / gunicorn is not installed: install it, or use --server waitress"
        ) from missing

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            for name, value in {
                "bind": f"{host}:{settings.port}",
                "workers": settings.processes,
                "worker_class": "gthread",
                "threads": settings.threads,
                "timeout": 120,
                "limit_request_line": 8190,
                "graceful_timeout": settings.drain,
                "control_socket_disable": True,
                "proc_name": "cogov-web",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return WhiteNoise(make())

    Server().run()
