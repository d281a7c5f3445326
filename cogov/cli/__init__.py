"""The command line ``cogov``. One module per group of commands; a command only calls what the server calls."""

from __future__ import annotations

import click

from cogov.cli import administer, author, decide, imports, instances, serve
from engine.errors import CogovError, DeployRefused


class _Errors(click.Group):
    """Our errors are told in a sentence, without a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except DeployRefused as refused:
            author.show_report(refused.report)
            raise SystemExit(1) from refused
        except (CogovError, ValueError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Errors)
@click.version_option(package_name="cogov", message="%(version)s")
def main() -> None:
    """Cogov 共治: procedures of co-governance that run."""


for command in (*serve.COMMANDS, *author.COMMANDS, *administer.COMMANDS, *imports.COMMANDS, *instances.COMMANDS, *decide.COMMANDS):
    main.add_command(command)
