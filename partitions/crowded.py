"""What a DEFAULT partition holds, and what a drain that was cut off has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.rows import dict_row, scalar_row

from ..schema.core.partitioning import RangePartitions
from ..schema.core.quote import qualified
from ..schema.core.sql import query
from .actions import Table
from .beside import Part, parts
from .ledger import has_ledger
from .shape import trusted
from .state import QUERIES, Ladder, Leaf
from .wanted import misfit

Leftover = tuple[Table, tuple[tuple[str, str, str], ...]]

_MOMENTS = {
    "timestamptz": "{key} AT TIME ZONE 'UTC'",
    "timestamp": "{key}",
    "date": "{key}::timestamp",
    "uuidv7": "to_timestamp((('x' || left(replace({key}::text, '-', ''), 12))::bit(48)::bigint) / 1000.0)"
    " AT TIME ZONE 'UTC'",
}


def crowded(connection: psycopg.Connection[Any], ladders: Sequence[Ladder]) -> Mapping[int, frozenset[datetime]]:
    """By oid of the table, the beginnings of the periods of which rows are in its DEFAULT partition; none where that
    cannot be read: somebody holds it locked, or it is somebody else's."""
    found: dict[int, frozenset[datetime]] = {}
    for ladder in ladders:
        policy, default = ladder.policy, ladder.default
        if not isinstance(policy, RangePartitions) or misfit(ladder, policy) or default is None or default.kind != "r":
            continue
        held = _patient_periods(connection, policy, default)
        if held is None or held:
            found[ladder.oid] = frozenset(held or ())
    return found


def draining(connection: psycopg.Connection[Any], ladders: Sequence[Ladder]) -> frozenset[int]:
    """The tables whose drain was cut off."""
    return frozenset(ladder.oid for ladder in ladders if parts(connection, ladder) or leftovers(connection, ladder))


def _patient_periods(
    connection: psycopg.Connection[Any], policy: RangePartitions, default: Leaf
) -> list[datetime] | None:
    try:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '1s'")
            return periods(connection, policy, default)
    except (errors.LockNotAvailable, errors.InsufficientPrivilege):
        return None


def periods(connection: psycopg.Connection[Any], policy: RangePartitions, default: Leaf | Table) -> list[datetime]:
    """The beginnings of the periods that rows lie in, those with most rows first."""
    moment = trusted(_MOMENTS[policy.key_type]).format(key=sql.Identifier(policy.key))
    statement = sql.SQL(
        "SELECT date_trunc({period}, {moment}) FROM ONLY {table}"
        " WHERE {moment} >= '0001-01-08' AND {moment} < '9998-12-31' GROUP BY 1 ORDER BY count(*) DESC, 1"
    ).format(period=sql.Literal(policy.period), moment=moment, table=sql.Identifier(default.schema, default.name))
    with connection.cursor(row_factory=scalar_row) as cursor:
        return [lower.replace(tzinfo=UTC) for lower in cursor.execute(statement).fetchall()]


def rows(connection: psycopg.Connection[Any], leaf: Leaf | Part, *, limit: int | None = None) -> int:
    """How many rows a partition has, counted up to `limit`."""
    table = sql.Identifier(leaf.schema, leaf.name)
    counted = sql.SQL("SELECT count(*) FROM (SELECT FROM ONLY {} LIMIT {}) AS counted").format(
        table, sql.Literal(limit)
    )
    row = connection.execute(counted).fetchone()
    return int(row[0]) if row else 0


def leftovers(connection: psycopg.Connection[Any], ladder: Ladder) -> list[Leftover]:
    """Old DEFAULT partitions that were exchanged and not dropped, with the foreign keys to be validated."""
    if not has_ledger(connection):
        return []
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query(QUERIES, "drained"), {"parent": qualified(ladder.schema, ladder.table)}).fetchall()
    return [
        (Table(row["oid"], row["schema"], row["name"]), tuple((s, t, n) for s, t, n in row["keys"])) for row in found
    ]
