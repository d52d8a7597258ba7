"""Roles that files name: dumps of a schema have none, as they belong to the server."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from typing import cast

import postgast
from postgast import pg_query_pb2
from psycopg import errors, sql

from ...server import Server
from .embedded import bodies


def named_roles(statements: Iterable[tuple[str, pg_query_pb2.Node]]) -> frozenset[str]:
    """The roles that statements (text and tree) name without making them. Pure."""
    named: set[str] = set()
    made: set[str] = set()
    for text, tree in statements:
        within = bodies(text) if tree.WhichOneof("node") == "do_stmt" else ()
        for node in (tree, *within):
            if node.WhichOneof("node") == "create_role_stmt":
                made.add(node.create_role_stmt.role)
            for found in postgast.find_nodes(node, pg_query_pb2.RoleSpec):
                if found.roletype == pg_query_pb2.ROLESPEC_CSTRING:
                    named.add(found.rolename)
    return frozenset(name for name in named - made if not name.startswith("pg_"))


@contextmanager
def stand_ins(server: Server, names: Iterable[str]) -> Generator[None]:
    """The roles are there meanwhile, without any right. Only on a throw-away server: elsewhere roles are not ours."""
    if not server.throw_away:
        yield
        return
    with server.connect(autocommit=True) as connection:
        rows = connection.execute("SELECT rolname::text FROM pg_catalog.pg_roles").fetchall()
        missing = sorted(frozenset(names) - {cast("str", row[0]) for row in rows})
        for name in missing:
            with suppress(errors.DuplicateObject):
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    try:
        yield
    finally:
        if missing:
            with server.connect(autocommit=True) as connection:
                for name in missing:
                    # renamed or dropped by the files
                    with suppress(errors.UndefinedObject, errors.DependentObjectsStillExist):
                        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
