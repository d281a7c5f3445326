"""The only place where real things are chosen: database, clock, jobs, folders. Tests pass their own to `governance.application.build`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from cogov.settings import ROOT, Settings
from engine.clock import Clock, SystemClock
from engine.feel import limit_time
from engine.jobs.dbos import DbosJobs
from engine.jobs.retry import RetryPolicy
from engine.ports import Jobs
from engine.services import Services
from engine.store.database import Database
from governance import services as bundled
from governance.application import Application, build

#: folders with the bundled procedures and forms
BUNDLED = (ROOT / "processes", ROOT / "forms")


def bundled_files() -> dict[str, bytes]:
    """The bundled package: relative path → content (conventions 1)."""
    return {str(path.relative_to(ROOT)): path.read_bytes() for folder in BUNDLED for path in sorted(folder.rglob("*")) if path.is_file()}


def setting_files() -> list[Path]:
    """Settings that bundled procedures declare."""
    return sorted((ROOT / "processes").rglob("*.settings.yaml"))


def import_files() -> list[Path]:
    """Workbooks of running cases that bundled procedures take over."""
    return sorted((ROOT / "processes").rglob("*.import.yaml"))


def extra_services() -> Iterable[Any]:
    """Handlers that installed packages add by entry point ``cogov.services``."""
    return [entry.load() for entry in entry_points(group="cogov.services")]


def application(settings: Settings, *, clock: Clock | None = None, jobs: Jobs | None = None) -> Application:
    """The application of this installation. With `clock` and `jobs` given (demo loader) nothing runs by itself."""
    settings.data.mkdir(parents=True, exist_ok=True)
    limit_time(settings.expression_ms)
    database = Database(settings.database_url)
    clock = clock or SystemClock()
    return build(
        database,
        clock=clock,
        jobs=jobs or DbosJobs(database, clock, concurrency=settings.concurrency, drain_seconds=settings.drain),
        files=settings.data / "files",
        zone=settings.zone.key,
        setting_files=setting_files(),
        import_files=import_files(),
        retry=RetryPolicy(first=timedelta(seconds=settings.first_retry)),
        services=Services(*bundled.handlers(), *extra_services()),
    )
