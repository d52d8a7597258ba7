"""Empty a development database: every declared table but those of reference data, in one transaction."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import LockNotAcquired, Refused
from ...schema.core.sql import query
from ...server import Server
from ..environment import require
from ..owner import as_owner
from .digest import identifier, reference_tables
from .run import QUERIES

_ENABLE = {"O": sql.SQL("ENABLE TRIGGER"), "A": sql.SQL("ENABLE ALWAYS TRIGGER")}
_LOCK_TIMEOUT = "5s"


def to_empty(server: Server, database: Database) -> tuple[str, ...]:
    """The names of the tables that `reset` would empty. Raises Refused when the database is not development."""
    require(server, database.name, "development")
    with as_owner(server, database) as connection:
        return _names(connection, database)


def reset(server: Server, database: Database) -> tuple[str, ...]:
    """Empty the tables and forget the run; the names of the tables. Raises Refused when it is not development.

    TRUNCATE fires no row triggers, and so asks no append-only guard; the guards against TRUNCATE itself are off
    within the transaction, which only the owner can do and nobody else ever sees, as it holds the tables for itself.
    Raises LockNotAcquired when somebody is using the tables, Refused when a table that is not declared refers to them.
    """
    require(server, database.name, "development")
    with as_owner(server, database) as connection, connection.transaction():
        names = _names(connection, database)
        tables = [identifier(table) for table in database.metadata.sorted_tables if table.name in names]
        if not tables:
            return ()
        try:
            _empty(connection, tables)
        except psycopg.errors.LockNotAvailable as error:
            raise LockNotAcquired(
                f"the tables are in use: no exclusive lock within {_LOCK_TIMEOUT}",
                where=database.name,
                next_step="end what works on the database, then repeat the command",
            ) from error
        except psycopg.errors.FeatureNotSupported as error:
            raise Refused(
                f"rows of a table that is not declared may refer to those here: {error.diag.message_detail}",
                where=database.name,
                next_step="drop that table or its foreign key, then repeat the command",
            ) from error
        if _exists(connection, "airside.seeding"):
            connection.execute("TRUNCATE airside.seeding")
    return names


def _names(connection: psycopg.Connection[Any], database: Database) -> tuple[str, ...]:
    kept = reference_tables(connection)
    return tuple(table.name for table in database.metadata.sorted_tables if table.name not in kept)


def _empty(connection: psycopg.Connection[Any], tables: list[sql.Identifier]) -> None:
    connection.execute("SELECT pg_catalog.set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
    listed = [table.as_string(connection) for table in tables]
    connection.execute(sql.SQL("LOCK TABLE {}").format(sql.SQL(", ").join(tables)))
    guards = connection.execute(query(QUERIES, "truncate_guards"), {"tables": listed}).fetchall()
    for schema, table, trigger, _ in guards:
        _alter(connection, sql.Identifier(schema, table), sql.SQL("DISABLE TRIGGER"), trigger)
    connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables)))
    for schema, table, trigger, state in guards:
        _alter(connection, sql.Identifier(schema, table), _ENABLE[state], trigger)


def _alter(connection: psycopg.Connection[Any], table: sql.Identifier, action: sql.SQL, trigger: str) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} {} {}").format(table, action, sql.Identifier(trigger)))


def _exists(connection: psycopg.Connection[Any], name: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone()
    return row is not None and bool(row[0])
