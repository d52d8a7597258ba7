"""A declaration built on a scratch database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from ..schema.core.build import build
from ..schema.core.catalog import Catalog, inspect
from ..schema.core.database import Database
from ..server import Scratch, Server, require, scratch
from .rights import apply_database_rights, ensure_roles


@contextmanager
def empty_database(server: Server, database: Database) -> Generator[Scratch]:
    """A scratch database with the roles and rights that provisioning gives, and nothing in it."""
    require(server, None, database.extensions)
    with server.connect(autocommit=True) as connection:
        ensure_roles(connection, database)
    with scratch(server, owner=database.roles.owner, label=database.name) as made:
        with server.connect(made.name, autocommit=True) as connection:
            apply_database_rights(connection, made.name, database)
        yield made


@contextmanager
def declared(server: Server, database: Database) -> Generator[psycopg.Connection[Any]]:
    """A connection, as the owner, to a scratch database built from the declaration."""
    with empty_database(server, database) as made, connect_as(server, made.name, database.roles.owner) as connection:
        build(connection, database)
        yield connection


def declared_catalog(server: Server, database: Database, *, dependencies: bool = False) -> Catalog:
    """The catalog of the declaration. Raises DeclarationError when PostgreSQL refuses a statement of it."""
    with declared(server, database) as connection:
        return inspect(connection, dependencies=dependencies)


@contextmanager
def connect_as(server: Server, name: str, role: str) -> Generator[psycopg.Connection[Any]]:
    """An autocommit connection that acts as `role`."""
    with server.connect(name, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        connection.execute("SET synchronous_commit = off")
        yield connection
