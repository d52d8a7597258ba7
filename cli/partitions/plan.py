"""`airside partitions plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from ..output import Record, line
from .status import partitioned_entries
from .work import Job

if TYPE_CHECKING:
    from ...schema.core.registry import Entry

_FOUND = 1


@click.command("plan")
@target_argument
@shared_options
@pass_settings
def command(settings: Settings, target: str) -> int:
    """Show what roll and expire would do now, and what stays and why.

    Changes nothing; --dry-run of the two shows the SQL. Exits with 1 when a policy cannot be carried out.
    """
    job = Job(settings, settings.server())
    return job.each(partitioned_entries(entries(target)), lambda entry, record: _plan(job, entry, record))


def _plan(job: Job, entry: Entry, record: Record) -> None:
    from ...partitions.actions import Refuse
    from ...partitions.create import keeper
    from ...partitions.planner import plan_expire, plan_roll
    from ...partitions.run import trusted_time
    from ...partitions.survey import survey

    database = entry.load()
    with keeper(job.server, database) as connection:
        now = trusted_time(connection)
        state = survey(connection, database, now, expiring=True)
    plans = {"roll": plan_roll(state, now), "expire": plan_expire(state, now)}
    record["at"] = now.isoformat()
    for verb, plan in plans.items():
        record[verb] = [
            {"action": type(action).__name__.lower(), "table": str(action.parent), "what": str(action)}
            | ({"next": action.next_step} if isinstance(action, Refuse) else {})
            for action in plan
        ]
        if any(isinstance(action, Refuse) for action in plan):
            job.code = max(job.code, _FOUND)
        if not job.settings.json:
            for action in plan:
                then = f". Next: {action.next_step}" if isinstance(action, Refuse) else ""
                line(f"{entry.target}  {verb}: {action}{then.replace('TARGET', entry.target)}")
    if not job.settings.json and not any(plans.values()):
        line(f"{entry.target}  nothing to do")
