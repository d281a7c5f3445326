"""The command line ``cogov``. One module per group of commands; a command only calls what the server calls."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator

import click

from engine.errors import CogovError, DeployRefused

#: modules with commands, in the order of the help
_GROUPS = ("serve", "author", "administer", "imports", "instances", "decide")


class _Errors(click.Group):
    """Our errors are told in a sentence, without a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except DeployRefused as refused:
            from cogov.cli.author import show_report

            show_report(refused.report)
            raise SystemExit(1) from refused
        except (CogovError, ValueError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Errors)
@click.version_option(package_name="cogov", message="%(version)s")
def main() -> None:
    """Cogov 共治: procedures of co-governance that run."""


def _commands() -> Iterator[click.Command]:
    """Of all groups. What is imported is kept for good, so nothing is looked for among it meanwhile: an eighth of a start, and later
    collections do not go through it again."""
    gc.disable()
    try:
        for group in _GROUPS:
            yield from importlib.import_module(f"cogov.cli.{group}").COMMANDS
    finally:
        gc.freeze()
        gc.enable()


for command in _commands():
    main.add_command(command)
