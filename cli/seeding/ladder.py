"""From when to when data can be generated, and the partitions it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ...schema.core.partitioning import RangePartitions, floor, partition_policy, step

if TYPE_CHECKING:
    from ...schema.core.database import Database
    from ...server import Server


def usual_span(
    databases: Sequence[Database], now: datetime, until: datetime | None = None
) -> tuple[datetime, datetime]:
    """The year before `until`, or today, as far as the partitions of rows that are kept reach back; and today."""
    today = floor(now.astimezone(UTC), "day")
    starts = [policy.first for database in databases for policy in _policies(database) if policy.retention is None]
    return max([_year_before(until or today), *starts]), today


def provide_span(
    server: Server, database: Database, since: datetime, until: datetime, horizon_days: int
) -> tuple[str, ...]:
    """Create the partitions that rows from `since` to `until`, and some days beyond, fall into; the created ones."""
    from ...partitions import provide

    _refuse_earlier(database, since)
    return provide(server, database, _roller_moment(database, until, horizon_days))


def missing_span(
    server: Server, database: Database, since: datetime, until: datetime, horizon_days: int
) -> tuple[str, ...]:
    """The partitions that `provide_span` would create."""
    from ...partitions import missing
    from ...seeds.owner import as_owner

    _refuse_earlier(database, since)
    with as_owner(server, database) as connection:
        wanted = missing(connection, database, _roller_moment(database, until, horizon_days))
    return tuple(entry.child.name for entry in wanted)


def _roller_moment(database: Database, until: datetime, horizon_days: int) -> datetime:
    """When the roller would make the partitions up to the horizon."""
    horizon = until + timedelta(days=horizon_days)
    moments = [step(floor(horizon, policy.period), policy.period, -policy.ahead) for policy in _policies(database)]
    return max([until, *moments])


def _refuse_earlier(database: Database, since: datetime) -> None:
    from ...schema.core.errors import UsageError

    for policy in _policies(database):
        if policy.retention is None and since < policy.first:
            raise UsageError(
                f"the partitions on {policy.key} begin on {policy.start}, later than {since:%Y-%m-%d}",
                where=database.name,
                next_step=f"use --from {policy.start} or later",
            )


def _policies(database: Database) -> Iterator[RangePartitions]:
    for table in database.metadata.tables.values():
        policy = partition_policy(table.info)
        if isinstance(policy, RangePartitions):
            yield policy


def _year_before(moment: datetime) -> datetime:
    return step(floor(moment, "month"), "month", -12) + timedelta(days=moment.day - 1)
