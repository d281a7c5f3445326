"""For those who write procedures: check, layout, compile-form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from cogov.bootstrap import extra_services
from engine.definitions.check import check as check_package
from engine.definitions.layout import layout as layout_file
from engine.definitions.package import load_folder
from engine.definitions.scope.services import service_shapes
from engine.errors import Finding
from engine.forms.compiled import compile_form
from engine.services import Services
from governance import services as bundled
from governance.directory.catalogue import roles, staff_roles
from governance.papers.outline import template_of
from governance.papers.template_check import check_templates
from governance.settings import declared


def show_report(report: Sequence[Finding]) -> None:
    """One line per finding: file:line element code message, and the hint below."""
    for f in report:
        click.echo(f"{f.file}:{f.line or 0}: {f.severity} {f.code} {f.element or ''} {f.message}".replace("  ", " "))
        if f.hint:
            click.echo(f"    {f.hint}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="language of the findings")
@click.option("--warnings/--no-warnings", default=True, help="show warnings, too")
def check(folder: Path, language: str, warnings: bool) -> None:
    """Check every procedure, form, table, register and example run in FOLDER. Ends with 1 when there are errors."""
    services = Services(*bundled.handlers(), *extra_services())
    package = load_folder(folder)
    keys = {*declared.bundled(), *declared.from_files((folder / "processes").rglob("*.settings.yaml"))}
    report = check_package(
        package, services={s.name for s in services}, roles=set(roles()), settings=keys, staff=staff_roles(), more=(check_templates,),
        service_shapes=service_shapes(services), language=language,
    )  # fmt: skip
    shown = [f for f in report if warnings or f.severity == "error"]
    show_report(shown)
    errors = sum(f.severity == "error" for f in report)
    click.echo(f"{errors} errors, {sum(f.severity == 'warning' for f in report)} warnings")
    if errors:
        raise SystemExit(1)


@click.command()
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
def layout(files: tuple[Path, ...]) -> None:
    """Write the diagram (DI) of BPMN files anew: columns by longest path, rows by lane."""
    for path in files:
        path.write_bytes(layout_file(path.read_bytes()))
        click.echo(f"{path}")


@click.command("compile-form")
@click.argument("form")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def compile_form_command(form: str, folder: Path) -> None:
    """Show the fields of FORM (its id, like agreement/review) as the server checks them."""
    package = load_folder(folder)
    if form not in package.forms:
        raise click.ClickException(f"there is no form {form} in {folder}")
    compiled = compile_form(package.forms[form], codes=package.codes, shared=package.shared)
    fields = {key: {"kind": f.kind or f.type, "required": f.required, "zh": f.zh, "en": f.en} for key, f in compiled.fields.items()}
    click.echo(json.dumps(fields, ensure_ascii=False, indent=1, default=str))


@click.group()
def paper() -> None:
    """Templates of papers (文书)."""


@paper.command("new")
@click.argument("outlines", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
def paper_new(outlines: tuple[Path, ...]) -> None:
    """Make the docx of each outline (NAME.zh.outline.md gives NAME.zh.docx beside it): docs/howto/papers.md says what it may hold."""
    for outline in outlines:
        name = outline.name.removesuffix(".md").removesuffix(".outline")
        made = outline.with_name(f"{name}.docx")
        made.write_bytes(template_of(outline.read_text("utf-8"), name.rpartition(".")[2]))
        click.echo(f"{made}")


COMMANDS = (check, layout, compile_form_command, paper)
