"""Running: web, workers, both in one."""

from __future__ import annotations

import os
import socket
import sys
import threading
from datetime import timedelta
from typing import Any

import click

from cogov import demo, migrations
from cogov.app import create_app
from cogov.bootstrap import application
from cogov.bundle import deploy_bundled
from cogov.serving import on_stop, with_gunicorn, with_waitress
from cogov.settings import Settings
from engine.store.database import Database
from governance import upkeep
from governance.application import Application


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="load the demo into an empty installation")
@click.option("--jobs/--no-jobs", default=True, help="work on jobs in this process, too")
def run(with_demo: bool, jobs: bool) -> None:
    """One machine: upgrade the database, deploy the bundled procedures, serve and work in one process."""
    settings = Settings.load()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    if with_demo and demo.is_empty(settings):
        click.echo("正在装入演示数据 / loading the demo …")
        demo.load(settings)
    app = application(settings)
    deploy_bundled(app, click.echo)
    _serve_here(app, settings, jobs=jobs)


@click.command()
@click.option("--embedded", is_flag=True, help="one process that serves and works on jobs (waitress)")
@click.option("--server", type=click.Choice(["gunicorn", "waitress"]), default="gunicorn", show_default=True)
def serve(embedded: bool, server: str) -> None:
    """Web only: pages and API of a database that is upgraded already; jobs are for `cogov worker`."""
    settings = _ready_settings()
    if embedded or server == "waitress":
        _serve_here(application(settings), settings, jobs=embedded)
    else:
        with_gunicorn(lambda: create_app(_installed(settings), settings), settings)


@click.command()
def worker() -> None:
    """Work on jobs only; any number may run beside any number of web processes on PostgreSQL.

    SIGTERM: claims nothing more, gives COGOV_DRAIN seconds to what runs, hands back the rest, ends with 0. A second one ends at once.
    """
    app = _installed(_ready_settings())
    stop = threading.Event()
    on_stop(stop.set)
    upkeep.begin(app)
    app.jobs.launch()
    click.echo("ready")
    stop.wait()
    click.echo("stopping")
    _end(app)


@click.command()
@click.option("--here", is_flag=True, help="only workers of this host count (health check of a worker's container)")
def health(here: bool) -> None:
    """Print what operators watch. Ends with 1 when the schema is older than this release or no worker is alive."""
    settings = _ready_settings()
    app = application(settings)
    figures, now = app.jobs.figures(), app.clock.now()
    own = socket.gethostname() + "-"
    beats = {worker: at for worker, at in figures.beats.items() if not here or worker.startswith(own)}
    click.echo(f"due {figures.due}, later {figures.later}, running {figures.running}, failed {figures.failed}, retrying {figures.trying}")
    for name, at in sorted(beats.items()):
        click.echo(f"worker {name} {round((now - at).total_seconds())} s")
    if not any(now - at <= timedelta(seconds=settings.beat_within or 60) for at in beats.values()):
        raise click.ClickException("没有工作进程在运行 / no worker is alive")


def _ready_settings() -> Settings:
    """Settings of an installation whose schema fits to this release. Raises ClickException when it has to be upgraded first."""
    settings = Settings.load()
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        if not migrations.is_current(database):
            raise click.ClickException("数据库需要升级：先运行 cogov upgrade / older than this release: run cogov upgrade first")
    finally:
        database.dispose()
    return settings


def _installed(settings: Settings) -> Application:
    app = application(settings)
    upkeep.install(app)
    return app


def _serve_here(app: Application, settings: Settings, *, jobs: bool) -> None:
    upkeep.install(app)
    if jobs:
        upkeep.begin(app)
        app.jobs.launch()
    hint = demo.accounts_file(settings)
    flask: Any = create_app(app, settings, demo_hint=hint.name if hint else None)
    click.echo(f"\n  Cogov 共治  http://{settings.host}:{settings.port}")
    if hint:
        click.echo(f"  演示账户与随机密码 / demo accounts and their random passwords: {hint}\n")
    try:
        with_waitress(flask, settings)
    finally:
        _end(app)


def _end(app: Application) -> None:
    """Jobs that do not end in time run on in threads the interpreter would wait for: they are handed back, and the process ends."""
    if app.jobs.shutdown():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


COMMANDS = (run, serve, worker, health)
