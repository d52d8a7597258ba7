"""What partitions a live database has: the catalog as values, for the planner and the reports."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.rows import dict_row

from ..schema.core.database import Database
from ..schema.core.errors import LockNotAcquired
from ..schema.core.partitioning import PartitionPolicy, RangePartitions, partition_policy
from ..schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"

_RANGE = re.compile(r"FOR VALUES FROM \((.+)\) TO \((.+)\)\Z")
_FINE = re.compile(r"'([0-9a-f]{8}-[0-9a-f]{4}-(?!0000-0000-000000000000)[0-9a-f-]{22})'\Z")
_SMALLEST = "7000-8000-000000000000"
_PRECISION = re.compile(r"\(\d+\)")

# "could not open relation with OID", "cache lookup failed": it was dropped while the catalog was being read
_GONE = (psycopg.errors.InternalError_, psycopg.errors.UndefinedTable)
_LOOKS = 5
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Leaf:
    """A partition of a table. `estimate` is PostgreSQL's guess of its rows (-1: never analysed), `bytes` its size
    with indexes. `lower` and `upper` are the bounds of a range of time in UTC, None for MINVALUE and MAXVALUE and
    for other strategies. `kind` is pg_class.relkind: `r`, `p` (partitioned itself) or `f` (foreign).
    `checked` says that a kept CHECK implies the bound, so that a later attach scans nothing (None: not read).
    """

    oid: int
    schema: str
    name: str
    bound: str
    kind: str
    is_default: bool
    pending: bool
    estimate: float
    bytes: int
    lower: datetime | None = None
    upper: datetime | None = None
    checked: bool | None = False

    @property
    def end(self) -> datetime | None:
        """From when on it has no rows: `upper`, or a millisecond later where its bound is finer."""
        return end_of(self.bound, self.upper)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A partitioned table and its partitions, those with bounds in the order of time.

    `strategy` is `r` (range), `l` (list) or `h` (hash); `key` is None when the key is an expression or has several
    columns. `policy` is what the declaration asks for, None when it says nothing.
    """

    oid: int
    schema: str
    table: str
    strategy: str
    key_definition: str
    key: str | None
    key_type: str | None
    policy: PartitionPolicy | None
    leaves: tuple[Leaf, ...]

    @property
    def name(self) -> str:
        return self.table if self.schema == "public" else f"{self.schema}.{self.table}"

    @property
    def default(self) -> Leaf | None:
        return next((leaf for leaf in self.leaves if leaf.is_default), None)

    @property
    def pending(self) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.pending)


def read_ladders(
    connection: psycopg.Connection[Any], database: Database | None = None, *, detail: bool = True
) -> tuple[Ladder, ...]:
    """Every partitioned table of the connected database, with the policies of `database` where it declares one.

    Declared tables that do not exist are missing here. Reads under ACCESS SHARE locks; without `detail` under
    none, so that nobody can be in the way, and then `bytes` is 0, `checked` None and an expression as key unnamed.
    Raises LockNotAcquired where partitions are dropped again and again meanwhile.
    """
    policies = _policies(database) if database is not None else {}
    rows = _looked_at(connection, detail=detail)
    grouped = groupby(rows, key=lambda row: (row["schema"], row["parent"]))
    return tuple(_ladder(list(group), policies.get(cast("tuple[str, str]", name))) for name, group in grouped)


def _looked_at(connection: psycopg.Connection[Any], *, detail: bool) -> list[dict[str, Any]]:
    for look in range(_LOOKS):
        if look:
            time.sleep(_PAUSE)
        try:
            with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
                # bounds of timestamptz keys are printed in the session's time zone and date style
                cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'")
                return cursor.execute(query(QUERIES, "ladders"), {"detail": detail}).fetchall()
        except _GONE:
            continue
    raise LockNotAcquired(
        f"partitions were dropped while they were looked at, {_LOOKS} times in a row",
        where=connection.info.dbname,
        next_step="run the command again",
    )


