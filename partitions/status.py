"""Reading what state the partitions of a live database are in. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from ..schema.core.database import Database
from ..schema.core.errors import LockNotAcquired
from ..schema.core.locks import LockBudget
from ..schema.core.partitioning import partition_policy
from ..schema.core.patience import Patience
from ..schema.core.sql import query
from ..server import Server
from .archive.cut_off import closed
from .judge import Fault, Measure, TableStatus, judge, unpartitioned
from .state import QUERIES, Ladder, Leaf, read_ladders

_CHEAP_BYTES = 256 * 1024
_BREAKER = 3
_BUDGET = LockBudget(timeout=0.05, deadline=1.0)


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """The partitioned tables of a database at a moment."""

    target: str
    at: datetime
    tables: tuple[TableStatus, ...]

    @property
    def short(self) -> bool:
        return any(table.short for table in self.tables)


@dataclass(frozen=True, slots=True)
class _Size:
    oid: int
    heap: int
    total: int
    estimate: float | None
    countable: bool


def status(server: Server, target: str, database: Database, now: datetime, *, exact: bool = False) -> DatabaseStatus:
    """The state of a live database's partitions; with `exact` all rows are counted, else those of small partitions.

    Takes ACCESS SHARE locks only, each for one statement, and does without where it cannot have one: then sizes are
    unknown. Needs no right on the tables, though without SELECT it can but estimate rows. Raises what
    `Server.connect` raises.
    """
    with server.connect(database.name, autocommit=True, application_name="airside partitions") as connection:
        _read_only(connection, database.roles.owner)
        ladders = _ladders(connection, database)
        with connection.cursor(row_factory=class_row(Fault)) as cursor:
            faults = cursor.execute(query(QUERIES, "faults")).fetchall()
        faults += [Fault(item.parent_oid, "closed", None, [item.name]) for item in closed(connection)]
        sizes = _sizes(connection, ladders)
        counter = _Counter(connection, exact=exact)
        tables = [
            judge(ladder, {leaf.oid: counter.measure(leaf, sizes.get(leaf.oid)) for leaf in ladder.leaves}, faults, now)
            for ladder in ladders
        ]
        tables += _unpartitioned(connection, database, ladders)
    return DatabaseStatus(target, now, tuple(tables))


def _read_only(connection: psycopg.Connection[Any], owner: str) -> None:
    """No statement changes anything, and the owner's rights are used where the login role has them."""
    connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    connection.execute("SET lock_timeout = '50ms'")
    row = connection.execute(
        "SELECT pg_catalog.pg_has_role(oid, 'MEMBER') FROM pg_catalog.pg_roles WHERE rolname = %s", [owner]
    ).fetchone()
    if row is not None and row[0]:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))


def _ladders(connection: psycopg.Connection[Any], database: Database) -> tuple[Ladder, ...]:
    try:
        return Patience(_BUDGET).transaction(
            connection, lambda: read_ladders(connection, database), what="reading definitions", where=database.name
        )
    except LockNotAcquired:
        # bounds need no lock, and the runway must be seen whoever holds one
        return read_ladders(connection, database, detail=False)


def _sizes(connection: psycopg.Connection[Any], ladders: Sequence[Ladder]) -> dict[int, _Size]:
    """Sizes by oid; nothing where somebody holds a partition locked."""

    def read() -> dict[int, _Size]:
        with connection.cursor(row_factory=class_row(_Size)) as cursor:
            return {size.oid: size for size in cursor.execute(query(QUERIES, "sizes"))}

    if not any(ladder.leaves for ladder in ladders):
        return {}
    try:
        return Patience(_BUDGET).transaction(connection, read, what="reading sizes", where="partitions")
    except LockNotAcquired:
        return {}


class _Counter:
    """Measures partitions, one statement each: counting all in one statement would hold the locks of all."""

    def __init__(self, connection: psycopg.Connection[Any], *, exact: bool) -> None:
        self._connection = connection
        self._in_vain = 0
        self._exact = exact

    def measure(self, leaf: Leaf, size: _Size | None) -> Measure:
        if size is None:
            return Measure(None, exact=False, bytes=0 if leaf.kind in "pf" else None)
        if size.heap == 0:
            return Measure(0, exact=True, bytes=size.total)
        rows = self._count(leaf) if size.countable and (self._exact or size.heap <= _CHEAP_BYTES) else None
        if rows is not None:
            return Measure(rows, exact=True, bytes=size.total)
        return Measure(None if size.estimate is None else round(size.estimate), exact=False, bytes=size.total)

    def _count(self, leaf: Leaf) -> int | None:
        counting = sql.SQL("SELECT count(*) FROM ONLY {}").format(sql.Identifier(leaf.schema, leaf.name))
        try:
            row = self._connection.execute(counting).fetchone() if self._in_vain < _BREAKER else None
        except psycopg.errors.LockNotAvailable:
            self._in_vain += 1
            return None
        except psycopg.errors.UndefinedTable:
            return None
        return int(row[0]) if row else None


def _unpartitioned(
    connection: psycopg.Connection[Any], database: Database, ladders: Sequence[Ladder]
) -> Iterator[TableStatus]:
    partitioned = {(ladder.schema, ladder.table) for ladder in ladders}
    for table in database.metadata.sorted_tables:
        policy = partition_policy(table.info)
        schema = table.schema or "public"
        if policy is not None and (schema, table.name) not in partitioned:
            name = sql.Identifier(schema, table.name).as_string(connection)
            row = connection.execute("SELECT pg_catalog.to_regclass(%s) IS NOT NULL", [name]).fetchone()
            yield unpartitioned(schema, table.name, policy, exists=bool(row and row[0]))
