"""For operators: cases and procedures. What an act enqueues, the server or a worker does."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cogov.bootstrap import application
from cogov.settings import Settings
from engine.actor import SYSTEM, Actor, Mandate
from engine.commands import modifying
from engine.commands.batches import Progress
from engine.commands.modifying import Outlook
from engine.definitions.migration import Plan
from engine.errors import FormInvalid
from engine.runner.instructions import AFTER, BEFORE, Start
from governance.application import Application

REASON = click.option("--reason", required=True, help="why; kept in the history")
BY = click.option("--by", "person", help="person (id of the directory) in whose name it is done")
_VERSION = click.option("--version", type=click.IntRange(min=1), help="only this version; else every one")


def opened() -> Application:
    """The application, not launched: it enqueues what others do."""
    return application(Settings.load())


def actor_of(app: Application, person: str | None) -> Actor:
    """The person, if one is named; else the system, with the account that gave the command. Raises UsageError for nobody."""
    if person is not None:
        with app.database.read() as connection:
            if not app.directory.exists(connection, "person", person, app.clock.now()):
                raise click.UsageError(f"there is no person {person}")
        return Actor(person=person, channel="cli", mandate=Mandate(kind="system", zh="命令行", en="command line"))
    user = getpass.getuser()
    return replace(SYSTEM, channel="cli", mandate=Mandate(kind="system", ref=user, zh=f"命令行（{user}）", en=f"command line ({user})"))


def json_object(text: str, what: str) -> dict[str, Any]:
    """A JSON object given on the command line. Raises UsageError."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{what} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{what} must be a JSON object")
    return found


def json_list(text: str) -> list[dict[str, Any]]:
    """A JSON list of objects, given on the command line or as @FILE. Raises UsageError."""
    try:
        found = json.loads(Path(text[1:]).read_text("utf8") if text.startswith("@") else text)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"INSTRUCTIONS is no JSON: {error}") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise click.UsageError("INSTRUCTIONS must be a JSON list of objects")
    return found


def show_outlook(outlook: Outlook) -> None:
    """What an act did, or would do, in lines."""
    click.echo(f"{outlook.receipt.instance} {outlook.receipt.outcome}{' (dry run: nothing has changed)' if outlook.dry_run else ''}")
    lines = {
        "cancelled": outlook.cancelled, "flows": outlook.flows, "started": outlook.started, "completed": outlook.completed,
        "offered": outlook.offered, "incidents": [f"{element}:{code}" for element, code in outlook.incidents],
    }  # fmt: skip
    for name, found in lines.items():
        if found:
            click.echo(f"  {name}: {', '.join(found)}")


def told(progress: Progress) -> None:
    """A batch in lines: how far, then every failure."""
    click.echo(
        f"{progress.id} {progress.kind} {progress.state}: {progress.done} done, {progress.failed} failed, {progress.waiting} waiting"
    )
    for failure in progress.failures:
        click.echo(f"  {failure.instance} {failure.code}: {failure.message}")


@click.group()
def instance() -> None:
    """Cases: suspend, resume, change, move, restart."""


@instance.command("show")
@click.argument("case")
def show(case: str) -> None:
    """Where CASE stands: id, element and state of every token, each under its scope."""
    details = opened().engine.queries.instance(case)
    line = details.line
    stopped = f" suspended since {line.suspended_at.isoformat()}" if line.suspended_at else ""
    click.echo(f"{line.id} {line.process} {line.process_version} {line.state}{stopped}")
    depth: dict[str | None, int] = {None: 0}
    for token in details.tokens:
        depth[token.id] = depth.get(token.parent, 0) + 1
        click.echo(f"{'  ' * depth[token.id]}{token.id} {token.element or token.process} {token.state}")


def _command(name: str, text: str, act: Callable[[Application], Any]) -> click.Command:
    """An act on one case that needs nothing but a reason."""

    @click.command(name, help=text)
    @click.argument("case")
    @REASON
    @BY
    def command(case: str, reason: str, person: str | None) -> None:
        app = opened()
        receipt = act(app)(case, reason, actor=actor_of(app, person))
        click.echo(f"{case} {receipt.outcome}")

    return command


instance.add_command(_command("suspend", "Stop CASE; nothing in it moves until it is resumed.", lambda app: app.engine.suspend))
instance.add_command(_command("resume", "Let CASE go on.", lambda app: app.engine.resume))


@instance.command("set")
@click.argument("case")
@click.option("--variables", default="{}", help="JSON: name → value")
@click.option("--feel", "expressions", multiple=True, metavar="NAME=FEEL", help='a value as FEEL, e.g. day=date("2026-03-02")')
@click.option("--scope", help="a token of `cogov instance show`; else the outermost variables")
@REASON
@BY
def set_variables(case: str, variables: str, expressions: tuple[str, ...], scope: str | None, reason: str, person: str | None) -> None:
    """Change variables of CASE."""
    app = opened()
    texts = dict(text.split("=", 1) for text in expressions if "=" in text)
    if len(texts) != len(expressions):
        raise click.UsageError("--feel is written NAME=FEEL")
    try:
        receipt = app.engine.change_variables(
            case, json_object(variables, "--variables"), reason, actor=actor_of(app, person), expressions=texts, scope=scope
        )
    except FormInvalid as invalid:
        raise click.ClickException("; ".join(f"{e.pointer} {e.message}" for e in invalid.errors)) from invalid
    click.echo(f"{case} {receipt.outcome}")


