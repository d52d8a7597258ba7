"""Connections that act as a database's owner, which is who seeds."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from ..schema.core.database import Database
from ..server import Server


@contextmanager
def as_owner(server: Server, database: Database) -> Generator[psycopg.Connection[Any]]:
    """A connection to a provisioned database, in autocommit mode, that acts as its owner role. Times are in UTC."""
    with server.connect(database.name, autocommit=True, application_name="airside seeds") as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        connection.execute("SET timezone = 'UTC'")
        yield connection
