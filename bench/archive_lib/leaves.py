"""Whole partitions into an archive table, and the row-by-row way for the same rows."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from airside.partitions.archive.due import due_leaves
from airside.partitions.archive.leaves import move_leaf
from airside.partitions.create import create_missing
from airside.schema.core import Database, RangePartitions, partitioned
from airside.schema.core.patience import Patience
from airside.server import Server
from psycopg import sql
from sqlalchemy import BigInteger, Column, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP

NAME = "airside_bench_leaves"
MONTHS = 12
NOW = datetime(2026, 6, 15, tzinfo=UTC)
KEEP = RangePartitions(
    "at", "month", "events_{year}_{month:02}", date(2025, 1, 1), retention=5, at_end="archive", archive="events_cold"
)


def declared() -> Database:
    """Events by month, and where cold months go."""
    metadata = MetaData()
    for name in ("events", "events_cold"):
        Table(
            name,
            metadata,
            Column("id", BigInteger, primary_key=True),
            Column("at", TIMESTAMP(timezone=True), primary_key=True),
            Column("what", Text),
            postgresql_partition_by=KEEP.clause,
            info=partitioned(KEEP) if name == "events" else {},
        )
    return Database(NAME, metadata=metadata)


def measure(server: Server, rows: int) -> dict[str, Any]:
    """Milliseconds and WAL per partition of `rows` / 12 rows, and seconds for copying one of them."""
    with server.connect("postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        try:
            with server.connect(NAME, autocommit=True) as connection:
                connection.execute("SET timezone = 'UTC'")
                return _measured(connection, rows // MONTHS)
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def _measured(connection: psycopg.Connection[Any], each: int) -> dict[str, Any]:
    database = declared()
    for name in ("events", "events_cold"):
        connection.execute(
            sql.SQL(
                "CREATE TABLE {} (id bigint, at timestamptz, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)"
            ).format(sql.Identifier(name))
        )
    create_missing(connection, database, datetime(2025, 6, 1, tzinfo=UTC))
    create_missing(connection, database, datetime(2025, 10, 1, tzinfo=UTC))
    for month in range(1, MONTHS + 1):
        connection.execute(
            "INSERT INTO events SELECT n, make_timestamptz(2025, %s, 15, 0, 0, 0, 'UTC'), repeat('x', 200)"
            " FROM generate_series(1, %s) AS n",
            [month, each],
        )
    connection.execute("VACUUM (ANALYZE) events")
    connection.execute("CHECKPOINT")
    taken: list[float] = []
    wal: list[int] = []
    for due in due_leaves(connection, database, NOW)[:-1]:
        patience = Patience()
        before = _position(connection)
        moved = move_leaf(connection, due, patience)
        if moved.rows != each:
            raise SystemExit(f"{moved.leaf} has {moved.rows} rows instead of {each}")
        # the transaction that swaps; counting rows for the ledger locks nothing
        taken.append(patience.waits.longest * 1000)
        wal.append(_position(connection) - before)
    last = due_leaves(connection, database, NOW)[-1].leaf.name
    connection.execute("CREATE TABLE by_rows (LIKE events INCLUDING ALL)")
    began = time.perf_counter()
    with connection.transaction():
        connection.execute(sql.SQL("INSERT INTO by_rows SELECT * FROM {}").format(sql.Identifier(last)))
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(last)))
    return {
        "rows a partition": each,
        "median ms": round(statistics.median(taken), 1),
        "worst ms": round(max(taken), 1),
        "WAL bytes": round(statistics.median(wal)),
        "the same by rows, ms": round((time.perf_counter() - began) * 1000),
    }


def _position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row is not None
    return int(row[0])
