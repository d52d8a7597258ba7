"""What pg_partman and Airside would each do now, side by side. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ...schema.core.partitioning import RangePartitions, floor
from ...schema.core.sql import query
from ..state import Ladder, Leaf
from .config import QUERIES, PartConfig, Partman, Span
from .naming import template

Who = Literal["airside", "pg_partman"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that only one of the two would do: `who` would `do` it (create or end) to `partition`."""

    who: Who
    do: Literal["create", "end"]
    partition: str
    because: str

    def __str__(self) -> str:
        other = "Airside" if self.who == "pg_partman" else "pg_partman"
        who = "pg_partman" if self.who == "pg_partman" else "Airside"
        return f"{who} would {self.do} {self.partition}, {other} would not: {self.because}"


def differences(
    connection: psycopg.Connection[Any],
    partman: Partman,
    config: PartConfig,
    ladder: Ladder,
    policy: RangePartitions,
    now: datetime,
) -> tuple[Difference, ...]:
    """Where `run_maintenance()` and `partitions roll` and `expire` would differ at `now`.

    Asks partitions for their newest row, newest partition first, as pg_partman does. The session's time zone is UTC.
    """
    theirs = _created_by_partman(connection, partman, config, ladder, policy, now)
    ours = {
        child.lower: child.name
        for child in policy.children(now)
        if child.lower is not None and not _covered(ladder, child.lower)
    }
    found = [
        Difference("pg_partman", "create", theirs[lower], _because_theirs(config))
        for lower in sorted(theirs.keys() - ours.keys())
    ]
    found += [
        Difference("airside", "create", ours[lower], _because_ours(config, policy))
        for lower in sorted(ours.keys() - theirs.keys())
    ]
    found += [
        Difference("pg_partman", "create", theirs[lower], f"Airside would call it {ours[lower]}")
        for lower in sorted(theirs.keys() & ours.keys())
        if theirs[lower] != ours[lower]
    ]
    return (*found, *_endings(connection, config, ladder, policy, now))


def _because_theirs(config: PartConfig) -> str:
    if config.infinite:
        return f"it counts {config.premake} partitions after the present moment, rounded to whole intervals"
    return f"it counts {config.premake} partitions after the newest row"


def _because_ours(config: PartConfig, policy: RangePartitions) -> str:
    if config.infinite:
        return f"{policy.ahead} periods after the current one are to exist, and every one since {policy.start}"
    return f"{policy.ahead} periods after the current one are to exist, whether rows arrive or not"


def _covered(ladder: Ladder, moment: datetime) -> bool:
    return any(leaf.lower and leaf.upper and leaf.lower <= moment < leaf.upper for leaf in ladder.leaves)


def _created_by_partman(
    connection: psycopg.Connection[Any],
    partman: Partman,
    config: PartConfig,
    ladder: Ladder,
    policy: RangePartitions,
    now: datetime,
) -> dict[datetime, str]:
    timed = _timed(ladder)
    current = _counts_from(connection, partman, config, ladder, policy, now) if timed else None
    if current is None or config.interval is None:
        return {}
    newest = _lower(timed[-1])
    if partman.major >= 5 and config.retention is not None:
        newest = max(newest, _before(connection, now, config.retention))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            query(QUERIES, "foreseen"),
            {"newest": newest, "current": current, "step": config.interval.spelling, "premake": config.premake},
        ).fetchall()
    named = replace(policy, name=template(ladder.table, config.datetime_string or "", config.prefix) or policy.name)
    lowers = [cast("datetime", row["lower"]).astimezone(UTC) for row in rows]
    return {lower: named.child_name(lower) for lower in lowers}


def _counts_from(
    connection: psycopg.Connection[Any],
    partman: Partman,
    config: PartConfig,
    ladder: Ladder,
    policy: RangePartitions,
    now: datetime,
) -> datetime | None:
    """The moment after which pg_partman counts partitions: now, or the beginning of the one with the newest row."""
    filled = next((leaf for leaf in reversed(_timed(ladder)) if _newest(connection, policy, leaf) is not None), None)
    current = _lower(filled) if filled is not None else None
    if config.infinite and (partman.major < 5 or current is None or current <= now):
        current = now
    default = ladder.default
    if default is None or config.ignores_default:
        return current
    strayed = _newest(connection, policy, default)
    if strayed is None or (current is not None and strayed <= current):
        return current
    return floor(strayed, policy.period)


def _newest(connection: psycopg.Connection[Any], policy: RangePartitions, leaf: Leaf) -> datetime | None:
    row = connection.execute(
        sql.SQL("SELECT {key}::text FROM {leaf} WHERE {key} IS NOT NULL ORDER BY {key} DESC LIMIT 1").format(
            key=sql.Identifier(policy.key), leaf=sql.Identifier(leaf.schema, leaf.name)
        )
    ).fetchone()
    try:
        return policy.moment(str(row[0])) if row is not None else None
    except ValueError:
        # infinity, which only a DEFAULT partition takes
        return None


def _endings(
    connection: psycopg.Connection[Any], config: PartConfig, ladder: Ladder, policy: RangePartitions, now: datetime
) -> list[Difference]:
    timed = _timed(ladder)
    theirs: set[str] = set()
    if config.retention is not None:
        before = _before(connection, now, config.retention)
        # it never ends the newest one
        theirs = {leaf.name for leaf in timed[:-1] if _upper(leaf) < before}
    cutoff = policy.cutoff(now) if policy.at_end != "keep" else None
    ours = {leaf.name for leaf in timed if cutoff is not None and _upper(leaf) <= cutoff}
    kept = f"its retention is {config.retention.spelling if config.retention else 'for ever'}"
    ends = f"the policy's retention is {policy.retention} ({policy.at_end})"
    return [
        *(Difference("pg_partman", "end", leaf.name, ends) for leaf in timed if leaf.name in theirs - ours),
        *(Difference("airside", "end", leaf.name, kept) for leaf in timed if leaf.name in ours - theirs),
    ]


def _before(connection: psycopg.Connection[Any], now: datetime, span: Span) -> datetime:
    row = connection.execute("SELECT %s::timestamptz - %s::interval", [now, span.spelling]).fetchone()
    assert row is not None
    return cast("datetime", row[0])


def _timed(ladder: Ladder) -> list[Leaf]:
    """The partitions with bounds in time, oldest first."""
    return [leaf for leaf in ladder.leaves if leaf.lower is not None and leaf.upper is not None]


def _lower(leaf: Leaf) -> datetime:
    return cast("datetime", leaf.lower)


def _upper(leaf: Leaf) -> datetime:
    return cast("datetime", leaf.upper)
