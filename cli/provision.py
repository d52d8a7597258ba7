"""`airside provision`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line
from .parallel import each
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
    chosen = entries(target)
    server = settings.server()
    with collected(settings) as records:
        for done in each(would_provision if dry_run else provision_entry, server, chosen):
            records.append({**asdict(done.result), "partitions": done.partitions, "changed": done.changed})
            records[-1]["dry_run"] = dry_run
            if not settings.json:
                done.print(dry_run=dry_run)
        order = [entry.target for entry in chosen]
        records.sort(key=lambda record: order.index(record["target"]))


@dataclass(frozen=True, slots=True)
class Done:
    """What provisioning one database did, and the lines that tell of its steps."""

    result: Provisioned
    partitions: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.result.changed or bool(self.partitions)

    def print(self, *, dry_run: bool = False) -> None:
        for step in self.steps:
            line(step)
        line(describe(self.result, self.partitions, dry_run=dry_run))


def would_provision(server: Server, entry: Entry) -> Done:
    """What `provision_entry` would do, without doing it."""
    from ..migrations.provision import plan_provision

    return Done(plan_provision(server, entry, entry.load()), (), ())


def provision_entry(server: Server, entry: Entry) -> Done:
    """Roles, database and revisions, then the partitions that the policies ask for today."""
    from ..migrations.provision import provision
    from ..partitions import provide

    database = entry.load()
    reporter = Reporter(entry.target)
    result = provision(server, entry, database, session_for(server, entry, reporter))
    return Done(result, provide(server, database, datetime.now(UTC)), tuple(reporter.lines))


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
