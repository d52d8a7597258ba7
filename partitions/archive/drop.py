"""The end of a partition that was archived: only when its archive holds exactly what it holds, at that very moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import Refused
from ...schema.core.patience import Patience
from ...server import Server
from ..ledger import ensure_ledger, record
from ..run import trusted_time
from .columns import read_columns
from .ledger import Archive, advance, archives, note
from .source import Source, attached, content, leased, session


class _Changed(Refused):
    """The partition does not hold what was archived."""


def drop_archived(
    server: Server,
    database: Database,
    archive: Archive,
    *,
    patience: Patience,
    now: datetime | None = None,
    url: str | None = None,
) -> None:
    """Drop the detached partition of a verified archive, in files or a second database, whose grace period is over.

    The archive is read again first (`url` is needed where the recorded location lacks a password that libpq does not
    find by itself); foreign keys go one by one, each in a transaction of its own. Then, with the table
    locked against everybody, it is compared with its archive once more. Raises Refused (nothing is dropped) when the
    partition is attached, anything differs, or the grace period is not over; LockNotAcquired. Where another run has
    dropped it, nothing is left to do.
    """
    source = Source(
        archive.source_schema, archive.source_table, archive.leaf_schema, archive.leaf, archive.leaf_oid,
        archive.lower_bound, archive.upper_bound,
    )  # fmt: skip
    with session(server, database) as connection, leased(connection, source.oid, patience.budget, where=source.where):
        ensure_ledger(connection)
        if _is_dropped(connection, archive):
            return
        _refuse_too_early(connection, archive, now or trusted_time(connection))
        _refuse_attached(connection, source)
        _prove(archive, url)
        for name in _foreign_keys(connection, source):
            patience.transaction(
                connection,
                lambda name=name: connection.execute(
                    sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(source.identifier, sql.Identifier(name))
                ),
                what=f"drop foreign key {name}",
                where=source.where,
            )
        try:
            patience.transaction(
                connection, lambda: _drop(connection, source, archive), what=f"drop {source.leaf}", where=source.where
            )
        except _Changed:
            # so that the next run to files archives it anew
            note(connection, archive.id, {"changed": True})
            raise


def _drop(connection: psycopg.Connection[Any], source: Source, archive: Archive) -> None:
    connection.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(source.identifier))
    _refuse_attached(connection, source)
    now = content(connection, source.identifier, read_columns(connection, source.oid))
    if (now.rows, now.digest) != (archive.row_count, archive.digest):
        raise _Changed(
            f"rows came or changed after it was archived: {now.rows} rows now, {archive.row_count} in the archive",
            where=source.where,
            next_step="airside archive run TARGET --to archives it again"
            if archive.target == "parquet"
            else "airside archive restore brings it back as it is here; then archive it again",
        )
    advance(connection, archive.id, "dropped")
    record(
        connection,
        "dropped",
        parent=(source.schema, source.table),
        leaf=(source.leaf_schema, source.leaf),
        leaf_oid=source.oid,
        details={"archive": archive.location},
    )
    try:
        connection.execute(sql.SQL("DROP TABLE {}").format(source.identifier))
    except psycopg.errors.DependentObjectsStillExist as error:
        raise Refused(
            f"other objects depend on it: {error.diag.message_detail or 'unknown'}",
            where=source.where,
            next_step="drop them, then run the command again",
        ) from None


def _is_dropped(connection: psycopg.Connection[Any], archive: Archive) -> bool:
    """Whether another run, which was waited for, has dropped it."""
    dropped = archives(connection, leaf_oid=archive.leaf_oid, states=("dropped",))
    return any(line.id == archive.id for line in dropped)


def _refuse_too_early(connection: psycopg.Connection[Any], archive: Archive, now: datetime) -> None:
    line = next((line for line in archives(connection, leaf_oid=archive.leaf_oid) if line.id == archive.id), None)
    if line is None or line.state != "verified" or line.target == "tables":
        raise Refused(
            "there is no verified archive of it", where=archive.leaf, next_step="airside archive run makes one"
        )
    if line.grace_until is not None and line.grace_until > now:
        raise Refused(
            f"it is kept until {line.grace_until:%Y-%m-%d %H:%M}",
            where=archive.leaf,
            next_step="run the command again then",
        )


def _prove(archive: Archive, url: str | None) -> None:
    if archive.target == "parquet":
        from .verify import unharmed

        unharmed(archive)
        return
    from .cold import refuse_changed

    refuse_changed(archive, url)


def _refuse_attached(connection: psycopg.Connection[Any], source: Source) -> None:
    if attached(connection, source):
        raise Refused(
            "it is a partition still, and its rows may change",
            where=source.where,
            next_step="airside archive run takes it out of its table when it is due",
        )


def _foreign_keys(connection: psycopg.Connection[Any], source: Source) -> list[str]:
    rows = connection.execute(
        "SELECT conname FROM pg_catalog.pg_constraint"
        " WHERE conrelid = %s AND contype = 'f' AND conparentid = 0 ORDER BY conname",
        [source.oid],
    ).fetchall()
    return [str(name) for (name,) in rows]
