"""The fence around a partition: nobody writes into it any more, while its rows are copied and until its end.

After a detach direct writes still work. Rights are taken from everybody but the owner, and a CHECK that is false for
every new row keeps the owner and superusers out, too. It is never validated, so the rows that are there stay.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.patience import Patience
from ...schema.core.sql import query
from .source import FENCE, QUERIES, Source


def fence(connection: psycopg.Connection[Any], source: Source, patience: Patience) -> None:
    """Close a detached partition to writers. Repeating it changes nothing. Raises LockNotAcquired."""
    writers = connection.execute(query(QUERIES, "writers"), {"oid": source.oid}).fetchall()
    if fenced(connection, source.oid) and not writers:
        return

    def close() -> None:
        for name, is_public in writers:
            role = sql.SQL("PUBLIC") if is_public else sql.Identifier(name)
            connection.execute(
                sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(source.identifier, role)
            )
        connection.execute(
            sql.SQL(
                "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} CHECK (false) NOT VALID"
            ).format(source.identifier, name=sql.Identifier(FENCE))
        )

    patience.transaction(connection, close, what=f"fence {source.leaf}", where=source.where)


def fence_attached(connection: psycopg.Connection[Any], source: Source, patience: Patience) -> None:
    """Close a partition that is still attached to writers, for the moments before it goes; readers read on.

    Row triggers see what comes through the parent, too. Repeating it changes nothing. Raises LockNotAcquired.
    """
    connection.execute(query(QUERIES, "refuse_change"))

    def close() -> None:
        rows = sql.SQL(
            "CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE OR DELETE ON {}"
            " FOR EACH ROW EXECUTE FUNCTION airside.refuse_change()"
        )
        whole = sql.SQL(
            "CREATE OR REPLACE TRIGGER {} BEFORE TRUNCATE ON {}"
            " FOR EACH STATEMENT EXECUTE FUNCTION airside.refuse_change()"
        )
        connection.execute(rows.format(sql.Identifier(FENCE), source.identifier))
        connection.execute(whole.format(sql.Identifier(f"{FENCE}_truncate"), source.identifier))

    patience.transaction(connection, close, what=f"fence {source.leaf}", where=source.where)


def unfence(connection: psycopg.Connection[Any], source: Source, patience: Patience) -> None:
    """Open a partition to writers again. Rights that were taken from others than its parent's users stay away."""

    def reopen() -> None:
        for trigger in (FENCE, f"{FENCE}_truncate"):
            connection.execute(
                sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(sql.Identifier(trigger), source.identifier)
            )
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(source.identifier, sql.Identifier(FENCE))
        )

    patience.transaction(connection, reopen, what=f"open {source.leaf}", where=source.where)


def fenced(connection: psycopg.Connection[Any], oid: int) -> bool:
    row = connection.execute(
        "SELECT FROM pg_catalog.pg_constraint WHERE conrelid = %s AND conname = %s", [oid, FENCE]
    ).fetchone()
    return row is not None
