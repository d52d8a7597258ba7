"""`airside partitions expire`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from .status import partitioned_entries
from .work import Job, lock_options, patience


@click.command("expire")
@target_argument
@click.option(
    "--grace",
    metavar="AGE",
    default="7 days",
    show_default=True,
    help="How long a detached partition stays before it is dropped; 0 for not at all.",
)
@lock_options
@shared_options
@pass_settings
def command(
    settings: Settings, target: str, grace: str, dry_run: bool, lock_timeout: float, lock_wait: float | None
) -> int:
    """End the partitions whose rows are past their retention.

    They are detached without making anybody wait, and dropped after a grace period, foreign keys first. What others
    refer to stays, with the reason. What is to be archived is left for `airside archive run`. Makes nothing: that is
    `roll`.
    """
    from ...partitions.planner import plan_expire
    from ...partitions.run import expire, trusted_time
    from ...partitions.survey import survey

    kept = _grace(grace)

    def plan(connection: Any, database: Any) -> Any:
        now = trusted_time(connection)
        return plan_expire(survey(connection, database, now, expiring=True), now, kept)

    def work(connection: Any, database: Any, waiting: Any, observer: Any) -> Any:
        return expire(connection, database, patience=waiting, grace=kept, observer=observer)

    job = Job(settings, settings.server())
    chosen = partitioned_entries(entries(target))
    if dry_run:
        return job.each(chosen, lambda entry, record: job.dry(entry, record, plan))
    return job.each(chosen, lambda entry, record: job.run(entry, record, work, patience(lock_timeout, lock_wait)))


def _grace(text: str) -> timedelta:
    """An age in calendar months is as long as it was until today. Raises DeclarationError."""
    from ...schema.core.age import Age

    if text.strip() == "0":
        return timedelta(0)
    now = datetime.now(UTC)
    return now - Age.of(text).before(now)
