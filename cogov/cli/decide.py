"""``cogov decide``: evaluate a decision that is deployed, or one of a file or folder that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

import click

from cogov.bootstrap import application
from cogov.cli.author import show_report
from cogov.settings import Settings
from engine import values
from engine.clock import SystemClock
from engine.commands.deciding import Found, evaluate
from engine.decisions import Decision, read_dmn
from engine.decisions.checks import check_tables
from engine.errors import Finding, NotFound
from engine.feel import Environment
from engine.ids import digest
from governance.desk import decisions
from governance.settings import declared


@click.command()
@click.argument("key")
@click.option("--version", type=click.IntRange(min=1), help="this version instead of the newest")
@click.option("--input", "source", type=click.File("r", encoding="utf8"), default="-", help="JSON object of the variables; - is stdin")
@click.option("--file", "path", type=click.Path(exists=True, path_type=Path), help="a .dmn file, or a folder of them, not deployed")
def decide(key: str, version: int | None, source: TextIO, path: Path | None) -> None:
    """Evaluate the decision KEY and show the value, the rules that gave it and why. Nothing is written."""
    variables = _variables(source)
    if path is None:
        app = application(Settings.load())
        with app.database.read() as connection:
            made = decisions.evaluated(app, connection, key, variables, version=version)
    else:
        if version is not None:
            raise click.UsageError("--version is of deployed decisions; --file has only one")
        made = _of_file(key, path, variables)
    click.echo(json.dumps(decisions.shown(made), ensure_ascii=False, indent=1))


def _variables(source: TextIO) -> dict[str, Any]:
    try:
        found = json.loads(source.read())
    except ValueError as error:
        raise click.UsageError(f"the input is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError("the input must be a JSON object: variable → value")
    normal: dict[str, Any] = values.normalise(found)
    return normal


def _of_file(key: str, path: Path, variables: dict[str, Any]) -> dict[str, Any]:
    """Evaluate with the settings declared beside the file. Findings of errors are told and end it."""
    folder = path if path.is_dir() else path.parent
    beside = folder.rglob if path.is_dir() else folder.glob
    files = {str(one.relative_to(folder)): one.read_bytes() for one in sorted(beside("*.dmn"))}
    wanted = files if path.is_dir() else {path.name: path.read_bytes()}
    known = {name: read.value for name, read in {**declared.bundled(), **declared.from_files(beside("*.settings.yaml"))}.items()}
    unread: list[Finding] = []
    for name, content in wanted.items():
        file = read_dmn(content, name, language="en", files=files)
        unread += [f for f in file.findings if f.severity == "error"]
        if key in file.decisions:
            errors = [f for f in (*file.findings, *check_tables(file, "en", known)) if f.severity == "error"]
            if errors:
                show_report(errors)
                raise SystemExit(1)
            return _evaluated(file[key], content, name, variables, known)
    if unread:  # it may stand in what could not be read
        show_report(unread)
    raise NotFound(f"there is no decision {key} in {path}")


def _evaluated(model: Decision, content: bytes, name: str, variables: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    def setting(key: str) -> Any:
        if key not in known:
            raise NotFound(f"there is no setting {key} beside the file", setting=key)
        return known[key]

    environment = Environment(now=SystemClock().now(), functions={"setting": setting})
    return evaluate(Found(model, 0, digest(content), name), variables, environment)


COMMANDS = (decide,)
