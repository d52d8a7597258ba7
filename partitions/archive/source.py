"""The table that is archived: what it is, its session, and the one run that may work on it."""

from __future__ import annotations

import time
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from ...schema.core.database import Database
from ...schema.core.errors import LockNotAcquired, NotProvisioned, Refused
from ...schema.core.locks import LockBudget
from ...schema.core.sql import query
from ...server import Server
from ..ledger import Detached
from ..state import Ladder, Leaf, fine_sides
from .columns import Column, row_digest, settle

QUERIES = Path(__file__).parent / "queries"
APPLICATION = "airside archive"
FENCE = "airside_archived"

LEASE = zlib.crc32(b"airside archive") & 0x7FFFFFFF
"""The upper half of the advisory locks of archive and restore; the lower half is the oid of the table."""

_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Source:
    """A partition, attached or detached by us, with the period it is for. `schema` and `table` are its parent's.

    `lower` and `upper` are the bounds in UTC, None where there is none; `key` is the column they bound. `fine` are
    those that moments cannot say (see state.fine_sides).
    """

    schema: str
    table: str
    leaf_schema: str
    leaf: str
    oid: int
    lower: datetime | None = None
    upper: datetime | None = None
    key: str | None = None
    fine: tuple[str | None, str | None] = (None, None)

    @classmethod
    def of(cls, ladder: Ladder, leaf: Leaf) -> Source:
        """The source that an attached partition is."""
        moments, fine = (leaf.lower, leaf.upper), fine_sides(leaf.bound)
        return cls(ladder.schema, ladder.table, leaf.schema, leaf.name, leaf.oid, *moments, ladder.key, fine)

    @classmethod
    def detached(cls, ladder: Ladder, leaf: Detached) -> Source:
        """The source that a partition is which we detached from this ladder."""
        moments, fine = (leaf.lower, leaf.upper), fine_sides(str(leaf.details.get("bound", "")))
        return cls(ladder.schema, ladder.table, leaf.schema, leaf.name, leaf.oid, *moments, ladder.key, fine)

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.leaf_schema, self.leaf)

    @property
    def where(self) -> str:
        return f"{self.leaf_schema}.{self.leaf}"


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and their digest (see columns.row_digest)."""

    rows: int
    digest: str


@contextmanager
def session(server: Server, database: Database) -> Generator[psycopg.Connection[Any]]:
    """A connection that acts as the owner, in autocommit mode, under which every value has one text.

    Raises what `Server.connect` raises, and NotProvisioned without the owner role.
    """
    with server.connect(database.name, autocommit=True, application_name=APPLICATION) as connection:
        owner = database.roles.owner
        try:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))
        except psycopg.errors.InvalidParameterValue:
            raise NotProvisioned(
                f"the role {owner} does not exist", where=database.name, next_step=f"airside provision {database.name}"
            ) from None
        settle(connection)
        yield connection


@contextmanager
def leased(connection: psycopg.Connection[Any], oid: int, budget: LockBudget, *, where: str) -> Generator[None]:
    """Be the only run that archives or restores this table; another one is waited for. Raises LockNotAcquired."""
    end = time.monotonic() + budget.deadline
    key = LEASE << 32 | oid
    while not _one(connection, "SELECT pg_catalog.pg_try_advisory_lock(%s)", key):
        if time.monotonic() > end:
            raise LockNotAcquired(
                "another run is working on it", where=where, next_step="run the command again when it has ended"
            )
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            connection.execute("SELECT pg_catalog.pg_advisory_unlock(%s)", [key])


def attached(connection: psycopg.Connection[Any], source: Source) -> bool:
    """Whether the source is a partition at this moment.

    Raises Refused when the table of that name is another one, is gone, or is none whose rows lie here.
    """
    row = connection.execute(query(QUERIES, "source"), {"oid": source.oid}).fetchone()
    if row is None or (row[0], row[1]) != (source.leaf_schema, source.leaf):
        raise Refused(
            "the table is not there any more, or another one has its name",
            where=source.where,
            next_step="run the command again; it looks at the database anew",
        )
    if row[2] != "r":
        raise Refused(
            "only an ordinary table can be archived, and this is a partitioned or foreign one",
            where=source.where,
            next_step="archive its own partitions",
        )
    if row[4]:
        raise Refused(
            "its detaching was interrupted", where=source.where, next_step="airside partitions expire finishes it"
        )
    return bool(row[3])


def content(connection: psycopg.Connection[Any], table: sql.Identifier, columns: Sequence[Column]) -> Content:
    """What the table holds, in one scan."""
    row = connection.execute(
        sql.SQL("SELECT count(*), {}::text FROM ONLY {} AS t").format(row_digest(columns), table)
    ).fetchone()
    assert row is not None
    return Content(int(row[0]), str(row[1]))


def _one(connection: psycopg.Connection[Any], statement: Any, *values: Any) -> Any:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(statement, list(values)).fetchone()
    return row[0] if row is not None else None
