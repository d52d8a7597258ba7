"""Group roles, the database itself, and who may connect to it."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from ..schema.core.database import Roles
from ..schema.core.errors import MissingRight


def missing_roles(connection: psycopg.Connection[Any], roles: Roles) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY(%s)", [list(roles.names())]
    ).fetchall()
    present = {str(row[0]) for row in rows}
    return tuple(name for name in roles.names() if name not in present)


def ensure_roles(connection: psycopg.Connection[Any], roles: Roles) -> None:
    """Create the missing group roles, and let the login role act as the owner. Raises MissingRight."""
    try:
        for name in missing_roles(connection, roles):
            try:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
            except psycopg.errors.DuplicateObject:
                continue
            except psycopg.errors.UniqueViolation:
                continue  # two provisions at once
        row = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [roles.owner]).fetchone()
        if row is not None and not row[0]:
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(roles.owner)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MissingRight(
            f"the login role may not create the group roles {', '.join(roles.names())}",
            next_step="connect as a role with CREATEROLE and CREATEDB, or let an administrator create them",
        ) from error


def database_exists(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [name]).fetchone() is not None


def create_database(connection: psycopg.Connection[Any], name: str, owner: str) -> None:
    """Create the database from template0, so that nothing of a customised template1 comes along."""
    try:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return
    except psycopg.errors.InsufficientPrivilege as error:
        raise MissingRight(
            "the login role may not create databases",
            where=name,
            next_step="ALTER ROLE ... CREATEDB, or let an administrator create the database",
        ) from error


def apply_database_rights(connection: psycopg.Connection[Any], name: str, roles: Roles) -> None:
    """Close the database to PUBLIC and open it to the group roles. Repeating it changes nothing."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(roles.owner)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            database, sql.Identifier(roles.app), sql.Identifier(roles.readonly)
        )
    )
    connection.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(roles.app)))
    connection.execute("RESET ROLE")
