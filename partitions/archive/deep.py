"""An archive asked by PostgreSQL itself: loaded into a temporary table, and gone with the session."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import Refused
from ...server import Server
from .load import as_plain, definition, load, prove
from .manifest import Manifest
from .source import session
from .store import Store


def deep(
    server: Server, database: Database, store: Store, manifest: Manifest, observer: Callable[[int], None]
) -> tuple[str, ...]:
    """What PostgreSQL finds wrong with an archive: every value read by its type, statistics, the digest of the rows.

    The types of the columns have to exist in `database`.
    """
    table = sql.Identifier("pg_temp", "archive")
    with session(server, database) as connection:
        try:
            connection.execute(
                sql.SQL("CREATE TEMPORARY TABLE archive ({})").format(
                    definition(manifest.declared, where=store.shown(manifest.file))
                )
            )
            load(connection, table, store, as_plain(manifest), observer)
            prove(connection, table, manifest)
        except Refused as error:
            return (error.what,)
        except psycopg.errors.DataError as error:
            return (f"PostgreSQL does not take a value: {error.diag.message_primary}",)
        except psycopg.errors.UndefinedObject as error:
            return (f"its columns cannot be made here: {error.diag.message_primary}",)
    return ()
