"""The command group. A command is imported when it runs or shows its help: `airside --help` needs click alone."""

from __future__ import annotations

import sys
from typing import Any

import click

from .context import shared_options
from .lazy import LazyGroup
from .pipe import give_up_quietly

COMMANDS = {
    "up": "Start the embedded server and bring every database to head.",
    "down": "Stop the embedded server.",
    "systems": "Show what is declared: databases, tables, personal columns.",
    "provision": "Create roles and databases, upgrade them, load reference data.",
    "upgrade": "Apply revisions, each in a transaction of its own.",
    "downgrade": "Undo revisions down to REVISION.",
    "current": "Show the revision each database is at.",
    "history": "List the revisions, newest first.",
    "heads": "Show the newest revision of each history.",
    "stamp": "Record a revision without running anything.",
    "revision": "Draft a revision from the models, proven both ways.",
    "drift": "Compare live databases with their migrations.",
    "check": "Show what migrations do to a database, and judge it, as CI does.",
    "seed": "Fill databases: reference data, fixtures, generated data.",
    "documents": "Print reference data for stores beside PostgreSQL.",
    "partitions": "Keep partitions ready for the next rows; end the old ones.",
    "archive": "Move what is past its time out of the way, and bring it back.",
    "url": "Print the URL of a database.",
    "psql": "Open psql on a database.",
}
"""Every command and its one line of help; the module of a command has its name."""


class Root(LazyGroup):
    """The whole command line: flushes what was printed, and gives up quietly when nobody reads it any more."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise click.exceptions.Exit(give_up_quietly()) from None
        except KeyboardInterrupt:
            # click would print an empty line
            raise click.Abort from None
        return result


def _print_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from .version import version_line

        click.echo(version_line())
        ctx.exit()


@click.group(
    cls=Root,
    package=__package__,
    commands_help=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version, and that of the PostgreSQL it carries.",
)
@shared_options
def cli() -> None:
    """Schema-as-code migrations for PostgreSQL that show what they claim on a real server.

    TARGET is a system, a database (`system.database`, or its name alone), or the word `all`.

    \b
    Exit codes: 0 fine; 1 findings (drift, a failed check, an unproven plan); 2 usage;
    3 environment (no server, no right, a refused statement); 4 refused to protect data.
    """
