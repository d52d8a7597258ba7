"""What a database is: development, staging or production. Fixtures and resets ask here before they touch a row.

The mark stands in `airside.environment` of the database itself, so that it goes where a dump of the database goes.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ..schema.core.errors import Refused
from ..schema.core.sql import query
from ..server import Server
from .marks import ENVIRONMENTS, Environment

_QUERIES = Path(__file__).parent / "queries"
_LOCK_KEY = zlib.crc32(b"airside environment")
_BY_HAND: LiteralString = "UPDATE airside.environment SET name = {}, marked_at = now(), marked_by = session_user"
_CHECK = "check that it is the database you mean; an administrator can"


def mark(connection: psycopg.Connection[Any], name: Environment, *, harmless: bool = False) -> bool:
    """Mark the connected database; whether that changed anything.

    The connection acts as the owner. A mark is never lowered: raises Refused when the database is marked as something
    with more to lose, saying how an administrator does it by hand. A database without a mark counts as production
    here too once it holds rows, unless the caller knows that it is `harmless`: it has just been made, or lies on the
    embedded server.
    """
    with connection.transaction():
        # two at once: PostgreSQL fails a concurrent CREATE ... IF NOT EXISTS
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        if not would_mark(connection, name, harmless=harmless):
            return False
        connection.execute("CREATE SCHEMA IF NOT EXISTS airside")
        connection.execute(query(_QUERIES, "create_environment"))
        connection.execute(
            "INSERT INTO airside.environment (name) VALUES (%s) ON CONFLICT (the_one) DO UPDATE"
            " SET name = excluded.name, marked_at = excluded.marked_at, marked_by = excluded.marked_by",
            [name],
        )
    return True


def would_mark(connection: psycopg.Connection[Any], name: Environment, *, harmless: bool = False) -> bool:
    """Whether `mark` would change anything. Raises Refused when `mark` would."""
    present = mark_of(connection)
    if present is None and name != "production" and not harmless:
        _refuse_rows(connection, name)
    if present is not None and ENVIRONMENTS.index(name) < ENVIRONMENTS.index(present):
        raise _lowered(connection, present, name)
    return present != name


def mark_of(connection: psycopg.Connection[Any]) -> Environment | None:
    """What the connected database is marked as, or None. The connection may read the owner's tables."""
    row = connection.execute("SELECT to_regclass('airside.environment')").fetchone()
    if row is None or row[0] is None:
        return None
    row = connection.execute("SELECT name FROM airside.environment").fetchone()
    return None if row is None else row[0]


def require(server: Server, database: str, *allowed: Environment) -> None:
    """Make sure that the database `database` is marked as one of `allowed`. Raises Refused, saying why and what next.

    A database without a mark counts as production.
    """
    with server.connect(database, autocommit=True) as connection:
        # a login role need not inherit what the owner may
        connection.execute(
            "SELECT pg_catalog.set_config('role', pg_catalog.pg_get_userbyid(nspowner), false)"
            " FROM pg_catalog.pg_namespace WHERE nspname = 'airside'"
        )
        found = mark_of(connection)
    if (found or "production") in allowed:
        return
    what = f"the database is marked {found}" if found else "the database has no mark, and so counts as production"
    wanted = " or ".join(allowed)
    raise Refused(
        f"{what}; this is for {wanted} databases only",
        where=database,
        next_step=f"choose a {wanted} database"
        if found
        else f"choose a {wanted} database, or if this is one: airside provision {database} --environment {allowed[0]}",
    )


def _refuse_rows(connection: psycopg.Connection[Any], name: Environment) -> None:
    known: list[str] = []
    row = connection.execute("SELECT to_regclass('airside.reference')").fetchone()
    if row is not None and row[0] is not None:
        known = [str(table) for (table,) in connection.execute("SELECT table_name FROM airside.reference")]
    row = connection.execute(query(_QUERIES, "holds_rows"), {"reference": known}).fetchone()
    if row is not None:
        database = connection.info.dbname
        raise Refused(
            f"the database has no mark and holds rows ({row[0]}), and so counts as production",
            where=database,
            next_step=f"{_CHECK} mark it as production (airside provision {database} --environment production)"
            f" and lower the mark by hand, as the owner of the database: {_by_hand(connection, name)}",
        )


def _lowered(connection: psycopg.Connection[Any], present: Environment, name: Environment) -> Refused:
    return Refused(
        f"the database is marked {present}; a mark is not lowered to {name}",
        where=connection.info.dbname,
        next_step=f"{_CHECK} change the mark by hand, as the owner of the database: {_by_hand(connection, name)}",
    )


def _by_hand(connection: psycopg.Connection[Any], name: Environment) -> str:
    return sql.SQL(_BY_HAND).format(sql.Literal(name)).as_string(connection)
