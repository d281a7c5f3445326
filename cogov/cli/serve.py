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
from engine.definitions.check import report_lines
from engine.errors import DeployRefused
from governance import upkeep
from governance.application import Application
from governance.designer.bundled import without_changed
from governance.desk.procedures import AS_REFERENCE


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
    _deploy_bundled(app)
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


def _deploy_bundled(app: Application) -> None:
    """What people published here stays. A bundle that does not fit to it is told, and the server starts with what it has."""
    files, kept = without_changed(app, bundled_files())
    if kept:
        click.echo(f"  本处已修改，保留 / changed here, left as they are: {', '.join(kept)}")
    try:
        app.engine.deploy(files, actor=SYSTEM, change=AS_REFERENCE)
    except DeployRefused as refused:
        if not app.engine.queries.definitions("process"):
            raise
        click.echo("  自带流程与本处的修改不相容，未部署 / bundled procedures do not fit to what was changed here, not deployed:")
        for line in report_lines([f for f in refused.report if f.severity == "error"]):
            click.echo(f"    {line}")


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
