"""`airside downgrade`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import Record, collected, line
from .steps import Patience, Reporter, patience_options, planned_sql, print_planned, session_for

if TYPE_CHECKING:
    from ..schema.core.registry import Entry
    from ..server import Server


# `-1` is a revision, not an option
@click.command("downgrade", context_settings={"ignore_unknown_options": True})
@target_argument
@click.argument("revision")
@click.option("--dry-run", is_flag=True, help="Print the SQL that would run; change nothing.")
@patience_options
@shared_options
@pass_settings
def command(
    settings: Settings,
    target: str,
    revision: str,
    dry_run: bool,
    allow_data_loss: tuple[str, ...],
    lock_timeout: float | None,
    lock_wait: float | None,
) -> None:
    """Undo revisions down to REVISION.

    REVISION is an id (which stays applied), `base` or a number of steps (`-1`). A revision that would lose rows or
    values that exist is refused, unless --allow-data-loss names them.
    """
    chosen = entries(target)
    server = settings.server()
    patience = Patience(lock_timeout, lock_wait, allow_data_loss)
    with collected(settings) as records:
        for entry in chosen:
            work = _planned if dry_run else _downgrade
            work(settings, server, entry, revision, patience, records)


def _planned(
    settings: Settings, server: Server, entry: Entry, revision: str, _: Patience, records: list[Record]
) -> None:
    from ..migrations.runner import current, undone

    position = current(server, entry)
    planned = planned_sql(undone(entry, position.revision, revision), "down")
    records.append({"target": entry.target, "revision": position.revision, "would_undo": planned})
    if settings.json:
        return
    if not planned:
        line(f"-- {entry.target}: at {position.revision or 'base'}, nothing to undo")
    print_planned(entry, planned, "down")


def _downgrade(
    settings: Settings, server: Server, entry: Entry, revision: str, patience: Patience, records: list[Record]
) -> None:
    from ..migrations.runner import current, downgrade

    reporter = Reporter(entry.target, show=not settings.json)
    record: Record = {"target": entry.target, "undone": reporter.steps}
    records.append(record)
    downgrade(session_for(server, entry, reporter, patience), revision)
    position = current(server, entry)
    record |= {"revision": position.revision, "head": position.head, "at_head": position.at_head}
    if not settings.json and not reporter.steps:
        line(f"{entry.target}  at {position.revision or 'base'}, nothing to undo")
