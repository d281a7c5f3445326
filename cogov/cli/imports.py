"""For operators: take in workbooks, list what was taken in, take it back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from cogov.bootstrap import application
from cogov.settings import Settings
from governance.application import Application
from governance.importers import kinds
from governance.importers.mistakes import WorkbookRefused
from governance.imports import store

#: more lines of a report than this help nobody
_MOST_LINES = 200


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="only check, write nothing")
@click.option("--by", "person", help="person (id of the directory) in whose name it is done")
@click.option("--list", "listed", is_flag=True, help="list imports, newest first")
@click.option("--undo", "run", metavar="ID", help="take an import back")
@click.option("--template", "kind", metavar="KIND", help="write an empty workbook of this kind: roster, or the key of a procedure")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="language of reports and templates")
def import_command(
    file: Path | None, dry_run: bool, person: str | None, listed: bool, run: str | None, kind: str | None, language: str
) -> None:
    """Take in a workbook (.xlsx): a roster, or running cases from before. Its sheets tell what it is.

    One mistake, and nothing is taken in; every mistake is listed with its sheet, row and column.
    """
    if sum(map(bool, (file, listed, run, kind))) != 1:
        raise click.UsageError("give one of: FILE, --list, --undo ID, --template KIND")
    settings = Settings.load()
    app = application(settings)  # not launched: what an import enqueues, the server works on
    if kind is not None:
        from governance.importers.template import template

        layout = kinds.layout_of(app, kind)
        path = Path(f"{layout.name.in_(language)}.xlsx")
        path.write_bytes(template(layout, kinds.choices(app, layout), language))
        click.echo(path)
    elif run is not None:
        click.echo(f"已撤销 / undone: {_counted(kinds.undo(app, run, by=person))}")
    elif file is not None:
        _take_in(app, settings, file, person, dry_run, language)
    else:
        _list(app)


def _take_in(app: Application, settings: Settings, file: Path, person: str | None, dry_run: bool, language: str) -> None:
    try:
        layout, done = kinds.take_in(app, file, by=person, dry_run=dry_run)
    except WorkbookRefused as refused:
        for mistake in refused.mistakes[:_MOST_LINES]:
            click.echo(mistake.text(language))
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{layout.name.in_(language)}: {_counted(done.counts)}")
    if done.run is None:
        click.echo("未写入 / nothing was written (--dry-run)")
        return
    click.echo(f"撤销 / to undo: cogov import --undo {done.run.id}")
    if done.passwords:
        path = settings.data / f"import-{done.run.id}-accounts.txt"
        write_secret(path, "".join(f"{login}\t{password}\n" for login, password in done.passwords.items()))
        click.echo(f"初始密码 / first passwords: {path}")


def write_secret(path: Path, text: str) -> None:
    """A new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _list(app: Application) -> None:
    with app.database.read() as connection:
        runs = store.runs(connection)
    for run in runs:
        state = f"  已撤销 / undone {run.undone_at:%Y-%m-%d}" if run.undone_at else ""
        click.echo(f"{run.id}  {run.at.astimezone(app.zone):%Y-%m-%d %H:%M}  {run.layout}  {run.file}  {_counted(run.counts)}{state}")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {number}" for key, number in counts.items())


COMMANDS = (import_command,)
