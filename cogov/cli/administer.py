"""For operators: upgrade, deploy, accounts, audit."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from cogov import migrations
from cogov.bootstrap import application
from cogov.bundle import deploy_bundled
from cogov.cli.author import show_report
from cogov.cli.instances import BY, REASON, actor_of
from cogov.settings import Settings
from engine.actor import SYSTEM
from engine.clock import MovableClock, SystemClock
from engine.definitions.package import load_folder
from engine.history import store as history
from engine.jobs import failures
from engine.jobs.memory import MemoryJobs
from governance.application import Application
from governance.desk.procedures import AS_REFERENCE


def _still() -> Application:
    """An application in which no job runs: commands only read or write rows."""
    return application(Settings.load(), jobs=MemoryJobs(MovableClock(SystemClock().now())))


@click.command()
@click.option("--bundled", is_flag=True, help="deploy the bundled procedures, too")
def upgrade(bundled: bool) -> None:
    """Bring the database to the state of this version. Before the workers of a new release, which come before its web processes."""
    settings = Settings.load()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    if bundled:
        deploy_bundled(application(settings), click.echo)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="only check")
def deploy(folder: Path, dry_run: bool) -> None:
    """Deploy the procedures and forms in FOLDER as a whole."""
    app = application(Settings.load())  # not launched: the timers that begin procedures are for the workers
    done = app.engine.deploy(load_folder(folder).files, actor=SYSTEM, dry_run=dry_run, change=AS_REFERENCE)
    show_report(done.report)
    for d in done.definitions:
        if d.changed:
            click.echo(f"{d.kind} {d.key} {d.version}")


@click.group()
def audit() -> None:
    """The chained history."""


@audit.command()
def verify() -> None:
    """Prove that no history row was altered, removed or moved. Ends with 1 when one was."""
    app = _still()
    with app.database.read() as connection:
        problems = history.verify(connection)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(problems)} problems")
    if problems:
        raise SystemExit(1)


@click.group()
def jobs() -> None:
    """Jobs that failed: timers, services, messages, notices, printing."""


@jobs.command("failed")
def failed_jobs() -> None:
    """List jobs that failed for good, then those that are tried again: id, job, attempts, when, cause."""
    app = application(Settings.load())
    with app.database.read() as connection:
        for found in failures.open_ones(connection):
            last = f"{found.state} {found.attempts}\t{found.last_at.isoformat()}"
            click.echo(f"{found.id}\t{found.job}\t{last}\t{found.error}: {found.message}")


@jobs.command("retry")
@click.argument("failure")
@REASON
@BY
def retry_job(failure: str, reason: str, person: str | None) -> None:
    """Try the job FAILURE (an id of `cogov jobs failed`) again."""
    app = application(Settings.load())
    app.engine.retry_job(failure, reason, actor=actor_of(app, person))


@jobs.command("discard")
@click.argument("failure")
@REASON
@BY
def discard_job(failure: str, reason: str, person: str | None) -> None:
    """Give the job FAILURE up: nobody does it any more."""
    app = application(Settings.load())
    app.engine.discard_job(failure, reason, actor=actor_of(app, person))


@click.group()
def account() -> None:
    """Accounts of people in the directory."""


@account.command("add")
@click.argument("person")
@click.argument("login")
def add_account(person: str, login: str) -> None:
    """Give PERSON (an id of the directory) an account; prints its first password."""
    app, password = _still(), secrets.token_urlsafe(12)
    with app.database.write() as connection:
        app.accounts.create(connection, person, login, password, app.clock.now())
    click.echo(password)


@account.command("reset")
@click.argument("person")
def reset_account(person: str) -> None:
    """Give PERSON a new password and open a locked account; prints the password."""
    app, password = _still(), secrets.token_urlsafe(12)
    with app.database.write() as connection:
        found = app.accounts.of_person(connection, person)
        if found is None:
            raise click.ClickException(f"{person} has no account")
        app.accounts.set_password(connection, found.id, password, app.clock.now())
    click.echo(password)


@click.command()
def keys() -> None:
    """Make the key for sealing papers, if there is none, and say where it lies. Keep the folder with the backups; show it to nobody."""
    app = _still()
    made = app.seals.keys(app.clock.now())
    for path in (made.key, made.certificate, made.ca):
        click.echo(f"{path}")


COMMANDS = (upgrade, deploy, audit, jobs, account, keys)
