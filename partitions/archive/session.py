"""The connection that archives."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...server import Server


@contextmanager
def archiver(server: Server, database: Database) -> Generator[psycopg.Connection[Any]]:
    """A connection in autocommit mode that acts as the owner role of `database`. Times are in UTC.

    Raises what `Server.connect` raises.
    """
    with server.connect(database.name, autocommit=True, application_name="airside archive") as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        connection.execute("SET timezone = 'UTC'")
        yield connection
