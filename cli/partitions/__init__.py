"""`airside partitions`: the commands of partition maintenance."""

from __future__ import annotations

import click

from ..context import shared_options
from ..lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "plan": "Show what roll and expire would do now, and what stays and why.",
    "roll": "Make the partitions that rows of now and of the periods ahead need.",
    "convert": "Turn the plain TABLE into the partitioned one it is declared to be.",
    "drain": "Move rows of DEFAULT partitions into partitions of their own.",
    "expire": "End the partitions whose rows are past their retention.",
    "adopt": "Take TABLE over from pg_partman, or hand it to pg_partman.",
    "status": "Show partitions, how long inserts are safe, and what is wrong.",
}


@click.group(
    "partitions",
    cls=LazyGroup,
    package=__name__,
    commands_help=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@shared_options
def command() -> None:
    """Keep partitions ready for the next rows; end the old ones."""
