"""The fence around a partition: nobody writes into it any more, while its rows are copied and until its end.

After a detach direct writes still work. Rights are taken from everybody but the owner, and a CHECK that is false for
every new row keeps the owner and superusers out, too. It is never validated, so the rows that are there stay.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.locks import LockMode, WantedLock
from ...schema.core.patience import Patience
from ...schema.core.sql import query
from .source import FENCE, QUERIES, Source

_FUNCTION = zlib.crc32(b"airside refuse_change")
_TRIGGERS = (FENCE, f"{FENCE}_truncate")


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

    _patiently(connection, source, patience, close, f"fence {source.leaf}")


def fence_attached(connection: psycopg.Connection[Any], source: Source, patience: Patience) -> None:
    """Close a partition that is still attached to writers, for the moments before it goes; readers read on.

    Row triggers see what comes through the parent, too. Repeating it changes nothing. Raises LockNotAcquired.
    """

    def close() -> None:
        # two that replace a function at a time get in each other's way
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_FUNCTION])
        connection.execute(query(QUERIES, "refuse_change"))
        patience.share(connection)
        rows = sql.SQL(
            "CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE OR DELETE ON {}"
            " FOR EACH ROW EXECUTE FUNCTION airside.refuse_change()"
        )
        whole = sql.SQL(
            "CREATE OR REPLACE TRIGGER {} BEFORE TRUNCATE ON {}"
            " FOR EACH STATEMENT EXECUTE FUNCTION airside.refuse_change()"
        )
        for name, statement in zip(_TRIGGERS, (rows, whole), strict=True):
            connection.execute(statement.format(sql.Identifier(name), source.identifier))
            # also for what a logical subscription writes
            connection.execute(
                sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(source.identifier, sql.Identifier(name))
            )

    _patiently(connection, source, patience, close, f"fence {source.leaf}", "ShareRowExclusiveLock")


def unfence(connection: psycopg.Connection[Any], source: Source, patience: Patience) -> None:
    """Open a partition to writers again. Rights that were taken from others than its parent's users stay away."""

    def reopen() -> None:
        for statement in opening(source):
            connection.execute(statement)

    _patiently(connection, source, patience, reopen, f"open {source.leaf}")


def opening(source: Source) -> tuple[sql.Composed, ...]:
    """The statements that open a partition to writers."""
    dropping = sql.SQL("DROP TRIGGER IF EXISTS {} ON {}")
    return (
        *(dropping.format(sql.Identifier(name), source.identifier) for name in _TRIGGERS),
        sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(source.identifier, sql.Identifier(FENCE)),
    )


def _patiently(
    connection: psycopg.Connection[Any],
    source: Source,
    patience: Patience,
    work: Callable[[], None],
    what: str,
    mode: LockMode = "AccessExclusiveLock",
) -> None:
    locks = [WantedLock(source.oid, mode)]
    patience.transaction(connection, work, what=what, where=source.where, bounded=True, locks=locks)


def closed_while_attached(connection: psycopg.Connection[Any], oid: int) -> bool:
    """Whether `fence_attached` closed a table that nobody has opened since."""
    row = connection.execute(
        "SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = %s AND tgname = %s", [oid, FENCE]
    ).fetchone()
    return row is not None


def fenced(connection: psycopg.Connection[Any], oid: int) -> bool:
    row = connection.execute(
        "SELECT FROM pg_catalog.pg_constraint WHERE conrelid = %s AND conname = %s", [oid, FENCE]
    ).fetchone()
    return row is not None
