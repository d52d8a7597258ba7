"""A connection on which the steps of a run can be executed: the owner's, with the functions they draw from."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.sql import query
from ...server import Server
from ..owner import as_owner
from .declaration import FOLDER, GeneratedSystem, Scope
from .run import Run

_CONSTANT: LiteralString = (
    "CREATE FUNCTION {} RETURNS {} LANGUAGE sql IMMUTABLE PARALLEL SAFE AS {}"  # a body is a literal: no parameters
)


@contextmanager
def generator_session(
    server: Server, database: Database, system: GeneratedSystem, run: Run
) -> Generator[psycopg.Connection[Any]]:
    """The owner's connection, in autocommit mode, with everything in pg_temp that steps of this run may call."""
    with as_owner(server, database) as connection:
        # a batch that a crash of the server takes away takes its record along
        connection.execute("SET synchronous_commit = off; SET jit = off")
        prepare(connection, system, run)
        yield connection


def prepare(connection: psycopg.Connection[Any], system: GeneratedSystem, run: Run) -> None:
    """Make the functions of a run in pg_temp of this connection."""
    constants: tuple[tuple[LiteralString, LiteralString, object], ...] = (
        ("random_seed", "bigint", run.random_seed),
        ("scale", "bigint", run.scale),
        ("since", "timestamp with time zone", run.since),
        ("until", "timestamp with time zone", run.until),
    )
    for name, kind, value in constants:
        body = sql.SQL("SELECT {}::{}").format(sql.Literal(value), sql.SQL(kind)).as_string(connection)
        signature = sql.SQL("pg_temp.{}()").format(sql.Identifier(name))
        connection.execute(sql.SQL(_CONSTANT).format(signature, sql.SQL(kind), sql.Literal(body)))
    connection.execute(query(FOLDER, "functions"))
    connection.execute(system.shared())


def count(connection: psycopg.Connection[Any], function: str) -> int:
    """What a counting function of the run returns."""
    row = connection.execute(sql.SQL("SELECT pg_temp.{}()").format(sql.Identifier(function))).fetchone()
    return int(row[0]) if row else 0


def scope_values(connection: psycopg.Connection[Any], scope: Scope) -> tuple[str, ...]:
    """The values that the setting of a scope takes in this run."""
    rows = connection.execute(sql.SQL("SELECT * FROM pg_temp.{}()").format(sql.Identifier(scope.values)))
    return tuple(str(value) for (value,) in rows)


def enter(connection: psycopg.Connection[Any], scope: Scope, value: str) -> None:
    """Let the policies see this value until the transaction ends."""
    connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", [scope.setting, value])
