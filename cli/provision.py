"""`airside provision`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from ..seeds.marks import ENVIRONMENTS, Environment
from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, line
from .parallel import each
from .steps import Reporter, session_for

if TYPE_CHECKING:
    from ..migrations.provision import Provisioned
    from ..schema.core.database import Database
    from ..schema.core.registry import Entry
    from ..seeds.reference import Loaded
    from ..server import Server


@click.command("provision")
@target_argument
@click.option(
    "--environment",
    type=click.Choice(ENVIRONMENTS),
    help="Mark what the databases are. A mark is never lowered; without one a database counts as production.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be created and applied; change nothing.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, environment: Environment | None, dry_run: bool) -> None:
    """Create roles and databases, upgrade them, load reference data.

    Repeating it changes nothing. Needs a login role with CREATEDB and CREATEROLE.
    """
    chosen = entries(target)
    server = settings.server()
    work = partial(would_provision if dry_run else provision_entry, environment=environment)
    with collected(settings) as records:
        for done in each(work, server, chosen):
            records.append({**asdict(done.result), "partitions": done.partitions, "changed": done.changed})
            records[-1]["marked"] = done.marked
            records[-1]["reference"] = [asdict(table) for table in done.reference.tables]
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
    marked: Environment | None
    reference: Loaded
    steps: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.result.changed or bool(self.partitions) or self.marked is not None or self.reference.changed

    def print(self, *, dry_run: bool = False) -> None:
        for step in self.steps:
            line(step)
        line(describe(self, dry_run=dry_run))


def would_provision(server: Server, entry: Entry, environment: Environment | None = None) -> Done:
    """What `provision_entry` would do, without doing it."""
    from ..migrations.provision import plan_provision
    from ..seeds.reference import would_load

    database = entry.load()
    result = plan_provision(server, entry, database)
    return Done(result, (), _would_mark(server, database, environment, result), would_load(server, database), ())


def provision_entry(
    server: Server, entry: Entry, environment: Environment | None = None, *, embedded: bool = False
) -> Done:
    """Roles, database and revisions, then the mark, reference data and the partitions that policies ask for today.

    An `embedded` server is the developer's own: its databases are development unless they are marked.
    """
    from ..migrations.provision import plan_provision, provision
    from ..partitions import provide
    from ..seeds.environment import mark, mark_of
    from ..seeds.owner import as_owner
    from ..seeds.reference import load_on

    database = entry.load()
    reporter = Reporter(entry.target)
    if environment:
        # a mark that is refused stops before anything is done
        _would_mark(server, database, environment, plan_provision(server, entry, database))
    result = provision(server, entry, database, session_for(server, entry, reporter))
    marked: Environment | None = None
    with as_owner(server, database) as connection:
        wanted = environment or ("development" if embedded and mark_of(connection) is None else None)
        if wanted and mark(connection, wanted, harmless=embedded or result.created):
            marked = wanted
        reference = load_on(connection, database, unless_current=True)
    partitions = provide(server, database, datetime.now(UTC))
    return Done(result, partitions, marked, reference, tuple(reporter.lines))


def _would_mark(
    server: Server, database: Database, environment: Environment | None, planned: Provisioned
) -> Environment | None:
    from ..seeds.environment import would_mark
    from ..seeds.owner import as_owner

    if environment is None or planned.created or database.roles.owner in planned.roles:
        return environment
    with as_owner(server, database) as connection:
        return environment if would_mark(connection, environment) else None


def describe(done: Done, *, dry_run: bool) -> str:
    """One line on what was, or would be, done for a database."""
    result = done.result
    parts = [f"role {name}" for name in result.roles]
    parts += ["the database"] if result.created else []
    parts += [counted(len(result.revisions), "revision")] if result.revisions else []
    parts += [counted(len(done.partitions), "partition")] if done.partitions else []
    loaded = sum(table.added + table.updated for table in done.reference.tables)
    parts += [counted(loaded, "reference row")] if loaded else []
    said = [f"{'would make' if dry_run else 'made'}: {', '.join(parts)}"] if parts else []
    said += [f"{'would be marked' if dry_run else 'marked'} {done.marked}"] if done.marked else []
    if parts:
        said += [f"kept {counted(t.kept, 'row')} of {t.table} that differ" for t in done.reference.tables if t.kept]
    return f"{result.target}  {'; '.join(said) or 'nothing to do'}"


def counted(number: int, noun: str) -> str:
    """`1 revision`, `2 revisions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