@instance.command("modify")
@click.argument("case")
@click.argument("instructions")
@click.option("--dry-run", is_flag=True, help="only tell what would happen")
@REASON
@BY
def modify(case: str, instructions: str, dry_run: bool, reason: str, person: str | None) -> None:
    """Move, add or cancel tokens of CASE. INSTRUCTIONS is JSON (or @FILE), a list of {"do": "move", "from": "a", "to": "b"},
    {"do": "start", "element": "b"}, {"do": "cancel", "element": "a"}; see docs/howto/operate.md."""
    app = opened()
    steps = modifying.instructions_of(json_list(instructions))
    show_outlook(app.engine.modify(case, steps, reason, actor=actor_of(app, person), dry_run=dry_run))


@instance.command("restart")
@click.argument("case")
@click.argument("elements", nargs=-1, required=True)
@click.option("--after", is_flag=True, help="begin behind the elements, not at them")
@click.option("--version", type=click.IntRange(min=1), help="of the procedure; else the one CASE ran in")
@click.option("--dry-run", is_flag=True, help="only tell what would happen")
@REASON
@BY
def restart(case: str, elements: tuple[str, ...], after: bool, version: int | None, dry_run: bool, reason: str, person: str | None) -> None:
    """Begin the finished CASE again at ELEMENTS: a new case with its data."""
    app = opened()
    places = [Start(element=element, where=AFTER if after else BEFORE) for element in elements]
    show_outlook(app.engine.restart(case, places, reason, actor=actor_of(app, person), version=version, dry_run=dry_run))


@click.group()
def definition() -> None:
    """Procedures: suspend and resume, move their cases to another version."""


@definition.command("suspend")
@click.argument("process")
@REASON
@BY
@_VERSION
@click.option("--instances", is_flag=True, help="suspend its running cases, too")
def suspend_definition(process: str, reason: str, person: str | None, version: int | None, instances: bool) -> None:
    """No new case of PROCESS begins."""
    app = opened()
    done = app.engine.suspend_definition(process, reason, actor=actor_of(app, person), version=version, instances=instances)
    click.echo(f"{process} {version or 'every version'} suspended" + (f", batch {done.batch}" if done.batch else ""))


@definition.command("resume")
@click.argument("process")
@REASON
@BY
@_VERSION
def resume_definition(process: str, reason: str, person: str | None, version: int | None) -> None:
    """Cases of PROCESS begin again, and those suspended with it go on."""
    app = opened()
    batch = app.engine.resume_definition(process, reason, actor=actor_of(app, person), version=version)
    click.echo(f"{process} {version or 'every version'} resumed" + (f", batch {batch}" if batch else ""))


@definition.command("suspended")
def suspended_definitions() -> None:
    """List suspended procedures."""
    for one in opened().engine.suspended_definitions():
        click.echo(f"{one.process} {one.version or 'every version'} {one.at.isoformat()} {one.actor or 'system'}: {one.reason}")


@definition.command("plan")
@click.argument("process")
@click.argument("before", type=int)
@click.argument("after", type=int)
def plan(process: str, before: int, after: int) -> None:
    """Print a migration plan from version BEFORE of PROCESS to AFTER as JSON, to be edited; elements without a counterpart go to
    the error output."""
    draft = opened().engine.migration_plan(process, before, after)
    click.echo(json.dumps(draft.plan.plain(), ensure_ascii=False, indent=2))
    for problem in draft.unmapped:
        click.echo(f"{problem.element}: {problem.zh} / {problem.en}", err=True)


@definition.command("migrate")
@click.argument("plan_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", "cases", multiple=True, help="only this case; may be repeated. Else all that run in the old version")
@click.option("--dry-run", is_flag=True, help="only try, and list what fails")
@REASON
@BY
def migrate(plan_file: Path, cases: tuple[str, ...], dry_run: bool, reason: str, person: str | None) -> None:
    """Move cases to another version as PLAN_FILE says. A batch does it; `cogov batch ID` tells how far it is."""
    app = opened()
    plan = Plan.of_plain(json_object(plan_file.read_text("utf8"), str(plan_file)))
    done = app.engine.migrate(plan, reason, actor=actor_of(app, person), instances=list(cases) or None, dry_run=dry_run)
    for failure in done.failures:
        click.echo(f"  {failure.instance} {failure.code}: {failure.message}")
    if dry_run:
        click.echo(f"{done.tried} of {done.total} tried, {len(done.failures)} would fail (dry run: nothing has changed)")
    else:
        click.echo(f"{done.total} cases, batch {done.batch}")


@click.command("batch")
@click.argument("batch_id", required=False)
def batch(batch_id: str | None) -> None:
    """How far an act on many cases is, with its failures; without an id: the newest ones."""
    app = opened()
    if batch_id is not None:
        told(app.engine.batch(batch_id))
        return
    for progress in app.engine.batches():
        told(progress)


@click.group()
def retention() -> None:
    """Finished cases whose keeping time is over (settings archive.retention, archive.unarchived)."""


@retention.command("due")
@click.option("--class", "retention_class", help="only this class")
def due(retention_class: str | None) -> None:
    """List what a removal would take: a dry run."""
    app = opened()
    with app.database.read() as connection:
        found = app.retention.due(connection, retention_class)
    for one in found:
        click.echo(f"{one.instance} {one.process} {one.number or '-'} {one.retention} {one.keep_until.isoformat()}")
    click.echo(f"{len(found)} cases")


@retention.command("remove")
@click.option("--class", "retention_class", help="only this class")
@REASON
@BY
def remove(retention_class: str | None, reason: str, person: str | None) -> None:
    """Remove them with their content. A batch does it; `cogov audit verify` still proves their histories."""
    app = opened()
    with app.database.read() as connection:
        found = app.retention.due(connection, retention_class)
    batch = app.engine.remove_many({one.instance: one.retention for one in found}, reason, actor=actor_of(app, person))
    click.echo(f"{len(found)} cases" + (f", batch {batch}" if batch else ""))


COMMANDS = (instance, definition, batch, retention)
