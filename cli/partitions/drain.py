"""`airside partitions drain`."""

from __future__ import annotations

from typing import Any

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from .status import partitioned_entries
from .work import Job, lock_options, patience


@click.command("drain")
@target_argument
@lock_options
@shared_options
@pass_settings
def command(settings: Settings, target: str, dry_run: bool, lock_timeout: float, lock_wait: float | None) -> int:
    """Move rows of DEFAULT partitions into partitions of their own.

    Rows are copied in short batches while triggers carry every change along; then the partitions take the place of
    the old DEFAULT at one stroke. Everybody sees each row once, all the time. A run that was cut off is run again and
    goes on. `roll` does the same where rows stand in its way.
    """
    from ...partitions.planner import plan_drain
    from ...partitions.run import drain, server_time
    from ...partitions.survey import survey

    def plan(connection: Any, database: Any) -> Any:
        now = server_time(connection)
        return plan_drain(survey(connection, database, now, expiring=False), now)

    def work(connection: Any, database: Any, waiting: Any, observer: Any) -> Any:
        return drain(connection, database, patience=waiting, observer=observer)

    job = Job(settings, settings.server())
    chosen = partitioned_entries(entries(target))
    if dry_run:
        return job.each(chosen, lambda entry, record: job.dry(entry, record, plan))
    return job.each(chosen, lambda entry, record: job.run(entry, record, work, patience(lock_timeout, lock_wait)))
