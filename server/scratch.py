"""Scratch databases: made, used, dropped, even when the process that made them is killed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import errors, sql

from ..schema.core.errors import (
    EnvironmentProblem,
    MissingExtension,
    MissingRight,
    NotProvisioned,
    WrongMajorVersion,
)
from .address import Server
from .failures import translate

PREFIX = "airside_scratch_"
_LABEL_LENGTH = 63 - len(PREFIX) - 9
# first half of the advisory key; the second is the random number in the database's name
_KEY = 0x41697273

_LEFTOVERS = """
SELECT d.datname
FROM pg_catalog.pg_database AS d
WHERE d.datname ~ '^airside_scratch_([a-z0-9_]*_)?[0-9a-f]{8}$'
  AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_locks AS l
      WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid = %s
        AND l.objid = ('x' || right(d.datname, 8))::bit(32)::int8::oid)
"""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database for a while. Its sessions do not wait for the disk at commit."""

    name: str
    server: Server

    def connect(self, *, autocommit: bool = False, **params: Any) -> psycopg.Connection[Any]:
        """A connection to it; `params` as for `Server.connect`."""
        return self.server.connect(self.name, autocommit=autocommit, **params)


@contextmanager
def scratch(
    server: Server, *, owner: str | None = None, template: str | None = None, label: str = ""
) -> Generator[Scratch, None, None]:
    """Make a database, drop it at exit whatever happens, and first drop what killed processes left.

    `template` must have no sessions; without one the database is as empty as template0. `label` becomes part of
    the name. While it lives its maker holds an advisory lock on a session of its own: by that others see that it
    is in use. (A pooler in transaction mode gives no such session.) Raises MissingRight without CREATEDB,
    NotProvisioned when owner or template do not exist.
    """
    keeper = server.connect(autocommit=True, application_name="airside scratch")
    name = ""
    try:
        try:
            _sweep(keeper)
            name = _reserve(keeper, label)
            _create(keeper, name, owner, template)
        except psycopg.Error as error:
            raise _not_made(error, server, owner) from error
        yield Scratch(name, server.with_settings(synchronous_commit="off"))
    finally:
        if name:
            _drop(keeper, server, name)
        keeper.close()


def sweep(server: Server) -> list[str]:
    """Drop the scratch databases whose maker is dead; their names."""
    with server.connect(autocommit=True, application_name="airside scratch") as connection:
        return _sweep(connection)


def require(server: Server, major: int | None, extensions: Sequence[str]) -> None:
    """Check that scratch databases can be made on the server and mean there what they mean on the target.

    Raises WrongMajorVersion when the server is not PostgreSQL `major`, MissingRight when the user has no CREATEDB,
    MissingExtension when one of `extensions` is not installed.
    """
    if major is not None and server.major != major:
        raise WrongMajorVersion(
            f"{server.where} is PostgreSQL {server.major}, PostgreSQL {major} is needed",
            next_step=f"set AIRSIDE_PG_BIN to PostgreSQL {major}, or --url to a server of that version",
        )
    with server.connect(autocommit=True) as connection:
        row = connection.execute(
            "SELECT rolcreatedb OR rolsuper, current_user::text, ARRAY("
            " SELECT e FROM unnest(%s::text[]) AS e WHERE NOT EXISTS"
            " (SELECT FROM pg_catalog.pg_available_extensions AS a WHERE a.name = e))"
            " FROM pg_catalog.pg_roles WHERE rolname = current_user",
            [list(extensions)],
        ).fetchone()
    may_create, user, missing = cast("tuple[bool, str, list[str]]", row)
    if not may_create:
        raise _no_createdb(server, user)
    if missing:
        raise MissingExtension(
            f"{server.where} does not have {', '.join(missing)}",
            next_step="install the package that carries it on the server (PostgreSQL's contrib, or its own)",
        )


def _no_createdb(server: Server, user: str) -> MissingRight:
    return MissingRight(
        f"user {user} may not create databases on {server.where}",
        next_step=f'ALTER ROLE "{user}" CREATEDB, as a superuser',
    )


def _sweep(connection: psycopg.Connection[Any]) -> list[str]:
    dropped: list[str] = []
    for (name,) in cast("list[tuple[str]]", connection.execute(_LEFTOVERS, [_KEY]).fetchall()):
        # another sweep may be at it, or we may not: then it is not ours to drop
        with suppress(psycopg.DatabaseError):
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            dropped.append(name)
    return dropped


def _reserve(keeper: psycopg.Connection[Any], label: str) -> str:
    """A name nobody uses, its advisory lock held: so there is no moment at which the database looks abandoned."""
    # a server may end idle sessions, and with this one the lock
    keeper.execute("SET idle_session_timeout = 0")
    tag = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:_LABEL_LENGTH]
    while True:
        number = secrets.randbits(32)
        name = f"{PREFIX}{tag}_{number:08x}" if tag else f"{PREFIX}{number:08x}"
        signed = number - (1 << 32) if number >= 1 << 31 else number
        row = keeper.execute(
            "SELECT pg_catalog.pg_try_advisory_lock(%s, %s) AND NOT EXISTS"
            " (SELECT FROM pg_catalog.pg_database WHERE datname = %s)",
            [_KEY, signed, name],
        ).fetchone()
        if row and row[0]:
            return name


def _create(keeper: psycopg.Connection[Any], name: str, owner: str | None, template: str | None) -> None:
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    if owner:
        command += sql.SQL(" OWNER {}").format(sql.Identifier(owner))
    keeper.execute(command)


def _not_made(error: psycopg.Error, server: Server, owner: str | None) -> Exception:
    if lost := translate(error, server):
        return lost
    said = error.diag.message_primary or "no reason given"
    if isinstance(error, errors.InsufficientPrivilege):
        if owner and "create database" not in said:
            return MissingRight(
                f"{server.where}: a database cannot be given to {owner}: {said}",
                next_step=f'GRANT "{owner}" TO the connecting user',
            )
        return _no_createdb(server, server.user or "you connect as")
    if isinstance(error, errors.UndefinedObject | errors.InvalidCatalogName):
        return NotProvisioned(f"{server.where}: {said}", next_step="airside provision <system>.<database>")
    return EnvironmentProblem(
        f"{server.where}: no scratch database could be made: {said}", next_step="correct that, or use another server"
    )


def _drop(keeper: psycopg.Connection[Any], server: Server, name: str) -> None:
    """Drop it; when the server is gone it is left to the next sweep."""
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    try:
        keeper.execute(command)
    except psycopg.OperationalError:
        with suppress(EnvironmentProblem, psycopg.Error), server.connect(autocommit=True) as again:
            again.execute(command)
