"""`airside psql`."""

from __future__ import annotations

import os
import sys

import click

from .context import Settings, pass_settings, shared_options, target_argument


@click.command("psql")
@target_argument
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- PSQL_OPTIONS]...")
@shared_options
@pass_settings
def command(settings: Settings, target: str, arguments: tuple[str, ...]) -> int:
    """Open psql on a database.

    What follows `--` goes to psql: airside psql flight_schedule_pro -- -c 'SELECT 1'.
    """
    from ..schema.core.registry import load_registry
    from ..server import find

    entry = load_registry().one(target)
    server = settings.server()
    program = str(find().tool("psql"))
    environment = {**os.environ, **server.environment(entry.name)}
    sys.stdout.flush()
    os.execvpe(program, [program, *arguments], environment)
