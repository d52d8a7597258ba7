"""Databases built from the declarations, for the tests of what they do."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
import pytest
from airside.migrations.rights import ensure_roles
from airside.schema.core import Database
from airside.schema.core.build import build
from psycopg import errors, sql

Connection = psycopg.Connection[Any]

# RESTRICT is 23503 up to PostgreSQL 17 and 23001 from 18 on.
STILL_REFERENCED = (errors.ForeignKeyViolation, errors.RestrictViolation)


class ServerLike(Protocol):
    def connect(self, dbname: str, *, autocommit: bool = False) -> Connection: ...


@contextmanager
def empty_database(server: ServerLike, owner: str, *, template: str = "template1") -> Iterator[str]:
    """The name of a fresh database, a copy of `template` where one is given; dropped afterwards."""
    name = f"declared_{uuid.uuid4().hex[:12]}"
    with server.connect("postgres", autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        connection.execute(create.format(*map(sql.Identifier, (name, owner, template))))
        try:
            yield name
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def declared_database(server: ServerLike, database: Database) -> Iterator[str]:
    """The name of a fresh database, built from its declaration by its owner."""
    skip_without_extensions(server, database)
    create_roles(server, database)
    with empty_database(server, database.roles.owner) as name:
        with owner_connection(server, database, name) as connection:
            build(connection, database)
        yield name


def skip_without_extensions(server: ServerLike, database: Database) -> None:
    """Skip the test where the server's build lacks an extension; the embedded PostgreSQL 18 has no pgcrypto."""
    if missing := lacking(server, database):
        pytest.skip(f"{database.name} needs {', '.join(missing)}, which this PostgreSQL does not have")


def lacking(server: ServerLike, database: Database) -> list[str]:
    """The extensions of a database that the server's build does not have."""
    with server.connect("postgres", autocommit=True) as connection:
        available = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    return sorted(set(database.extensions) - {str(name) for (name,) in available})


def create_roles(server: ServerLike, database: Database) -> None:
    with server.connect("postgres", autocommit=True) as connection:
        ensure_roles(connection, database)


@contextmanager
def owner_connection(server: ServerLike, database: Database, name: str) -> Iterator[Connection]:
    """A connection in autocommit mode that has the rights of the owner, not those of a superuser."""
    with server.connect(name, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        yield connection


@contextmanager
def rolled_back(server: ServerLike, name: str) -> Iterator[Connection]:
    """A superuser's connection in one transaction that never happened."""
    with server.connect(name) as connection:
        yield connection
        connection.rollback()


@contextmanager
def acting_as(connection: Connection, role: str, **settings: object) -> Iterator[None]:
    """The rights of `role` and the `app.*` settings of a request, until the end of the block."""
    for setting, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, true)", [f"app.{setting}", str(value)])
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    yield
    connection.execute("RESET ROLE")
    for setting in settings:
        connection.execute("SELECT set_config(%s, '', true)", [f"app.{setting}"])


@contextmanager
def refused(
    connection: Connection, error: type[psycopg.Error] | tuple[type[psycopg.Error], ...], by: str | None = None
) -> Iterator[None]:
    """The block ends with this error, of the constraint `by`; what it did is undone."""
    with pytest.raises(error) as caught, connection.transaction():
        yield
    if by is not None:
        assert caught.value.diag.constraint_name == by


def insert(connection: Connection, table: str, **values: object) -> Any:
    """Insert one row and return its id."""
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() * len(values)),
    )
    return one(connection, statement, *values.values())


def update(connection: Connection, table: str, row: object, **values: object) -> int:
    """Update one row by its id and return how many rows there were to update."""
    assignments = [sql.SQL("{} = %s").format(sql.Identifier(column)) for column in values]
    statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(sql.Identifier(table), sql.SQL(", ").join(assignments))
    return connection.execute(statement, [*values.values(), row]).rowcount


def delete(connection: Connection, table: str, row: object) -> int:
    """Delete one row by its id and return how many rows there were to delete."""
    return connection.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table)), [row]).rowcount


def one(connection: Connection, statement: str | sql.Composable, *parameters: object) -> Any:
    """The first value of the first row."""
    query: Any = statement
    row = connection.execute(query, parameters or None).fetchone()
    assert row is not None
    return row[0]


def wait_until_blocked(observer: Connection, waiting: Connection) -> None:
    """Wait until `waiting` stands behind a lock. Fails after five seconds."""
    deadline = time.monotonic() + 5
    while not one(observer, "SELECT cardinality(pg_blocking_pids(%s)) > 0", waiting.info.backend_pid):
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)
