"""A database of our own with an owner role, for roll and expire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from airside.partitions.create import keeper
from airside.partitions.report import Report
from airside.partitions.run import expire, roll
from airside.schema.core import Database
from airside.schema.core.locks import LockBudget
from airside.schema.core.partitioning import PartitionPolicy, partitioned
from airside.schema.core.patience import Patience
from airside.server import Server
from psycopg import sql
from sqlalchemy import MetaData, Table

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def declaring(name: str, **policies: PartitionPolicy) -> Database:
    """A declaration that knows of tables only their policies."""
    metadata = MetaData()
    for table, policy in policies.items():
        Table(table, metadata, info=partitioned(policy))
    return Database(name, metadata)


@contextmanager
def owned(server: Server, database: str, *statements: str) -> Iterator[None]:
    """The owner role of `database`, which makes what the statements say."""
    owner = sql.Identifier(f"{database}_owner")
    with server.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(owner))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), owner))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        connection.execute(sql.SQL("SET ROLE {}").format(owner))
        for statement in statements:
            connection.execute(statement)
    try:
        yield
    finally:
        with server.connect(database, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(sql.Identifier(database)))
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(owner))
            connection.execute(sql.SQL("DROP ROLE {}").format(owner))


def patience(deadline: float = 20, timeout: float = 0.1) -> Patience:
    """Wider than usual: a busy machine is no failure."""
    return Patience(LockBudget(timeout=timeout, deadline=deadline))


def rolled(server: Server, database: Database, now: datetime = NOW, **options: Any) -> Report:
    with keeper(server, database) as connection:
        return roll(connection, database, patience=options.pop("patience", patience()), now=now, **options)


def expired(server: Server, database: Database, now: datetime = NOW, **options: Any) -> Report:
    grace = options.pop("grace", timedelta(0))
    with keeper(server, database) as connection:
        return expire(
            connection, database, patience=options.pop("patience", patience()), now=now, grace=grace, **options
        )


def leaves(connection: psycopg.Connection[Any], parent: str) -> list[str]:
    rows = connection.execute(
        "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = to_regclass(%s) ORDER BY 1",
        [parent],
    ).fetchall()
    return [name for (name,) in rows]


def one(connection: psycopg.Connection[Any], statement: Any, *values: Any) -> Any:
    row = connection.execute(statement, values or None).fetchone()
    return row[0] if row is not None and len(row) == 1 else row
