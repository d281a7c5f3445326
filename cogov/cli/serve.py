"""Running: the server, a worker."""

from __future__ import annotations

import signal
import threading

import click
import waitress
from whitenoise import WhiteNoise

from cogov import demo, migrations
from cogov.app import create_app
from cogov.bootstrap import application, bundled_files
from cogov.settings import Settings
from engine.actor import SYSTEM
from governance import upkeep


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="load the demo into an empty installation")
@click.option("--jobs/--no-jobs", default=True, help="work on jobs in this process, too")
def run(with_demo: bool, jobs: bool) -> None:
    """Upgrade the database, deploy the bundled procedures, serve."""
    settings = Settings.load()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    if with_demo and demo.is_empty(settings):
        click.echo("正在装入演示数据 / loading the demo …")
        demo.load(settings)
    app = application(settings)
    app.engine.deploy(bundled_files(), actor=SYSTEM)
    upkeep.install(app)
    upkeep.begin(app)
    if jobs:
        app.jobs.launch()
    hint = demo.accounts_file(settings)
    flask = create_app(app, settings, demo_hint=hint.name if hint else None)
    click.echo(f"\n  Cogov 共治  http://{settings.host}:{settings.port}")
    if hint:
        click.echo(f"  演示账户与随机密码 / demo accounts and their random passwords: {hint}\n")
    try:
        waitress.serve(WhiteNoise(flask), host=settings.host, port=settings.port, threads=settings.threads, ident=None)
    finally:
        app.jobs.shutdown()


@click.command()
def worker() -> None:
    """Work on jobs only; any number may run beside any number of web processes on PostgreSQL."""
    app = application(Settings.load())
    upkeep.install(app)
    upkeep.begin(app)
    app.jobs.launch()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    app.jobs.shutdown()


COMMANDS = (run, worker)
