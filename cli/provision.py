"""`airside provision`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line
from .steps import Reporter, session_for

if TYPE_CHECKING:
    from ..migrations.provision import Provisioned
    from ..schema.core.registry import Entry
    from ..server import Server


@click.command("provision")
@target_argument
@click.option("--dry-run", is_flag=True, help="Show what would be created and applied; change nothing.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, dry_run: bool) -> None:
    """Create roles and databases, and upgrade them to head.

    Repeating it changes nothing. Needs a login role with CREATEDB and CREATEROLE.
    """
    from ..migrations.provision import plan_provision

    chosen = entries(target)
    server = settings.server()
    with collected(settings) as records:
        for entry in chosen:
            if dry_run:
                result, partitions = plan_provision(server, entry, entry.load()), ()
            else:
                result, partitions = provision_entry(settings, server, entry)
            changed = result.changed or bool(partitions)
            records.append({**asdict(result), "partitions": partitions, "changed": changed, "dry_run": dry_run})
            if not settings.json:
                line(describe(result, partitions, dry_run=dry_run))


def provision_entry(settings: Settings, server: Server, entry: Entry) -> tuple[Provisioned, tuple[str, ...]]:
    """Roles, database and revisions, then the partitions that the policies ask for today."""
    from ..migrations.provision import provision
    from ..partitions import provide

    database = entry.load()
    result = provision(server, entry, database, session_for(server, entry, Reporter(settings, entry.target)))
    return result, provide(server, database, datetime.now(UTC))


def describe(result: Provisioned, partitions: tuple[str, ...], *, dry_run: bool) -> str:
    """One line on what was, or would be, done for a database."""
    parts = [f"role {name}" for name in result.roles]
    parts += ["the database"] if result.created else []
    parts += [counted(len(result.revisions), "revision")] if result.revisions else []
    parts += [counted(len(partitions), "partition")] if partitions else []
    if not parts:
        return f"{result.target}  nothing to do"
    return f"{result.target}  {'would make' if dry_run else 'made'}: {', '.join(parts)}"


def counted(number: int, noun: str) -> str:
    """`1 revision`, `2 revisions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