def _policies(database: Database) -> dict[tuple[str, str], PartitionPolicy]:
    found: dict[tuple[str, str], PartitionPolicy] = {}
    for table in database.metadata.tables.values():
        policy = partition_policy(table.info)
        if policy is not None:
            found[table.schema or "public", table.name] = policy
    return found


def _ladder(rows: Sequence[Mapping[str, Any]], policy: PartitionPolicy | None) -> Ladder:
    first = rows[0]
    leaves = [_leaf(row, policy) for row in rows if row["leaf_oid"] is not None]
    leaves.sort(key=lambda leaf: (leaf.lower is not None, leaf.lower.timestamp() if leaf.lower else 0, leaf.name))
    return Ladder(
        oid=first["parent_oid"],
        schema=first["schema"],
        table=first["parent"],
        strategy=first["strategy"],
        key_definition=first["key_definition"],
        key=first["key"],
        key_type=first["key_type"],
        policy=policy,
        leaves=tuple(leaves),
    )


def _leaf(row: Mapping[str, Any], policy: PartitionPolicy | None) -> Leaf:
    detail = row["checks"] is not None
    leaf = Leaf(
        oid=row["leaf_oid"],
        schema=row["leaf_schema"],
        name=row["leaf"],
        bound=row["bound"] or "",
        kind=row["kind"],
        is_default=row["is_default"],
        pending=row["pending"],
        estimate=row["estimate"],
        bytes=row["bytes"],
    )
    parts = _RANGE.match(leaf.bound)
    if row["strategy"] != "r" or parts is None or row["key"] is None:
        return leaf
    reader = policy if isinstance(policy, RangePartitions) else None
    lower, upper = (bound_moment(part, row["key_type"], reader) for part in parts.groups())
    return replace(
        leaf,
        lower=lower,
        upper=upper,
        checked=implies(row["checks"], row["key"], parts.groups(), not_null=row["key_not_null"]) if detail else None,
    )


def bound_moment(literal: str, key_type: str, policy: RangePartitions | None = None) -> datetime | None:
    """The moment that one side of a range bound means; None for MINVALUE, MAXVALUE and keys that are no time."""
    if not literal.startswith("'"):
        return None
    reader = policy or _READERS.get(_PRECISION.sub("", key_type).removesuffix(" without time zone"))
    try:
        return reader.moment(literal.strip("'")) if reader is not None else None
    except ValueError:
        # infinity, years beyond 9999 or BC
        return None


def fine_sides(bound: str) -> tuple[str | None, str | None]:
    """The sides of a range of uuids that are finer than the milliseconds which a moment is read from; None for others.

    Among them is the smallest UUIDv7 of a millisecond, by which people bound their partitions.
    """
    parts = _RANGE.match(bound)
    if parts is None:
        return (None, None)
    lower, upper = (_FINE.match(part) for part in parts.groups())
    return (lower[1] if lower else None, upper[1] if upper else None)


def end_of(bound: str, upper: datetime | None) -> datetime | None:
    """From when on a partition with this bound has no rows, by the milliseconds of their keys."""
    fine = fine_sides(bound)[1]
    # below the smallest UUIDv7 of a millisecond there is none of that millisecond
    if upper is None or fine is None or fine[14:] <= _SMALLEST:
        return upper
    return upper + timedelta(milliseconds=1)


def _reader(key_type: Any) -> RangePartitions:
    return RangePartitions("", "year", "{year}", date(2000, 1, 1), key_type=key_type)


_READERS: Mapping[str, RangePartitions] = {
    "timestamp with time zone": _reader("timestamptz"),
    "timestamp": _reader("timestamp"),
    "date": _reader("date"),
    "uuid": _reader("uuidv7"),
}


def implies(checks: Sequence[str], key: str, bounds: Sequence[str], *, not_null: bool) -> bool:
    """Whether one of the validated checks of a leaf, as PostgreSQL prints them, says what its bound says."""
    sides = [f"{operator} {bound}::" for operator, bound in zip((">=", "<"), bounds, strict=True)]
    wanted = [side for side in sides if "VALUE" not in side]
    return any(
        all(side in check for side in wanted) and key in check and (not_null or "IS NOT NULL" in check)
        for check in checks
    )
