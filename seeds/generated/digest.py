"""What a database holds, as one figure a table: equal rows give equal digests, in whatever order they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

from ...schema.core.database import Database
from ...schema.core.sql import query
from ...server import Server
from .declaration import GeneratedSystem
from .run import QUERIES, Run
from .session import enter, generator_session, scope_values

_SETTINGS = (
    "SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex'"
)


@dataclass(frozen=True, slots=True)
class Digest:
    """The rows of a table: how many, and the sum of their hashes in hexadecimal (a row twice is not a row never)."""

    table: str
    rows: int
    digest: str


def digests(server: Server, database: Database, system: GeneratedSystem, run: Run) -> tuple[Digest, ...]:
    """A digest for each declared table, except those that reference data fills. Writes nothing.

    Columns that a trigger fills at run time are left out (`GeneratedSystem.undigested`).
    """
    with generator_session(server, database, system, run) as connection:
        connection.execute(_SETTINGS)
        kept = reference_tables(connection)
        tables = [table for table in database.metadata.sorted_tables if table.name not in kept]
        return tuple(_digest(connection, table, database.name, system) for table in tables)


def reference_tables(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """The tables of the connected database that reference data fills."""
    row = connection.execute("SELECT to_regclass('airside.reference') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return frozenset()
    return frozenset(str(table) for (table,) in connection.execute("SELECT table_name FROM airside.reference"))


def identifier(table: Table) -> sql.Identifier:
    return sql.Identifier(table.schema or "public", table.name)


def binds_owner(connection: psycopg.Connection[Any], table: sql.Identifier) -> bool:
    """Whether the policies of a table bind its owner too."""
    row = connection.execute(query(QUERIES, "binds_owner"), {"name": table.as_string(connection)}).fetchone()
    return row is not None and bool(row[0])


def _digest(connection: psycopg.Connection[Any], table: Table, database: str, system: GeneratedSystem) -> Digest:
    left_out = system.undigested_columns(database, table.name)
    columns = [sql.Identifier(column.name) for column in table.columns if column.name not in left_out]
    statement = sql.SQL(
        'SELECT count(*), coalesce(sum(hashtextextended(ROW({})::text COLLATE "C", 0)), 0)::text FROM {}'
    ).format(sql.SQL(", ").join(columns), identifier(table))
    rows = total = 0
    for count, hashes in _results(connection, statement, table, system):
        rows, total = rows + count, total + hashes
    return Digest(table.name if table.schema is None else table.fullname, rows, f"{total % 2**64:016x}")


def _results(
    connection: psycopg.Connection[Any], statement: sql.Composed, table: Table, system: GeneratedSystem
) -> list[tuple[int, int]]:
    if system.scope is None or not binds_owner(connection, identifier(table)):
        return [_result(connection, statement)]
    found: list[tuple[int, int]] = []
    for value in scope_values(connection, system.scope):
        with connection.transaction():
            enter(connection, system.scope, value)
            found.append(_result(connection, statement))
    return found


def _result(connection: psycopg.Connection[Any], statement: sql.Composed) -> tuple[int, int]:
    row = connection.execute(statement).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
