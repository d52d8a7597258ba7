"""`airside archive`: the commands of archive."""

from __future__ import annotations

import click

from ..context import shared_options
from ..lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "plan": "Show what is past its time now.",
    "run": "Archive, delete or anonymise what is past its time.",
    "list": "Show what was archived, and where it is.",
    "verify": "Read archives from end to end; say what is wrong.",
    "restore": "Bring back what was archived.",
}


@click.group(
    "archive",
    cls=LazyGroup,
    package=__name__,
    commands_help=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@shared_options
def command() -> None:
    """Move what is past its time out of the way, and bring it back."""
