"""The ledger of partitions: which leaf was made, detached, attached, moved or dropped, when, by whom and why.

The catalog says what is; the ledger says how it came about and since when, which decides what may be dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ..schema.core.quote import qualified
from ..schema.core.sql import query
from .state import QUERIES, end_of

Event = Literal[
    "prepared",
    "attached",
    "detaching",
    "detached",
    "unlinked",
    "dropped",
    "drained",
    "converted",
    "moved",
    "archived",
    "adopted",
    "handed_back",
]
"""`prepared`: made and not attached yet. `detaching`: written before DETACH CONCURRENTLY, which is its own
transaction. `unlinked`: a foreign key of a detached leaf was dropped. `moved`: attached to an archive parent.
`adopted` and `handed_back`: a whole set came from or went to pg_partman; the leaf is the table itself."""

_MADE_BY_ANOTHER = (errors.UniqueViolation, errors.DuplicateSchema, errors.DuplicateTable, errors.DuplicateObject)


@dataclass(frozen=True, slots=True)
class Detached:
    """A leaf that we detached, that still exists and that is nobody's partition. `at` is when it was detached.

    `parent` is `schema.table`, quoted where PostgreSQL needs it. `details` are those of the event: `bound`, and
    `lower` and `upper` (ISO 8601, UTC) of a range of time.
    """

    oid: int
    schema: str
    name: str
    parent: str
    at: datetime
    by: str
    details: Mapping[str, Any]

    @property
    def lower(self) -> datetime | None:
        return _moment(self.details.get("lower"))

    @property
    def upper(self) -> datetime | None:
        return _moment(self.details.get("upper"))

    @property
    def end(self) -> datetime | None:
        """From when on it has no rows (see state.Leaf)."""
        return end_of(str(self.details.get("bound", "")), self.upper)


def ensure_ledger(connection: psycopg.Connection[Any]) -> None:
    """Create the tool's schema and the ledger where they are missing, as the current role (the database's owner).

    The connection is in autocommit mode. Two at once do no harm.
    """
    if has_ledger(connection):
        return
    for statement in ("CREATE SCHEMA IF NOT EXISTS airside", query(QUERIES, "create_partition_ledger")):
        try:
            connection.execute(statement)
        except _MADE_BY_ANOTHER:
            # IF NOT EXISTS looks before another transaction has committed; now it has
            connection.execute(statement)


def has_ledger(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regclass('airside.partition_ledger') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])


def record(
    connection: psycopg.Connection[Any],
    event: Event,
    *,
    parent: tuple[str, str],
    leaf: tuple[str, str],
    leaf_oid: int,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one line, in the transaction under way. `parent` and `leaf` are schema and name."""
    connection.execute(query(QUERIES, "insert_partition_event"), _line(event, parent, leaf, leaf_oid, details))


def recording(
    connection: psycopg.Connection[Any],
    event: Event,
    *,
    parent: tuple[str, str],
    leaf: tuple[str, str],
    leaf_oid: int | None,
    details: Mapping[str, Any] | None = None,
) -> sql.SQL:
    """The statement that `record` runs; without an oid that of the table which has the name then."""
    line = _line(event, parent, leaf, leaf_oid, details)
    text = psycopg.ClientCursor(connection).mogrify(query(QUERIES, "insert_partition_event"), line)
    return sql.SQL(cast("LiteralString", text))


def _line(
    event: Event,
    parent: tuple[str, str],
    leaf: tuple[str, str],
    leaf_oid: int | None,
    details: Mapping[str, Any] | None,
) -> Mapping[str, Any]:
    return {
        "table": qualified(*parent),
        "leaf": qualified(*leaf),
        "leaf_oid": leaf_oid,
        "event": event,
        "details": Jsonb(dict(details or {})),
    }


def range_details(bound: str, lower: datetime | None, upper: datetime | None) -> dict[str, Any]:
    """The details that an event about a leaf with this bound carries."""
    return {
        "bound": bound,
        "lower": lower.isoformat() if lower else None,
        "upper": upper.isoformat() if upper else None,
    }


def detached(connection: psycopg.Connection[Any]) -> tuple[Detached, ...]:
    """The leaves that we detached and that are still there, unattached, under their name; oldest first."""
    if not has_ledger(connection):
        return ()
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query(QUERIES, "detached")).fetchall()
    return tuple(Detached(**row) for row in rows)


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
