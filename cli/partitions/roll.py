"""`airside partitions roll`."""

from __future__ import annotations

from typing import Any

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from .status import partitioned_entries
from .work import Job, lock_options, patience


@click.command("roll")
@target_argument
@lock_options
@shared_options
@pass_settings
def command(settings: Settings, target: str, dry_run: bool, lock_timeout: float, lock_wait: float | None) -> int:
    """Make the partitions that rows of now and of the periods ahead need.

    Each in transactions of its own, so that nobody waits for long; what is there is left as it is. A table whose
    partitions cannot be made is reported, and the others follow. Ends nothing: that is `expire`.
    """
    from ...partitions.planner import plan_roll
    from ...partitions.run import roll, server_time
    from ...partitions.survey import survey

    def plan(connection: Any, database: Any) -> Any:
        now = server_time(connection)
        return plan_roll(survey(connection, database, now, expiring=False), now)

    def work(connection: Any, database: Any, waiting: Any, observer: Any) -> Any:
        return roll(connection, database, patience=waiting, observer=observer)

    job = Job(settings, settings.server())
    chosen = partitioned_entries(entries(target))
    if dry_run:
        return job.each(chosen, lambda entry, record: job.dry(entry, record, plan))
    return job.each(chosen, lambda entry, record: job.run(entry, record, work, patience(lock_timeout, lock_wait)))
