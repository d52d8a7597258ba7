"""A partitioned table with every kind of column, and what the tests of the archive do with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from airside.partitions.archive.columns import read_columns
from airside.partitions.archive.source import Content, Source, content, session
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import Server
from psycopg import sql
from sqlalchemy import MetaData

ZOO = (Path(__file__).parent / "archive_zoo.sql").read_text()
ROWS = (Path(__file__).parent / "archive_zoo_rows.sql").read_text()


def declared(name: str) -> Database:
    """A declaration that says nothing of the tables: they are known by the catalog."""
    return Database(name, metadata=MetaData())


def patience() -> Patience:
    return Patience(LockBudget(timeout=0.5, deadline=60))


def prepare(server: Server, name: str) -> Database:
    """Roles, and the table `zoo` with its partitions of January, February and March 2024, as the owner's."""
    database = declared(name)
    owner = sql.Identifier(database.roles.owner)
    with server.connect(name, autocommit=True) as connection:
        for role in database.roles.names():
            connection.execute(
                sql.SQL("DROP ROLE IF EXISTS {r}; CREATE ROLE {r} NOLOGIN").format(r=sql.Identifier(role))
            )
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), owner))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        connection.execute("CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION btree_gist")
        connection.execute(sql.SQL("SET ROLE {}").format(owner))
        connection.execute(ZOO)  # type: ignore[arg-type]
        connection.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(
                sql.Identifier(database.roles.app)
            )
        )
    return database


@contextmanager
def ground(server: Server, name: str, rows: int = 500) -> Iterator[Database]:
    """The prepared database with rows in each partition; its roles are dropped afterwards."""
    database = prepare(server, name)
    try:
        fill(server, database, rows)
        yield database
    finally:
        with server.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            for role in database.roles.names():
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def fill(server: Server, database: Database, rows: int, month: str = "2024-01-01 00:00+00") -> None:
    with session(server, database) as connection:
        connection.execute("SELECT set_config('airside.test_rows', %s, false)", [str(rows)])
        connection.execute("SELECT set_config('airside.test_month', %s, false)", [month])
        connection.execute(ROWS)  # type: ignore[arg-type]


def partition(connection: psycopg.Connection[Any], database: Database, leaf: str, table: str = "zoo") -> Source:
    for ladder in read_ladders(connection, database):
        for found in ladder.leaves:
            if ladder.table == table and found.name == leaf:
                return Source.of(ladder, found)
    raise LookupError(leaf)


def source(server: Server, database: Database, leaf: str = "zoo_2024_01") -> Source:
    with session(server, database) as connection:
        return partition(connection, database, leaf)


def detach(server: Server, database: Database, of: Source) -> None:
    with session(server, database) as connection:
        connection.execute(
            sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(sql.Identifier(of.schema, of.table), of.identifier)
        )


def holds(server: Server, database: Database, table: str = "zoo_2024_01") -> Content:
    """What a table holds; of a partition, without what hangs on its parent."""
    with session(server, database) as connection:
        row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [f"public.{table}"]).fetchone()
        assert row != (None,), table
        assert row is not None
        return content(connection, sql.Identifier("public", table), read_columns(connection, row[0]))
