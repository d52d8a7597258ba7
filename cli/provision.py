"""`airside provision`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line
from .steps import Reporter, session_for

if TYPE_CHECKING:
    from ..migrations.provision import Provisioned


@click.command("provision")
@target_argument
@click.option("--dry-run", is_flag=True, help="Show what would be created and applied; change nothing.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, dry_run: bool) -> None:
    """Create roles and databases, and upgrade them to head.

    Repeating it changes nothing. Needs a login role with CREATEDB and CREATEROLE.
    """
    from ..migrations.provision import plan_provision, provision

    chosen = entries(target)
    server = settings.server()
    with collected(settings) as records:
        for entry in chosen:
            declared = entry.load()
            if dry_run:
                result = plan_provision(server, entry, declared)
            else:
                session = session_for(server, entry, Reporter(settings, entry.target))
                result = provision(server, entry, declared, session)
            records.append({**asdict(result), "changed": result.changed, "dry_run": dry_run})
            if not settings.json:
                line(describe(result, dry_run=dry_run))


def describe(result: Provisioned, *, dry_run: bool) -> str:
    """One line on what was, or would be, done for a database."""
    parts = [f"role {name}" for name in result.roles]
    parts += ["the database"] if result.created else []
    parts += [f"{len(result.revisions)} revisions"] if result.revisions else []
    if not parts:
        return f"{result.target}  nothing to do"
    return f"{result.target}  {'would make' if dry_run else 'made'}: {', '.join(parts)}"
