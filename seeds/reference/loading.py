"""Loading the reference data of a database."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import NotProvisioned
from ...schema.core.sql import query
from ...server import Server
from ..owner import as_owner
from .files import digest
from .merge import Merged, merge
from .tables import ReferenceTable, tables_of

_QUERIES = Path(__file__).parent.parent / "queries"
_LOCK_KEY = zlib.crc32(b"airside reference")

_digest = cache(digest)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did, table by table; no tables where a database holds no reference data."""

    database: str
    tables: tuple[Merged, ...]

    @property
    def changed(self) -> bool:
        return any(table.changed for table in self.tables)


def load(server: Server, database: Database, *, unless_current: bool = False) -> Loaded:
    """Merge the set into a provisioned database as its owner, all tables or none. Idempotent, safe to run at once.

    Rows are matched by their natural key. A row that somebody else made or changed stays as it is, and so does one
    that the set no longer has. With `unless_current` nothing is compared where this very set was loaded before.
    Raises NotProvisioned when a table is missing.
    """
    if not tables_of(database.name):
        return Loaded(database.name, ())
    with as_owner(server, database) as connection:
        return load_on(connection, database, unless_current=unless_current)


def load_on(connection: psycopg.Connection[Any], database: Database, *, unless_current: bool = False) -> Loaded:
    """The same on a connection that acts as the owner and is in autocommit mode."""
    if not tables_of(database.name):
        return Loaded(database.name, ())
    if unless_current and (known := _current(connection, database.name)):
        return known
    with connection.transaction(), _prepared(connection, database.name):
        merged = tuple(_merged(connection, database.name, write=True))
        _remember(connection, merged)
    return Loaded(database.name, merged)


def would_load(server: Server, database: Database) -> Loaded:
    """What `load` would do, without doing it; also where the database or its tables do not exist yet."""
    if not tables_of(database.name):
        return Loaded(database.name, ())
    try:
        with (
            as_owner(server, database) as connection,
            connection.transaction(force_rollback=True),
            _prepared(connection, database.name),
        ):
            return Loaded(database.name, tuple(_merged(connection, database.name, write=False)))
    except (NotProvisioned, psycopg.errors.InvalidParameterValue):
        # there is no database, no role or no table yet
        sizes = ((table.name, len(list(table.rows({})))) for table in tables_of(database.name))
        return Loaded(database.name, tuple(Merged(name, size, size, 0, 0) for name, size in sizes))


@contextmanager
def _prepared(connection: psycopg.Connection[Any], database: str) -> Generator[None]:
    connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_LOCK_KEY])
    for table in tables_of(database):
        _require(connection, database, table)
    connection.execute("CREATE SCHEMA IF NOT EXISTS airside")
    connection.execute(query(_QUERIES, "create_reference"))
    yield


def _merged(connection: psycopg.Connection[Any], database: str, *, write: bool) -> Iterator[Merged]:
    ids: dict[tuple[str, str], UUID] = {}
    for table in tables_of(database):
        yield merge(connection, table, table.rows(ids), write=write)
        if table.kind:
            statement = sql.SQL("SELECT {}, id FROM {}").format(
                sql.Identifier(table.key[0]), sql.Identifier("public", table.name)
            )
            ids |= {(table.kind, str(key)): made for key, made in connection.execute(statement)}


def _require(connection: psycopg.Connection[Any], database: str, table: ReferenceTable) -> None:
    name = sql.Identifier("public", table.name).as_string(connection)
    row = connection.execute("SELECT to_regclass(%s)", [name]).fetchone()
    if row is None or row[0] is None:
        raise NotProvisioned(
            f"table {table.name} does not exist", where=database, next_step=f"airside upgrade {database}"
        )


def _current(connection: psycopg.Connection[Any], database: str) -> Loaded | None:
    """What stands in the database, when it is this very set."""
    row = connection.execute("SELECT to_regclass('airside.reference')").fetchone()
    if row is None or row[0] is None:
        return None
    statement = "SELECT table_name, set_rows, kept_rows FROM airside.reference WHERE digest = %s"
    found = {str(name): (int(rows), int(kept)) for name, rows, kept in connection.execute(statement, [_digest()])}
    names = [table.name for table in tables_of(database)]
    if not found.keys() >= set(names):
        return None
    return Loaded(database, tuple(Merged(name, found[name][0], 0, 0, found[name][1]) for name in names))


def _remember(connection: psycopg.Connection[Any], merged: tuple[Merged, ...]) -> None:
    for table in merged:
        connection.execute(
            "INSERT INTO airside.reference (table_name, digest, set_rows, kept_rows) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (table_name) DO UPDATE SET digest = excluded.digest, set_rows = excluded.set_rows,"
            " kept_rows = excluded.kept_rows, loaded_at = excluded.loaded_at, loaded_by = excluded.loaded_by",
            [table.table, _digest(), table.rows, table.kept],
        )
