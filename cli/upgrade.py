"""`airside upgrade`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import Record, collected, line
from .steps import (
    Patience,
    Reporter,
    locks_record,
    locks_told,
    patience_options,
    planned_sql,
    print_planned,
    session_for,
)

if TYPE_CHECKING:
    from ..schema.core.registry import Entry
    from ..server import Server


@click.command("upgrade")
@target_argument
@click.argument("revision", default="head")
@click.option("--dry-run", is_flag=True, help="Print the SQL of the pending revisions; change nothing.")
@click.option("--sql", "offline", is_flag=True, help="Print a script from the first revision on; needs no server.")
@patience_options
@shared_options
@pass_settings
def command(
    settings: Settings,
    target: str,
    revision: str,
    dry_run: bool,
    offline: bool,
    allow_data_loss: tuple[str, ...],
    lock_timeout: float | None,
    lock_wait: float | None,
) -> None:
    """Apply revisions, each in a transaction of its own.

    REVISION is an id, `head` or a number of steps (`+1`). Where a lock is not to be had the revision is tried again;
    others never wait for longer than the lock timeout.
    """
    chosen = entries(target)
    if offline:
        _print_script(settings, chosen, revision)
        return
    server = settings.server()
    patience = Patience(lock_timeout, lock_wait, allow_data_loss)
    with collected(settings) as records:
        for entry in chosen:
            work = _planned if dry_run else _upgrade
            work(settings, server, entry, revision, patience, records)


def _print_script(settings: Settings, chosen: tuple[Entry, ...], revision: str) -> None:
    from ..migrations.runner import upgrade_sql

    with collected(settings) as records:
        for entry in chosen:
            script = upgrade_sql(entry, revision)
            records.append({"target": entry.target, "sql": script})
            if not settings.json:
                line(f"-- {entry.target}\n{script}")


def _planned(
    settings: Settings, server: Server, entry: Entry, revision: str, _: Patience, records: list[Record]
) -> None:
    from ..migrations.runner import current, pending

    position = current(server, entry)
    planned = planned_sql(pending(entry, position.revision, revision), "up")
    records.append({"target": entry.target, "revision": position.revision, "would_apply": planned})
    if settings.json:
        return
    if not planned:
        line(f"-- {entry.target}: at {position.revision or 'base'}, nothing to apply")
    print_planned(entry, planned, "up")


def _upgrade(
    settings: Settings, server: Server, entry: Entry, revision: str, patience: Patience, records: list[Record]
) -> None:
    from ..migrations.runner import current, upgrade

    reporter = Reporter(entry.target, show=not settings.json)
    record: Record = {"target": entry.target, "applied": reporter.steps}
    records.append(record)
    session = session_for(server, entry, reporter, patience)
    try:
        upgrade(session, revision)
    finally:
        record["locks"] = locks_record(session.waits)
    position = current(server, entry)
    record |= {"revision": position.revision, "head": position.head, "at_head": position.at_head}
    if not settings.json and session.waits.in_vain:
        line(f"{entry.target}  {locks_told(session.waits)}")
    if not settings.json and not reporter.steps:
        line(f"{entry.target}  at {position.revision or 'base'}, nothing to apply")
