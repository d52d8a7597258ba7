"""Group roles, the database itself, and who may connect to it."""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import errors, sql

from ..schema.core.database import Database, Role
from ..schema.core.errors import MissingRight

_LOCK_KEY = zlib.crc32(b"airside roles")


def missing_roles(connection: psycopg.Connection[Any], database: Database) -> tuple[str, ...]:
    """The declared roles that do not exist, or exist without an attribute or a membership they are declared with."""
    return tuple(role.name for role in _missing(connection, database))


def ensure_roles(connection: psycopg.Connection[Any], database: Database) -> None:
    """Create the missing roles, and let the login role act as the owner. Raises MissingRight."""
    owner = database.roles.owner
    with connection.transaction():
        # two provisions at once: PostgreSQL fails concurrent changes of one role
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        for role in _missing(connection, database):
            try:
                _create(connection, role, owner)
            except errors.InsufficientPrivilege as error:
                raise _may_not_create(role) from error
    row = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [owner]).fetchone()
    if row is not None and not row[0]:
        try:
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
        except errors.InsufficientPrivilege as error:
            raise _may_not_create(Role(owner)) from error


def _declared(database: Database) -> tuple[Role, ...]:
    return (*map(Role, database.roles.names()), *database.extra_roles)


def _missing(connection: psycopg.Connection[Any], database: Database) -> tuple[Role, ...]:
    declared = _declared(database)
    names = [role.name for role in declared]
    present = dict(
        connection.execute(
            "SELECT rolname, rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = ANY(%s)", [names]
        ).fetchall()
    )
    members = {
        (str(role), str(member))
        for role, member in connection.execute(
            "SELECT r.rolname, m.rolname FROM pg_catalog.pg_auth_members AS a"
            " INNER JOIN pg_catalog.pg_roles AS r ON r.oid = a.roleid"
            " INNER JOIN pg_catalog.pg_roles AS m ON m.oid = a.member"
        )
    }
    return tuple(
        role
        for role in declared
        if role.name not in present
        or (role.bypassrls and not present[role.name])
        or not members.issuperset(_memberships(role, database.roles.owner))
    )


def _memberships(role: Role, owner: str) -> list[tuple[str, str]]:
    """Who is to be a member of what: pairs of role and member."""
    own = [(parent, role.name) for parent in role.member_of]
    return [*own, (role.name, owner)] if role.for_owner else own


def _create(connection: psycopg.Connection[Any], role: Role, owner: str) -> None:
    name = sql.Identifier(role.name)
    # a role that is there lacks something, or somebody has just made it
    with suppress(errors.DuplicateObject, errors.UniqueViolation), connection.transaction():
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
    if role.bypassrls:
        connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(name))
    for parent, member in _memberships(role, owner):
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(parent), sql.Identifier(member)))


def _may_not_create(role: Role) -> MissingRight:
    if role.bypassrls or role.member_of:
        rights = [*(["BYPASSRLS"] if role.bypassrls else []), *(f"membership in {name}" for name in role.member_of)]
        return MissingRight(
            f"the login role may not create the role {role.name} with {' and '.join(rights)}",
            next_step="provision once as a superuser; later runs need no more than CREATEROLE and CREATEDB",
        )
    return MissingRight(
        f"the login role may not create the group role {role.name}, or become a member of it",
        next_step="connect as a role with CREATEROLE and CREATEDB, or let an administrator create it",
    )


def database_exists(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [name]).fetchone() is not None


def create_database(connection: psycopg.Connection[Any], name: str, owner: str) -> bool:
    """Create the database from template0, so that nothing of a customised template1 comes along.

    False when somebody else has just made it.
    """
    try:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )
    except (errors.DuplicateDatabase, errors.UniqueViolation):
        return False
    except errors.InsufficientPrivilege as error:
        raise MissingRight(
            "the login role may not create databases",
            where=name,
            next_step="ALTER ROLE ... CREATEDB, or let an administrator create the database",
        ) from error
    return True


def apply_database_rights(connection: psycopg.Connection[Any], name: str, database: Database) -> None:
    """Close the database `name` to PUBLIC and open it to the declared roles. Repeating it changes nothing.

    Raises MissingRight when the database belongs to somebody else.
    """
    roles = database.roles
    target = sql.Identifier(name)
    extra = [role.name for role in database.extra_roles]
    connecting = sql.SQL(", ").join(map(sql.Identifier, (roles.app, roles.readonly, *extra)))
    # REFRESH MATERIALIZED VIEW CONCURRENTLY makes a temporary table
    temporary = sql.SQL(", ").join(map(sql.Identifier, (roles.app, *extra)))
    # without a right to give, GRANT only warns
    owned = connection.execute(
        "SELECT pg_has_role(%s, datdba, 'USAGE') FROM pg_catalog.pg_database WHERE datname = %s", [roles.owner, name]
    ).fetchone()
    if owned is not None and not owned[0]:
        raise MissingRight(
            f"database {name} does not belong to {roles.owner}",
            where=name,
            next_step=f'ALTER DATABASE "{name}" OWNER TO "{roles.owner}", as a superuser',
        )
    with connection.transaction():
        # two provisions at once: PostgreSQL fails concurrent changes of one database
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.owner)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(target))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(target, connecting))
        connection.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(target, temporary))
