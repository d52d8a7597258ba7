"""Build a declared database on a server: find a working order, then grant the group roles their rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import postgast
import psycopg
from postgast import pg_query_pb2
from psycopg import sql
from psycopg.rows import tuple_row

from .database import Database, Declared, Roles
from .errors import DeclarationError
from .info import is_append_only, is_never_delete
from .render import render
from .sql import query

_QUERIES = Path(__file__).parent / "queries"


def build(connection: psycopg.Connection[Any], database: Database) -> None:
    """Run the whole declaration on an empty database, as the current role, in one transaction.

    Raises DeclarationError naming the statement that PostgreSQL still refuses when nothing changes any more.
    """
    with connection.transaction():
        run_to_fixpoint(connection, render(database))
        for grant in derived_grants(connection, database):
            connection.execute(grant)


def run_to_fixpoint(connection: psycopg.Connection[Any], statements: Sequence[Declared]) -> None:
    """Run statements in savepoints and the failed ones again, until all ran or a pass changes nothing."""
    pending = list(statements)
    while pending:
        refused: list[tuple[Declared, psycopg.Error]] = []
        for statement in pending:
            try:
                with connection.transaction():
                    connection.execute(statement.sql.encode())
            except psycopg.Error as error:
                if connection.closed:
                    raise
                refused.append((statement, error))
        if len(refused) == len(pending):
            raise _refusal(refused)
        pending = [statement for statement, _ in refused]


def _refusal(refused: Sequence[tuple[Declared, psycopg.Error]]) -> DeclarationError:
    """The first refusal that is not a mere consequence of another one."""
    statement, error = next((pair for pair in refused if not (pair[1].sqlstate or "").startswith("42P0")), refused[0])
    others = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return DeclarationError(
        f"{error.diag.message_primary or error}{others}",
        where=statement.origin,
        next_step="correct the declaration; the statement begins " + repr(" ".join(statement.sql.split())[:80]),
    )


def derived_grants(connection: psycopg.Connection[Any], database: Database) -> list[sql.Composed]:
    """GRANTs for the app and readonly roles on every object of the current database that has none declared.

    A declared GRANT or REVOKE counts when it names one of the two roles or PUBLIC.
    """
    roles = database.roles
    explicit = _explicitly_granted(database.sql, {roles.app, roles.readonly})
    protection = _protection(database)
    grants = [
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}, {}").format(
            sql.Identifier(schema), sql.Identifier(roles.app), sql.Identifier(roles.readonly)
        )
        for (schema,) in _rows(connection, "schemas")
    ]
    for schema, name, kind in _rows(connection, "relations"):
        if name not in explicit:
            grants += _relation_grants(str(schema), str(name), str(kind), protection.get(str(name)), roles)
    for schema, name, arguments, readable in _rows(connection, "routines"):
        if name not in explicit:
            grantees = (roles.app, roles.readonly) if readable else (roles.app,)
            grants.append(
                sql.SQL("GRANT EXECUTE ON ROUTINE {}({}) TO {}").format(
                    sql.Identifier(str(schema), str(name)),
                    # format_type of the server: already quoted SQL
                    sql.SQL(arguments),
                    sql.SQL(", ").join(map(sql.Identifier, grantees)),
                )
            )
    return grants


def _relation_grants(schema: str, name: str, kind: str, privileges: str | None, roles: Roles) -> Iterable[sql.Composed]:
    relation = sql.Identifier(schema, name)
    if kind == "S":
        return [sql.SQL("GRANT USAGE, SELECT ON SEQUENCE {} TO {}").format(relation, sql.Identifier(roles.app))]
    read_only = sql.SQL("GRANT SELECT ON {} TO {}").format(relation, sql.Identifier(roles.readonly))
    wanted = "SELECT" if kind in ("v", "m") else privileges or "SELECT, INSERT, UPDATE, DELETE"
    return [
        sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(cast("Any", wanted)), relation, sql.Identifier(roles.app)),
        read_only,
    ]


def _protection(database: Database) -> dict[str, str]:
    protected: dict[str, str] = {}
    for table in database.metadata.tables.values():
        if is_append_only(table.info):
            protected[table.name] = "SELECT, INSERT"
        elif is_never_delete(table.info):
            protected[table.name] = "SELECT, INSERT, UPDATE"
    return protected


def _explicitly_granted(statements: Iterable[Declared], roles: set[str]) -> set[str]:
    names: set[str] = set()
    for statement in statements:
        if "GRANT" not in statement.sql.upper() and "REVOKE" not in statement.sql.upper():
            continue
        for raw in postgast.parse(statement.sql).stmts:
            if raw.stmt.HasField("grant_stmt") and _names_one_of(roles, raw.stmt.grant_stmt):
                for node in raw.stmt.grant_stmt.objects:
                    if node.HasField("range_var"):
                        names.add(node.range_var.relname)
                    elif node.HasField("object_with_args"):
                        names.add(node.object_with_args.objname[-1].string.sval)
    return names


def _names_one_of(roles: set[str], statement: pg_query_pb2.GrantStmt) -> bool:
    grantees = [node.role_spec for node in statement.grantees]
    return any(role.roletype == pg_query_pb2.ROLESPEC_PUBLIC or role.rolename in roles for role in grantees)


def _rows(connection: psycopg.Connection[Any], name: str) -> list[tuple[Any, ...]]:
    cursor = connection.cursor(row_factory=tuple_row)
    return cursor.execute(query(_QUERIES, name)).fetchall()
